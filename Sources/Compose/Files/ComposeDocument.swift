import YAML

/// One document of a Compose file, read and interpolated; what it extends and includes is not followed yet.
struct ComposeDocument {
  let path: String
  private let folder: String
  private let variables: ComposeVariables
  private(set) var draft = ComposeDraft()
  /// Bytes of all texts after interpolation.
  private var length = 0

  /// Notes of one service or project that are kept: a hostile file could make a hundred thousand.
  static let noteLimit = 50
  static let serviceLimit = 1000
  private static let lengthLimit = 16 << 20

  /// The documents of a file, which Compose lays one over the other, or what is wrong with it.
  static func roots(_ path: String, _ reader: inout ComposeFileReader) throws(Complaint) -> [YAMLNode] {
    let bytes: [UInt8]
    switch reader.read(path) {
    case .success(let read): bytes = read
    case .failure(let failure): throw Complaint(file: path, message: "cannot be read: \(failure.text)")
    }
    let (roots, complaints) = YAMLReader.documents(bytes, file: path, as: .full)
    if let complaint = complaints.last { throw complaint }
    if roots.isEmpty { throw Complaint(file: path, message: "it is empty; expected a mapping with 'services:'") }
    for root in roots {
      guard case .mapping = root.content else {
        throw Complaint(
          file: path, position: root.position, message: "not a mapping; expected a mapping with 'services:'")
      }
    }
    return roots
  }

  /// - Parameter folder: what relative paths in it start from.
  init(_ root: YAMLNode, path: String, folder: String, variables: ComposeVariables) {
    (self.path, self.folder, self.variables) = (path, folder, variables)
    guard case .mapping(let entries) = root.content else { return }
    if Self.isVersion1(entries) {
      note(root.position, "no 'services:', so it is read as a file of version 1, which docker compose v2 does not take")
      services(entries)
      return
    }
    for entry in entries { section(entry) }
  }

  /// Version 1 had the services at the top level.
  private static func isVersion1(_ entries: [YAMLNode.Entry]) -> Bool {
    guard !entries.contains(where: { $0.key == "services" || $0.key == "include" }) else { return false }
    return entries.contains { entry in
      guard !KnownKeys.project.contains(entry.key), case .mapping(let keys) = entry.value.content else { return false }
      return keys.contains { ["image", "build", "extends"].contains($0.key) }
    }
  }

  private mutating func note(_ position: Position, _ message: String) {
    guard draft.notes.count < Self.noteLimit else { return }
    draft.notes.append(Complaint(file: path, position: position, message: message))
  }

  private mutating func section(_ entry: YAMLNode.Entry) {
    switch entry.key {
    case "services":
      switch entry.value.content {
      case .mapping(let entries): services(entries)
      case .null: break
      default: note(entry.value.position, "'services' is \(entry.value.kind); expected a mapping of services")
      }
    case "name", "include":
      var notes: [Complaint] = []
      let (node, flaw) = interpolated(entry.value, &notes)
      draft.notes += notes + (flaw.map { [$0] } ?? [])
      if entry.key == "name" { draft.name = node } else { draft.includes = node }
    case let section where ComposeDraft.shared.contains(section):
      guard case .mapping(let entries) = entry.value.content else { return }
      for entry in entries.prefix(Self.serviceLimit) {
        var notes: [Complaint] = []
        let (node, flaw) = interpolated(entry.value, &notes)
        for complaint in notes + (flaw.map { [$0] } ?? []) where draft.notes.count < Self.noteLimit {
          draft.notes.append(complaint)
        }
        draft.add(node, named: entry.key, to: section)
      }
    default:
      if !KnownKeys.project.contains(entry.key), !KnownKeys.isExtension(entry.key) {
        note(entry.position, KnownKeys.complaint(about: entry.key, among: KnownKeys.project))
      }
    }
  }

  private mutating func services(_ entries: [YAMLNode.Entry]) {
    for entry in entries where !KnownKeys.isExtension(entry.key) {
      if entry.value.tag == "!reset" {
        draft.remove(entry.key)
        continue
      }
      guard draft.services.count < Self.serviceLimit else {
        note(entry.position, "more than \(Self.serviceLimit) services; the rest is left out")
        return
      }
      if entry.isRepeated {
        note(entry.position, "the service '\(shown(entry.key))' stands here a second time; both are put together")
      }
      var notes: [Complaint] = []
      let (node, flaw) = interpolated(entry.value, &notes)
      for key in node.entries ?? [] where !KnownKeys.service.contains(key.key) && !KnownKeys.isExtension(key.key) {
        notes.append(key.place.complaint(KnownKeys.complaint(about: key.key, among: KnownKeys.service)))
      }
      draft.add(
        ServiceDraft(
          name: entry.key, node: node, notes: Array(notes.prefix(Self.noteLimit)), flaw: flaw, variables: variables))
    }
  }

  /// The same with its variables replaced; a flaw is the first that is required and has no value.
  private mutating func interpolated(_ node: YAMLNode, _ notes: inout [Complaint]) -> (ComposeNode, flaw: Complaint?) {
    var flaw: Complaint?
    let result = interpolated(node, &notes, &flaw)
    return (result, flaw)
  }

  private mutating func interpolated(
    _ node: YAMLNode, _ notes: inout [Complaint], _ flaw: inout Complaint?
  ) -> ComposeNode {
    let place = ComposeNode.Place(file: path, folder: folder, position: node.position)
    let content: ComposeNode.Content
    switch node.content {
    case .null: content = .null
    case .sequence(let items): content = .sequence(items.map { interpolated($0, &notes, &flaw) })
    case .mapping(let entries):
      for entry in entries where entry.isRepeated && notes.count < Self.noteLimit {
        let twice = "the key '\(shown(entry.key))' stands here a second time; the last counts"
        notes.append(Complaint(file: path, position: entry.position, message: twice))
      }
      content = .mapping(
        entries.map {
          .init(
            key: $0.key, place: .init(file: path, folder: folder, position: $0.position),
            value: interpolated($0.value, &notes, &flaw))
        })
    case .scalar(let text) where node.isPlain && node.tag == nil && PlainValue(text) != .text:
      content = Self.typed(text)
    case .scalar(let text):
      if node.tag == "tag:yaml.org,2002:binary", notes.count < Self.noteLimit {
        notes.append(place.complaint("'!!binary' is not decoded here; it is taken as it stands"))
      }
      let variables = variables
      // A few lines of variables could stand for gigabytes.
      let outcome =
        length > Self.lengthLimit
        ? Interpolation.Outcome(text: .init(text: text), malformed: "the variables of the file stand for too much")
        : Interpolation.apply(to: text) { variables[$0] }
      length += outcome.text.text.utf8.count
      if notes.count < Self.noteLimit {
        notes += outcome.unset.map {
          place.complaint("the variable \($0) has no value; it stands for nothing")
        }
        if let why = outcome.malformed { notes.append(place.complaint("\(why); the text is taken as it stands")) }
      }
      if flaw == nil, let missing = outcome.required.first { flaw = place.complaint(missing.text) }
      content = .scalar(outcome.text)
    }
    return ComposeNode(place: place, content: content, tag: node.tag)
  }

  private static func typed(_ text: String) -> ComposeNode.Content {
    switch PlainValue(text) {
    case .null: .null
    case .number(let meant), .boolean(let meant): .scalar(.init(text: meant, written: text))
    case .date, .text: .scalar(.init(text: text, written: text))
    }
  }
}
