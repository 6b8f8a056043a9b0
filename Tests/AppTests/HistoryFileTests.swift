import Foundation
import Testing

@testable import App

@Suite("The file of what was sent from the console") final class HistoryFileTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/kgtest-history-\(UUID().uuidString)"

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private var state: String { "\(folder)/state/keyglass" }

  private func history(_ server: String = "127.0.0.1:6379") -> HistoryFile { HistoryFile(in: state, server: server) }

  private func path(_ name: String = "127.0.0.1:6379") -> String { "\(state)/history/\(name)" }

  private func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  private func contents() throws -> String { try String(contentsOfFile: path(), encoding: .utf8) }

  private func write(_ text: String) throws {
    try FileManager.default.createDirectory(atPath: "\(state)/history", withIntermediateDirectories: true)
    try text.write(toFile: path(), atomically: false, encoding: .utf8)
  }

  @Test("nothing is made before something is remembered") func empty() {
    #expect(history().load().isEmpty)
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  @Test("newest first, in a file for this user alone, in folders for this user alone") func modes() throws {
    history().append("GET a")
    history().append("SET a 'b c'")
    #expect(history().load() == ["SET a 'b c'", "GET a"])
    #expect(try mode(path()) == 0o600)
    for made in [state, "\(state)/history", "\(folder)/state"] { #expect(try mode(made) == 0o700) }
  }

  @Test("what others could read they cannot read any more") func tightened() throws {
    try write("GET old\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path())
    #expect(history().load() == ["GET old"])
    #expect(try mode(path()) == 0o600)
  }

  @Test(
    "a command comes back as it was",
    arguments: [
      "GET a\nGET b", #"SET a "x\n\\y" \"#, "\\", "\\n", "\n", "SET 日本語 \"é\"", String(repeating: "x", count: 64 << 10),
    ])
  func roundTrip(command: String) {
    history().append("before")
    history().append(command)
    history().append("after")
    #expect(history().load() == ["after", command, "before"])
  }

  @Test("a line that was torn does not take the next one along") func torn() throws {
    try write("GET a\nSET b hal")
    history().append("GET c")
    #expect(history().load() == ["GET c", "SET b hal", "GET a"])
  }

  @Test("bytes that are no text, empty lines and a lone backslash are no trouble") func garbage() throws {
    try write("")
    try Data([0xff, 0x00, 0x0a, 0x0a, 0x5c, 0x0a] + Array("GET a".utf8)).write(to: URL(fileURLWithPath: path()))
    let lines = history().load()
    #expect(lines.first == "GET a" && lines.count == 3)
  }

  @Test("1,000 lines from each of two, at once, and none is lost") func twoAtOnce() async {
    let (first, second) = (history(), history())
    await withTaskGroup(of: Void.self) { group in
      group.addTask { for number in 0..<1_000 { first.append("first \(number)") } }
      group.addTask { for number in 0..<1_000 { second.append("second \(number)") } }
    }
    let lines = (try? contents())?.split(separator: "\n") ?? []
    #expect(lines.count == 2_000)
    for name in ["first", "second"] {
      #expect(lines.filter { $0.hasPrefix(name) } == (0..<1_000).map { "\(name) \($0)" })
    }
  }

  @Test("while one shortens it, what another adds is not lost") func shortenedMeanwhile() async throws {
    try write((0..<2_500).map { "old \($0)\n" }.joined())
    let (reader, writer) = (history(), history())
    await withTaskGroup(of: Void.self) { group in
      group.addTask { for _ in 0..<50 { _ = reader.load() } }
      group.addTask { for number in 0..<600 { writer.append("new \(number)") } }
    }
    #expect(history().load().prefix(600) == (0..<600).reversed().map { "new \($0)" }[...])
  }

  @Test("a long file is shortened to its newest lines") func shortened() throws {
    try write((0...2_000).map { "line \($0)\n" }.joined())
    #expect(history().load().first == "line 2000")
    #expect(try contents().split(separator: "\n").count == 1_000)
    #expect(try mode(path()) == 0o600)
    #expect(history().load() == (1_001...2_000).reversed().map { "line \($0)" })
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(state)/history") == ["127.0.0.1:6379"])
  }

  @Test("of a huge file it is the newest that counts, and it does not stay huge") func huge() throws {
    let long = String(repeating: "x", count: 60_000)
    try write((0..<300).map { "\($0) \(long)\n" }.joined() + "GET newest\n")
    let lines = history().load()
    #expect(lines.first == "GET newest")
    #expect(lines.count > 50 && lines.count < 301)
    #expect(lines.dropFirst().allSatisfy { $0.hasSuffix(long) && $0.first?.isNumber == true }, "no half line")
    #expect(try #require(FileManager.default.attributesOfItem(atPath: path())[.size] as? Int) <= 8 << 20)
  }

  @Test("a link, a folder or a pipe in its place is left alone", arguments: ["link", "folder", "pipe"])
  func notAFile(kind: String) throws {
    try FileManager.default.createDirectory(atPath: "\(state)/history", withIntermediateDirectories: true)
    let target = "\(folder)/target"
    try "secret\n".write(toFile: target, atomically: false, encoding: .utf8)
    switch kind {
    case "link": try FileManager.default.createSymbolicLink(atPath: path(), withDestinationPath: target)
    case "folder": try FileManager.default.createDirectory(atPath: path(), withIntermediateDirectories: false)
    default: try #require(mkfifo(path(), 0o600) == 0)
    }
    history().append("GET a")
    #expect(history().load().isEmpty)
    #expect(try String(contentsOfFile: target, encoding: .utf8) == "secret\n")
  }

  @Test(
    "each server has its own, whatever its name",
    arguments: [
      ("10.2.0.14:6379", "10.2.0.14:6379"), ("/run/redis/a b.sock", "%2frun%2fredis%2fa%20b.sock"),
      ("../../etc/passwd", "%2e.%2f..%2fetc%2fpasswd"), (".", "%2e"), ("[::1]:6379", "%5b::1%5d:6379"),
      ("h\u{e9}\n", "h%c3%a9%0a"), ("demo", "demo"),
    ])
  func names(server: String, file: String) throws {
    history(server).append("GET \(file)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(state)/history") == [file])
    #expect(history(server).load() == ["GET \(file)"])
    #expect(history("other").load().isEmpty)
  }

  @Test("a very long name still is one, and not that of another") func longNames() {
    let long = "/tmp/" + String(repeating: "ä", count: 300)
    history(long + "/one.sock").append("GET one")
    history(long + "/two.sock").append("GET two")
    #expect(history(long + "/one.sock").load() == ["GET one"])
  }

  @Test("where nothing can be written nothing happens") func readOnlyPlace() {
    let history = HistoryFile(in: "/proc/nowhere/keyglass", server: "a")
    history.append("GET a")
    #expect(history.load().isEmpty)
  }
}
