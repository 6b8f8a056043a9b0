internal import Keyspace
internal import RESP
internal import Requests
internal import Values

/// What a key is, where TYPE may not be run: the commands of all other types answer WRONGTYPE.
struct TypeProbe {
  static let types: [KeyType] = [.string, .list, .hash, .set, .sortedSet, .stream]

  /// Types whose commands were answered, and whether there was something.
  private var accepting: [KeyType: Bool] = [:]
  private var hasWrongType = false

  /// The cheapest read of a value of `type`: one element, or a page of what is small.
  static func ask(_ question: inout Question, firstOf type: KeyType, _ name: KeyName) {
    switch type {
    case .string: question.ask(.getRange, name.bytes, 0, 0)
    case .list: question.ask(.lRange, name.bytes, 0, 0)
    case .hash: question.ask(.hScan, name.bytes, 0, "COUNT", 1)
    case .set: question.ask(.sScan, name.bytes, 0, "COUNT", 1)
    case .sortedSet: question.ask(.zRange, name.bytes, 0, 0)
    case .stream: question.ask(.xRange, name.bytes, "-", "+", "COUNT", 1)
    case .json, .other: break
    }
  }

  private static func firstCommand(of type: KeyType) -> ReadCommand? {
    switch type {
    case .string: .getRange
    case .list: .lRange
    case .hash: .hScan
    case .set: .sScan
    case .sortedSet: .zRange
    case .stream: .xRange
    case .json, .other: nil
    }
  }

  mutating func takeLengths(_ response: Response) {
    for type in Self.types {
      guard let command = ValuePlan.lengthCommand(of: type) else { continue }
      take(response, command, of: type) { $0.integer ?? 0 > 0 }
    }
  }

  mutating func takeFirsts(_ response: Response) {
    for type in Self.types {
      guard let command = Self.firstCommand(of: type) else { continue }
      take(response, command, of: type) { reply in
        switch type {
        case .string: !reply.bytes.isEmpty
        // A cursor and elements.
        case .hash, .set: reply.count == 2 && reply[1].count > 0
        default: reply.count > 0
        }
      }
    }
  }

  private mutating func take(
    _ response: Response, _ command: ReadCommand, of type: KeyType, _ isSomething: (ReplyView) -> Bool
  ) {
    if response.refusal(command) == .wrongType { hasWrongType = true }
    guard let reply = response[command] else { return }
    accepting[type] = isSomething(reply) || accepting[type] == true
  }

  /// nil: what was answered does not tell. `exists`: something else has told that there is such a key.
  func verdict(exists: Bool) -> Fact<KeyType?>? {
    if let type = accepting.first(where: \.value)?.key { return .known(type) }
    // Empty to two types at once: it is not there.
    if accepting.count > 1 { return .known(nil) }
    // An empty string or stream.
    guard let type = accepting.first?.key, hasWrongType || exists else { return nil }
    return .known(type)
  }
}

extension Store {
  /// The type of a key whose TYPE is denied; `.denied` with that where nothing else tells it either.
  ///
  /// - Parameter exists: it is known that there is such a key.
  func probeType(of name: KeyName, exists: Bool, _ denial: Denial) async throws(Failure) -> Fact<KeyType?> {
    var probe = TypeProbe()
    var question = Question("reading a key", denials: denials)
    for type in TypeProbe.types {
      if let command = ValuePlan.lengthCommand(of: type) { question.ask(command, name.bytes) }
    }
    probe.takeLengths(try await ask(question, on: rowsLink))
    if let type = probe.verdict(exists: exists) { return type }
    question = Question("reading a key", denials: denials)
    for type in TypeProbe.types { TypeProbe.ask(&question, firstOf: type, name) }
    probe.takeFirsts(try await ask(question, on: rowsLink))
    if let type = probe.verdict(exists: exists) { return type }
    guard denials[.strLen] != nil, denials[.getRange] != nil, mayReadWhole(name, length: nil) else {
      return .denied(denial)
    }
    question = Question("reading a key", denials: denials)
    question.ask(.get, name.bytes)
    guard let reply = try await ask(question, on: rowsLink)[.get] else { return .denied(denial) }
    return .known(reply.isNull ? nil : .string)
  }

  /// Whether a string may be read by GET, where GETRANGE may not be run: when it is known to be short. Where neither
  /// lengths nor names may be read, its name was typed by who wants to see it; then only what has turned out to be long
  /// is not read again.
  func mayReadWhole(_ name: KeyName, length: Int?) -> Bool {
    if let length { return length <= ValuePlan.pageBytes }
    return denials[.scan] != nil && !longStrings.contains(name)
  }

  /// A window of a string by GET; nil: that is denied as well, or the string is, or may be, too long. `.gone`: no such key.
  func readWhole(_ plan: ValuePlan, length: Int?) async throws(Failure) -> WholeString? {
    guard plan.type == .string, mayReadWhole(plan.name, length: length) else { return nil }
    var question = Question("reading a key", denials: denials)
    question.ask(.get, plan.name.bytes)
    let response = try await ask(question, on: rowsLink)
    if response.refusal(.get) == .wrongType { return .gone }
    guard let reply = response[.get] else { return nil }
    if reply.isNull { return .gone }
    if reply.bytes.count > ValuePlan.pageBytes, longStrings.count < 1_000 { longStrings.insert(plan.name) }
    let start = min(plan.start, reply.bytes.count)
    let bytes = Array(reply.bytes.dropFirst(start).prefix(plan.asked(limit: .max)))
    return .page(StringPage(length: reply.bytes.count, offset: start, bytes: bytes))
  }

  enum WholeString {
    case page(StringPage)
    /// There is no such key, or it is no string.
    case gone
  }
}
