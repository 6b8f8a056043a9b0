import Glibc
import Synchronization

/// A server of our own on a Unix socket in a private folder: no TCP port, no persistence.
///
/// It ends with `stop()`, with the last reference, and with the process, also after SIGKILL (see `Watchdog`).
package final class PrivateServer: Sendable {
  /// What the server holds when `start` returns.
  package enum Seed: Sendable {
    /// The sample shop (see `DemoShop`).
    case demo
    case empty
  }

  package let folder: String
  private let watchdog: Watchdog
  private let traffic: DemoTraffic?
  private let stopped = Atomic(false)

  package var socketPath: String { PrivateFolder.socketPath(in: folder) }

  /// Starts a server and returns when it answers and is seeded. Blocks, typically for half a second with `.demo`.
  ///
  /// - Parameters:
  ///   - still: no sessions come and go by themselves. Without a meaning for `.empty`.
  ///   - binary: the server program; nil finds one.
  ///   - arguments: server options, after our own and so stronger.
  ///   - folder: a path that does not exist yet; nil makes a folder of a name that nobody can guess.
  package static func start(
    seed: Seed, still: Bool, binary: String? = nil, arguments: [String] = [], folder: String? = nil
  ) throws(PrivateServerError) -> PrivateServer {
    let program = if let binary { binary } else { try ServerBinary.find() }
    let home: String
    if let folder {
      try PrivateFolder.make(at: folder)
      home = folder
    } else {
      home = try PrivateFolder.make()
    }
    let watchdog: Watchdog
    do throws(PrivateServerError) {
      watchdog = try Watchdog(command: [program] + options(folder: home) + arguments, folder: home)
    } catch {
      unsafe rmdir(home)
      throw error
    }
    do throws(PrivateServerError) {
      try waitForAnswer(watchdog)
      let path = PrivateFolder.socketPath(in: home)
      guard seed == .demo else { return PrivateServer(watchdog, traffic: nil) }
      var socket = try ServerSocket(path: path)
      try DemoShop.fill(&socket)
      return PrivateServer(watchdog, traffic: still ? nil : try DemoTraffic(socketPath: path))
    } catch {
      watchdog.stop()
      throw error
    }
  }

  private init(_ watchdog: Watchdog, traffic: DemoTraffic?) {
    folder = watchdog.folder
    self.watchdog = watchdog
    self.traffic = traffic
  }

  deinit { stop() }

  /// Ends the server and removes its folder; returns when both are gone. A second call does nothing.
  package func stop() {
    guard !stopped.exchange(true, ordering: .acquiringAndReleasing) else { return }
    traffic?.stop()
    watchdog.stop()
  }

  /// The server's process id, from the file that it writes before it answers; nil when it is gone.
  package var processID: Int32? {
    guard let file = unsafe fopen("\(folder)/pid", "re") else { return nil }
    defer { unsafe fclose(file) }
    var digits = [CChar](repeating: 0, count: 16)
    guard unsafe fgets(&digits, CInt(digits.count), file) != nil else { return nil }
    let text = digits.prefix { $0 > 0x20 }.map(UInt8.init(bitPattern:))
    return Int32(String(decoding: text, as: UTF8.self))
  }

  private static func options(folder: String) -> [String] {
    [
      "--port", "0", "--unixsocket", PrivateFolder.socketPath(in: folder), "--unixsocketperm", "700",
      "--save", "", "--appendonly", "no", "--daemonize", "no", "--dir", folder,
      // Standard output goes to the folder's log, with what is wrong in the options too.
      "--loglevel", "warning", "--logfile", "", "--pidfile", "\(folder)/pid",
    ]
  }

  /// Returns when the server answers a PING with anything, be it NOAUTH or LOADING.
  private static func waitForAnswer(_ watchdog: Watchdog) throws(PrivateServerError) {
    var ping = ServerBatch()
    ping.add("PING")
    // Ten seconds: a loaded machine may need some, a healthy one takes 10 ms.
    for _ in 0..<2000 {
      if let words = watchdog.lastWords() {
        let lines = words.split(separator: "\n").joined(separator: " / ")
        throw notStarted(lines.isEmpty ? "it ended at once" : lines)
      }
      if var socket = try? ServerSocket(path: PrivateFolder.socketPath(in: watchdog.folder)),
        (try? socket.send(ping)) != nil
      {
        return
      }
      usleep(5000)
    }
    throw notStarted("no answer within 10 seconds")
  }

  private static func notStarted(_ why: String) -> PrivateServerError {
    PrivateServerError(
      what: "the private server did not start", why: why, nextStep: "Try the server program by hand")
  }
}
