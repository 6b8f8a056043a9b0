import Glibc
import PrivateServer
import Synchronization

/// Stands between a client and a server and does to the bytes what bad networks do.
package final class FaultProxy: Sendable {
  package enum Direction: Sendable, Hashable, CaseIterable {
    case toServer
    case toClient
  }

  /// What happens to the bytes of one direction; read anew for each piece that arrives.
  package struct Faults: Sendable {
    /// Before each piece is passed on.
    package var delay: Duration = .zero
    /// Passed on in pieces of so many bytes, each a write of its own.
    package var slice: Int?
    /// Once so many bytes have been passed on in a connection, both sides are closed.
    package var cutAfter: Int?
    /// The cut is an RST where TCP carries the side (a plain close on a Unix socket).
    package var resetsWhenCut = false
    /// Reads and forgets: a black hole.
    package var swallows = false
    /// Changes a piece; `offset` is that of its first byte in the connection.
    package var garble: (@Sendable (_ piece: inout [UInt8], _ offset: Int) -> Void)?

    /// Called before a piece is passed on, with its number in the connection: it may act as another client meanwhile.
    /// Returns after how many bytes of it both sides are closed; nil: the piece passes.
    package var onPiece: (@Sendable (_ piece: [UInt8], _ number: Int) -> Int?)?

    package init() {}
  }

  private let listener: Listener
  private let faults: FaultTable

  /// Where clients connect.
  package var address: TestAddress { listener.address }
  package var acceptedCount: Int { listener.acceptedCount }
  package var openCount: Int { listener.openCount }

  /// - Parameter listening: `.loopback(0)` takes a free port (needed for RST); nil is a Unix socket of its own.
  package init(to server: TestAddress, listening: TestAddress? = nil) throws {
    let table = FaultTable()
    faults = table
    listener = try Listener(listening) { client in
      guard let upstream = try? Loopback.connect(server) else { return }
      let back = WorkerThread { Self.pump(upstream, client, .toClient, table) }
      Self.pump(client, upstream, .toServer, table)
      back.join()
      close(upstream)
    }
  }

  /// Changes one direction's faults, for open and for later connections.
  package func set(_ direction: Direction, _ change: (inout Faults) -> Void) {
    faults.values.withLock { change(&$0[direction, default: Faults()]) }
  }

  /// No faults from here on.
  package func heal() { faults.values.withLock { $0 = [:] } }

  /// Ends every open connection; `reset` with RST where the client came over TCP.
  package func closeConnections(reset: Bool = false) { listener.closeConnections(reset: reset) }

  /// Ends every connection and refuses new ones.
  package func stop() { listener.stop() }

  private final class FaultTable: Sendable {
    let values = Mutex<[Direction: Faults]>([:])
  }

  private static func pump(_ source: CInt, _ target: CInt, _ direction: Direction, _ table: FaultTable) {
    var passed = 0
    var number = 0
    reading: while case let bytes = Loopback.receive(source), !bytes.isEmpty {
      let faults = table.values.withLock { $0[direction] } ?? Faults()
      if faults.swallows { continue }
      var piece = bytes
      faults.garble?(&piece, passed)
      defer { number += 1 }
      if let length = faults.onPiece?(piece, number) {
        _ = Loopback.send(target, piece.prefix(length))
        break reading
      }
      var rest = piece[...]
      while !rest.isEmpty {
        if faults.delay > .zero { usleep(useconds_t(faults.delay / .microseconds(1))) }
        let allowed = faults.cutAfter.map { max(0, $0 - passed) } ?? rest.count
        let count = min(rest.count, faults.slice ?? rest.count, allowed)
        guard Loopback.send(target, rest.prefix(count)) else { break reading }
        passed += count
        rest.removeFirst(count)
        if let cut = faults.cutAfter, passed >= cut {
          if faults.resetsWhenCut { reset(source, target) }
          break reading
        }
      }
    }
    // Either side's end ends both: a half-open connection is no fault that this proxy plays.
    shutdown(source, CInt(SHUT_RDWR))
    shutdown(target, CInt(SHUT_RDWR))
  }

  private static func reset(_ descriptors: CInt...) {
    for descriptor in descriptors {
      Loopback.resetOnClose(descriptor)
      var none = sockaddr()
      none.sa_family = sa_family_t(AF_UNSPEC)
      _ = connect(descriptor, &none, socklen_t(MemoryLayout<sockaddr>.size))
    }
  }
}
