import Glibc
import PrivateServer
import Synchronization

/// A listening socket whose every connection is served by a thread; the base of `FakeServer` and `FaultProxy`.
final class Listener: Sendable {
  /// Where clients find it.
  let address: TestAddress
  private let descriptor: CInt
  private let folder: String?
  private let state = Mutex(State())
  private let stopped = Atomic(false)

  private struct State {
    /// Accepted and still open. None is closed while it stands here: the number may be another's a moment later.
    var open: Set<CInt> = []
    var isStopped = false
    var accepted = 0
    var thread: WorkerThread?
  }

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
    // Weak: the thread must not keep the listener alive that its owner has let go.
    let listening = descriptor
    let thread = WorkerThread { [weak self] in
      while case let client = accept(listening, nil, nil), client >= 0 {
        _ = fcntl(client, F_SETFD, FD_CLOEXEC)
        guard let owner = self, owner.register(client) else {
          close(client)
          return
        }
        _ = WorkerThread { [weak owner] in
          serve(client)
          if let owner { owner.finish(client) } else { close(client) }
        }
      }
    }
    state.withLock { $0.thread = thread }
  }

  deinit { stop() }

  var acceptedCount: Int { state.withLock { $0.accepted } }
  var openCount: Int { state.withLock { $0.open.count } }

  /// Ends every open connection; `reset` with RST (TCP only).
  func closeConnections(reset: Bool = false) { closeConnections(reset: reset, stopping: false) }

  private func closeConnections(reset: Bool, stopping: Bool) {
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

  /// Ends every connection and refuses new ones.
  func stop() {
    guard !stopped.exchange(true, ordering: .acquiringAndReleasing) else { return }
    shutdown(descriptor, CInt(SHUT_RDWR))
    closeConnections(reset: false, stopping: true)
    state.withLock { $0.thread }?.join()
    close(descriptor)
    if case .unix(let path) = address { unlink(path) }
    if let folder { rmdir(folder) }
  }

  /// False: it is stopped, and the caller keeps the connection.
  private func register(_ client: CInt) -> Bool {
    state.withLock {
      guard !$0.isStopped else { return false }
      $0.open.insert(client)
      $0.accepted += 1
      return true
    }
  }

  private func finish(_ client: CInt) {
    state.withLock {
      $0.open.remove(client)
      // Within the lock, so that closeConnections never meets a number that has been given to another.
      _ = close(client)
    }
  }
}
