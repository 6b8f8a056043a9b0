internal import Keyspace
internal import RESP
internal import Requests
internal import Values

extension Store {
  func isMember(_ name: KeyName, _ member: [UInt8]) async throws(Failure) -> Answer {
    var question = Question("looking for a member", denials: denials)
    question.ask(.sIsMember, name.bytes, member)
    let reply = try await ask(question, on: rowsLink).require(.sIsMember)
    return .membership(name, member: member, isMember: reply.integer == 1)
  }

  /// SUNION of two sets, neither of which has `limit` members or more.
  func union(_ name: KeyName, _ other: KeyName, limit: Int) async throws(Failure) -> UnionOutcome {
    for set in [name, other] {
      var question = Question("uniting two sets", denials: denials)
      question.ask(.type, set.bytes)
      question.ask(.sCard, set.bytes)
      let response = try await ask(question, on: rowsLink)
      let type = response[.type].map { KeyType(reply: $0.string) }
      if response.refusal(.sCard) == .wrongType || type == .some(nil) {
        return .notASet(set, type: type ?? nil)
      }
      guard let members = try response.require(.sCard).quantity else {
        throw .unreadable(.sCard, what: question.what)
      }
      guard members < limit else { return .tooBig(set, members: members, limit: limit) }
    }
    var question = Question("uniting two sets", denials: denials)
    question.ask(.sUnion, name.bytes, other.bytes)
    return .members(try await ask(question, on: rowsLink).require(.sUnion).children.map { Array($0.bytes) })
  }

  /// Where a sorted set reaches a score, or where a member stands; nil: nowhere.
  func rank(_ name: KeyName, _ wanted: RankQuestion, reverse: Bool) async throws(Failure) -> Int? {
    var question = Question("looking for a rank", denials: denials)
    switch wanted {
    case .member(let member):
      let command = reverse ? ReadCommand.zRevRank : .zRank
      question.ask(command, name.bytes, member)
      return try await ask(question, on: rowsLink).require(command).quantity
    case .score(let score):
      let text = String(decoding: score, as: UTF8.self)
      guard let number = Double(text), !number.isNaN else {
        throw Failure(
          kind: .server, what: question.what, why: Array("'".utf8) + score + Array("' is no score".utf8),
          nextStep: "Type a number, inf or -inf")
      }
      // All members on the near side of the score stand before it.
      let excluded = Array("(".utf8) + score
      question.ask(.zCard, name.bytes)
      if reverse {
        question.ask(.zCount, name.bytes, excluded, "+inf")
      } else {
        question.ask(.zCount, name.bytes, "-inf", excluded)
      }
      let response = try await ask(question, on: rowsLink)
      guard let before = try response.require(.zCount).quantity else { return nil }
      if let all = response[.zCard]?.quantity, before >= all { return nil }
      return before
    }
  }
}
