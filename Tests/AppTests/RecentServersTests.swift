import Canvas
import Foundation
import Testing

@testable import App
@testable import Browser

@Suite("The file of the servers that were used") final class RecentServersTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/kgtest-recents-\(UUID().uuidString)"

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private var state: String { "\(folder)/state/keyglass" }
  private var recents: RecentServers { RecentServers(in: state) }
  private var path: String { "\(state)/servers" }

  private func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  private func write(_ text: String) throws {
    try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
    try text.write(toFile: path, atomically: false, encoding: .utf8)
  }

  private static func address(_ text: String, _ database: Int = 0, user: String? = nil, tls: Bool = false)
    -> ServerPlace
  {
    .address(text, database: database, user: user.map { Array($0.utf8) }, usesTLS: tls)
  }

  @Test("nothing is made before something is remembered") func empty() {
    #expect(recents.load().isEmpty)
    #expect(!FileManager.default.fileExists(atPath: folder))
    RecentServers(in: state, isKept: false).note(.profile("a"), at: 1)
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  @Test("newest first, each once, in a file for this user alone") func order() throws {
    let places = [Self.address("127.0.0.1:6379"), .profile("prod-cache"), Self.address("/run/r.sock", 3, user: "ada")]
    for (time, place) in places.enumerated() { recents.note(place, at: Int64(time)) }
    recents.note(places[0], at: 10)
    #expect(recents.load().map(\.place) == [places[0], places[2], places[1]])
    #expect(recents.load().map(\.lastUsed) == [10, 2, 1])
    #expect(try mode(path) == 0o600)
    #expect(try mode(state) == 0o700)
    #expect(try FileManager.default.contentsOfDirectory(atPath: state) == ["servers"])
  }

  @Test(
    "a place comes back as it was",
    arguments: [
      address("[fd00::12]:6380", 15, user: "a b%\u{e9}\n=", tls: true), .profile("pro d=%\u{e9}\n"),
      address("/run/with blank", 0, user: ""), address("h:1", .max),
    ])
  func roundTrip(place: ServerPlace) {
    recents.note(.profile("before"), at: 1)
    recents.note(place, at: 2)
    recents.note(.profile("after"), at: 3)
    #expect(recents.load().map(\.place) == [.profile("after"), place, .profile("before")])
  }

  @Test("what is not understood is skipped, and what is kept has an end") func damaged() throws {
    try write(
      "used=x profile=a\n\u{1}\u{2}\nprofile=b\nused=5\nused=4 profile=%zz\nused=3 profile=c later=1\n=\nused=2 address="
    )
    #expect(recents.load() == [RecentServer(.profile("c"), lastUsed: 3)])
    for number in 0..<70 { recents.note(Self.address("h:\(number + 1)"), at: Int64(number)) }
    #expect(recents.load().count == RecentServers.kept)
    #expect(recents.load().first?.place == Self.address("h:70"))
  }

  @Test("a link or a pipe in its place is not followed, and holds nothing up") func foreign() throws {
    try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
    let other = "\(folder)/other"
    try "used=1 profile=a\n".write(toFile: other, atomically: false, encoding: .utf8)
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: other)
    #expect(recents.load().isEmpty)
    recents.note(.profile("mine"), at: 2)
    #expect(try String(contentsOfFile: other, encoding: .utf8) == "used=1 profile=a\n")
    #expect(recents.load().map(\.place) == [.profile("mine")])
    try FileManager.default.removeItem(atPath: path)
    #expect(mkfifo(path, 0o600) == 0)
    #expect(recents.load().isEmpty)
  }

  @Test("many programs at once lose none of it") func together() async {
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<20 {
        group.addTask { [state] in RecentServers(in: state).note(.profile("p\(number)"), at: Int64(number)) }
      }
    }
    #expect(Set(recents.load().map(\.place)) == Set((0..<20).map { .profile("p\($0)") }))
  }

  @Test("words for a shell") func shellWords() {
    #expect(ShellWord.quoted("@prod-cache") == "@prod-cache")
    #expect(ShellWord.quoted("a b") == "'a b'")
    #expect(ShellWord.quoted("it's") == "'it'\\''s'")
    #expect(ShellWord.quoted("") == "''")
    #expect(ShellWord.quoted("$(x)") == "'$(x)'")
  }
}
