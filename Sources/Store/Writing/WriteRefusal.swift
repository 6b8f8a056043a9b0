internal import RESP
internal import Requests
internal import Values

extension Plan {
  /// Why the server wrote nothing, where it would not tell what was to be kept for undo.
  func refusal(toKeep position: Int, _ text: [UInt8]) -> Failure {
    let failure = Failure.write(refused: text, rules: rules)
    guard case .reply(let words) = keepsakes[position], words[0] == "DUMP".word, Failure.isOfRights(text) else {
      return failure
    }
    let denial = Denial(command: "DUMP", missingRule: "+dump")
    return Failure(
      kind: .denied(denial), what: failure.what,
      why: Array("this user may not run DUMP, by which a copy is kept for undo".utf8),
      nextStep: "Try again: the dialog will say that there is no way back")
  }
}

extension Plan {
  /// ACL rules of all commands that the plan sends, each once: `+get +set`.
  var rules: [String] {
    let reads = guards.flatMap { [$0] + $0.orElse }.map(\.read)
    let kept = keepsakes.compactMap { if case .reply(let words) = $0 { words } else { nil } }
    let names = (reads + rehearsal + kept + commands).compactMap { words -> String? in
      guard let name = words.first.map({ String(decoding: $0, as: UTF8.self).lowercased() }) else { return nil }
      // XINFO GROUPS is the one container that plans read.
      return name == "xinfo" ? "xinfo|groups" : name
    }
    return Set(names).sorted().map { "+" + $0 }
  }
}

extension Failure {
  /// Why the server wrote nothing, from its error text.
  ///
  /// - Parameter rules: what the edit needs, for where the server does not say which of it is missing.
  static func write(refused text: [UInt8], what: String = "the edit", rules: [String] = []) -> Failure {
    let text = Self.withoutScript(text)
    if let failure = denied(text, what: what) { return failure }
    // What a script's command is denied has no code of its own, and does not name it.
    if isOfRights(text), !text.starts(with: "NOPERM".utf8) {
      return Failure(
        kind: .server, what: what, why: Array("this user may not run a command of it, or not on this key".utf8),
        nextStep: rules.isEmpty
          ? "Compare what will run with the user's rights (ACL GETUSER)"
          : "It needs \(rules.joined(separator: " ")), and a rule ~PATTERN that covers the name")
    }
    switch String(decoding: text.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self) {
    case "NOPERM": return Failure(kind: .server, what: what, why: text, nextStep: "Ask for the right to it")
    case "WRONGTYPE":
      return Failure(
        kind: .server, what: what, why: Array("the key holds another type".utf8), nextStep: "Open it again")
    default: return Failure(said: text, what: what, use: .writing, otherwise: "Change it and try again")
    }
  }

  /// A denial that names the command, or is about the key: `… no permissions to run the 'config|get' command`. The words
  /// differ; the name stands in quotes everywhere.
  private static func denied(_ text: [UInt8], what: String) -> Failure? {
    let line = String(decoding: text, as: UTF8.self)
    guard line.contains("NOPERM") || line.contains("ACL failure in script") else { return nil }
    if line.lowercased().contains("to access") {
      return Failure(
        kind: .denied(Denial(command: "", missingRule: "%RW~PATTERN")), what: what,
        why: Array("this user may not use this key".utf8),
        nextStep: "Ask for a rule ~PATTERN that covers its name")
    }
    let parts = line.split(separator: "'", omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[1].isEmpty, parts[1].utf8.count < 64, parts[1].allSatisfy(isOfName) else {
      return nil
    }
    let name = parts[1].uppercased().replacing("|", with: " ")
    let rule = "+" + parts[1].lowercased()
    return Failure(
      kind: .denied(Denial(command: name, missingRule: rule)), what: what,
      why: Array("this user may not run \(name)".utf8), nextStep: "Ask for the rule \(rule)")
  }

  private static func isOfName(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "|-._".contains(character))
  }

  /// The error says that the user may not run a command, or that there is none of that name.
  static func isOfRights(_ text: [UInt8]) -> Bool {
    let line = String(decoding: text, as: UTF8.self).lowercased()
    return [
      "noperm", "executing the script can't", "acl failure in script", "unknown command", "unknown redis command",
    ]
    .contains { line.contains($0) }
  }

  static let readOnly = Failure(
    kind: .server, what: "the edit", why: Array("read-only mode: nothing is sent that writes".utf8),
    nextStep: "Start keyglass without --read-only to write")

  static let locked = Failure(
    kind: .server, what: "the edit", why: Array("the server is production, and locked: nothing was sent".utf8),
    nextStep: "L unlocks it")

  /// A deadline that is to be set has passed: the server would delete the key, or the field.
  static func timeHasPassed(for change: Change) -> Failure {
    let what = if case .fieldExpiry = change { "field" } else { "key" }
    return Failure(
      kind: .server, what: "the edit",
      why: Array("its deadline has passed meanwhile: the \(what) would be gone at once".utf8),
      nextStep: "t sets another TTL, d deletes the \(what)")
  }

  static let connectionLost = Failure.write(connection: "the connection was lost", nextStep: "Try again")

  static func write(connection why: String, nextStep: String) -> Failure {
    Failure(kind: .connection, what: "the edit", why: Array(why.utf8), nextStep: nextStep)
  }

  /// An error's text without what says that it came out of a script: `… script: 9f…, on @user_script:12.` behind it
  /// since Redis 7.0, `ERR Error running script (call to f_9f…): @user_script:12: ` before it until then.
  static func withoutScript(_ text: [UInt8]) -> [UInt8] {
    var line = String(decoding: text, as: UTF8.self)
    // Other bytes than text are nothing that a script added.
    guard Array(line.utf8) == text else { return text }
    if let end = line.firstRange(of: " script: "), line[end.upperBound...].contains(", on @user_script") {
      line = String(line[..<end.lowerBound])
    }
    for mark in ["@user_script: ", "@user_script:"] {
      guard let start = line.firstRange(of: mark) else { continue }
      line = String(line[start.upperBound...].drop { $0.isNumber || $0 == ":" || $0 == " " })
    }
    return Array(line.utf8)
  }
}
