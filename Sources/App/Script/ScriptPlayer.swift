import Browser
import Canvas
import RedisClient

/// Plays a script on the real program: the same reducer, lanes and Store as behind a terminal, and a real server.
struct ScriptPlayer: Sendable {
  typealias Send = @Sendable ([[UInt8]], Int?) async throws(ClientError) -> ScriptReply

  private let ui: UI
  private let send: Send
  private let print: @Sendable (String) -> Void
  private static let idleTimeout: Int64 = 30_000

  /// - Parameters:
  ///   - send: sends a command as another client to a database (nil: the one that Keyglass was started on).
  ///   - print: takes what `dump` shows, with its line feeds.
  init(ui: UI, send: @escaping Send, print: @escaping @Sendable (String) -> Void) {
    self.ui = ui
    self.send = send
    self.print = print
  }

  /// What a step found wrong.
  private struct Failure: Error {
    let reason: String
  }

  /// Plays all lines, or up to `quit`. Throws the first failure, after printing the screen.
  /// - Parameter name: the script's, for the failure.
  func play(_ lines: [ScriptLine], name: String) async throws(ErrorLine) {
    for line in lines {
      if line.step == .quit { return }
      do throws(Failure) {
        try await play(line.step)
      } catch {
        print(ScreenText.text(of: await ui.currentFrame()) + "\n")
        throw ErrorLine(
          "\(name):\(line.number): \(line.text.cutForMessage)", error.reason.cutForMessage,
          nextStep: "The screen above is what there was.",
          status: .refused)
      }
    }
  }

  private func play(_ step: ScriptStep) async throws(Failure) {
    switch step {
    case .size(let columns, let rows): try await feed(.resize(Size(width: columns, height: rows)))
    case .keys(let keys): for key in keys { try await feed(.key(key)) }
    case .paste(let bytes): try await feed(.paste(bytes))
    case .waitIdle: try await wait(for: .idle, Self.idleTimeout, else: "it was not idle within 30 s")
    case .waitFor(let source, let timeout):
      try await wait(for: .screen(pattern(source)), timeout, else: "this did not come on the screen in time")
    case .expect(let source):
      guard try await isOnScreen(source) else { throw Failure(reason: "this is not on the screen") }
    case .expectNot(let source):
      guard try await !isOnScreen(source) else { throw Failure(reason: "this is on the screen") }
    case .dump: print(ScreenText.text(of: await ui.currentFrame()) + "\n")
    case .dumpRoles: print(ScreenText.roles(of: await ui.currentFrame()) + "\n")
    case .redis(let arguments, let database):
      let reply = try await reply(arguments, database)
      if reply.isError { throw Failure(reason: "the server answered \(reply.text)") }
    case .expectRedis(let source, let arguments, let database):
      let reply = try await reply(arguments, database)
      guard try pattern(source).occurs(in: reply.text) else {
        throw Failure(reason: "the server answered \(reply.text)")
      }
    case .advance(let milliseconds): await ui.advanceDisplay(milliseconds: milliseconds)
    case .quit: break
    }
  }

  private func feed(_ event: Event) async throws(Failure) {
    guard await ui.handle(event) else { throw Failure(reason: "the program was left before") }
  }

  private func wait(
    for condition: UI.Condition, _ milliseconds: Int64, else reason: String
  ) async throws(Failure) {
    guard await ui.wait(for: condition, milliseconds: milliseconds) else { throw Failure(reason: reason) }
  }

  private func isOnScreen(_ source: String) async throws(Failure) -> Bool {
    try pattern(source).occurs(in: ScreenText.text(of: await ui.currentFrame()))
  }

  private func pattern(_ source: String) throws(Failure) -> ScreenPattern {
    do throws(ScreenPattern.Mistake) {
      return try ScreenPattern(source)
    } catch {
      throw Failure(reason: "not a regular expression: \(error.reason)")
    }
  }

  private func reply(_ arguments: [[UInt8]], _ database: Int?) async throws(Failure) -> ScriptReply {
    do throws(ClientError) {
      return try await send(arguments, database)
    } catch {
      throw Failure(reason: "the other client got no reply: \(error.message)")
    }
  }
}
