import Glibc
import PrivateServer

/// A blocking connection that parses no more than counting needs: what talking to the server costs at least.
struct BareSocket: ~Copyable {
  private let socket: ServerSocket
  private var buffer: [UInt8]
  private var start = 0
  private var end = 0

  init(path: String) throws {
    socket = try ServerSocket(path: path)
    buffer = [UInt8](repeating: 0, count: 256 << 10)
  }

  func send(_ bytes: [UInt8]) throws { try socket.write(bytes) }

  /// The number in the next line, which has to begin with `mark`.
  @inline(__always)
  mutating func number(_ mark: Unicode.Scalar) throws(Malfunction) -> Int {
    let first = try byte()
    guard first == UInt8(ascii: mark) else {
      throw Malfunction("the server sent \(UnicodeScalar(first)) where \(mark) belongs")
    }
    return try restOfNumber()
  }

  /// Passes over a status or integer line.
  @inline(__always)
  mutating func skipLine() throws(Malfunction) {
    guard try byte() != UInt8(ascii: "-") else { throw Malfunction("the server sent an error") }
    while try byte() != 0x0a {}
  }

  /// Passes over bytes.
  @inline(__always)
  mutating func skip(_ count: Int) throws(Malfunction) {
    var rest = count
    while true {
      let step = min(rest, end - start)
      start += step
      rest -= step
      if rest == 0 { return }
      try fill()
    }
  }

  /// Copies bytes to the end of `target`.
  @inline(__always)
  mutating func take(_ count: Int, into target: inout [UInt8]) throws(Malfunction) {
    var rest = count
    while true {
      let step = min(rest, end - start)
      target += buffer[start..<start + step]
      start += step
      rest -= step
      if rest == 0 { return }
      try fill()
    }
  }

  @inline(__always)
  private mutating func byte() throws(Malfunction) -> UInt8 {
    if start == end { try fill() }
    start += 1
    return buffer[start - 1]
  }

  @inline(__always)
  private mutating func restOfNumber() throws(Malfunction) -> Int {
    var number = 0
    while true {
      let next = try byte()
      if next == 0x0d { break }
      number = number * 10 + Int(next &- 0x30)
    }
    try skip(1)
    return number
  }

  /// Reads more, waiting for it; everything before has been used.
  private mutating func fill() throws(Malfunction) {
    let descriptor = socket.descriptor
    repeat {
      end = unsafe buffer.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
    } while end < 0 && errno == EINTR
    start = 0
    guard end > 0 else { throw Malfunction("the server closed the connection") }
  }
}
