/// What is known of the commands of a server.
package struct CommandTable: Sendable {
  /// By upper-case name.
  let specs: [String: CommandSpec]
  /// In alphabetical order, without subcommands.
  let names: [String]
  /// The subcommands of each container in alphabetical order, without its name.
  let subcommands: [String: [String]]
  /// Commands whose arguments are those of the server in use: what does not fit them is certainly wrong.
  let certain: Set<String>
  /// Whether the server has no others.
  let isComplete: Bool

  /// A table of exactly these commands. Of several with one name the last counts; names may be written as the server
  /// writes them (`config|set`).
  package init(_ specs: [CommandSpec]) {
    self.init(specs, certain: Set(specs.map { CommandTable.canonical($0.name) }), isComplete: true)
  }

  init(_ specs: [CommandSpec], certain: Set<String>, isComplete: Bool) {
    var byName: [String: CommandSpec] = [:]
    byName.reserveCapacity(specs.count)
    for var spec in specs {
      spec.name = CommandTable.canonical(spec.name)
      byName[spec.name] = spec
    }
    var names: [String] = []
    var subcommands: [String: [String]] = [:]
    for name in byName.keys.sorted() {
      if let (container, subcommand) = CommandTable.parts(name) {
        subcommands[container, default: []].append(subcommand)
      } else {
        names.append(name)
      }
    }
    self.specs = byName
    self.names = names
    self.subcommands = subcommands
    self.certain = certain
    self.isComplete = isComplete
  }

  /// The commands of a server: these, completed or overwritten by what it said of itself. What it did not say of a
  /// command stays as it was.
  ///
  /// - Parameter isComplete: the server listed all that it has: others are left out. Servers before Redis 7 list
  ///   containers without their subcommands; those stay.
  package func merged(with server: [CommandSpec], isComplete: Bool) -> CommandTable {
    var listed: [String: CommandSpec] = [:]
    var described: Set<String> = []
    for spec in server {
      let name = CommandTable.canonical(spec.name)
      listed[name] = spec.completed(by: specs[name])
      if spec.arguments != nil { described.insert(name) }
    }
    let divided = Set(listed.keys.compactMap { CommandTable.parts($0)?.container })
    let kept = specs.values.filter { spec in
      if listed[spec.name] != nil { return false }
      guard isComplete else { return true }
      guard let container = CommandTable.parts(spec.name)?.container else { return false }
      return listed[container] != nil && !divided.contains(container)
    }
    return CommandTable(
      kept + listed.values, certain: isComplete ? described : certain.union(described),
      isComplete: isComplete || self.isComplete)
  }

  /// The command or subcommand of that name, in any case.
  package func spec(named name: String) -> CommandSpec? { specs[CommandTable.canonical(name)] }

  /// The longest name that the words begin with, subcommands included, and how many words it takes.
  package func match(_ words: [[UInt8]]) -> (spec: CommandSpec, nameWords: Int)? {
    guard let first = words.first else { return nil }
    let name = AnyCase.upper(first)
    if words.count > 1, subcommands[name] != nil,
      let spec = specs[name + " " + AnyCase.upper(words[1])]
    {
      return (spec, 2)
    }
    // A word with a blank in it is no subcommand's name.
    guard !first.contains(UInt8(ascii: " ")), let spec = specs[name] else { return nil }
    return (spec, 1)
  }

  /// Whether the command is known to change something, whatever a server says of it.
  package func mayWrite(_ name: String) -> Bool {
    spec(named: name).map { !$0.flags.isDisjoint(with: ["write", "admin"]) } ?? false
  }

  /// Whether what was typed of a name, in any case, can become one.
  func hasName(beginningWith typed: [UInt8]) -> Bool {
    let typed = AnyCase.upper(typed)
    // Counts and intervals stand before a command.
    return names.contains { $0.hasPrefix(typed) } || "EVERY".hasPrefix(typed) || typed.allSatisfy(\.isNumber)
  }

  /// Whether the command has subcommands.
  package func isContainer(_ name: String) -> Bool {
    subcommands[CommandTable.canonical(name)] != nil
  }

  private static func canonical(_ name: String) -> String {
    AnyCase.upper(name.utf8.map { $0 == UInt8(ascii: "|") ? UInt8(ascii: " ") : $0 })
  }

  private static func parts(_ name: String) -> (container: String, subcommand: String)? {
    guard let blank = name.utf8.firstIndex(of: UInt8(ascii: " ")) else { return nil }
    return (String(name[..<blank]), String(name[name.utf8.index(after: blank)...]))
  }
}

extension CommandSpec {
  /// What it leaves open as the other has it. The built-in summary stays: it is written for this place.
  fileprivate func completed(by other: CommandSpec?) -> CommandSpec {
    guard let other else { return self }
    var spec = self
    if !other.summary.isEmpty { spec.summary = other.summary }
    if spec.since.isEmpty { spec.since = other.since }
    if spec.group.isEmpty { spec.group = other.group }
    if spec.flags.isEmpty { spec.flags = other.flags }
    spec.arguments = spec.arguments.map { other.corrected($0) } ?? other.arguments
    return spec
  }

  /// What a server says of arguments, set right where servers are known to say it wrongly: numbers that may be
  /// fractions, or have a sign before them, and words behind the described ones.
  private func corrected(_ arguments: [Argument]) -> [Argument] {
    guard let known = self.arguments else { return arguments }
    if let last = known.last, last.isOptional, last.isMultiple, last.token == nil,
      case .value = last.kind
    {
      return known
    }
    var types: [String: Argument.ValueType] = [:]
    for argument in known { argument.collectTypes(into: &types) }
    return arguments.map { $0.typed(as: types) }
  }
}

extension Argument {
  fileprivate func collectTypes(into types: inout [String: ValueType]) {
    switch kind {
    case .token: break
    case .value(let name, let type): types[name] = type
    case .oneOf(let parts), .block(let parts): for part in parts { part.collectTypes(into: &types) }
    }
  }

  fileprivate func typed(as types: [String: ValueType]) -> Argument {
    var argument = self
    switch kind {
    case .token: break
    case .value(let name, let type): argument.kind = .value(name: name, type: types[name] ?? type)
    case .oneOf(let parts): argument.kind = .oneOf(parts.map { $0.typed(as: types) })
    case .block(let parts): argument.kind = .block(parts.map { $0.typed(as: types) })
    }
    return argument
  }
}
