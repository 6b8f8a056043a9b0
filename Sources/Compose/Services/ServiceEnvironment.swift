import YAML

/// The environment of a container, as far as the files tell: `env_file`, and `environment` over it.
struct ServiceEnvironment {
  struct Value: Equatable {
    var value: String
    /// Where it stands, such as `REDIS_PASSWORD in .env`.
    var source: String
  }

  private(set) var values: [String: Value] = [:]

  subscript(name: String) -> Value? { values[name] }

  /// Its value where it has one that is not empty.
  func text(_ name: String) -> Value? { values[name].flatMap { $0.value.isEmpty ? nil : $0 } }

  mutating func set(_ name: String, _ value: Value) { values[name] = value }

  /// What the image has set already.
  init(image: [String: Value] = [:]) { values = image }

  /// - Parameter node: the service's mapping.
  mutating func read(
    _ node: ComposeNode, _ variables: ComposeVariables, home: String?, _ reader: inout ComposeFileReader,
    _ notes: inout [Complaint]
  ) {
    let entries = Self.entries(node["environment"], &notes)
    // What stands here counts in the files, too.
    var outer = variables
    outer.add(
      entries.reversed().compactMap { entry in
        entry.value.string.map {
          Variable(name: entry.key, value: $0, origin: .file(ComposePath.name(of: entry.place.file)))
        }
      })
    readFiles(node["env_file"], outer, home: home, &reader, &notes)
    for entry in entries { set(entry, variables, &notes) }
  }

  private static func entries(_ environment: ComposeNode?, _ notes: inout [Complaint]) -> [ComposeNode.Entry] {
    guard let environment else { return [] }
    switch environment.content {
    case .mapping(let entries): return entries
    case .sequence(let items):
      for item in items where item.text == nil {
        notes.append(item.complaint("\(item.kind) in 'environment'; expected NAME=VALUE"))
      }
      return items.compactMap(ServiceMerge.named)
    case .null: return []
    case .scalar:
      notes.append(environment.complaint("'environment' is a text; expected a mapping or a list"))
      return []
    }
  }

  private mutating func set(
    _ entry: ComposeNode.Entry, _ variables: ComposeVariables, _ notes: inout [Complaint]
  ) {
    switch entry.value.content {
    case .scalar(let text):
      let source =
        text.variables.first { $0.value == text.text }?.source
        ?? "\(entry.key) in \(ComposePath.name(of: entry.place.file))"
      if let written = text.written { noteType(of: entry, as: written, &notes) }
      values[entry.key] = Value(value: text.text, source: source)
    case .null:
      // A name alone passes on what is known of it, and takes away what a file said.
      values[entry.key] = variables[entry.key].map { Value(value: $0.value, source: $0.source) }
    case .sequence, .mapping:
      notes.append(
        entry.value.complaint("'\(shown(entry.key))' in 'environment' is \(entry.value.kind); expected a text"))
    }
  }

  /// Without the value: it may be a password.
  private func noteType(of entry: ComposeNode.Entry, as written: String, _ notes: inout [Complaint]) {
    let type = PlainValue(written)
    guard type == .date || written != entry.value.string else { return }
    let matter = type == .date ? "Compose does not take" : "Compose writes in its own way"
    notes.append(
      entry.value.complaint(
        "'\(shown(entry.key))' in 'environment' is \(type.name), which \(matter); put quotes around it"))
  }

  private mutating func readFiles(
    _ node: ComposeNode?, _ variables: ComposeVariables, home: String?, _ reader: inout ComposeFileReader,
    _ notes: inout [Complaint]
  ) {
    var earlier: [String: Variable] = [:]
    for item in node?.items ?? [] {
      guard let name = item.string ?? item["path"]?.string else {
        notes.append(item.complaint("\(item.kind) in 'env_file'; expected the path of a file"))
        continue
      }
      let path = ComposePath.join(item.place.folder, name, home: home)
      switch reader.read(path) {
      case .success(let bytes):
        let read = DotEnv(
          bytes, path: path, outer: variables, earlier: earlier, isRaw: item["format"]?.string == "raw")
        notes += read.complaints
        for variable in read.variables {
          earlier[variable.name] = variable
          values[variable.name] = Value(value: variable.value, source: variable.source)
        }
      case .failure(.missing) where item["required"]?.string == "false": break
      case .failure(let failure):
        notes.append(item.complaint("the env_file '\(shown(name))' cannot be read: \(failure.text)"))
      }
    }
  }
}
