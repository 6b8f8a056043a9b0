import Glibc
import RedisClient
import Store

/// Making and ending the connection of a program whose first thread blocks.
enum Connecting {
  private static let attempts = 3
  /// A server that hangs must not hold up the exit.
  private static let shutdownPatience: Int32 = 300

  /// Connects, asking for the password where that is wanted, up to three times.
  /// - Parameters:
  ///   - meanwhile: done while the first answer of the server is under way.
  ///   - options: the Store's.
  /// - Returns: the Store, and the way of what it tells.
  static func connect(
    _ server: ServerChoice, options: StoreOptions, meanwhile: () -> Void = {}
  ) throws(ErrorLine) -> (store: Store, notices: NoticeRelay) {
    var isFirst = true
    return try withPassword(server) { endpoint in
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
      case .success: return .success((store, notices))
      case .failure(let error):
        shutDown(store)
        return .failure(error)
      }
    }
  }

  /// Tries to connect, with the password that is asked for where that is wanted, up to three times.
  static func withPassword<Connected>(
    _ server: ServerChoice, connect: (Endpoint) -> Result<Connected, ClientError>
  ) throws(ErrorLine) -> Connected {
    var endpoint = server.endpoint
    for attempt in 1... {
      if server.asksPassword { endpoint.password = try askPassword(endpoint) }
      switch connect(endpoint) {
      case .success(let connected): return connected
      case .failure(.wrongPassword) where server.asksPassword && attempt < attempts:
        Output.write("This password is wrong.\n", to: STDERR_FILENO)
      case .failure(let error): throw ErrorLine(text: error.message, status: .refused)
      }
    }
    throw ErrorLine(text: ClientError.wrongPassword.message, status: .refused)
  }

  /// Ends the connections, or gives that up after 300 ms.
  static func shutDown(_ store: Store) {
    let done = Handover<Bool>()
    Task {
      await store.shutdown()
      done.set(true)
    }
    _ = done.wait(milliseconds: shutdownPatience)
  }

  private static func askPassword(_ endpoint: Endpoint) throws(ErrorLine) -> [UInt8] {
    switch PasswordPrompt.ask("Password for \(endpoint.display): ") {
    case .password(let password): return Array(password.utf8)
    case .cancelled:
      throw ErrorLine(
        "--askpass", "no password was typed", nextStep: "Start again, or use REDISCLI_AUTH.",
        status: ExitStatus(rawValue: 128 + SIGINT))
    case nil:
      throw ErrorLine("--askpass", "there is no terminal to ask on", nextStep: "Use REDISCLI_AUTH.")
    }
  }
}

extension StoreOptions {
  /// The usual options, with every batch in the trace.
  static func traced(by trace: Trace?) -> StoreOptions {
    guard let trace else { return StoreOptions() }
    return StoreOptions { name, count, microseconds in
      trace.write(.command(name: name, count: count, microseconds: Int64(microseconds)))
    }
  }
}
