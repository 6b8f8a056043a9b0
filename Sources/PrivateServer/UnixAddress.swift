import Glibc

/// The address of a Unix socket; a path over 107 bytes is cut and so refused by the kernel or not found.
package struct UnixAddress {
  private var address = sockaddr_un()

  package init(_ path: String) {
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { field in
      unsafe field.copyBytes(from: path.utf8.prefix(PrivateFolder.longestSocketPath))
    }
  }

  /// connect(2) to this address.
  package func connect(_ descriptor: CInt) -> CInt {
    unsafe withSockaddr { unsafe Glibc.connect(descriptor, $0, $1) }
  }

  /// bind(2) to this address.
  package func bind(_ descriptor: CInt) -> CInt {
    unsafe withSockaddr { unsafe Glibc.bind(descriptor, $0, $1) }
  }

  private func withSockaddr(_ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt) -> CInt {
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    return unsafe withUnsafePointer(to: address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
    }
  }
}
