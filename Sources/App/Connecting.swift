import Glibc
import RedisClient
import RedisTLS
import Store

/// Making and ending the connection of a program whose first thread blocks.
enum Connecting {
  private static let attempts = 3
  /// A server that hangs must not hold up the exit.
  private static let shutdownPatience: Int32 = 300
  /// A Compose command is interrupted, after 5 s asked to end, after 5 more ended (``ComposeProcess``).
  private static let commandPatience: Int32 = 12_000

  /// Connects, asking for the password where that is wanted, up to three times.
  ///
  /// - Parameters:
  ///   - meanwhile: done while the first answer of the server is under way.
  ///   - options: the Store's.
  /// - Returns: the Store, what it is connected to with the password that was typed, and the way of what it tells.
  static func connect(
    _ server: ServerChoice, options: StoreOptions, meanwhile: () -> Void = {}
  ) throws(ErrorLine) -> (store: Store, endpoint: Endpoint, notices: NoticeRelay) {
    var options = options
    options.passwordSource = server.passwordSource.renewal
    var isFirst = true
    return try withPassword(server) { [options] endpoint in
      let notices = NoticeRelay()
      let store = Store(endpoint: endpoint, options: options) { notices.pass($0) }
      let result = Handover<Result<Void, ClientError>>()
      Task {
        do throws(ClientError) {
          _ = try await store.connect()
          result.set(.success(()))
        } catch {
          result.set(.failure(error))
        }
      }
      if isFirst { meanwhile() }
      isFirst = false
      switch result.wait() ?? .failure(.closed) {
      case .success: return .success((store, endpoint, notices))
      case .failure(let error):
        shutDown(store)
        return .failure(error)
      }
    }
  }

  /// Tries to connect with the password of the server's source. Where that is refused, or there is none, and somebody
  /// sits at a terminal, asks for one, up to three times; none is sent twice.
  static func withPassword<Connected>(
    _ server: ServerChoice, connect: (Endpoint) -> Result<Connected, ClientError>
  ) throws(ErrorLine) -> Connected {
    var endpoint = server.endpoint
    if let password = try server.passwordSource.read() { endpoint.password = password }
    var asks = server.passwordSource == .prompt
    let mayAsk = asks || !server.isScripted && isatty(STDIN_FILENO) != 0 && isatty(STDERR_FILENO) != 0
    var asked = 0
    while true {
      if asks {
        endpoint.password = try askPassword(endpoint, isWanted: server.passwordSource == .prompt)
        asked += 1
        // While somebody typed, the service may have ended, and another server may listen there.
        if let service = server.composeService {
          endpoint.address = try ComposeDesk.endpoint(of: service, .present).address
        }
      }
      switch connect(endpoint) {
      case .success(let connected): return connected
      case .failure(let error) where error.isLoginRefusal && mayAsk && asked < attempts:
        let isWrong = error == .wrongPassword && endpoint.password != nil
        let words = isWrong ? "This password is wrong." : "The server asks for a password."
        Output.write(words + "\n", to: STDERR_FILENO)
        asks = true
      case .failure(let error): throw ErrorLine(text: error.message, status: .refused)
      }
    }
  }

  /// Ends the connections, or gives that up after 300 ms.
  static func shutDown(_ store: Store) { finish { await store.shutdown() } }

  /// Ends what runs of Compose. A command gets the time that ^C gives it, and whoever looks is told.
  static func finish(_ compose: ComposeControl) {
    guard compose.hasCommand else { return finish { await compose.end() } }
    if isatty(STDERR_FILENO) != 0 {
      Output.write("keyglass: waiting for the Compose command to stop …\n", to: STDERR_FILENO)
    }
    finish(within: commandPatience) { await compose.end() }
  }

  /// Waits for the work, or gives that up after 300 ms.
  static func finish(within patience: Int32 = shutdownPatience, _ work: @escaping @Sendable () async -> Void) {
    let done = Handover<Bool>()
    Task {
      await work()
      done.set(true)
    }
    _ = done.wait(milliseconds: patience)
  }

  /// - Parameter isWanted: by `--askpass`.
  private static func askPassword(_ endpoint: Endpoint, isWanted: Bool) throws(ErrorLine) -> [UInt8] {
    switch PasswordPrompt.ask("Password for \(endpoint.display): ") {
    case .password(let password): return Array(password.utf8)
    case .cancelled:
      throw ErrorLine(
        isWanted ? "--askpass" : "not logged in", "no password was typed",
        nextStep: "Start again, or use REDISCLI_AUTH.",
        status: ExitStatus(rawValue: 128 + SIGINT))
    case nil:
      throw ErrorLine(
        isWanted ? "--askpass" : "not logged in", "there is no terminal to ask on", nextStep: "Use REDISCLI_AUTH.")
    }
  }
}

extension StoreOptions {
  /// The usual options, with every batch in the trace.
  static func traced(by trace: Trace?) -> StoreOptions {
    var options = StoreOptions()
    options.security = TLSSupport.security
    if let trace {
      options.onCommand = { name, count, microseconds in
        trace.write(.command(name: name, count: count, microseconds: Int64(microseconds)))
      }
    }
    return options
  }
}
