internal import RESP
internal import RedisClient
internal import Requests

extension Store {
  /// Ends the waiting for the command that runs. Whoever is blocked on a list or stream is unblocked, because closing the
  /// connection could lose what was just popped; all else, and what is cancelled once more, is given up with the
  /// connection.
  ///
  /// Answers at once: a server that is held up unblocks nobody, and must not keep a second cancel waiting.
  func cancelConsole() -> Answer {
    guard let running = console.running else { return .done }
    console.running?.isCancelled = true
    console.opening?.cancel()
    guard let connection = console.connection else { return .done }
    if running.isSent, running.canBlock, !running.isCancelled, !options.refusesWrites, let client = console.clientID {
      Task { await unblock(client, running.id, on: connection) }
    } else {
      connection.close(.cancelled)
    }
    return .done
  }

  /// Looks so often whether the server has the command by now.
  private static let unblockings = 50
  private static let unblockPause = Duration.milliseconds(20)

  private func unblock(_ client: Int64, _ id: Int, on connection: Connection) async {
    var batch = CommandBatch()
    batch.add("CLIENT", "UNBLOCK", client)
    for _ in 0..<Self.unblockings {
      guard console.running?.id == id, console.connection === connection else { return }
      let reply = try? await sweepLink.send(batch).first
      guard let answer = reply?.integer else { break }
      if answer == 1 { return }
      // It is not blocked: either its reply is on the way, and closing would lose it, or the command still is.
      try? await Task.sleep(for: Self.unblockPause)
    }
    if console.running?.id == id, console.connection === connection { connection.close(.cancelled) }
  }
}
