import Glibc
import PrivateServer

/// Where a proxy or a fake server listens, or a proxy goes on to.
package enum TestAddress: Sendable, Equatable {
  case unix(String)
  /// A port on 127.0.0.1; 0 takes a free one when listening.
  case loopback(Int)
}

/// Sockets on Unix paths and on 127.0.0.1; nothing here ever listens elsewhere.
enum Loopback {
  static func freePort() throws -> Int {
    let descriptor = try listen(.loopback(0))
    defer { close(descriptor) }
    return try port(of: descriptor)
  }

  static func listen(_ address: TestAddress) throws -> CInt {
    let descriptor = try stream(address)
    let bound =
      switch address {
      case .unix(let path): UnixAddress(path).bind(descriptor)
      case .loopback(let port): withAddress(port) { Glibc.bind(descriptor, $0, $1) }
      }
    guard bound == 0, Glibc.listen(descriptor, 64) == 0 else {
      defer { close(descriptor) }
      throw TestFailure.system("listen on \(address)")
    }
    return descriptor
  }

  static func connect(_ address: TestAddress) throws -> CInt {
    let descriptor = try stream(address)
    let connected =
      switch address {
      case .unix(let path): UnixAddress(path).connect(descriptor)
      case .loopback(let port): withAddress(port) { Glibc.connect(descriptor, $0, $1) }
      }
    guard connected == 0 else {
      defer { close(descriptor) }
      throw TestFailure.system("connect to \(address)")
    }
    return descriptor
  }

  static func port(of descriptor: CInt) throws -> Int {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let error = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    guard error == 0 else { throw TestFailure.system("getsockname") }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  /// Sends all of it; false when the other side is gone.
  static func send(_ descriptor: CInt, _ bytes: some Collection<UInt8>) -> Bool {
    let all = Array(bytes)
    var sent = 0
    while sent < all.count {
      let count = all.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress?.advanced(by: sent), all.count - sent, CInt(MSG_NOSIGNAL))
      }
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }

  /// What has come, at most 64 KiB; empty at the end of the stream.
  static func receive(_ descriptor: CInt) -> [UInt8] {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      if count > 0 { return Array(chunk[..<count]) }
      if count == 0 || errno != EINTR { return [] }
    }
  }

  /// Makes the next close send RST instead of FIN (TCP only).
  static func resetOnClose(_ descriptor: CInt) {
    var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
  }

  private static func stream(_ address: TestAddress) throws -> CInt {
    let family = if case .unix = address { AF_UNIX } else { AF_INET }
    let descriptor = socket(family, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw TestFailure.system("socket") }
    if family == AF_INET {
      var on: CInt = 1
      setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<CInt>.size))
    }
    return descriptor
  }

  private static func withAddress(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt) -> CInt {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
  }
}

/// A port of 127.0.0.1 that nobody listens on now.
package enum FreePort {
  package static func take() throws -> Int { try Loopback.freePort() }
}
