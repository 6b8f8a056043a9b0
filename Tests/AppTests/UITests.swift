import Canvas
import Keyspace
import Requests
import Synchronization
import Terminal
import Testing
import Values

@testable import App
@testable import Browser

/// A Store that is not there: answers from a few names, and remembers what it was asked.
private final class FakeStore: Sendable {
  private let names: [KeyName]
  private let asked = Mutex<[Request]>([])
  private let notify: @Sendable (Notice) -> Void
  private var index: KeyIndex {
    var index = KeyIndex()
    index.insert(NamePage(names))
    return index
  }

  init(_ names: [String], notify: @escaping @Sendable (Notice) -> Void) {
    self.names = names.map { KeyName($0) }
    self.notify = notify
  }

  var requests: [Request] { asked.withLock { $0 } }

  /// A list that is made for as long as somebody wants it.
  static let endless = NameFilter(text: [UInt8(ascii: "z")])

  func answer(_ request: Request) async -> Answer {
    asked.withLock { $0.append(request) }
    switch request {
    case .select(let database, _):
      notify(
        .scan(
          ScanProgress(
            database: database, phase: .done, keys: names.count, version: 1, scanned: names.count,
            serverCount: names.count)))
      return .selected(database: database)
    case .rows(let query, _) where query.filter == Self.endless:
      while !Task.isCancelled { try? await Task.sleep(for: .milliseconds(1)) }
      return .failed(Failure(kind: .superseded, what: "listing", why: [], nextStep: ""))
    case .rows(let query, _): return .rows(RowList(index: index, query: query), version: 1)
    case .facts(let names, _):
      let facts = names.map {
        KeyFacts(name: $0, type: .known(.string), deadline: .known(.persistent), size: .known(64))
      }
      return .facts(facts, clock: ServerClock())
    case .serverFacts: return .server(ServerFacts())
    default:
      return .failed(Failure(kind: .server, what: "asking", why: Array("no".utf8), nextStep: "Go on."))
    }
  }
}

@Suite("UI and scripts against a store that is not there", .serialized)
struct UITests {
  private struct Played: Sendable {
    var printed: String
    var error: ErrorLine?
    var left: App.ExitStatus?
    var requests: [Request]
  }

  /// Plays a script on a UI on a thread of its own.
  private func play(_ script: String, names: [String] = ["apple", "pear"]) async throws -> Played {
    let lines = try ScriptParser.parse(script)
    return await onThread {
      let thread: FirstThread
      do { thread = try FirstThread() } catch { fatalError("\(error)") }
      let setup = Setup(endpointName: "nowhere:1", previewDelay: nil)
      let ui = UI(
        thread: thread,
        state: State(
          setup: setup, size: Size(width: 80, height: 24), monotonic: Clocks.monotonic, wall: Clocks.wall),
        glyphs: .unicode, isDriven: true, trace: nil)
      let store = FakeStore(names) { ui.post($0) }
      ui.assumeIsolated { $0.begin { await store.answer($0) } }
      let printed = Mutex("")
      let player = ScriptPlayer(
        ui: ui,
        send: { (arguments, database) async in
          let text = arguments.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
          return ScriptReply(text: "\(database ?? 0) \(text)", isError: text == "BAD")
        },
        print: { text in printed.withLock { $0 += text } })
      let result = Handover<ErrorLine?>()
      Task {
        do throws(ErrorLine) {
          try await player.play(lines, name: "test.keys")
          result.set(nil)
        } catch {
          result.set(error)
        }
        await ui.stop()
      }
      thread.run(watching: nil) { ui.assumeIsolated { $0.turn() } }
      return Played(
        printed: printed.withLock { $0 }, error: result.wait() ?? nil, left: ui.assumeIsolated { $0.left },
        requests: store.requests)
    }
  }

  @Test("a script drives the reducer, and sees what it draws")
  func plays() async throws {
    let played = try await play(
      """
      size 100x30
      wait-idle
      expect nowhere:1
      expect ▌.*apple
      key j
      expect ▌.*pear
      expect-not ▌.*apple
      dump
      """)
    #expect(played.error == nil)
    #expect(played.left == nil)
    let rows = played.printed.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(rows.count == 31)
    #expect(rows.contains { $0.contains("pear") && $0.contains("STR") })
  }

  @Test("the start selects once and asks for the header before anything else")
  func requests() async throws {
    let played = try await play("wait-idle")
    #expect(played.error == nil)
    // Requests of two purposes may overtake each other; whatever else is asked follows from their answers.
    let first: [Request] = [.select(database: 0), .serverFacts]
    #expect(played.requests.first.map(first.contains) == true)
    #expect(played.requests.contains(.serverFacts))
    #expect(played.requests.count { $0 == .select(database: 0) } == 1)
    #expect(played.requests.contains(.facts([KeyName("apple"), KeyName("pear")])))
  }

  @Test("a key press ends the search before it")
  func replacesTheSearch() async throws {
    let played = try await play(
      """
      wait-idle
      type /zq
      wait-idle
      expect no key matches
      key BSpace BSpace p e
      wait-idle
      expect ▌.*pear
      """)
    #expect(played.error == nil)
  }

  @Test("a failure names the line and shows the screen")
  func fails() async throws {
    let played = try await play("wait-idle\n\nexpect nothing of the kind")
    #expect(
      played.error?.description
        == "keyglass: test.keys:3: expect nothing of the kind: this is not on the screen. "
        + "The screen above is what there was.")
    #expect(played.error?.status == .refused)
    #expect(played.printed.contains("apple"))
  }

  @Test("waiting ends with its time")
  func times() async throws {
    let played = try await play("wait-for 50ms nothing of the kind")
    #expect(played.error?.description.contains("this did not come on the screen in time") == true)
  }

  @Test("q leaves; what follows has nobody to go to")
  func leaves() async throws {
    let left = try await play("wait-idle\nkey q")
    #expect(left.error == nil)
    #expect(left.left == .success)
    let more = try await play("wait-idle\nkey q\nkey j")
    #expect(more.error?.description.contains("test.keys:3: key j: the program was left before") == true)
  }

  @Test("quit ends the script there")
  func quits() async throws {
    #expect(try await play("quit\nexpect nothing of the kind").error == nil)
  }

  @Test("commands of the other client: an error fails, a reply is matched")
  func otherClient() async throws {
    #expect(try await play("redis SET a b\nexpect-redis '^3 GET a$' -n 3 GET a").error == nil)
    #expect(try await play("redis BAD").error?.description.contains("the server answered 0 BAD") == true)
    #expect(
      try await play("expect-redis x GET a").error?.description.contains("the server answered 0 GET a") == true)
  }

  @Test("advance reads nothing")
  func advances() async throws {
    let before = try await play("wait-idle")
    let after = try await play("wait-idle\nadvance 90m\nwait-idle\ndump")
    #expect(after.error == nil)
    #expect(after.requests.filter { $0 != .serverFacts } == before.requests.filter { $0 != .serverFacts })
  }
}
