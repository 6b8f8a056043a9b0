internal import Commands
internal import RESP

/// What COMMAND and COMMAND DOCS say of a server's commands.
enum ServerCommands {
  /// - Parameters:
  ///   - commands: the reply to COMMAND: name, arity, flags, first key, last key, step, and since 6.0 ACL categories, since
  ///     7.0 tips, key specifications and subcommands.
  ///   - docs: the reply to COMMAND DOCS (7.0); nil: there is none.
  static func specs(commands: ReplyView, docs: ReplyView?) -> [CommandSpec] {
    var texts: [String: ReplyView] = [:]
    if let docs { collect(docs, into: &texts) }
    return commands.children.flatMap { specs(of: $0.element, texts) }
  }

  private static func collect(_ docs: ReplyView, into texts: inout [String: ReplyView]) {
    for (name, value) in docs.pairs {
      texts[name.string.lowercased()] = value
      if let subcommands = value.value(for: "subcommands") { collect(subcommands, into: &texts) }
    }
  }

  private static func specs(of entry: ReplyView, _ texts: [String: ReplyView]) -> [CommandSpec] {
    let fields = Array(entry.children)
    guard fields.count >= 6, let arity = fields[1].integer else { return [] }
    let name = fields[0].string.lowercased()
    var spec = CommandSpec(name: name, arity: Int(clamping: arity))
    spec.flags = Set(fields[2].children.map { $0.string.lowercased() })
    if fields.count > 6 {
      // A category says it where older servers have no flag.
      let categories = Set(fields[6].children.map { $0.string.lowercased() })
      for category in ["dangerous", "blocking"] where categories.contains("@" + category) {
        spec.flags.insert(category)
      }
    }
    let places = fields[3...5].map { Int(clamping: $0.integer ?? 0) }
    spec.keys = KeyPositions(first: places[0], last: places[1], step: places[2])
    if let text = texts[name] {
      spec.summary = text.value(for: "summary")?.string ?? ""
      spec.since = text.value(for: "since")?.string ?? ""
      spec.group = text.value(for: "group")?.string ?? ""
      // A description that nobody can have meant is none: it would be looked through with every key.
      let described = text.value(for: "arguments").map { arguments(of: $0) } ?? []
      spec.arguments = count(described) <= mostArguments ? described : nil
    }
    let subcommands = fields.count > 9 ? fields[9].children.flatMap { specs(of: $0.element, texts) } : []
    return [spec] + subcommands
  }

  /// Arguments of one command at all levels; the most that servers have is some dozens.
  private static let mostArguments = 500

  private static func count(_ arguments: [Argument]) -> Int {
    arguments.reduce(arguments.count) { sum, argument in
      switch argument.kind {
      case .oneOf(let inside), .block(let inside): sum + count(inside)
      case .value, .token: sum
      }
    }
  }

  private static func arguments(of reply: ReplyView) -> [Argument] { reply.children.compactMap { argument($0) } }

  private static func argument(_ reply: ReplyView) -> Argument? {
    guard let type = reply.value(for: "type")?.string else { return nil }
    let name = reply.value(for: "name")?.string ?? ""
    let inside = reply.value(for: "arguments").map { arguments(of: $0) } ?? []
    let kind: Argument.Kind =
      switch type {
      case "pure-token": .token
      case "oneof": .oneOf(inside)
      case "block": .block(inside)
      case "key": .value(name: name, type: .key)
      case "integer": .value(name: name, type: .int)
      case "double": .value(name: name, type: .double)
      case "pattern": .value(name: name, type: .pattern)
      case "unix-time": .value(name: name, type: .time)
      default: .value(name: name, type: .string)
      }
    let flags = Set(reply.value(for: "flags")?.children.map(\.string) ?? [])
    return Argument(
      kind, token: reply.value(for: "token")?.string, isOptional: flags.contains("optional"),
      isMultiple: flags.contains("multiple"), repeatsToken: flags.contains("multiple_token"))
  }
}
