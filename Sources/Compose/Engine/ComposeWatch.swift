import Glibc

/// Tells what containers a project has, at first and whenever that changes.
package enum ComposeWatch {
  package enum News: Sendable, Equatable {
    /// All of them, as they are now.
    case containers([ComposeContainer])
    /// They are not known any more. Told once, until there is something else to tell.
    case trouble(EngineTrouble)
  }

  /// How often it may ask.
  struct Pace: Sendable {
    /// Events come in groups: a start is three of them.
    var gathering = Duration.milliseconds(150)
    /// Between two looks, whatever happens: a container that restarts for ever makes ten events a second.
    var rest = Duration.milliseconds(350)
    /// Before another try to hear events, doubled each time in vain.
    var shortest = Duration.seconds(1)
    var longest = Duration.seconds(15)
    /// One `docker events` lives so long and another follows: where this process is killed (SIGKILL), it notices with the
    /// next event only, and there may be none for days.
    var hearing = 600
  }

  /// Watches until the task is cancelled, and returns when nothing that it started runs any more.
  ///
  /// The engine pushes what happens (`docker events`); while it does, nothing is asked unless something has happened.
  /// - Parameters:
  ///   - project: its name, as the label `com.docker.compose.project` has it.
  ///   - environment: nil is this process's own.
  ///   - onNews: is not called again before it returns.
  @concurrent
  package static func run(
    project: String, environment: [String: String]? = nil, onNews: @escaping @Sendable (News) async -> Void
  ) async {
    await run(project: project, environment: environment, pace: Pace(), onNews: onNews)
  }

  @concurrent
  static func run(
    project: String, environment: [String: String]?, pace: Pace, onNews: @escaping @Sendable (News) async -> Void
  ) async {
    let bell = Bell()
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await listen(project, environment, pace, bell) }
      group.addTask { await look(project, environment, pace, bell, onNews) }
    }
  }

  /// What wakes the one who looks; many rings before a look are one.
  private final class Bell: Sendable {
    let rings: AsyncStream<Void>
    private let rope: AsyncStream<Void>.Continuation

    init() { (rings, rope) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1)) }

    func ring() { rope.yield() }
  }

  private static func look(
    _ project: String, _ environment: [String: String]?, _ pace: Pace, _ bell: Bell,
    _ onNews: @Sendable (News) async -> Void
  ) async {
    var last: News?
    var nextTry: Task<Void, Never>?
    defer { nextTry?.cancel() }
    bell.ring()
    for await _ in bell.rings {
      if last != nil { try? await Task.sleep(for: pace.gathering) }
      let found = await ComposeContainers.read(project: project, environment: environment)
      guard !Task.isCancelled else { return }
      let news: News
      switch found {
      case .success(let containers): news = .containers(containers)
      case .failure(let trouble):
        news = .trouble(trouble)
        // Events may flow all the same, and none may come for long.
        nextTry?.cancel()
        nextTry = Task {
          do { try await Task.sleep(for: pace.longest) } catch { return }
          bell.ring()
        }
      }
      if !isSame(news, last) { await onNews(news) }
      last = news
      try? await Task.sleep(for: pace.rest)
    }
  }

  /// One trouble is like another, so that an engine that is down is told once.
  private static func isSame(_ news: News, _ last: News?) -> Bool {
    switch (news, last) {
    case (.trouble, .trouble): true
    default: news == last
    }
  }

  private static func listen(
    _ project: String, _ environment: [String: String]?, _ pace: Pace, _ bell: Bell
  ) async {
    var pause = pace.shortest
    while !Task.isCancelled {
      // From a minute ago, so that nothing is missed between the first look and the moment when it listens, even where
      // the engine's clock is not ours. What it repeats costs one look.
      let now = time(nil)
      let words = [
        "docker", "events", "--since", String(now - 60), "--until", String(now + pace.hearing), "--filter",
        "type=container", "--filter",
        "label=com.docker.compose.project=\(project)", "--format", "{{json .}}",
      ]
      let began = ContinuousClock.now
      _ = await ComposeProcess.start(
        words: words, folder: nil, environment: environment,
        patience: .init(interrupt: .milliseconds(500), terminate: .milliseconds(500))
      ) { lines in
        if lines.contains(where: EngineEvent.tellsOfChange) { bell.ring() }
      }
      guard !Task.isCancelled else { return }
      // Its time is over, the engine is gone, or this one cannot tell events; the look says which.
      bell.ring()
      if ContinuousClock.now - began > pace.longest { pause = pace.shortest }
      try? await Task.sleep(for: pause)
      pause = min(pause * 2, pace.longest)
      bell.ring()
    }
  }
}

/// A line of `docker events --format '{{json .}}'`.
enum EngineEvent {
  /// The container may be another than before. What is run within one, such as every health check, changes nothing.
  static func tellsOfChange(_ line: [UInt8]) -> Bool {
    guard line.first == UInt8(ascii: "{") else { return false }
    // In a JSON text these bytes are a key: a quotation mark within a string has a backslash before it. docker's
    // `Action` comes before the labels, which might have such a key too; podman calls it `Status`.
    for key in ["\"Action\":\"", "\"status\":\"", "\"Status\":\""] {
      guard let found = line.firstRange(of: Array(key.utf8)) else { continue }
      let action = line[found.upperBound...]
      return !action.starts(with: "exec".utf8) && !action.starts(with: "top".utf8)
    }
    return true
  }
}
