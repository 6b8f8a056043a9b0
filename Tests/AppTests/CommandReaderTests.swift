import Canvas
import Glibc
import TestSupport
import Testing

@testable import App

@Suite("A file of commands") final class CommandReaderTests {
  private let folder: String

  init() throws { folder = try TestFolder.make() }

  deinit { TestFolder.remove(folder) }

  private func file(_ bytes: [UInt8]) throws -> CommandFile {
    let path = "\(folder)/commands"
    let stream = try #require(fopen(path, "we"))
    #expect(fwrite(bytes, 1, bytes.count, stream) == bytes.count)
    fclose(stream)
    return try CommandFile(path)
  }

  private func commands(_ text: String) throws -> [FileCommand] {
    var reader = CommandReader(try file(Array(text.utf8)))
    var commands: [FileCommand] = []
    while let command = try reader.next(waits: true) { commands.append(command) }
    return commands
  }

  @Test("blank lines and comments are nothing, a quoted word goes on over lines")
  func lines() throws {
    let text = "\n# SET a \"\n  \t\nGET a\r\n  SET 'b\nc' \"d\\x41\\n\"\n#\nPING # no comment\n\"\"\nLAST"
    func words(_ words: String...) -> [[UInt8]] { words.map { Array($0.utf8) } }
    #expect(
      try commands(text) == [
        FileCommand(words: words("GET", "a"), line: 4), FileCommand(words: words("SET", "b\nc", "dA\n"), line: 5),
        FileCommand(words: words("PING", "#", "no", "comment"), line: 8), FileCommand(words: words(""), line: 9),
        FileCommand(words: words("LAST"), line: 10),
      ])
    #expect(try commands("") == [])
    #expect(try commands("# only\n\n") == [])
  }

  @Test("any words come back, wherever a piece of the file ends", arguments: 0..<10)
  func anyWords(seed: Int) throws {
    var random = Seeded(state: UInt64(seed))
    var text: [UInt8] = []
    var expected: [FileCommand] = []
    var line = 1
    for _ in 0..<3000 {
      let words = (0..<Int.random(in: 1...4, using: &random)).map { position in
        position == 0
          ? Array("SET".utf8)
          : (0..<Int.random(in: 0...40, using: &random)).map { _ in
            let byte = UInt8.random(in: 0...255, using: &random)
            return Bool.random(using: &random) ? byte : Array("\n\r\"'\\ #x".utf8)[Int(byte) % 8]
          }
      }
      expected.append(FileCommand(words: words, line: line))
      let written = words.map { word -> [UInt8] in
        // In single quotes every byte is itself, but for a quote and what could escape one.
        if Bool.random(using: &random), !word.contains(0x5C) {
          return [0x27] + word.flatMap { $0 == 0x27 ? [0x5C, 0x27] : [$0] } + [0x27]
        }
        return Array(Escape.quoted(word).utf8)
      }
      let command = Array(written.joined(separator: [0x20])) + [0x0A]
      line += command.count { $0 == 0x0A }
      text += command
    }
    var reader = CommandReader(try file(text))
    for command in expected { #expect(try reader.next(waits: true) == command) }
    #expect(try reader.next(waits: true) == nil)
  }

  @Test(
    "a mistake has its place, in characters",
    arguments: [
      ("PING\nGET \"a", "2:5", "a quote that is never closed"), ("SET é \"x\"y", "1:9", "text directly behind"),
      ("SET 'a\nb' 'é\nöx'y\nPING", "3:3", "text directly behind"), ("\n\n'", "3:1", "a quote that is never closed"),
      ("PING\n\nsubscribe a", "3", "SUBSCRIBE has no end"), ("client reply skip", "1", "CLIENT REPLY SKIP keeps"),
      ("UNSUBSCRIBE", "1", "UNSUBSCRIBE has no reply"),
      ("MONITOR", "1", "MONITOR has no end, and exec -f waits for a reply to each command; "),
      ("PING\nquit\n\nPING", "2", "QUIT ends the connection, and line 4 has another command; "),
      ("RESET\nRESET", "1", "RESET undoes the login, the database and the protocol, and line 2 has another command; "),
      ("2 QUIT", "1", "QUIT ends the connection, and it is to be sent 2 times; "),
      ("PING\n0 PING", "2", "0: a count is 1 or more"), ("5", "1", "5: a command is missing"),
      ("10001 PING", "1", "a count is at most 10,000; "), ("3 MONITOR", "1", "MONITOR has no end"),
      ("every 1s PING", "1", "only the console repeats a command at intervals; "),
      ("\n5 EVERY 1s PING", "2", "only the console repeats a command at intervals; "),
      ("99999999999999999999 PING", "1", "99999999999999999999: the count is too large"),
    ])
  func mistakes(text: String, place: String, why: String) throws {
    let file = try file(Array(text.utf8))
    let error = #expect(throws: ErrorLine.self) { try file.check() }
    #expect(error?.status == .usage)
    #expect(error?.text.hasPrefix("\(file.name):\(place): \(why)") == true, "\(error?.text ?? "")")
    #expect(error?.text.contains("; nothing was sent. ") == true)
  }

  @Test("a count before a command, as redis-cli has it")
  func counts() throws {
    func command(_ words: String..., line: Int, times: Int) -> FileCommand {
      FileCommand(words: words.map { Array($0.utf8) }, line: line, times: times)
    }
    #expect(
      try commands("5 INCR n\n1 PING\nSET 5 6\n10000 PING\nQUIT") == [
        command("INCR", "n", line: 1, times: 5), command("PING", line: 2, times: 1),
        command("SET", "5", "6", line: 3, times: 1), command("PING", line: 4, times: 10_000),
        command("QUIT", line: 5, times: 1),
      ])
  }

  @Test("a byte order mark at the beginning is nothing, wherever a piece of the file ends")
  func byteOrderMark() throws {
    let ping = [Array("PING".utf8)]
    #expect(try commands("\u{FEFF}PING") == [FileCommand(words: ping, line: 1)])
    #expect(try commands("\u{FEFF}# GET \"\nPING\n") == [FileCommand(words: ping, line: 2)])
    #expect(try commands("\u{FEFF}") == [])
    // Only there: behind it the bytes are a word's.
    let mark = [Array("\u{FEFF}PING".utf8)]
    #expect(try commands("\n\u{FEFF}PING") == [FileCommand(words: mark, line: 2)])
    #expect(try commands("\u{FEFF}\u{FEFF}PING") == [FileCommand(words: mark, line: 1)])
    let begun = try file([0xEF, 0xBB])
    var reader = CommandReader(begun)
    #expect(try reader.next(waits: true) == FileCommand(words: [[0xEF, 0xBB]], line: 1))
    let wrong = try file(Array("\u{FEFF}SET é \"x\"y".utf8))
    #expect(throws: ErrorLine.self) { try wrong.check() }
    let error = #expect(throws: ErrorLine.self) { try CommandFile("\(folder)/commands").check() }
    #expect(error?.text.contains("commands:1:9: text directly behind") == true)
  }

  @Test("a byte order mark that comes piece by piece is one too")
  func byteOrderMarkInPieces() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { close(ends[0]) }
    #expect(write(ends[1], [0xEF, 0xBB] as [UInt8], 2) == 2)
    // What is missing comes while the reader already waits for it.
    let rest = Array("\u{FEFF}PING\n".utf8.dropFirst(2))
    var reader = CommandReader(try CommandFile("/dev/fd/\(ends[0])"))
    let end = ends[1]
    Task.detached {
      _ = write(end, rest, rest.count)
      close(end)
    }
    #expect(try reader.next(waits: true) == FileCommand(words: [Array("PING".utf8)], line: 1))
    #expect(try reader.next(waits: true) == nil)
  }

  @Test("what has not come yet is not waited for")
  func pieces() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { close(ends[0]) }
    func send(_ text: String) { #expect(write(ends[1], text, text.utf8.count) == text.utf8.count) }
    var reader = CommandReader(try CommandFile("/dev/fd/\(ends[0])"))
    #expect(try reader.next(waits: false) == nil)
    send("PING 1\nPI")
    #expect(try reader.next(waits: false)?.words.count == 2)
    #expect(try reader.next(waits: false) == nil)
    send("NG\nLAST")
    #expect(try reader.next(waits: false) == FileCommand(words: [Array("PING".utf8)], line: 2))
    #expect(try reader.next(waits: false) == nil)
    close(ends[1])
    #expect(try reader.next(waits: false) == FileCommand(words: [Array("LAST".utf8)], line: 3))
    #expect(try reader.next(waits: false) == nil)
    #expect(reader.isAtEnd)
  }

  @Test("what is under way is bounded")
  func batches() throws {
    func sizes(_ text: String) throws -> [Int] {
      var reader = BatchReader(CommandReader(try file(Array(text.utf8))), gate: nil)
      var sizes: [Int] = []
      while let batch = reader.next(waits: true) { sizes.append(batch.entries.count) }
      return sizes
    }
    #expect(try sizes(String(repeating: "PING\n", count: 600)) == [256, 256, 88])
    let large = "SET k " + String(repeating: "v", count: 400_000) + "\n"
    #expect(try sizes(String(repeating: large, count: 7)) == [3, 3, 1])
    #expect(try sizes("") == [])
    #expect(try sizes("600 PING\nPING\n") == [256, 256, 89])
    #expect(try sizes("7 " + large) == [3, 3, 1])
    // What stands before a mistake is a batch of its own.
    #expect(try sizes("PING\nPING\n\"") == [2])
  }
}
