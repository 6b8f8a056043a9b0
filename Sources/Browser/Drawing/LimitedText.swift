import Canvas
import Requests
import Values

/// What this user may not run, or the server does not have: in short for row 1, and at length for `?`.
enum LimitedText {
  /// `INFO, MEMORY`: each command by its first word, once.
  static func names(_ limits: [Denial]) -> String {
    var names: [String] = []
    for limit in limits {
      let name = String(limit.command.prefix { $0 != " " })
      if names.last != name { names.append(name) }
    }
    return names.joined(separator: ", ")
  }

  /// What is missing on the screen because of it, and the rule that would lift it.
  static func line(_ limit: Denial) -> String {
    let loss = loss(of: limit.command)
    let reason = limit.missingRule.map { "needs \($0)" } ?? "not on this server, or renamed"
    return loss.isEmpty ? reason : "\(reason): \(loss)"
  }

  /// All missing rules, to ask for; empty where rights are not why.
  static func rules(_ limits: [Denial]) -> String { limits.compactMap(\.missingRule).joined(separator: " ") }

  private static func loss(of command: String) -> String {
    switch command {
    case "SCAN": "keys cannot be listed; O opens one by its exact name"
    case "TYPE": "no types in lists; a key that is opened shows what it is"
    case "PTTL": "no time left, but for what needs no other clock"
    case "PEXPIRETIME": "deadlines come from PTTL, to the second"
    case "MEMORY USAGE": "no sizes"
    case "OBJECT ENCODING", "OBJECT FREQ", "OBJECT IDLETIME", "OBJECT REFCOUNT": "missing in what i shows"
    case "INFO": "no numbers of the server; of the databases only this one is known"
    case "DBSIZE": "keys are counted by INFO, or not at all"
    case "SELECT": "no other database"
    case "HELLO": "the older protocol (RESP2), in which the server cannot push changes"
    case "CLIENT TRACKING": "changes are not pushed: what is on the screen is read once a second; no F"
    case "CLIENT NO-TOUCH": "reading a key counts as use of it: idle times begin anew"
    case "XINFO GROUPS": "no consumer groups of streams"
    case "HPEXPIRETIME", "HPTTL": "no TTLs of fields"
    case "STRLEN", "LLEN", "HLEN", "SCARD", "ZCARD", "XLEN": "lengths are as far as was read"
    case "GETRANGE": "only strings that are known to be short are shown, by GET"
    case "GET": "strings are not shown"
    case "LRANGE": "lists are not shown"
    case "HSCAN": "hashes are not shown"
    case "SSCAN": "sets are not shown"
    case "ZRANGE": "sorted sets are not shown"
    case "XRANGE": "streams are not shown"
    case "DUMP", "RESTORE": "a deleted key cannot be brought back"
    case "EVAL": "edits are guarded by WATCH instead"
    case "WATCH", "MULTI", "EXEC": "without EVAL nothing is written"
    case "COMMAND": "the console knows the commands that keyglass was built with"
    default: ""
    }
  }
}

extension HelpScreen {
  /// What is missing here, and what to ask for; none where nothing is.
  static func limitLines(_ state: State, width: Int) -> [DisplayText] {
    let limit = state.list.scan.limit
    guard !state.limits.isEmpty || limit != nil else { return [] }
    var lines = [DisplayText("Limited on this server", role: .titleFocus)]
    if let limit {
      let words = "holds \(Format.count(limit)) keys and no more (limits.keys): \(State.waysPastLimit)"
      lines += rows("the list", .warn, words, width: width, margin: 20)
    }
    for limit in state.limits { lines += rows(limit.command, .warn, LimitedText.line(limit), width: width, margin: 20) }
    let rules = LimitedText.rules(state.limits)
    if !rules.isEmpty {
      lines += rows(
        "ask for", .textDim, "\(rules)  ('keyglass acl' prints all that it needs)", width: width, margin: 20)
    }
    return lines + [DisplayText()]
  }
}
