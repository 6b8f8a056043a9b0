/// Reads the one document of a YAML file. Files are not trusted: size and depth are bounded, aliases are refused (a few
/// lines of them can stand for gigabytes), and so are tags and second documents.
struct YAMLReader: ~Copyable {
  /// The largest file that is read, in bytes.
  static let sizeLimit = 1 << 20
  /// How many lists and mappings may lie in each other.
  static let depthLimit = 32

  private let source: YAMLSource
  private let events: YAMLEvents

  /// How many unquoted colours are told, each of which takes another reading of the file.
  private static let mostColors = 20

  /// The document, nil where the file has none (empty, or only comments) or is not YAML as Keyglass takes it: then the
  /// last complaint says why. Braces that an unquoted colour leaves open are read as empty ones, so that the rest of
  /// the file counts.
  static func read(_ bytes: [UInt8], file: String) -> (root: YAMLNode?, complaints: [Complaint]) {
    guard bytes.count <= sizeLimit else {
      return (nil, [Complaint(file: file, message: "larger than 1 MB; expected a small text file")])
    }
    var source = YAMLSource(bytes, file: file)
    var complaints: [Complaint] = []
    while true {
      do throws(Failure) {
        guard let events = YAMLEvents(source.bytes) else {
          throw .other(Complaint(file: file, message: "no memory to read it"))
        }
        return (try YAMLReader(source: source, events: events).document(), complaints)
      } catch {
        switch error {
        case .unquotedColor(let hash):
          complaints.append(Complaint(file: file, position: hash, message: YAMLSource.commentMessage))
          guard complaints.count < mostColors, source.emptyBraces(before: hash) else { return (nil, complaints) }
        case .other(let complaint):
          // After a repair this may be its fault; what was wrong before it has been told.
          return (nil, complaints.isEmpty ? [complaint] : complaints)
        }
      }
    }
  }

  private enum Failure: Error {
    /// A colour without quotes after an open brace or bracket: the comment has swallowed what closes it.
    case unquotedColor(Position)
    case other(Complaint)
  }

  private init(source: YAMLSource, events: consuming YAMLEvents) {
    self.source = source
    self.events = events
  }

  private func document() throws(Failure) -> YAMLNode? {
    var root: YAMLNode?
    while true {
      let event = try next()
      switch event.kind {
      case .finished:
        if case .null(comment: nil) = root?.content { return nil }
        return root
      case .document:
        guard root == nil else { throw complaint(event, "a second document; expected one") }
        root = try node(try next(), depth: 0)
      case .other, .scalar, .sequence, .mapping, .end, .alias:
        continue
      }
    }
  }

  private func node(_ event: YAMLEvents.Event, depth: Int) throws(Failure) -> YAMLNode {
    if depth > YAMLReader.depthLimit { throw complaint(event, "more than \(YAMLReader.depthLimit) levels deep") }
    if event.hasTag { throw complaint(event, "tags ('!…') are not used here; expected the plain value") }
    switch event.kind {
    case .scalar(let text, let isPlain):
      if isPlain, text.isEmpty || text == "~" || text == "null" {
        return YAMLNode(
          position: event.position, content: .null(comment: source.comment(at: event.position)))
      }
      return YAMLNode(position: event.position, content: .scalar(text))
    case .sequence:
      return YAMLNode(position: event.position, content: .sequence(try items(depth: depth + 1)))
    case .mapping:
      return YAMLNode(position: event.position, content: .mapping(try entries(depth: depth + 1)))
    case .alias:
      throw complaint(event, "aliases ('*name') are not used here; expected the value written out")
    case .document, .end, .finished, .other:
      throw complaint(event, "expected a value")
    }
  }

  private func items(depth: Int) throws(Failure) -> [YAMLNode] {
    var items: [YAMLNode] = []
    while true {
      let event = try next()
      if event.kind == .end { return items }
      items.append(try node(event, depth: depth))
    }
  }

  private func entries(depth: Int) throws(Failure) -> [YAMLNode.Entry] {
    var entries: [YAMLNode.Entry] = []
    var seen: Set<String> = []
    while true {
      let event = try next()
      if event.kind == .end { return entries }
      let key = try node(event, depth: depth)
      guard case .scalar(let name) = key.content else {
        throw complaint(event, "\(key.kind) as a key; expected a word")
      }
      let isRepeated = !seen.insert(name).inserted
      let value = try node(try next(), depth: depth)
      entries.append(YAMLNode.Entry(key: name, position: key.position, value: value, isRepeated: isRepeated))
    }
  }

  private func next() throws(Failure) -> YAMLEvents.Event {
    switch events.next() {
    case .success(let event):
      return event
    case .failure(let failure):
      // libyaml notices it lines later, and does not always say where the braces began.
      if let hash = source.unquotedColor(through: failure.position.line) { throw .unquotedColor(hash) }
      throw .other(
        Complaint(file: source.file, position: failure.position, message: "not YAML: \(shown(failure.problem))"))
    }
  }

  private func complaint(_ event: YAMLEvents.Event, _ message: String) -> Failure {
    .other(Complaint(file: source.file, position: event.position, message: message))
  }
}
