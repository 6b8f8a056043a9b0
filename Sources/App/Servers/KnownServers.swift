package import Browser
import Canvas
import RESP
package import RedisClient
import Requests
package import Settings
package import Store
import Synchronization

/// The profiles of the config file and the servers that were used lately.
package final class KnownServers: ServerDirectory {
  /// What holds for every server.
  package struct Rules: Sendable {
    package var profiles: [Profile] = []
    /// Of a server whose profile names none.
    package var separator: [UInt8] = [UInt8(ascii: ":")]
    /// Why nothing is written anywhere, whatever the profile says; nil: it may be.
    package var readOnlyReason: String?
    /// Where histories lie; nil: what is sent from the console is not remembered.
    package var historyFolder: String?
    /// Nil: which servers were used is neither known nor remembered.
    package var recents: RecentServers?
    package var store = StoreOptions()
    /// What `~` stands for in a profile.
    package var home: String?
    /// Nil: there is no working folder to look for a Compose project in.
    package var compose: ComposeDesk?
    /// The filter that the list of a service of it starts with, the database and the protocol.
    package var serviceFilter: [UInt8] = []
    package var serviceDatabase = 0
    package var serviceProtocol = Endpoint.ProtocolPreference.automatic

    package init() {}
  }

  private let rules: Rules
  /// How servers were reached in this run of the program, with what was typed for them.
  private let reached = Mutex<[ServerPlace: Endpoint]>([:])
  /// The one that was connected to last.
  private let last = Mutex<Endpoint?>(nil)

  package init(_ rules: Rules) { self.rules = rules }

  // MARK: - Which there are

  package func list() -> [ServerEntry] {
    let recents = rules.recents?.load() ?? []
    let used = Dictionary(recents.map { ($0.place, $0.lastUsed) }) { first, _ in first }
    let profiles = rules.profiles.map { entry(of: $0, lastUsed: used[.profile($0.name)]) }
    let others = recents.compactMap { recent -> ServerEntry? in
      guard let entry = entry(of: recent) else { return nil }
      // A profile names the same: it is listed under its name.
      let isNamed = profiles.contains {
        ($0.address, $0.database, $0.usesTLS) == (entry.address, entry.database, entry.usesTLS) && $0.user == entry.user
      }
      return isNamed ? nil : entry
    }
    let all = profiles + others
    // Equal ones stay in the order of the file.
    let order = all.enumerated().sorted { first, second in
      let (a, b) = (first.element.lastUsed ?? .min, second.element.lastUsed ?? .min)
      return a == b ? first.offset < second.offset : a > b
    }
    return order.map(\.element)
  }

  private func entry(of profile: Profile, lastUsed: Int64?) -> ServerEntry {
    var entry = ServerEntry(
      .profile(profile.name), address: "", stage: profile.stage, lastUsed: lastUsed,
      commandLine: "keyglass " + ShellWord.quoted("@" + profile.name))
    entry.isReadOnly = profile.isReadOnly || rules.readOnlyReason != nil
    if let complaint = profile.complaint { entry.flaw = "\(complaint)" }
    do throws(EndpointError) {
      let endpoint = try profile.endpoint(home: rules.home)
      entry.address = profile.hasAddress ? endpoint.display : "?"
      entry.database = endpoint.database
      entry.user = endpoint.username
      entry.usesTLS = endpoint.tls != nil
      entry.isInsecure = endpoint.tls?.verifiesServer == false
    } catch {
      entry.flaw = entry.flaw ?? error.message
    }
    return entry
  }

  private func entry(of recent: RecentServer) -> ServerEntry? {
    guard case .address(let address, let database, let user, let usesTLS) = recent.place,
      let endpoint = endpoint(of: recent.place)
    else { return nil }
    var entry = ServerEntry(
      recent.place, address: address, database: database, user: user, usesTLS: usesTLS, lastUsed: recent.lastUsed,
      commandLine: ShellWord.commandLine(to: endpoint))
    entry.isReadOnly = rules.readOnlyReason != nil
    return entry
  }

  /// Nil: it cannot be understood.
  private func endpoint(of place: ServerPlace) -> Endpoint? {
    guard case .address(let address, let database, let user, let usesTLS) = place,
      var endpoint = try? Endpoint.parse(uri: address), endpoint.display == address
    else { return nil }
    endpoint.database = database
    endpoint.username = user
    if usesTLS { endpoint.tls = TLSSettings() }
    return endpoint
  }

  // MARK: - Going there

  /// The server that was connected to last; nil: none was.
  package var lastReached: Endpoint? { last.withLock { $0 } }

  /// The server that the command line has named is connected.
  package func note(_ place: ServerPlace, _ endpoint: Endpoint) {
    reached.withLock { $0[place] = endpoint }
    last.withLock { $0 = endpoint }
    guard let recents = rules.recents else { return }
    // What cannot be read back would be no server.
    if case .address = place, self.endpoint(of: place) == nil { return }
    let now = Clocks.wall
    // The disk keeps nobody waiting.
    Task.detached { recents.note(place, at: now) }
  }

  @concurrent package func connect(to place: ServerPlace, password: [UInt8]?) async -> Result<Connected, ConnectFailure>
  {
    if case .compose(let service) = place { return await connect(toService: service, password: password) }
    let way: Way
    do throws(ErrorLine) {
      way = try await self.way(to: place)
    } catch {
      return .failure(.failed(error.text))
    }
    var endpoint = way.endpoint
    if let password { endpoint.password = password }
    var options = rules.store
    options.passwordSource = way.source
    switch await connect(to: place, endpoint, options) {
    case .success(let connected): return .success(connected)
    case .failure(let error): return .failure(Self.failure(error, hadPassword: endpoint.password != nil))
    }
  }

  /// Waits until it answers, where the engine says that this may come.
  private func connect(toService service: String, password: [UInt8]?) async -> Result<Connected, ConnectFailure> {
    guard let desk = rules.compose else {
      return .failure(.failed("there is no working folder to look for a Compose project in"))
    }
    var hadPassword = password != nil
    do throws(ComposeConnecting.Failure) {
      return .success(
        try await ComposeConnecting(desk: desk, service: service).run { place, address in
          var endpoint = place.endpoint(at: address)
          if let known = password ?? (endpoint.password == nil ? typedPassword(of: .compose(service: service)) : nil) {
            endpoint.password = known
          }
          (endpoint.database, endpoint.protocolVersion) = (rules.serviceDatabase, rules.serviceProtocol)
          hadPassword = endpoint.password != nil
          var options = rules.store
          options.find = { await desk.find(service) }
          return await connect(to: .compose(service: service), endpoint, options)
        })
    } catch {
      switch error {
      case .client(let error): return .failure(Self.failure(error, hadPassword: hadPassword))
      case .told(let text): return .failure(.failed(text))
      }
    }
  }

  /// What was typed for it in this run of the program, and accepted.
  private func typedPassword(of place: ServerPlace) -> [UInt8]? { reached.withLock { $0[place]?.password } }

  private func connect(
    to place: ServerPlace, _ endpoint: Endpoint, _ options: StoreOptions
  ) async -> Result<Connected, ClientError> {
    let setup = setup(of: place, endpoint)
    let lock = WriteLock(isLocked: setup.stage == .prod && setup.readOnlyReason == nil)
    var options = options
    options.isReadOnly = setup.readOnlyReason != nil
    options.lock = lock
    let notices = NoticeRelay()
    let store = Store(endpoint: endpoint, options: options) { notices.pass($0) }
    do throws(ClientError) {
      _ = try await store.connect()
    } catch {
      await store.shutdown()
      return .failure(error)
    }
    note(place, endpoint)
    let session = Session(
      ask: { await store.answer($0) }, notices: notices, lock: lock,
      history: rules.historyFolder.map { HistoryFile(in: $0, server: endpoint.display) },
      end: { await store.shutdown() })
    return .success(Connected(session: session, setup: setup))
  }

  private static func failure(_ error: ClientError, hadPassword: Bool) -> ConnectFailure {
    switch error {
    case .authenticationRequired, .wrongPassword: .wantsPassword(isRefused: hadPassword)
    default: .failed(error.message)
    }
  }

  /// How a server is reached, with its password as far as that is known.
  private struct Way {
    var endpoint: Endpoint
    /// Tells a newer password; nil: only the user can.
    var source: Credentials.Source?
  }

  private func way(to place: ServerPlace) async throws(ErrorLine) -> Way {
    if case .compose(let service) = place, let desk = rules.compose {
      return Way(endpoint: try await desk.endpoint(of: service))
    }
    let known = reached.withLock { $0[place] }
    guard case .profile(let name) = place else {
      guard let endpoint = known ?? endpoint(of: place) else {
        throw ErrorLine("connecting", "this address cannot be understood", nextStep: "Name it on the command line.")
      }
      return Way(endpoint: endpoint)
    }
    guard let profile = rules.profiles.first(where: { $0.name == name }) else {
      throw ErrorLine("@\(name)", "the config file has no such server any more", nextStep: "Choose another one.")
    }
    let choice = try ServerChoice(profile: profile, home: rules.home)
    guard let source = choice.passwordSource.renewal else { return Way(endpoint: known ?? choice.endpoint) }
    var way = Way(endpoint: choice.endpoint, source: source)
    switch await source() {
    case .success(let password): way.endpoint.password = password
    case .failure(let failure): throw ErrorLine(text: failure.text, status: .refused)
    }
    return way
  }

  /// What the screen has to know of it.
  package func setup(of place: ServerPlace, _ endpoint: Endpoint) -> ServerSetup {
    var setup = ServerSetup(
      place, endpointName: endpoint.display, database: endpoint.database, separator: rules.separator,
      readOnlyReason: rules.readOnlyReason)
    setup.isInsecure = endpoint.tls?.verifiesServer == false
    if endpoint.forbidsWrites, setup.readOnlyReason == nil {
      setup.readOnlyReason = "--insecure without --insecure-writes"
    }
    if case .compose(let service) = place {
      setup.profile = "compose/" + service
      setup.filter = rules.serviceFilter
    }
    guard case .profile(let name) = place, let profile = rules.profiles.first(where: { $0.name == name }) else {
      // Whatever way leads to a production server: it is one.
      if let name = productionProfile(at: endpoint.address) { (setup.profile, setup.stage) = (name, .prod) }
      return setup
    }
    setup.profile = name
    setup.stage = profile.stage
    if let separator = profile.separator { setup.separator = separator }
    setup.filter = profile.pattern.map { Escape.typed($0) } ?? []
    if profile.isReadOnly, setup.readOnlyReason == nil { setup.readOnlyReason = "its profile says read-only" }
    return setup
  }

  private func productionProfile(at address: Endpoint.Address) -> String? {
    rules.profiles.first {
      $0.stage == .prod && $0.hasAddress
        && (try? $0.endpoint(home: rules.home))?.address.isSamePlace(as: address) == true
    }?.name
  }

  // MARK: - Trying

  @concurrent package func test(_ place: ServerPlace) async -> ServerTest {
    let endpoint: Endpoint
    do throws(ErrorLine) {
      endpoint = try await way(to: place).endpoint
    } catch {
      return .failed(why: "cannot be used", message: error.text)
    }
    do throws(ClientError) {
      var options = ConnectionOptions(
        clientName: "keyglass-test", connectTimeout: rules.store.connectTimeout,
        replyTimeout: rules.store.connectTimeout)
      options.security = rules.store.security
      let connection = try await Connection.connect(to: endpoint, options: options, on: ClientGroup.make())
      defer { connection.close() }
      return try await Self.greeting(of: connection)
    } catch .authenticationRequired, .wrongPassword {
      return .wantsPassword
    } catch {
      return .failed(why: error.why, message: error.message)
    }
  }

  /// Whoever may not PING or read INFO has still reached it.
  private static func greeting(of connection: Connection) async throws(ClientError) -> ServerTest {
    var ping = CommandBatch()
    ping.add("PING")
    let start = ContinuousClock.now
    _ = try await connection.send(ping)
    let time = (ContinuousClock.now - start) / .microseconds(1)
    var hello = connection.hello
    if hello.version.isEmpty {
      var batch = CommandBatch()
      batch.add("INFO", "server")
      batch.add("INFO", "replication")
      let replies = try await connection.send(batch)
      let facts = InfoText(replies.filter { !$0.isError }.map(\.string).joined(separator: "\n"))
        .serverFacts(database: 0)
      (hello.version, hello.role) = (facts.version, facts.role)
      hello.server = facts.version.isEmpty ? "" : facts.product
    }
    return .reached(
      ServerGreeting(
        product: hello.server, version: hello.version, role: hello.role, microseconds: Int(time)))
  }
}
