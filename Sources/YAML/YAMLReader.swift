/// Reads a YAML file. Files are not trusted: size, depth and what aliases stand for are bounded.
package struct YAMLReader: ~Copyable {
  /// The largest file that is read, in bytes.
  package static let sizeLimit = 1 << 20
  /// How many lists and mappings may lie in each other.
  static let depthLimit = 32

  private let source: YAMLSource
  private let events: YAMLEvents
  private let dialect: YAMLDialect
  /// What aliases may call by name, with the number of values in it and of levels below it.
  private var anchors: [String: (node: YAMLNode, count: Int, levels: Int)] = [:]
  /// Values read so far, those that aliases stand for included.
  private var count = 0

  /// How many unquoted colours are told, each of which takes another reading of the file.
  private static let mostColors = 20

  /// The one document, nil where the file has none (empty, or only comments) or is not YAML as Keyglass takes it: then
  /// the last complaint says why. In the plain dialect braces that an unquoted colour leaves open are read as empty ones,
  /// so that the rest of the file counts.
  package static func read(_ bytes: [UInt8], file: String) -> (root: YAMLNode?, complaints: [Complaint]) {
    let read = documents(bytes, file: file, as: .plain)
    return (read.roots.first, read.complaints)
  }

  /// All documents that have something in them; none, with a complaint, where the file is not YAML as Keyglass takes it.
  package static func documents(
    _ bytes: [UInt8], file: String, as dialect: YAMLDialect
  ) -> (roots: [YAMLNode], complaints: [Complaint]) {
    guard bytes.count <= sizeLimit else {
      return ([], [Complaint(file: file, message: "larger than 1 MB; expected a small text file")])
    }
    var source = YAMLSource(bytes, file: file)
    var complaints: [Complaint] = []
    while true {
      do throws(Failure) {
        guard let events = YAMLEvents(source.bytes) else {
          throw .other(Complaint(file: file, message: "no memory to read it"))
        }
        var reader = YAMLReader(source: source, events: events, dialect: dialect)
        return (try reader.documents(), complaints)
      } catch {
        switch error {
        case .unquotedColor(let hash):
          complaints.append(Complaint(file: file, position: hash, message: YAMLSource.commentMessage))
          guard complaints.count < mostColors, source.emptyBraces(before: hash) else { return ([], complaints) }
        case .other(let complaint):
          // After a repair this may be its fault; what was wrong before it has been told.
          return ([], complaints.isEmpty ? [complaint] : complaints)
        }
      }
    }
  }

  private enum Failure: Error {
    /// A colour without quotes after an open brace or bracket: the comment has swallowed what closes it.
    case unquotedColor(Position)
    case other(Complaint)
  }

  private init(source: YAMLSource, events: consuming YAMLEvents, dialect: YAMLDialect) {
    self.source = source
    self.events = events
    self.dialect = dialect
  }

  private mutating func documents() throws(Failure) -> [YAMLNode] {
    var roots: [YAMLNode] = []
    var isFirst = true
    while true {
      let event = try next()
      switch event.kind {
      case .finished: return roots
      case .document:
        guard isFirst || dialect == .full else { throw complaint(event, "a second document; expected one") }
        isFirst = false
        let root = try node(try next(), depth: 0)
        if root.content != .null(comment: nil) { roots.append(root) }
      case .other, .scalar, .sequence, .mapping, .end, .alias:
        continue
      }
    }
  }

  private mutating func node(_ event: YAMLEvents.Event, depth: Int) throws(Failure) -> YAMLNode {
    if depth > YAMLReader.depthLimit { throw complaint(event, "more than \(YAMLReader.depthLimit) levels deep") }
    if dialect == .plain, event.tag != nil {
      throw complaint(event, "tags ('!…') are not used here; expected the plain value")
    }
    let before = count
    try countValues(1, event)
    let content: YAMLNode.Content
    var isPlain = false
    switch event.kind {
    case .scalar(let text, isPlain: let plain):
      isPlain = plain
      content =
        isPlain && (text.isEmpty || text == "~" || text == "null")
        ? .null(comment: source.comment(at: event.position)) : .scalar(text)
    case .sequence: content = .sequence(try items(depth: depth + 1))
    case .mapping: content = .mapping(try entries(depth: depth + 1))
    case .alias(let name): return try aliased(name, event, depth: depth)
    case .document, .end, .finished, .other: throw complaint(event, "expected a value")
    }
    let node = YAMLNode(position: event.position, content: content, tag: event.tag, isPlain: isPlain)
    if let anchor = event.anchor { anchors[anchor] = (node, count - before, node.levels) }
    return node
  }

  private mutating func aliased(_ name: String, _ event: YAMLEvents.Event, depth: Int) throws(Failure) -> YAMLNode {
    if dialect == .plain {
      throw complaint(event, "aliases ('*name') are not used here; expected the value written out")
    }
    guard let anchored = anchors[name] else {
      throw complaint(event, "the alias '*\(shown(name))' stands for nothing; expected '&\(shown(name))' before it")
    }
    if depth + anchored.levels > YAMLReader.depthLimit {
      throw complaint(event, "with its aliases more than \(YAMLReader.depthLimit) levels deep")
    }
    try countValues(anchored.count, event)
    return anchored.node
  }

  private mutating func countValues(_ more: Int, _ event: YAMLEvents.Event) throws(Failure) {
    count += more
    if dialect == .full, count > YAMLDialect.expansionLimit {
      throw complaint(event, "with its aliases more than 100,000 values; expected a file that a person can read")
    }
  }

  private mutating func items(depth: Int) throws(Failure) -> [YAMLNode] {
    var items: [YAMLNode] = []
    while true {
      let event = try next()
      if event.kind == .end { return items }
      items.append(try node(event, depth: depth))
    }
  }

  private mutating func entries(depth: Int) throws(Failure) -> [YAMLNode.Entry] {
    var entries: [YAMLNode.Entry] = []
    var merged: [YAMLNode.Entry] = []
    var seen: Set<String> = []
    while true {
      let event = try next()
      if event.kind == .end { break }
      let key = try node(event, depth: depth)
      guard case .scalar(let name) = key.content else {
        throw complaint(event, "\(key.kind) as a key; expected a word")
      }
      let value = try node(try next(), depth: depth)
      if dialect == .full, name == "<<" {
        merged += try self.merged(value)
        continue
      }
      let isRepeated = !seen.insert(name).inserted
      entries.append(YAMLNode.Entry(key: name, position: key.position, value: value, isRepeated: isRepeated))
    }
    // What a mapping says itself goes over what it takes from elsewhere, and of that the first.
    return entries + merged.filter { seen.insert($0.key).inserted }
  }

  /// What the value of a merge key brings (https://yaml.org/type/merge.html).
  private func merged(_ value: YAMLNode) throws(Failure) -> [YAMLNode.Entry] {
    switch value.content {
    case .mapping(let entries): return entries
    case .sequence(let nodes):
      var all: [YAMLNode.Entry] = []
      for node in nodes {
        guard case .mapping(let entries) = node.content else { throw notMergeable(node) }
        all += entries
      }
      return all
    case .scalar, .null: throw notMergeable(value)
    }
  }

  private func notMergeable(_ node: YAMLNode) -> Failure {
    .other(
      Complaint(
        file: source.file, position: node.position,
        message: "\(node.kind) behind '<<'; expected a mapping, or a list of them"
      ))
  }

  private mutating func next() throws(Failure) -> YAMLEvents.Event {
    switch events.next() {
    case .success(let event):
      return event
    case .failure(let failure):
      // libyaml notices it lines later, and does not always say where the braces began.
      if dialect == .plain, let hash = source.unquotedColor(through: failure.position.line) {
        throw .unquotedColor(hash)
      }
      throw .other(
        Complaint(file: source.file, position: failure.position, message: "not YAML: \(shown(failure.problem))"))
    }
  }

  private func complaint(_ event: YAMLEvents.Event, _ message: String) -> Failure {
    .other(Complaint(file: source.file, position: event.position, message: message))
  }
}
