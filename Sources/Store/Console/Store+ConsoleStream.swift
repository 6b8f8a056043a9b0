internal import RESP
internal import RedisClient
internal import Requests

#if canImport(Glibc)
  private import Glibc
#endif

/// SUBSCRIBE, MONITOR and their like: on a connection of their own, which ends with them.
extension Store {
  /// Ms between two looks at what came: the screen stays steady however much comes.
  private static let streamPause = 60
  /// Commands that only listen: read-only mode lets them out here, and nowhere else.
  private static let listeners: Set<String> = ["SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "MONITOR"]

  /// Lines that each look shows.
  private static let tailLength = 120

  func beginStream(_ command: ConsoleCommand) async -> ConsoleReport {
    _ = await endStream()
    let stream = ConsoleStream(id: command.id)
    var options = Self.connectionOptions("keyglass-stream", options: options, log: log)
    options.replyTimeout = nil
    options.onPush = { stream.add($0, wall: Self.wallClock()) }
    options.onUnasked = { reply in
      stream.add(reply, wall: Self.wallClock())
      if reply.element.isError { stream.finish("the server refused it") }
    }
    options.onClose = { error in
      stream.finish(error == .closed ? "stopped" : "\(error.why); the server also does so where a reader is too slow")
    }
    var endpoint = endpoint
    endpoint.database = command.database
    var session = console.session
    session.database = command.database
    var batch = CommandBatch()
    batch.add(words: command.words)
    do throws(ClientError) {
      let connection = try await credentials.connect(to: endpoint, options: options, on: Self.group)
      if let error = connection.post(batch, knownReaders: Self.listeners) { throw error }
      console.stream = stream
      console.streamConnection = connection
      Task { await watch(stream) }
      return ConsoleReport(id: command.id, outcome: .streaming, session: session)
    } catch {
      return ConsoleReport(
        id: command.id, outcome: .notSent(why: Array("\(error.what): \(error.why)".utf8), nextStep: error.nextStep),
        session: session)
    }
  }

  /// Tells what came, as long as it runs, and once more at its end.
  private func watch(_ stream: ConsoleStream) async {
    var told = 0
    var counts: [(at: Int64, received: Int)] = []
    var wasQuiet = false
    while console.stream === stream, !isShutDown {
      let isOver = stream.isOver
      let now = MonotonicClock.now()
      let received = stream.received
      counts.append((now, received))
      counts.removeAll { now - $0.at > 1_000 }
      let rate = received - (counts.first?.received ?? received)
      // Once more when nothing came: the rate falls to zero.
      if received != told || isOver || !wasQuiet && rate == 0 {
        notify(.console(.stream(stream.status(rate: rate, tail: Self.tailLength))))
      }
      wasQuiet = rate == 0
      told = received
      if isOver {
        if console.stream === stream { closeStream() }
        return
      }
      try? await Task.sleep(for: .milliseconds(Self.streamPause))
    }
  }

  /// Closes the stream's connection; what was kept stays readable.
  func endStream() async -> StreamStatus {
    closeStream()
    guard let stream = console.stream else { return StreamStatus(id: 0, end: "there is none") }
    stream.finish("stopped")
    return stream.status(rate: 0, tail: Self.tailLength)
  }

  private func closeStream() {
    console.streamConnection?.close()
    console.streamConnection = nil
  }

  private static func wallClock() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }
}
