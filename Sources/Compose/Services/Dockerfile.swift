import YAML

/// What a Dockerfile says of the container that is made of it (https://docs.docker.com/reference/dockerfile/): enough to
/// tell which server it runs. Nothing that it runs while it builds is followed.
struct Dockerfile {
  enum Command: Equatable {
    case words([String])
    /// By `/bin/sh -c`.
    case shell(String)

    var words: [ShellWord] {
      switch self {
      case .words(let words): words.map { ShellWord($0) }
      case .shell(let text): ["/bin/sh", "-c", text].map { ShellWord($0) }
      }
    }
  }

  struct Copy: Equatable {
    /// In the folder that it is built from.
    var source: String
    var target: String
  }

  struct Stage {
    var name: String?
    /// The image that it starts from.
    var base: String
    var entrypoint: Command?
    var command: Command?
    var environment: [String: String] = [:]
    var exposed: [Int] = []
    var copies: [Copy] = []
    var workingFolder: String?
  }

  private(set) var stages: [Stage] = []
  /// Before the first stage.
  private var arguments: [String: String] = [:]
  /// Of the stage.
  private var scope: [String: String] = [:]
  private let given: [String: String]

  /// Instructions that are read.
  private static let limit = 2000

  /// - Parameter arguments: `build.args`.
  init(_ bytes: [UInt8], arguments: [String: String]) {
    given = arguments
    for line in Self.instructions(bytes).prefix(Self.limit) { instruction(line) }
  }

  /// The stage that is built: that of the name or number, else the last.
  func stage(_ target: String?) -> Stage? {
    guard let target, !target.isEmpty else { return stages.last }
    return stages.last { $0.name == target.lowercased() }
      ?? Int(target).flatMap {
        stages.indices.contains($0) ? stages[$0] : nil
      }
  }

  /// Lines put together where a backslash ends them, without comments and here-documents.
  private static func instructions(_ bytes: [UInt8]) -> [String] {
    var instructions: [String] = []
    var pending = ""
    var ends: [String] = []
    for line in bytes.split(separator: 10, omittingEmptySubsequences: false) {
      let text = String(decoding: line, as: UTF8.self)[...].trimmed
      if let end = ends.first {
        if text == end { ends.removeFirst() }
        continue
      }
      if text.isEmpty || text.hasPrefix("#") { continue }
      if text.hasSuffix("\\") {
        pending += text.dropLast() + " "
        continue
      }
      let whole = pending + text
      pending = ""
      instructions.append(whole)
      ends = hereDocuments(whole)
    }
    if !pending.isEmpty { instructions.append(pending) }
    return instructions
  }

  /// The words that end the here-documents of a line (`RUN <<EOF`).
  private static func hereDocuments(_ line: String) -> [String] {
    guard ["RUN", "COPY", "ADD"].contains(line.prefix { !$0.isWhitespace }.uppercased()) else { return [] }
    return line.split(whereSeparator: \.isWhitespace).compactMap { word in
      guard word.hasPrefix("<<"), !word.hasPrefix("<<<") else { return nil }
      let name = word.dropFirst(2).drop { $0 == "-" }.filter { $0 != "\"" && $0 != "'" }
      return name.isEmpty ? nil : name
    }
  }

  private mutating func instruction(_ line: String) {
    let keyword = line.prefix { !$0.isWhitespace }.uppercased()
    let rest = line.drop { !$0.isWhitespace }.trimmed
    switch keyword {
    case "ARG": argument(rest)
    case "FROM": from(rest)
    case "ENV": environment(rest)
    case "ENTRYPOINT" where !stages.isEmpty:
      stages[stages.count - 1].entrypoint = Self.command(rest)
      // One that is set anew empties the command that the image below had.
      stages[stages.count - 1].command = nil
    case "CMD" where !stages.isEmpty: stages[stages.count - 1].command = Self.command(rest)
    case "WORKDIR" where !stages.isEmpty:
      let before = stages[stages.count - 1].workingFolder ?? "/"
      stages[stages.count - 1].workingFolder = ComposePath.join(before, replaced(rest))
    case "EXPOSE" where !stages.isEmpty:
      for word in rest.split(whereSeparator: \.isWhitespace) {
        let port = PortSyntax.number(replaced(word).prefix { $0 != "/" })
        if let port, stages[stages.count - 1].exposed.count < 100 { stages[stages.count - 1].exposed.append(port) }
      }
    case "COPY", "ADD": copy(rest)
    default: break
    }
  }

  private mutating func argument(_ rest: Substring) {
    for word in Self.words(rest) {
      let name = String(word.prefix { $0 != "=" })
      let own = word.contains("=") ? replaced(word.dropFirst(name.count + 1)) : nil
      let value = given[name] ?? own ?? (stages.isEmpty ? nil : arguments[name])
      if stages.isEmpty { arguments[name] = value }
      scope[name] = value
    }
  }

  private mutating func from(_ rest: Substring) {
    let words = rest.split(whereSeparator: \.isWhitespace).filter { !$0.hasPrefix("--") }
    guard let image = words.first else { return }
    scope = arguments
    let base = replaced(image)
    let name = words.count == 3 && words[1].lowercased() == "as" ? words[2].lowercased() : nil
    // A stage that starts from one before has what that has.
    var stage = stages.last { $0.name == base.lowercased() } ?? Stage(base: base)
    stage.name = name
    scope = stage.environment
    stages.append(stage)
  }

  private mutating func environment(_ rest: Substring) {
    guard !stages.isEmpty else { return }
    let words = Self.words(rest)
    guard let first = words.first else { return }
    if first.contains("=") {
      for word in words {
        let name = String(word.prefix { $0 != "=" })
        set(name, replaced(word.dropFirst(name.count + 1)))
      }
    } else {
      set(first, replaced(rest.dropFirst(first.count).trimmed))
    }
  }

  private mutating func set(_ name: String, _ value: String) {
    stages[stages.count - 1].environment[name] = value
    scope[name] = value
  }

  private mutating func copy(_ rest: Substring) {
    guard !stages.isEmpty, stages[stages.count - 1].copies.count < 200, !rest.contains("--from="), !rest.contains("<<")
    else { return }
    var words: [String]
    if rest.hasPrefix("["), case .words(let list) = Self.command(rest) {
      words = list
    } else {
      words = rest.split(whereSeparator: \.isWhitespace).map(String.init)
    }
    words = words.filter { !$0.hasPrefix("--") }.map { replaced($0) }
    guard words.count >= 2, let last = words.popLast() else { return }
    let target = ComposePath.join(stages[stages.count - 1].workingFolder ?? "/", last)
    for source in words where !source.contains("*") {
      // Into a folder, which only the slash tells; of a folder it is the content.
      let name = ComposePath.name(of: source)
      let isFolder = last.hasSuffix("/") || last == "." || words.count > 1
      stages[stages.count - 1].copies.append(
        Copy(
          source: source,
          target: isFolder && name.contains(".") && name != "." ? ComposePath.join(target, name) : target))
    }
  }

  private func replaced(_ text: some StringProtocol) -> String {
    // A backslash is the Dockerfile's way of a dollar sign.
    let outcome = Interpolation.apply(to: String(text)) { name in
      scope[name].map { Variable(name: name, value: $0, origin: .file("Dockerfile")) }
    }
    return outcome.text.text
  }

  private static func words(_ rest: Substring) -> [String] {
    ShellWords.split(rest) ?? []
  }

  /// A list as JSON has it, else a line for the shell.
  private static func command(_ rest: Substring) -> Command {
    // YAML takes all that JSON is.
    guard rest.hasPrefix("["),
      let root = YAMLReader.read(Array(rest.utf8), file: "").root, case .sequence(let items) = root.content
    else { return .shell(String(rest)) }
    return .words(
      items.compactMap {
        if case .scalar(let text) = $0.content { text } else { nil }
      })
  }
}
