extension CommandTable {
  /// What Keyglass knows without asking: the commands of Redis and Valkey, from `Resources/commands.txt`.
  package static let builtIn = CommandTable(
    specs(in: PackageResources.commands_txt), certain: [], isComplete: false)

  /// A line a command: name, version, group, arity, flags, key positions, syntax and summary, with tabs between.
  /// Lines of another form are left out.
  static func specs(in text: [UInt8]) -> [CommandSpec] {
    text.split(separator: LineSign.lineFeed).compactMap { spec(in: $0) }
  }

  private static func spec(in line: ArraySlice<UInt8>) -> CommandSpec? {
    let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard fields.count == 8, let arity = Int(fields[3]) else { return nil }
    let positions = fields[5].split(separator: ",").compactMap { Int($0) }
    guard positions.count == 3 else { return nil }
    var spec = CommandSpec(
      name: fields[0], summary: fields[7], since: fields[1], group: fields[2], arity: arity,
      flags: Set(fields[4].split(separator: ",").map(String.init)),
      keys: KeyPositions(first: positions[0], last: positions[1], step: positions[2]))
    let arguments = SyntaxReader.arguments(fields[6])
    // A container, or a command whose arguments nobody describes, has fewer than its arity asks for.
    if let arguments, spec.nameWords + arguments.minimum >= abs(arity) {
      spec.arguments = arguments
    }
    return spec
  }
}
