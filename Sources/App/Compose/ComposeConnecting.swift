import Browser
import Compose
import RedisClient

/// Waiting for a service that starts, until its server answers or it is clear that it will not.
struct ComposeConnecting {
  let desk: ComposeDesk
  let service: String

  /// Between two tries.
  private static let pause = Duration.milliseconds(300)
  /// What runs and never answers is given up after so long.
  private static let patience = Duration.seconds(60)
  /// Restarts that are seen before a service counts as one that restarts for ever.
  private static let mostRestarts = 2

  /// Tries until `connect` succeeds, the task is cancelled, or waiting makes no sense.
  ///
  /// - Parameter connect: tries once.
  func run<Value>(
    connect: (ComposeDesk.Place, Endpoint.Address) async -> Result<Value, ClientError>
  ) async throws(Failure) -> Value {
    let deadline = ContinuousClock.now + Self.patience
    var firstRestarts: Int?
    while true {
      let place: ComposeDesk.Place
      do throws(ComposeDesk.Refusal) {
        place = try await desk.place(of: service)
      } catch {
        throw .told(error.line(service: service).text)
      }
      let container = place.containers?.min { $0.number < $1.number }
      let restarts = container?.restartCount ?? 0
      let first = firstRestarts ?? restarts
      firstRestarts = first
      let isRestarting = restarts - first >= Self.mostRestarts || container?.state == .restarting && restarts > 2
      var last: ClientError?
      if let address = place.route.address, place.route.obstacle == nil {
        switch await connect(place, address) {
        case .success(let value): return value
        case .failure(let error):
          // Without an engine nobody knows whether anything is to come.
          guard error.mayBeStarting, place.containers != nil else { throw .client(error) }
          last = error
        }
      } else if !place.route.waitsForStart || container?.isOnItsWay != true {
        throw .told(Self.text(place, service))
      }
      if isRestarting {
        throw .told(
          "\(service): it ends and is started again, \(restarts) times by now. Its logs say why: L shows them.")
      }
      if Task.isCancelled { throw .told("\(service): not waited for any more.") }
      if ContinuousClock.now >= deadline {
        throw .told(
          "\(service): it runs, and no server has answered within \(Self.patience.components.seconds) s"
            + (last.map { " (\($0.why))" } ?? "") + ". Its logs may say why: L shows them.")
      }
      try? await Task.sleep(for: Self.pause)
    }
  }

  /// On the screen, where keys are at hand.
  private static func text(_ place: ComposeDesk.Place, _ service: String) -> String {
    switch place.containers?.first?.state {
    case .exited, .dead: "\(place.route.obstacle ?? ""): L shows what it wrote, u starts it again."
    default: ComposeDesk.Refusal.unreachable(place.route).line(service: service).text
    }
  }

  enum Failure: Error {
    case client(ClientError)
    /// A whole line.
    case told(String)
  }
}

extension ComposeContainer {
  /// It does not run, and may soon without anybody's doing.
  fileprivate var isOnItsWay: Bool { state == .restarting || state == .created && error.isEmpty }
}

extension ClientError {
  /// So it looks while a server starts behind a published port: the engine's proxy accepts and closes.
  fileprivate var mayBeStarting: Bool {
    switch self {
    case .refused, .closedUnanswered, .connectionLost, .closedByServer, .connectTimeout, .unreachable, .timedOut:
      true
    default: false
    }
  }
}
