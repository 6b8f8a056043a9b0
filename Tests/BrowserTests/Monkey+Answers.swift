import Keyspace
import Requests
import TestSupport
import Values

@testable import Browser

/// Answers to what was asked: true, hostile, denied or failed.
extension Monkey {
  mutating func answer() -> Event {
    let place = random.one(3) ? random.number(0...outstanding.count - 1) : 0
    let asked = outstanding.remove(at: place)
    return .answer(asked.purpose, generation: asked.generation, answer(to: asked.request))
  }

  mutating func answer(to request: Request) -> Answer {
    switch request {
    case .write(let job): return .written(report(job.id, .edit, job.edits))
    // What becomes of a command is always told.
    case .console(.run(let command)): return answer(to: .run(command))
    case .undo, .redo:
      var isRedo = false
      if case .redo = request { isRedo = true }
      if random.one(4) { return .failed(failure()) }
      return .written(report(0, isRedo ? .redo : .undo, [edit()].filter { _ in !random.one(4) }))
    default: break
    }
    if random.one(8) { return .failed(failure()) }
    switch request {
    case .select(let database, _): return .selected(database: database)
    case .rows(let query, _): return .rows(RowList(index: index, query: query), version: version)
    case .folders(let prefixes, let filter): return .folders(prefixes.map { index.facts(under: $0, filter: filter) })
    case .expiry(let query, let name): return .expiry(expiryReport(query, seeking: name))
    case .facts(let names, _): return .facts(names.map { facts($0) }, clock: clock())
    case .open(let name, _, let window): return .opened(opened(name, window))
    case .page(let name, let type, let window):
      if random.one(12) { return .opened(opened(name)) }
      return .page(name, page(random.one(20) ? self.type() : type, window), facts: facts(name), clock: clock())
    case .inspect(let name): return .inspection(inspection(name), clock: clock())
    case .dump(let name, let limit):
      return .dump(
        name, random.pick([.bytes(bytes(), deadline: deadline()), .gone, .tooBig(bytes: count(), limit: limit)]))
    case .isMember(let name, let member): return .membership(name, member: member, isMember: random.one(2))
    case .union(let name, let other, let limit):
      return .union(
        name, other,
        random.pick([
          .members((0..<random.number(0...9)).map { _ in bytes() }), .notASet(other, type: random.one(2) ? nil : .list),
          .tooBig(other, members: count(), limit: limit),
        ]))
    case .rank(let name, _, _): return .rank(name, random.one(3) ? nil : count())
    case .serverFacts: return .server(serverFacts())
    case .clients: return .clients(clients())
    case .slowLog: return .slowLog(slowLog())
    case .killClient(let id, _): return .killed(id: id, random.one(3) ? .gone : .killed)
    case .databases:
      return .databases(
        (0..<random.number(0...20)).map {
          DatabaseFacts(number: $0, keys: count(), volatileKeys: random.one(3) ? nil : count(), averageTTL: count())
        })
    case .names(var query, let prefix, let limit):
      query.layout = .flat
      let (names, count) = RowList(index: index, query: query).keys(under: KeyName(prefix), limit: limit)
      if random.one(30) { return .names(NameList(names: [], count: limit + 1, isComplete: true)) }
      return .names(NameList(names: names, count: count, isComplete: random.one(2)))
    case .survey(let names, _):
      let seen = names.filter { _ in random.one(2) }.map { ($0, SeenWhole(fingerprint: bytes(), dump: bytes())) }
      return .survey(
        Survey(
          facts: names.map { facts($0) }, seen: Dictionary(seen) { first, _ in first },
          copyDenial: random.one(6) ? denial() : nil, clock: clock()))
    case .login: return .loggedIn
    case .log: return .log(log())
    case .console(let request): return answer(to: request)
    case .rescan, .rescanAll, .stopScan, .search, .endSearch, .pauseScan, .follow, .sweep, .endExpiry, .forget,
      .reconnect, .giveUp, .stopWriting, .write,
      .undo,
      .redo:
      return .done
    }
  }

  private mutating func expiryReport(_ query: ExpiryQuery, seeking name: KeyName?) -> ExpiryReport {
    let list = RowList(index: index, query: ListQuery(layout: .flat))
    for _ in 0..<random.number(0...20) where !list.isEmpty {
      let name = list[random.number(0...list.count - 1)].id.name
      index.record([(name, .string, deadline().value ?? .unknown)])
    }
    let sample = random.one(6) ? KeySample(1, of: 2) : .all
    // An answer may be to a question of long ago.
    let asked = random.one(10) ? ExpiryQuery(scope: KeyScope(prefix: bytes())) : query
    let order = index.makeExpiryIndex(SweepTarget(scope: asked.scope, sample: sample))
    return ExpiryReport(
      query: asked, order: order, sought: name.flatMap { index.entry(of: $0, in: order) },
      persistentFolders: (0..<random.number(0...3)).map { _ in PrefixCount(prefix: KeyName(bytes()), count: count()) },
      progress: expiryProgress(), clock: clock())
  }

  mutating func expiryProgress() -> ExpiryProgress {
    ExpiryProgress(
      phase: random.pick([.reading, .rereading, .done, .done, .done, .denied(denial())]),
      number: random.number(0...99_999), version: random.number(0...9), known: count(), total: count(),
      sampledFrom: random.one(5) ? count() : nil,
      readAt: random.one(3) ? nil : state.now - Int64(random.number(0...900_000)))
  }

  // MARK: - Keys and values

  private mutating func type() -> KeyType {
    random.pick([.string, .string, .list, .hash, .set, .sortedSet, .stream, .json, .other(text())])
  }

  private mutating func facts(_ name: KeyName) -> KeyFacts {
    // Mostly what it was before.
    var own = Seeded(state: UInt64(name.bytes.count))
    let kind: KeyType = own.pick([.string, .list, .hash, .set, .sortedSet, .stream])
    return KeyFacts(
      name: name,
      type: random.one(12)
        ? random.pick([.unknown, .denied(denial()), .known(nil), .known(type())]) : .known(kind),
      deadline: deadline(), size: random.one(8) ? random.pick([.unknown, .denied(denial())]) : .known(count()))
  }

  private mutating func deadline() -> Fact<Deadline> {
    let now = Harness.wall + state.now - 1_000_000
    return random.pick([
      .known(.persistent), .known(.persistent), .known(.at(now + 90_000)), .known(.at(now + 5_000)),
      .known(.at(now - 1)), .known(.at(.max)), .known(.at(0)), .known(.unknown), .unknown, .denied(denial()),
    ])
  }

  private mutating func clock() -> ServerClock { random.one(20) ? ServerClock() : Harness.clock }

  mutating func denial() -> Denial {
    Denial(command: "MEMORY USAGE", missingRule: random.one(2) ? nil : "+memory|usage")
  }

  private mutating func opened(_ name: KeyName, _ window: ValueWindow? = nil) -> OpenedKey {
    let facts = facts(name)
    let type = facts.type.value.flatMap { $0 }
    return OpenedKey(
      facts: facts, inspection: inspection(name), page: random.one(15) ? nil : type.map { page($0, window) },
      denial: random.one(15) ? denial() : nil, clock: clock())
  }

  private mutating func inspection(_ name: KeyName) -> KeyInspection {
    var inspection = KeyInspection(name: name)
    guard !random.one(6) else { return inspection }
    inspection.type = .known(type())
    inspection.encoding = random.one(3) ? .denied(denial()) : .known(text())
    inspection.memory = .known(count())
    inspection.idleSeconds = .known(random.one(2) ? nil : count())
    inspection.frequency = .known(random.one(2) ? nil : count())
    inspection.deadline = deadline()
    inspection.length = .known(count())
    inspection.references = .known(count())
    return inspection
  }

  /// A page of this type; of the window that was asked for, where there is one of that kind.
  private mutating func page(_ type: KeyType, _ window: ValueWindow?) -> ValuePage {
    let items = random.one(10) ? 0 : random.number(1...30)
    func end(_ start: Int, _ read: Int, _ told: Int) -> Int { read == 0 ? min(told, start) : max(told, start + read) }
    if case .named(let names)? = window, type == .hash || type == .set {
      let isThere = names.map { _ in !random.one(5) }
      return .named(
        NamedPage(
          length: count(),
          there: zip(names, isThere).filter(\.1).map {
            HashPage.Field(name: $0.0, value: bytes(), deadline: deadline())
          },
          gone: zip(names, isThere).filter { !$0.1 }.map(\.0)))
    }
    switch type {
    case .string:
      var offset = 0
      if case .bytes(let asked, _)? = window { offset = asked }
      let read = bytes()
      return .string(
        StringPage(length: end(offset, read.count, random.one(3) ? count() : 0), offset: offset, bytes: read))
    case .list:
      var start = 0
      if case .elements(let asked, _)? = window { start = asked }
      return .list(
        ListPage(
          length: end(start, items, random.one(3) ? count() : 0), start: start,
          elements: (0..<items).map { _ in bytes() }))
    case .hash:
      return .hash(
        HashPage(
          length: count(),
          fields: (0..<items).map { _ in HashPage.Field(name: bytes(), value: bytes(), deadline: deadline()) },
          next: cursor()))
    case .set: return .set(SetPage(length: count(), members: (0..<items).map { _ in bytes() }, next: cursor()))
    case .sortedSet:
      var (start, reverse) = (0, false)
      if case .ranks(let asked, _, let isReversed)? = window { (start, reverse) = (asked, isReversed) }
      return .sortedSet(
        SortedSetPage(
          length: end(start, items, random.one(3) ? count() : 0), start: start, reverse: reverse,
          entries: (0..<items).map { _ in SortedSetPage.Entry(member: bytes(), score: bytes()) }))
    case .stream:
      let groups = (0..<random.number(0...4)).map { _ in
        StreamPage.Group(
          name: bytes(), consumers: count(), pending: count(), lastDelivered: text(), lag: random.one(2) ? nil : count()
        )
      }
      return .stream(
        StreamPage(
          length: count(),
          entries: (0..<items).map { number in
            StreamPage.Entry(
              id: StreamID(
                milliseconds: random.one(9) ? .max : 1_767_225_600_000 &+ random.next() % 9, sequence: UInt64(number)),
              fields: (0..<random.number(0...3)).map { _ in (name: bytes(), value: bytes()) })
          }, groups: random.one(3) ? .denied(denial()) : .known(groups), reachedEnd: random.one(2)))
    case .json, .other: return .opaque
    }
  }

  private mutating func cursor() -> UInt64 { random.pick([0, 0, 0, 1, .max, random.next()]) }

  private mutating func serverFacts() -> ServerFacts {
    var facts = ServerFacts()
    (facts.product, facts.version, facts.role, facts.runID) = (
      text(), random.pick(["7.0.15", "8.2", text()]), text(), text()
    )
    (facts.keys, facts.operationsPerSecond, facts.usedMemory, facts.maxMemory) = (count(), count(), count(), count())
    (facts.keyspaceHits, facts.keyspaceMisses, facts.clients) = (count(), count(), random.one(2) ? nil : count())
    facts.loadingPercent = random.one(6) ? random.number(0...100) : nil
    facts.loadingSecondsLeft = random.one(2) ? count() : nil
    if random.one(4) {
      facts.primary = .init(address: text(), isLinkUp: random.one(2), secondsDown: random.one(2) ? count() : nil)
    }
    (facts.replicas, facts.replicasInStep) = (count(), random.one(2) ? nil : count())
    facts.unsaved = random.pick([[], [.snapshot], [.appendOnlyFile, .snapshot]])
    if random.one(6) { facts.infoDenial = denial() } else { facts.details = details() }
    return facts
  }

  private mutating func details() -> ServerDetails {
    var details = ServerDetails()
    (details.process.mode, details.process.system, details.process.configFile) = (text(), text(), text())
    (details.process.processID, details.process.port, details.process.uptime) = (count(), count(), count())
    (details.memory.peak, details.memory.resident, details.memory.policy) = (count(), count(), text())
    details.memory.fragmentation = random.pick([0, 1.25, 1e15, nil])
    (details.clients.limit, details.clients.blocked, details.clients.rejected) = (count(), count(), count())
    (details.traffic.input, details.traffic.output) = (count(), random.one(2) ? nil : count())
    (details.persistence.sinceSave, details.persistence.hasSaveFailed) = (count(), random.one(2))
    (details.persistence.saves, details.persistence.isAppendOnly) = (random.one(2) ? 0 : nil, random.one(2))
    (details.processor.user, details.processor.system) = (Double(count()), Double(count()))
    details.replication.primary = text()
    (details.replication.isLinkUp, details.replication.offset) = (random.one(2), count())
    details.replication.replicas = (0..<random.number(0...3)).map { _ in
      ServerDetails.Replica(address: text(), state: text(), offset: random.one(3) ? nil : count(), lag: count())
    }
    details.errors = (0..<random.number(0...3)).map { _ in ServerDetails.ErrorCount(code: text(), count: count()) }
    details.databases = (0..<random.number(0...80)).map {
      DatabaseFacts(number: $0, keys: count(), volatileKeys: random.one(3) ? nil : count(), averageTTL: nil)
    }
    return details
  }

  private mutating func clients() -> ClientList {
    let clients = (0..<random.number(0...30)).map { number in
      var client = ClientFacts(id: number + random.number(0...3))
      (client.isOwn, client.address, client.name, client.user) = (random.one(5), bytes(), bytes(), bytes())
      (client.age, client.idle, client.database, client.memory) = (
        count(), count(), random.one(2) ? nil : count(), count()
      )
      (client.flags, client.command) = (bytes(), bytes())
      client.fields = (0..<random.number(0...30)).map { _ in .init(name: "flags", value: bytes()) }
      return client
    }
    return ClientList(clients: clients, count: clients.count + (random.one(2) ? 0 : count()))
  }

  private mutating func slowLog() -> SlowLog {
    SlowLog(
      commands: (0..<random.number(0...30)).map { number in
        SlowCommand(
          id: 100 - number, time: count(), microseconds: count(),
          words: (0..<random.number(0...4)).map { _ in bytes() },
          client: bytes(), clientName: bytes())
      }, count: random.one(3) ? nil : count())
  }

  private mutating func log() -> [LoggedCommand] {
    let newest = random.number(1...1_000)
    return (0..<random.number(0...30)).map { number in
      LoggedCommand(
        number: newest - number, wall: Harness.wall, connection: "rows", words: [bytes(), bytes()],
        carried: random.one(5) ? [[bytes()], [bytes(), bytes()]] : [], count: count(), microseconds: count(),
        outcome: random.pick([.done, .error(bytes()), .failed(text())]))
    }
  }

  // MARK: - Writes

  private mutating func edit() -> Edit {
    Edit(
      key: name(),
      change: random.pick([
        .string(from: bytes(), to: bytes()), .deleteKey(keepsCopy: true), .expiry(from: nil, to: .never),
        .fieldExpiry(bytes(), from: nil, to: .after(5_000)),
      ]),
      presence: .present(.string), database: random.one(4) ? 1 : state.database, session: 1)
  }

  private mutating func report(_ id: Int, _ kind: WriteReport.Kind, _ edits: [Edit]) -> WriteReport {
    let tried = random.one(10) ? edits.count / 2 : edits.count
    return WriteReport(
      id: id, kind: kind, items: edits.prefix(tried).map { WriteReport.Item(edit: $0, outcome: outcome()) },
      untried: edits.count - tried, noUndo: random.one(6) ? text() : nil, forgotten: random.one(9) ? count() : 0)
  }

  private mutating func outcome() -> Outcome {
    let verdict: Verdict = random.pick([.applied, .notApplied, .notYet, .changed, .unreadable(failure())])
    let now: Now = random.pick([
      .value(bytes()), .value(nil), .bigValue(bytes: count()), .changed, .moved, .deadline(.at(1)),
      .deadline(.persistent),
    ])
    return random.pick([
      .applied(applied()), .applied(applied()), .applied(applied()), .conflict(now), .conflict(now), .gone,
      .typeChanged(type()), .taken(bytes(), random.one(2) ? nil : .hash), .otherSession, .otherServer, .tooBusy,
      .refused(failure()), .partly(applied: 1, of: 2, error: bytes()), .unknown(verdict, why: text()),
    ])
  }

  private mutating func applied() -> Applied {
    Applied(
      replies: [bytes(), nil], kept: [bytes()], after: random.one(2) ? nil : bytes(), deadlineBefore: .persistent,
      deadlineAfter: .at(Harness.wall), existsAfter: !random.one(6))
  }

  mutating func failure() -> Failure {
    Failure(
      kind: random.pick([.denied(denial()), .connection, .server, .superseded]), what: "GET", why: bytes(),
      nextStep: "R tries again", code: random.one(3) ? random.pick(ServerCode.allCases) : nil)
  }
}
