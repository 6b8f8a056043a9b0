import Glibc
import Testing

@testable import App

@Suite("Trace")
struct TraceTests {
  @Test(arguments: [
    (Trace.Event.start, #"{"ms":1.234,"event":"start"}"#),
    (.connected, #"{"ms":1.234,"event":"connected"}"#),
    (.firstFrame, #"{"ms":1.234,"event":"first_frame"}"#),
    (.firstKeys, #"{"ms":1.234,"event":"first_keys"}"#),
    (.scanProgress(keys: 5), #"{"ms":1.234,"event":"scan_progress","keys":5}"#),
    (
      .scanDone(keys: 5, milliseconds: 2050, residentBytes: 7),
      #"{"ms":1.234,"event":"scan_done","keys":5,"seconds":2.050,"bytes_resident":7}"#
    ),
    (
      .command(name: "GET", count: 2, microseconds: 3),
      #"{"ms":1.234,"event":"command","name":"GET","count":2,"us":3}"#
    ),
    (
      .frame(drawMicroseconds: 1, flushedBytes: 2, writes: 3),
      #"{"ms":1.234,"event":"frame","draw_us":1,"flush_bytes":2,"writes":3}"#
    ),
    (.inputToFrame(microseconds: 9), #"{"ms":1.234,"event":"input_to_frame","us":9}"#),
    (.push, #"{"ms":1.234,"event":"push"}"#),
    (.reconnect, #"{"ms":1.234,"event":"reconnect"}"#),
  ])
  func lines(event: Trace.Event, line: String) {
    #expect(Trace.line(event, nanoseconds: 1_234_567) == line)
  }

  @Test("the file is its owner's alone, emptied first, one line an event")
  func file() throws {
    var template = Array("/tmp/keyglass-trace-XXXXXX".utf8CString)
    let file = mkstemp(&template)
    defer {
      close(file)
      unlink(template)
    }
    fchmod(file, 0o644)
    _ = write(file, "old", 3)
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let trace = try Trace(path: path, startedAt: Trace.nanoseconds)
    trace.write(.push)
    var bytes = [UInt8](repeating: 0, count: 200)
    let count = pread(file, &bytes, 200, 0)
    let lines = String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.first?.hasSuffix(#""event":"start"}"#) == true)
    #expect(lines.last?.hasSuffix(#""event":"push"}"#) == true)
    var status = stat()
    fstat(file, &status)
    #expect(status.st_mode & 0o777 == 0o600)
  }

  @Test func notWritable() throws {
    let error = try #require(throws: ErrorLine.self) { try Trace(path: "/nowhere/x", startedAt: 0) }
    #expect(
      error.description
        == "keyglass: --trace /nowhere/x: no such file or directory. Name a file that can be written.")
  }

  @Test(arguments: [
    ("a\"b\\c\nd\u{1}\u{7f}é", #""a\"b\\c\nd\u0001\u007fé""#), ("", #""""#),
  ])
  func json(text: String, quoted: String) {
    #expect(JSONLine.quoted(text) == quoted)
  }
}
