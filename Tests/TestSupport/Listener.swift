import Glibc
import PrivateServer
import Synchronization

/// A listening socket whose every connection is served by a thread; the base of `FakeServer` and `FaultProxy`.
final class Listener: Sendable {
  /// Where clients find it.
  let address: TestAddress
  private let descriptor: CInt
  private let folder: String?
  private let connections = Connections()
  private let thread: WorkerThread
  private let stopped = Atomic(false)

  /// - Parameters:
  ///   - address: nil is a Unix socket in a new folder.
  ///   - serve: runs on a thread for each connection, which is closed when it returns.
  init(_ address: TestAddress?, serve: @escaping @Sendable (CInt) -> Void) throws {
    if let address {
      folder = nil
      descriptor = try Loopback.listen(address)
      if case .loopback = address {
        self.address = .loopback(try Loopback.port(of: descriptor))
      } else {
        self.address = address
      }
    } else {
      let made = try TestFolder.make()
      folder = made
      self.address = .unix("\(made)/s")
      descriptor = try Loopback.listen(self.address)
    }
    // Neither thread holds the listener, which its owner may let go at any time: only what tells who closes what.
    let (listening, connections) = (descriptor, connections)
    thread = WorkerThread {
      while case let client = accept(listening, nil, nil), client >= 0 {
        _ = fcntl(client, F_SETFD, FD_CLOEXEC)
        guard connections.register(client) else {
          close(client)
          return
        }
        _ = WorkerThread {
          serve(client)
          connections.finish(client)
        }
      }
    }
  }

  deinit { stop() }

  var acceptedCount: Int { connections.acceptedCount }
  var openCount: Int { connections.openCount }

  /// Ends every open connection; `reset` with RST (TCP only).
  func closeConnections(reset: Bool = false) { connections.end(reset: reset, stopping: false) }

  /// Ends every connection and refuses new ones.
  func stop() {
    guard !stopped.exchange(true, ordering: .acquiringAndReleasing) else { return }
    shutdown(descriptor, CInt(SHUT_RDWR))
    connections.end(reset: false, stopping: true)
    thread.join()
    close(descriptor)
    if case .unix(let path) = address { unlink(path) }
    if let folder { rmdir(folder) }
  }
}

/// The accepted connections of a listener. Whoever ends or closes one holds the lock: a number that was closed may be
/// another's a moment later, and what is then shut down is a private server of another test.
private final class Connections: Sendable {
  private struct State {
    var open: Set<CInt> = []
    var accepted = 0
    var isStopped = false
  }

  private let state = Mutex(State())

  var acceptedCount: Int { state.withLock { $0.accepted } }
  var openCount: Int { state.withLock { $0.open.count } }

  /// False: the listener is stopped, and the caller keeps the connection.
  func register(_ client: CInt) -> Bool {
    state.withLock {
      guard !$0.isStopped else { return false }
      $0.open.insert(client)
      $0.accepted += 1
      return true
    }
  }

  func finish(_ client: CInt) {
    state.withLock {
      $0.open.remove(client)
      _ = close(client)
    }
  }

  func end(reset: Bool, stopping: Bool) {
    state.withLock { state in
      if stopping { state.isStopped = true }
      for client in state.open {
        if reset {
          Loopback.resetOnClose(client)
          // Disconnecting by AF_UNSPEC sends the RST now, while the serving thread still holds the descriptor.
          var none = sockaddr()
          none.sa_family = sa_family_t(AF_UNSPEC)
          _ = connect(client, &none, socklen_t(MemoryLayout<sockaddr>.size))
        }
        shutdown(client, CInt(SHUT_RDWR))
      }
    }
  }
}
