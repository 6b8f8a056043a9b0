import Glibc
import Synchronization

/// Customers coming and going: about five new keys a second that expire by themselves, so their number stays level.
///
/// A thread with a connection of its own, because its waiting must hold up nothing else.
final class DemoTraffic: Sendable {
  private let descriptor: CInt
  /// Held by the thread while it runs; kept here so that the descriptor stays ours until the thread is joined.
  private let socket: Shared
  private let thread: WorkerThread

  /// Starts at once; ends with `stop()` or with the server.
  init(socketPath: String) throws(PrivateServerError) {
    let socket = Shared(try ServerSocket(path: socketPath))
    self.socket = socket
    descriptor = socket.value.withLock { $0.descriptor }
    thread = WorkerThread { socket.value.withLock { Self.serve(&$0) } }
  }

  /// Returns when nothing more will be sent. To be called once.
  func stop() {
    // Wakes the thread out of its wait and of any read.
    shutdown(descriptor, CInt(SHUT_RDWR))
    thread.join()
  }

  /// One small batch every fifth of a second, until the connection ends.
  private static func serve(_ socket: inout ServerSocket) {
    var visitors = DemoVisitors()
    var wait = pollfd(fd: socket.descriptor, events: Int16(POLLIN), revents: 0)
    while true {
      // Nothing is owed, so whatever comes before the timeout is the end of the connection.
      let ready = unsafe poll(&wait, 1, 200)
      if ready > 0 || (ready < 0 && errno != EINTR) { return }
      guard (try? socket.send(visitors.next())) != nil else { return }
    }
  }

  private final class Shared: Sendable {
    let value: Mutex<ServerSocket>
    init(_ socket: consuming sending ServerSocket) { value = Mutex(socket) }
  }
}
