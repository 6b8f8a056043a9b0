internal import Keyspace
internal import RESP
internal import RedisClient
internal import Requests
internal import Values

extension Store {
  /// Reads a key from its beginning, or at `wanted` where its type has such a window.
  func open(_ name: KeyName, pageLength: Int, at wanted: ValueWindow? = nil) async throws(Failure) -> OpenedKey {
    let moment = moment
    var inspection = try await inspection(of: name, skips: unkept)
    var wanted = wanted
    for attempt in 1...3 {
      var opened = OpenedKey(
        facts: KeyFacts(inspection), inspection: inspection, page: nil, denial: inspection.type.denial, clock: clock)
      learn([opened.facts], asOf: moment)
      guard let type = inspection.type.value.flatMap({ $0 }) else { return opened }
      guard let first = ValuePlan.firstWindow(of: type, pageLength: pageLength).flatMap({ ValuePlan(name, type, $0) })
      else {
        opened.page = .opaque
        return opened
      }
      let limit = try await elementLimit(of: name, type, memory: inspection.memory.value)
      let shown = wanted.flatMap { ValuePlan(name, type, $0) }.flatMap { $0.isReadable(within: limit) ? $0 : nil }
      let plan = shown ?? first
      let (outcome, length) = try await read(plan, limit: limit, scanCount: pageLength)
      switch outcome {
      case .page(let page):
        opened.page = page
        // The TTLs of fields may have taught it.
        opened.clock = clock
        opened.inspection.length = length
        return opened
      // What is shown may be read by another command than what a key begins with.
      case .denied where shown != nil: wanted = nil
      case .denied(let denial):
        opened.denial = denial
        opened.inspection.length = length
        return opened
      case .wrongType where attempt < 3:
        // Another key took the name between the two batches.
        inspection = try await self.inspection(of: name)
      case .wrongType:
        throw Failure(
          kind: .server, what: "reading a key", why: Array("its type changes all the time".utf8),
          nextStep: "Try again")
      }
    }
    return OpenedKey(facts: KeyFacts(inspection), inspection: inspection, page: nil, clock: clock)
  }

  /// Reads a window of a key that was opened; opens it again where it is another key now.
  func page(_ name: KeyName, _ type: KeyType, _ window: ValueWindow) async throws(Failure) -> Answer {
    guard let plan = ValuePlan(name, type, window) else {
      throw Failure(
        kind: .server, what: "reading a key", why: Array("a \(type.word) has no such window".utf8),
        nextStep: "Open it again")
    }
    let moment = moment
    let facts = try await readFacts(of: [name], withSize: true, withClock: true, on: rowsLink)
    learn(facts, asOf: moment)
    // Where TYPE is denied, WRONGTYPE tells.
    guard let fact = facts.first, !fact.isGone, fact.type.denial?.isOfKey == false || fact.type == .known(type) else {
      return .opened(try await open(name, pageLength: window.length))
    }
    let limit = try await elementLimit(of: name, type, memory: fact.size.value)
    switch try await read(plan, limit: limit, scanCount: window.length).outcome {
    case .page(let page): return .page(name, page, facts: fact, clock: clock)
    case .wrongType: return .opened(try await open(name, pageLength: window.length))
    case .denied(let denial):
      throw Failure.refused(.command(denial), what: "reading a key", command: plan.command(usesRev: knowsZRangeRev))
    }
  }

  /// All that is known of a key.
  func inspect(_ name: KeyName) async throws(Failure) -> KeyInspection {
    let moment = moment
    var inspection = try await inspection(of: name)
    learn([KeyFacts(inspection)], asOf: moment)
    if let type = inspection.type.value.flatMap({ $0 }), let command = ValuePlan.lengthCommand(of: type) {
      var question = Question("measuring a key", denials: denials)
      question.ask(command, name.bytes)
      inspection.length = try await ask(question, on: rowsLink).fact(command) { $0.quantity }
    }
    return inspection
  }

  /// DUMP and deadline, where the key is small enough.
  func dump(_ name: KeyName, limit: Int) async throws(Failure) -> DumpOutcome {
    var question = Question("copying a key by DUMP", denials: denials)
    question.ask(.memoryUsage, name.bytes)
    let size = try await ask(question, on: rowsLink).require(.memoryUsage)
    if size.isNull { return .gone }
    guard let bytes = size.quantity else { throw .unreadable(.memoryUsage, what: question.what) }
    guard bytes <= limit else { return .tooBig(bytes: bytes, limit: limit) }
    question = Question("copying a key by DUMP", denials: denials)
    question.ask(.dump, name.bytes)
    question.ask(.pTTL, name.bytes)
    question.ask(.pExpireTime, name.bytes)
    let (replies, sentAt, receivedAt) = try await send(question.batch, on: rowsLink, what: question.what)
    let response = try Response(replies, to: question)
    response.note(in: &denials)
    let reply = try response.require(.dump)
    if reply.isNull { return .gone }
    let deadline = DeadlineReading(from: response)
      .deadline(clock: &clock, sentAt: sentAt, receivedAt: receivedAt)
    return .bytes(Array(reply.bytes), deadline: deadline)
  }

  // MARK: - Parts

  /// - Parameter skips: what need not be asked: a value is read again and again, and its server's policy seldom changes.
  private func inspection(of name: KeyName, skips: Set<ReadCommand> = []) async throws(Failure) -> KeyInspection {
    var question = Question("reading a key", denials: denials)
    InspectionPlan.ask(&question, about: name, unkept: skips)
    let (replies, sentAt, receivedAt) = try await send(question.batch, on: rowsLink, what: question.what)
    let response = try Response(replies, to: question)
    response.note(in: &denials)
    unkept = skips.union(InspectionPlan.unkept(by: response))
    var inspection = InspectionPlan.inspection(
      of: name, from: response, clock: &clock, sentAt: sentAt, receivedAt: receivedAt)
    if let denial = inspection.type.denial, !denial.isOfKey {
      inspection.type = try await probeType(of: name, exists: inspection.tellsOfKey, denial)
    }
    return inspection
  }

  /// How many elements make about a page's bytes. Only a key that is bigger than that as a whole need be measured.
  private func elementLimit(of name: KeyName, _ type: KeyType, memory: Int?) async throws(Failure) -> Int {
    guard let memory, memory > ValuePlan.pageBytes, type != .string, let command = ValuePlan.lengthCommand(of: type)
    else { return .max }
    if let measured, measured.name == name, measured.memory == memory { return measured.limit }
    var question = Question("measuring a key", denials: denials)
    question.ask(command, name.bytes)
    // Where the length is denied, it may all be one element.
    let length = max(1, try await ask(question, on: rowsLink)[command]?.quantity ?? 1)
    let limit = max(1, ValuePlan.pageBytes / max(1, memory / length))
    measured = (name, memory, limit)
    return limit
  }

  private enum ReadOutcome {
    case page(ValuePage)
    case denied(Denial)
    /// The key is gone, or holds another type.
    case wrongType
  }

  private func read(
    _ plan: ValuePlan, limit: Int, scanCount: Int
  ) async throws(Failure) -> (outcome: ReadOutcome, length: Fact<Int>) {
    let usesRev = knowsZRangeRev
    let (plan, limit) = (plan.halved(halvings.values), max(1, limit >> halvings.values))
    let scanCount = max(1, scanCount >> halvings.values)
    let command = plan.command(usesRev: usesRev)
    var question = Question("reading a key", denials: denials)
    plan.ask(&question, limit: limit, scanCount: scanCount, usesRev: usesRev)
    let response = try await ask(question, on: rowsLink)
    halvings.noteRead()
    let length: Fact<Int> =
      ValuePlan.lengthCommand(of: plan.type)
      .map { response.fact($0) { $0.quantity } } ?? .unknown
    if let refusal = response.refusal(command) {
      switch refusal {
      case .command where command == .getRange:
        switch try await readWhole(plan, length: length.value) {
        case .page(let page): return (.page(.string(page)), .known(page.length))
        case .gone: return (.wrongType, length)
        case nil: return (refusal.denial.map { .denied($0) } ?? .wrongType, length)
        }
      case .command(let denial), .key(let denial): return (.denied(denial), length)
      case .wrongType: return (.wrongType, length)
      case .other(let text):
        // Redis before 6.2 has no REV.
        if usesRev, command == .zRange, String(decoding: text, as: UTF8.self).contains("syntax") {
          knowsZRangeRev = false
          return try await read(plan, limit: limit, scanCount: scanCount)
        }
        throw Failure.refused(refusal, what: question.what, command: command)
      }
    }
    // An empty collection does not exist: it went away just now.
    if plan.type != .string, plan.type != .stream, length == .known(0) { return (.wrongType, length) }
    guard let page = plan.page(from: response, reply: try response.require(command), limit: limit) else {
      throw .unreadable(command, what: question.what)
    }
    switch page {
    case .hash(let hash):
      let told = try await withDeadlines(hash, of: plan.name, in: plan.window)
      return (.page(.hash(told)), told.length == hash.length ? length : .known(told.length))
    case .named(var named) where plan.type == .hash:
      let fields = HashPage(length: named.length, fields: named.there, next: 0)
      named.there = try await withDeadlines(fields, of: plan.name, in: plan.window).fields
      // What expired since is in neither.
      let there = Set(named.there.map(\.name))
      named.gone += fields.fields.map(\.name).filter { !there.contains($0) }
      return (.page(.named(named)), length)
    default: return (.page(page), length)
    }
  }
}

extension KeyInspection {
  /// Something of it was told that only a key has.
  fileprivate var tellsOfKey: Bool {
    deadline.value != nil || memory.value != nil || encoding.value != nil || references.value != nil
  }
}

extension KeyFacts {
  init(_ inspection: KeyInspection) {
    self.init(
      name: inspection.name, type: inspection.type, deadline: inspection.deadline, size: inspection.memory)
  }
}

extension ValueWindow {
  /// Elements asked for; for those read by cursor, a page of the usual length.
  var length: Int {
    switch self {
    case .elements(_, let count), .ranks(_, let count, _), .entries(_, let count): max(1, count)
    case .bytes, .fields, .members, .named: 100
    }
  }
}
