internal import RESP
internal import Requests
internal import Values

extension Plan {
  /// Why the server wrote nothing, where it would not tell what was to be kept for undo.
  func refusal(toKeep position: Int, _ text: [UInt8]) -> Failure {
    let failure = Failure.write(refused: text)
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

extension Failure {
  /// Why the server wrote nothing, from its error text.
  static func write(refused text: [UInt8], what: String = "the edit") -> Failure {
    let text = Self.withoutScript(text)
    // What a script's command is denied has no code of its own, and does not name it.
    if isOfRights(text), !text.starts(with: "NOPERM".utf8) {
      return Failure(
        kind: .server, what: what, why: Array("this user may not run a command of it, or not on this key".utf8),
        nextStep: "Compare what will run with the user's rights (ACL GETUSER)")
    }
    let code = String(decoding: text.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
    let (why, nextStep) = explanation(code)
    return Failure(kind: .server, what: what, why: why.map { Array($0.utf8) } ?? text, nextStep: nextStep)
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

  private static func explanation(_ code: String) -> (why: String?, nextStep: String) {
    switch code {
    case "READONLY": ("this server is a replica and takes no writes", "Connect to its master")
    case "OOM", "-OOM":
      ("the server is out of memory (maxmemory)", "Free some memory on the server, or raise maxmemory")
    case "MISCONF": ("the server cannot save to disk and takes no writes", "See its log; the disk may be full")
    case "NOREPLICAS": ("too few replicas are connected (min-replicas-to-write)", "Try again when they are back")
    case "BUSY": ("the server is busy with a script", "Try again when it has ended")
    case "LOADING": ("the server is loading its data", "Try again when it is done")
    case "MASTERDOWN": ("the replica has lost its master", "Connect to the master")
    case "CLUSTERDOWN": ("the cluster is down", "Try again when its slots are covered")
    case "MOVED", "ASK", "TRYAGAIN": ("the key belongs to another node of the cluster", "Connect to that node")
    case "CROSSSLOT": ("the two names belong to different slots of the cluster", "Choose a name in the same slot")
    case "NOPERM": (nil, "Ask for the right to it")
    case "WRONGTYPE": ("the key holds another type", "Open it again")
    default: (nil, "Change it and try again")
    }
  }
}
