package import Keyspace
package import RedisClient
package import Requests
internal import Values

/// Answers requests about one server: what its keys are called, and what they hold.
///
/// *sweep* is the connection for what takes long (SCAN, the sweep of all types and deadlines). *rows* is for what the user
/// is waiting for (facts and values), tracked by the server so that it says what changed; the header's INFO goes there
/// too, once a second, so that its silence shows. What the two send comes from ``ReadCommand``. *write* is for edits
/// alone, which are plans with guards (`Writing/`), *follow* for the names of new keys (`Follow/`). What the user types in
/// the console has a connection of its own, and a stream there another (`Console/`).
package actor Store {
  /// One event loop for all connections of the program.
  static let group = ClientGroup.make()

  /// How the server knows the connection that values are read on (CLIENT LIST).
  static let rowsName = "keyglass-rows"

  let endpoint: Endpoint
  let options: StoreOptions
  let notify: @Sendable (Notice) -> Void
  let rowsLink: Link
  let sweepLink: Link
  /// Opened when something is first written.
  let writeLink: Link
  /// What all connections log in with.
  let credentials: Credentials
  let log: CommandLog
  let inbox: Inbox
  let worker = IndexWorker()
  let lists: ListMaker

  var database: Int
  /// Counts the databases selected: what was asked under one epoch tells nothing about the next.
  var epoch = 0
  var denials = Denials() {
    didSet { if denials != oldValue, denials.limits != oldValue.limits { notify(.limits(denials.limits)) } }
  }
  /// What of it was learned from the greeting of *rows*.
  var greetingDenials: [Denial] = []
  var clock = ServerClock()
  /// ZRANGE … REV is understood (Redis 6.2).
  var knowsZRangeRev = true
  /// The shortest time that a batch took, in microseconds: about what the network adds to every call.
  var roundTrip = Int.max

  var writing = WriteTurn()
  var journal = Journal()
  var console: ConsoleTurn

  var links = LinkStates()
  var identity: ServerIdentity?
  /// What INFO said last, and when, monotonic ms.
  var heard: (facts: ServerFacts, at: Int64)?
  /// Which server answers could not be told after the last reconnect; INFO may tell it later.
  var isIdentityDoubtful = false
  /// When the connection for *rows* was answered last, monotonic ms.
  var heardAt: Int64 = 0
  /// How often what is read at once was halved, because the server closed the connection over it.
  var halvings = Halvings()
  var changes = ChangedKeys()
  var isShutDown = false

  /// nil: new keys are not followed.
  var following: Following?
  /// How often that was begun.
  var followings = 0

  var scan: ScanState
  var facts = FactsSweep()
  /// Strings that are too long to be read whole, of those that can be read no other way.
  var longStrings: Set<KeyName> = []
  /// nil: nobody looks at what expires when.
  var expiry: ExpiryWatch?
  var expiryMemory = ExpiryMemory()
  /// Keys that were read for the screen just now.
  var shown = ShownKeys()
  /// What of idle time and frequency the server's policy does not keep, as it said last.
  var unkept: Set<ReadCommand> = []
  /// How many elements of the key that was read last make about a page's bytes, and its size when that was found.
  var measured: (name: KeyName, memory: Int, limit: Int)?

  /// `notify` is called from any thread, and must be quick.
  package init(endpoint: Endpoint, options: StoreOptions, notify: @escaping @Sendable (Notice) -> Void) {
    self.endpoint = endpoint
    var options = options
    // The connections refuse writes there by themselves; so nothing else offers them either.
    if endpoint.forbidsWrites { options.isReadOnly = true }
    self.options = options
    self.notify = notify
    lists = ListMaker(partsFrom: options.partialListsFrom)
    database = endpoint.database
    scan = ScanState(database: endpoint.database, count: options.scanCount)
    console = ConsoleTurn(database: endpoint.database)
    let inbox = Inbox()
    self.inbox = inbox
    let log = CommandLog()
    self.log = log
    let whereabouts = options.find.map { find in
      Whereabouts(address: endpoint.address, find: find) { notify(.moved(to: $0.display)) }
    }
    let credentials = Credentials(
      password: endpoint.password, source: options.passwordSource, whereabouts: whereabouts
    ) {
      notify(.loginRefused(why: Self.refusalText($0, $1)))
    }
    self.credentials = credentials
    func connection(_ name: String) -> ConnectionOptions {
      Self.connectionOptions(name, options: options, log: log)
    }
    var rows = connection(Self.rowsName)
    rows.onPush = { inbox.post(push: $0) }
    rows.tracks = true
    // The others are looked after by the kernel, and share this one's fate.
    rows.keepAlive = options.keepAlive
    rows.keepAlivePatience = options.keepAlivePatience
    rowsLink = Link(
      endpoint: endpoint, options: rows, group: Self.group, credentials: credentials,
      onConnect: { connection, generation in
        // Nothing waits at the start but the user.
        if generation > 1 { inbox.post(.greeted(await Greeting.ask(connection))) }
      }, onState: { inbox.post(.rows($0)) })
    sweepLink = Link(
      endpoint: endpoint, options: connection("keyglass-sweep"), group: Self.group, credentials: credentials,
      following: rowsLink,
      onState: { inbox.post(.sweep($0)) })
    // A server may hold writes up for as long as it likes (CLIENT PAUSE): whether it is there is found out elsewhere.
    var write = connection("keyglass-write")
    write.replyTimeout = nil
    writeLink = Link(
      endpoint: endpoint, options: write, group: Self.group, credentials: credentials, following: rowsLink)
  }

  /// What all connections have in common.
  static func connectionOptions(_ name: String, options: StoreOptions, log: CommandLog) -> ConnectionOptions {
    var connection = ConnectionOptions(
      clientName: name, connectTimeout: options.connectTimeout, replyTimeout: options.replyTimeout)
    connection.isReadOnly = options.isReadOnly
    connection.lock = options.lock
    connection.security = options.security
    connection.onSent = { log.add($0) }
    return connection
  }

  deinit {
    inbox.close()
  }

  /// It has asked which server this is.
  package var isGreeted: Bool { identity != nil }

  /// How the server's clock relates to ``MonotonicClock``, as far as it was observed.
  package var serverClock: ServerClock { clock }

  /// Keys whose type and deadline are known.
  package var knownFacts: Int { scan.status.known.least(of: [.type, .deadline]) }

  /// Answers one request; what cannot be answered is `.failed`. Requests may run at the same time. Cancelling the task
  /// makes the answer `.failed` with `.superseded`, and harms no connection.
  package func answer(_ request: Request) async -> Answer {
    do throws(Failure) {
      return try await answerOrThrow(request)
    } catch {
      return .failed(await explained(error))
    }
  }

  private func answerOrThrow(_ request: Request) async throws(Failure) -> Answer {
    switch request {
    case .select(let database, let scope): try await select(database, scope)
    case .rescan: await rescan(all: false)
    case .rescanAll: await rescan(all: true)
    case .stopScan: await stopScan()
    case .search(let pattern): await search(pattern)
    case .endSearch: endSearch()
    case .pauseScan(let isPaused): pause(isPaused)
    case .rows(let query, let part): try await list(query, part)
    case .sweep(let facts, let filter, let limit): await sweep(facts, filter: filter, sampleAbove: limit)
    case .folders(let prefixes, let filter):
      .folders(await worker.facts(under: prefixes, filter: filter, sample: facts.sample))
    case .expiry(let query, let name): try await expiry(query, seeking: name)
    case .endExpiry: leaveExpiry()
    case .facts(let names, let withIdle): try await facts(of: names, withIdle: withIdle)
    case .open(let name, let pageLength, let window):
      .opened(try await open(name, pageLength: pageLength, at: window))
    case .page(let name, let type, let window): try await page(name, type, window)
    case .inspect(let name): .inspection(try await inspect(name), clock: clock)
    case .dump(let name, let limit): .dump(name, try await dump(name, limit: limit))
    case .isMember(let name, let member): try await isMember(name, member)
    case .union(let name, let other, let limit): .union(name, other, try await union(name, other, limit: limit))
    case .rank(let name, let question, let reverse): .rank(name, try await rank(name, question, reverse: reverse))
    case .serverFacts: .server(try await serverFacts())
    case .databases: .databases(try await databases())
    case .clients(let limit): .clients(try await clients(limit: limit))
    case .slowLog(let limit): .slowLog(try await slowLog(limit: limit))
    case .killClient(let id, let session): .killed(id: id, try await killClient(id, session: session))
    case .forget(let names): await forget(names)
    case .reconnect: await reconnect()
    case .login(let password): try await login(password)
    case .giveUp: await giveUp()
    case .follow(let prefix, let limit): try await follow(prefix, limit: limit)
    case .names(let query, let prefix, let limit): try await names(query, prefix: prefix, limit: limit)
    case .survey(let names, let destroys): try await survey(names, beforeDestroying: destroys)
    case .write(let job): .written(await write(job))
    case .undo(let way): try await undo(way, isRedo: false)
    case .redo(let way): try await undo(way, isRedo: true)
    case .stopWriting: await stopWriting()
    case .log: .log(log.entries)
    case .console(let request): try await console(request)
    }
  }

  /// Ends everything without waiting for the server. What is still asked is answered by a failure.
  package func shutdown() async {
    isShutDown = true
    epoch += 1
    endExpiry()
    scan.run += 1
    scan.searchRun += 1
    links.resumeAll()
    inbox.close()
    await rowsLink.shutdown()
    await sweepLink.shutdown()
    await writeLink.shutdown()
    await closeFollowing()
    console.connection?.close()
    console.streamConnection?.close()
  }
}
