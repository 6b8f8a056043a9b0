import Glibc
import PrivateServer
import Synchronization

/// Another client that asks a thousand times a second, and how long it waits.
final class PingRun: Sendable {
  private let result = Mutex<Result<[Double], any Error>>(.success([]))
  private let isStopped = Atomic(false)

  private init() {}

  /// The milliseconds of each PING while `work` is done.
  static func run(_ path: String, while work: () async throws -> Void) async throws -> [Double] {
    let run = PingRun()
    let thread = WorkerThread {
      let times = Result { try run.ping(path) }
      run.result.withLock { $0 = times }
    }
    defer { run.isStopped.store(true, ordering: .relaxed) }
    try await work()
    run.isStopped.store(true, ordering: .relaxed)
    thread.join()
    return try run.result.withLock { try $0.get() }
  }

  private func ping(_ path: String) throws -> [Double] {
    var socket = try ServerSocket(path: path)
    var ping = ServerBatch()
    ping.add("PING")
    var times: [Double] = []
    let clock = ContinuousClock()
    while !isStopped.load(ordering: .relaxed) {
      let start = clock.now
      _ = try socket.send(ping)
      let took = start.duration(to: clock.now)
      times.append(took / .milliseconds(1))
      if took < .milliseconds(1) { usleep(UInt32(1_000 - took / .microseconds(1))) }
    }
    return times
  }
}
