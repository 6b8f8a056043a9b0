import Keyspace
import PrivateServer
import RedisClient
import Requests
import Store
import TestSupport
import Testing
import Values

/// Everything that Keyglass asks a server for, as one user, and what came of each part in words: a denial as `denied: …`
/// with the rule or command that is missing.
struct AccessTour {
  typealias Part = (name: String, result: String)

  let harness: Harness
  private(set) var parts: [Part] = []

  /// A user `limited` with these rules on a server that holds ``keys``.
  init(_ server: TestServer, rules: [String]?, version: Endpoint.ProtocolPreference = .automatic) async throws {
    if let rules {
      let reply = try server.cli(["ACL", "SETUSER", "limited", "reset", "on", ">pw"] + rules, database: 0)
      guard reply == "OK" else { throw TestFailure("\(rules): \(reply)") }
    }
    try server.pipeline([["FLUSHALL"]] + Self.keys)
    harness = try await Harness(
      server, user: rules == nil ? nil : "limited", password: rules == nil ? nil : "pw", version: version)
    let harness = harness
    guard await eventually({ await harness.isGreeted }) else { throw TestFailure("not greeted") }
  }

  static let keys = [
    ["SET", "s", "value", "EX", "5000"], ["RPUSH", "l", "a", "b", "c"], ["HSET", "h", "f", "v", "g", "w"],
    ["SADD", "e", "a", "b"], ["SADD", "e2", "z"], ["ZADD", "z", "1", "a", "2", "b"], ["XADD", "x", "1-1", "f", "v"],
    ["XGROUP", "CREATE", "x", "readers", "0"], ["SET", "empty", ""],
  ]

  private static let types: [(key: KeyName, type: KeyType)] = [
    ("s", .string), ("l", .list), ("h", .hash), ("e", .set), ("z", .sortedSet), ("x", .stream), ("empty", .string),
  ]

  // MARK: - Browsing

  /// Rounds of what is read again and again: what is denied must not be asked for each time.
  static let rounds = 4

  mutating func browse() async throws {
    let end = try await harness.scan()
    add("scan", end.phase == .denied ? Self.text(end.denial) : "\(end.keys) keys")
    add("count", end.phase == .denied ? Self.text(end.denial) : end.serverCount.map { "\($0)" } ?? "unknown")
    for round in 1...Self.rounds {
      let isLast = round == Self.rounds
      try await readFacts(isLast)
      for (key, type) in Self.types { try await open(key, type, isLast) }
      for (key, _) in Self.types { try await inspect(key, isLast) }
      await tellServer(isLast)
    }
    await askQuestions()
    try await sweep()
    await follow()
    add("commands", text(of: await harness.store.answer(.console(.commands))) { _ in "known" })
  }

  private mutating func readFacts(_ isNoted: Bool) async throws {
    let answer = await harness.store.answer(.facts(Self.types.map(\.key)))
    guard case .facts(let facts, _) = answer else { throw TestFailure("no facts: \(answer)") }
    guard isNoted else { return }
    for fact in facts {
      add("type of \(fact.name.words)", Self.text(fact.type) { $0?.word ?? "GONE" })
      add("deadline of \(fact.name.words)", Self.text(fact.deadline, Self.kind))
      add("size of \(fact.name.words)", Self.text(fact.size) { $0 > 0 ? "some" : "none" })
    }
  }

  private mutating func open(_ key: KeyName, _ type: KeyType, _ isNoted: Bool) async throws {
    let answer = await harness.store.answer(.open(key, pageLength: 10))
    var windows: [(String, ValueWindow)] = []
    switch type {
    case .list: windows = [("tail", .elements(start: 1, count: 5))]
    case .hash: windows = [("match", .fields(cursor: 0, matching: [0x66])), ("named", .named([[0x66]]))]
    case .set: windows = [("named", .named([[0x61]]))]
    case .sortedSet: windows = [("reverse", .ranks(start: 0, count: 5, reverse: true))]
    case .stream: windows = [("newest", .entries(from: .last, count: 5))]
    default: break
    }
    var pages = [("open", answer)]
    for (name, window) in windows { pages.append((name, await harness.store.answer(.page(key, type, window)))) }
    guard isNoted else { return }
    for (name, answer) in pages {
      add("\(name) \(key.words)", text(of: answer, Self.page))
      if case .opened(let opened) = answer, case .stream(let page)? = opened.page {
        add("groups of \(key.words)", Self.text(page.groups) { "\($0.count)" })
      }
    }
  }

  private mutating func inspect(_ key: KeyName, _ isNoted: Bool) async throws {
    let answer = await harness.store.answer(.inspect(key))
    guard case .inspection(let seen, _) = answer else { throw TestFailure("no inspection: \(answer)") }
    guard isNoted else { return }
    add("inspected type of \(key.words)", Self.text(seen.type) { $0?.word ?? "GONE" })
    add("inspected deadline of \(key.words)", Self.text(seen.deadline, Self.kind))
    add("memory of \(key.words)", Self.text(seen.memory) { $0 > 0 ? "some" : "none" })
    add("encoding of \(key.words)", Self.text(seen.encoding) { $0 })
    add("idle of \(key.words)", Self.text(seen.idleSeconds) { $0 == nil ? "not kept" : "kept" })
    add("frequency of \(key.words)", Self.text(seen.frequency) { $0 == nil ? "not kept" : "kept" })
    add("references of \(key.words)", Self.text(seen.references) { "\($0)" })
    add("length of \(key.words)", Self.text(seen.length) { "\($0)" })
  }

  private mutating func tellServer(_ isNoted: Bool) async {
    let answers = [await harness.store.answer(.serverFacts), await harness.store.answer(.databases)]
    let clients = await harness.store.answer(.clients(limit: 10))
    let slowLog = await harness.store.answer(.slowLog(limit: 10))
    guard isNoted else { return }
    add("clients", text(of: clients) { if case .clients = $0 { "listed" } else { "?" } })
    add("slow log", text(of: slowLog) { if case .slowLog = $0 { "read" } else { "?" } })
    add("server", text(of: answers[0]) { if case .server(let facts) = $0 { "\(facts.product)" } else { "?" } })
    add(
      "keys of the server",
      text(of: answers[0]) { answer in
        guard case .server(let facts) = answer else { return "?" }
        return facts.keys.map { "\($0)" } ?? Self.text(facts.infoDenial)
      })
    add(
      "memory of the server",
      text(of: answers[0]) { answer in
        guard case .server(let facts) = answer else { return "?" }
        return facts.usedMemory != nil ? "known" : Self.text(facts.infoDenial)
      })
    add(
      "databases",
      text(of: answers[1]) {
        if case .databases(let all) = $0 { "\(all.map { "\($0.number): \($0.keys)" })" } else { "?" }
      })
  }

  private mutating func askQuestions() async {
    let questions: [(String, Request)] = [
      ("member", .isMember("e", member: [0x61])), ("union", .union("e", "e2", limit: 100)),
      ("rank", .rank("z", .member([0x62]), reverse: false)),
      ("reverse rank", .rank("z", .member([0x62]), reverse: true)),
      ("rank of a score", .rank("z", .score([0x32]), reverse: false)), ("dump", .dump("s", limit: 1_000)),
    ]
    for (name, question) in questions {
      add(
        name,
        text(of: await harness.store.answer(question)) { answer in
          switch answer {
          case .membership(_, _, let isMember): "\(isMember)"
          case .union(_, _, .members(let members)): "\(members.count) members"
          case .rank(_, let rank): "\(rank.map { "\($0)" } ?? "nowhere")"
          case .dump(_, .bytes(let bytes, let deadline)):
            Self.text(deadline) { "\(bytes.isEmpty ? "nothing" : "bytes") \(Self.kind($0))" }
          default: "\(answer)"
          }
        })
    }
  }

  /// What types and deadlines of all keys are read for: a filter by type, and the expiry monitor.
  private mutating func sweep() async throws {
    guard harness.lastScan?.phase == .done else { return }
    let harness = harness
    _ = await harness.store.answer(.rows(ListQuery(layout: .flat, kind: .string)))
    _ = await harness.store.answer(.sweep([.type, .deadline]))
    let isOver = await eventually(seconds: 20) {
      harness.lastScan.map { $0.denial != nil || $0.sweep?.known == $0.keys } ?? false
    }
    let strings = try await harness.names(ListQuery(layout: .flat, kind: .string))
    add(
      "strings",
      harness.lastScan?.denial.map { Self.text($0) } ?? (isOver ? "\(strings.count)" : "it never ends"))
    _ = await harness.store.answer(.sweep([]))
    var last = ExpiryProgress()
    let isKnown = try await Eventually.until(seconds: 20) {
      last = try await harness.report(ExpiryQuery()).progress
      if let told = harness.lastExpiry, told.number > last.number { last = told }
      return last.phase == .done || Self.denial(last) != nil
    }
    add("expiry", Self.denial(last).map { Self.text($0) } ?? (isKnown ? "known of \(last.known)" : "it never ends"))
    _ = await harness.store.answer(.endExpiry)
  }

  private static func denial(_ progress: ExpiryProgress) -> Denial? {
    if case .denied(let denial) = progress.phase { denial } else { nil }
  }

  private mutating func follow() async {
    add("follow", text(of: await harness.store.answer(.follow(prefix: []))) { _ in "on" })
    _ = await harness.store.answer(.follow(prefix: nil))
  }

  // MARK: - Editing

  /// Every kind of edit, each on keys of its own, and its undo. What is refused has changed nothing.
  mutating func edit(_ edits: [(name: KeyName, make: [String], type: KeyType, change: Change)] = AccessTour.edits)
    async throws
  {
    for (number, (name, make, type, change)) in edits.enumerated() {
      try harness.server.pipeline([["DEL", name.words, "new", "taken"], ["SET", "taken", "t"], make])
      try await write(
        Edit(key: name, change: change, presence: .present(type), database: 0, session: session), "\(number)")
    }
    for (number, (type, change, expiry)) in Self.creations.enumerated() {
      try harness.server.cli("DEL", "new")
      try await write(
        Edit(key: "new", change: change, presence: .absent(type, expiry), database: 0, session: session),
        "new \(number)")
    }
  }

  private mutating func write(_ edit: Edit, _ number: String) async throws {
    let names = [edit.key.words, "new", "taken"]
    let before = try snapshot(names)
    let label = "\(number), \("\(edit.change)".prefix { $0 != "(" }) \(edit.key.words)"
    let outcome = await outcome(.write(WriteJob(id: 1, edits: [edit])))
    add("edit \(label)", outcome)
    guard outcome == "done" else {
      #expect(try snapshot(names) == before, "\(label) was refused and has changed something")
      return
    }
    add("undo \(label)", await self.outcome(.undo()))
  }

  private func outcome(_ request: Request) async -> String {
    let answer = await harness.store.answer(request)
    guard case .written(let report) = answer else { return text(of: answer) { "\($0)" } }
    guard let outcome = report.items.first?.outcome else {
      return report.noUndo.map { "no way back: \($0)" } ?? "nothing"
    }
    guard case .refused(let failure) = outcome else { return outcome.isApplied ? "done" : "\(outcome)" }
    return "denied: " + String(decoding: failure.why, as: UTF8.self) + ". " + failure.nextStep
  }

  private var session: Int {
    harness.notices.reversed().lazy.compactMap { if case .session(let number) = $0 { number } else { nil } }.first ?? 1
  }

  private func snapshot(_ names: [String]) throws -> [String] {
    try names.map { "\($0) \(try harness.server.cli("DUMP", $0)) \(try harness.server.cli("PTTL", $0) == "-1")" }
  }

  static let edits: [(name: KeyName, make: [String], type: KeyType, change: Change)] =
    WriteRowTests.edits + [
      ("d", ["SET", "d", "v"], .string, .deleteKey(keepsCopy: true)),
      ("r", ["SET", "r", "v"], .string, .renameKey(to: "new")),
      (
        "rr", ["SET", "rr", "v"], .string,
        .renameKey(to: "taken", replacing: Replaced(type: .string, keepsCopy: true))
      ),
      ("c", ["SET", "c", "v"], .string, .copyKey(to: "new", database: 0)),
      ("t", ["SET", "t", "v"], .string, .expiry(from: .persistent, to: .after(60_000))),
      ("tp", ["SET", "tp", "v", "PX", "90000"], .string, .expiry(from: nil, to: .never)),
      ("hf", ["HSET", "hf", "f", "1.5", "g", "1"], .hash, .add(.field(bytes("f")), by: bytes("2"), isFloat: true)),
      ("hd", ["HSET", "hd", "f", "v", "g", "1"], .hash, .field(bytes("f"), from: bytes("v"), to: nil)),
      ("ed", ["SADD", "ed", "a", "b"], .set, .member(bytes("a"), isIn: false)),
      ("zd", ["ZADD", "zd", "1", "a", "2", "b"], .sortedSet, .score(bytes("a"), from: bytes("1"), to: nil)),
      ("xd", ["XADD", "xd", "1-1", "f", "v"], .stream, .removeEntry(StreamID(milliseconds: 1, sequence: 1))),
      ("lh", ["RPUSH", "lh", "x", "y"], .list, .pop(bytes("x"), .head)),
      ("lt", ["RPUSH", "lt", "x", "y"], .list, .insert(bytes("new"), .tail)),
    ]

  static let fieldEdits: [(name: KeyName, make: [String], type: KeyType, change: Change)] = [
    ("ft", ["HSET", "ft", "f", "v"], .hash, .fieldExpiry(bytes("f"), from: nil, to: .after(60_000))),
    ("fa", ["HSET", "fa", "f", "v"], .hash, .fieldExpiry(bytes("f"), from: nil, to: .at(4_102_444_800_123))),
  ]

  private static let creations: [(type: KeyType, change: Change, expiry: Expiry)] = [
    (.string, .string(from: nil, to: bytes("v")), .never),
    (.string, .string(from: nil, to: bytes("v")), .after(60_000)),
    (.list, .insert(bytes("v"), .tail), .after(60_000)), (.list, .insert(bytes("v"), .head), .never),
    (.hash, .field(bytes("f"), from: nil, to: bytes("v")), .at(4_102_444_800_123)),
    (.set, .member(bytes("m"), isIn: true), .never),
    (.sortedSet, .score(bytes("m"), from: nil, to: bytes("1")), .never),
    (.stream, .addEntry([.init(name: bytes("f"), value: bytes("v"))], id: nil), .never),
  ]

  // MARK: - In words

  private mutating func add(_ name: String, _ result: String) { parts.append((name, result)) }

  private static func text(_ denial: Denial?) -> String {
    denial.map { "denied: \($0.command) \($0.missingRule ?? "is not there")" } ?? "unknown"
  }

  private static func text<Value>(_ fact: Fact<Value>, _ words: (Value) -> String) -> String {
    switch fact {
    case .known(let value): words(value)
    case .unknown: "unknown"
    case .denied(let denial): text(denial)
    }
  }

  private static func kind(_ deadline: Deadline) -> String {
    if case .at = deadline { "a deadline" } else { "\(deadline)" }
  }

  private func text(of answer: Answer, _ words: (Answer) -> String) -> String {
    guard case .failed(let failure) = answer else { return words(answer) }
    let line = String(decoding: failure.why, as: UTF8.self) + ". " + failure.nextStep
    return if case .denied = failure.kind { "denied: \(line)" } else { "failed: \(line)" }
  }

  private static func page(_ answer: Answer) -> String {
    let page: ValuePage?
    switch answer {
    case .opened(let opened):
      if let denial = opened.denial { return text(denial) }
      if opened.facts.isGone { return "GONE" }
      page = opened.page
    case .page(_, let told, _, _): page = told
    default: return "\(answer)"
    }
    switch page {
    case .string(let page): return String(decoding: page.bytes, as: UTF8.self)
    case .list(let page): return "\(page.start) \(page.elements)"
    case .hash(let page): return "\(page.fields.map { "\($0.name) \($0.value)" }.sorted())"
    case .set(let page): return "\(page.members.map { "\($0)" }.sorted())"
    case .sortedSet(let page): return "\(page.entries.map { "\($0.member) \($0.score)" })"
    case .stream(let page): return "\(page.entries.map { "\($0.id.text) \($0.fields)" })"
    case .named(let page): return "\(page.there.map { "\($0.name) \($0.value)" }) without \(page.gone)"
    case .opaque: return "opaque"
    case nil: return "NO PAGE"
    }
  }
}

extension KeyName {
  fileprivate var words: String { String(decoding: bytes, as: UTF8.self) }
}
