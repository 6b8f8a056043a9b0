import Glibc
import Testing

@testable import App

@Suite("Writing to standard output")
struct OutputTests {
  @Test("a full device is told, with the reason")
  func full() throws {
    let file = open("/dev/full", O_WRONLY)
    defer { close(file) }
    let error = try #require(throws: ErrorLine.self) { try Output.deliver("a\n", to: file) }
    #expect(
      error.description
        == "keyglass: standard output: no space left on device. Make room there, or write somewhere else.")
    #expect(error.status == .refused)
  }

  @Test("a reader that has left is no error")
  func closed() throws {
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    close(ends[0])
    defer { close(ends[1]) }
    #expect(try Output.deliver("a\n", to: ends[1]) == false)
  }

  @Test func whole() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    #expect(try Output.deliver("abc", to: ends[1]))
    var buffer = [UInt8](repeating: 0, count: 8)
    #expect(read(ends[0], &buffer, 8) == 3)
    #expect(buffer.prefix(3) == [0x61, 0x62, 0x63])
  }
}
