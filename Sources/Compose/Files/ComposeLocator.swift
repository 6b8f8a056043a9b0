import YAML

/// Which files make up the project, as Compose chooses them (compose-go, `cli/options.go`).
struct ComposeLocator {
  /// In the order in which Compose v2 prefers them.
  static let names = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"]
  static let overrides = [
    "compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml",
  ]

  private(set) var files: [String] = []
  private(set) var folder: String
  private(set) var namesFiles = false
  private(set) var notes: [Complaint] = []
  private(set) var variables: ComposeVariables

  /// - Parameter file: as a user names it; nil: by COMPOSE_FILE, or the first folder upwards that has one.
  init(_ file: String?, _ surroundings: ComposeSurroundings, _ reader: inout ComposeFileReader) throws(ComposeFileError)
  {
    let start = ComposePath.join("/", surroundings.folder)
    folder = start
    variables = ComposeVariables(environment: surroundings.variables)
    let readsDotEnv = !["1", "t", "T", "true", "TRUE", "True"].contains(
      surroundings.variables["COMPOSE_DISABLE_ENV_FILE"] ?? "")
    if readsDotEnv { readDotEnv(in: start, &reader) }
    if let file {
      try choose(ComposePath.join(start, file, home: surroundings.home), &reader)
    } else if let list = variables.text("COMPOSE_FILE") {
      choose(list: list, from: start, home: surroundings.home)
    } else {
      try search(from: start, &reader)
    }
    if readsDotEnv, folder != start { readDotEnv(in: folder, &reader) }
  }

  private mutating func readDotEnv(in folder: String, _ reader: inout ComposeFileReader) {
    let path = ComposePath.join(folder, ".env")
    switch reader.read(path) {
    case .success(let bytes):
      let read = DotEnv(bytes, path: path, outer: variables)
      variables.add(read.variables)
      notes += read.complaints
    case .failure(.missing): break
    case .failure(let failure): notes.append(Complaint(file: path, message: "cannot be read: \(failure.text)"))
    }
  }

  private mutating func choose(_ path: String, _ reader: inout ComposeFileReader) throws(ComposeFileError) {
    if reader.kind(of: path) == .folder {
      guard choose(in: path, &reader) else { throw .notFound(folder: path) }
      return
    }
    (files, folder, namesFiles) = ([path], ComposePath.folder(of: path), true)
  }

  private mutating func choose(list: String, from start: String, home: String?) {
    let separator = variables.text("COMPOSE_PATH_SEPARATOR") ?? ":"
    let paths = list.components(separatedBy: separator).filter { !$0.isEmpty }
    files = paths.map { ComposePath.join(start, $0, home: home) }
    namesFiles = true
    if let first = files.first { folder = ComposePath.folder(of: first) }
  }

  private mutating func search(from start: String, _ reader: inout ComposeFileReader) throws(ComposeFileError) {
    var folder = start
    while !choose(in: folder, &reader) {
      guard folder != "/" else { throw .notFound(folder: start) }
      folder = ComposePath.folder(of: folder)
    }
  }

  private mutating func choose(in folder: String, _ reader: inout ComposeFileReader) -> Bool {
    guard let file = choose(among: Self.names, in: folder, &reader) else { return false }
    files = [file]
    if let override = choose(among: Self.overrides, in: folder, &reader) { files.append(override) }
    self.folder = folder
    return true
  }

  private mutating func choose(
    among names: [String], in folder: String, _ reader: inout ComposeFileReader
  ) -> String? {
    let there = names.map { ComposePath.join(folder, $0) }.filter {
      // A folder of that name is none; what is there and cannot be read is told when it is read.
      reader.kind(of: $0).map { $0 != .folder } ?? false
    }
    guard let first = there.first else { return nil }
    if there.count > 1 {
      // docker-compose 1 prefers others.
      namesFiles = true
      let others = there.dropFirst().map { ComposePath.name(of: $0) }.joined(separator: " and ")
      notes.append(
        Complaint(file: first, message: "it is used, and \(others) beside it \(there.count > 2 ? "are" : "is") not"))
    }
    return first
  }
}

extension String {
  /// The pieces between the separators, empty ones included.
  func components(separatedBy separator: String) -> [String] {
    guard !separator.isEmpty else { return [self] }
    var pieces: [String] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      pieces.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return pieces + [String(rest)]
  }
}
