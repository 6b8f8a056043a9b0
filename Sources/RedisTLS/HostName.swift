#if TLS
  internal import Glibc

  enum HostName {
    /// Whether a name of a certificate is for this host: equal but for case, or with `*` for the first label alone
    /// (RFC 9525, section 6.3).
    static func matches(_ host: String, pattern: String) -> Bool {
      let (host, pattern) = (labels(host), labels(pattern))
      guard host.count == pattern.count, let first = pattern.first, !host.contains("") else { return false }
      if first == "*" { return host.count > 2 && host.dropFirst() == pattern.dropFirst() }
      return host == pattern
    }

    private static func labels(_ name: String) -> [String] {
      withoutDot(name).lowercased().split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    }

    /// A name may end with the dot of the root, which neither certificates nor SNI know.
    static func withoutDot(_ name: String) -> String {
      name.hasSuffix(".") ? String(name.dropLast()) : name
    }
  }

  enum IPAddress {
    /// Whether the host is an address rather than a name; a zone may follow one of IPv6.
    static func isOne(_ host: String) -> Bool {
      let bare = host.prefix { $0 != "%" }
      var (v4, v6) = (in_addr(), in6_addr())
      if unsafe inet_pton(AF_INET, String(bare), &v4) == 1 { return true }
      return unsafe inet_pton(AF_INET6, String(bare), &v6) == 1
    }

    /// Of four or sixteen bytes; nil of any other number.
    static func text(_ bytes: [UInt8]) -> String? {
      guard bytes.count == 4 || bytes.count == 16 else { return nil }
      var text = [CChar](repeating: 0, count: 64)
      let family = bytes.count == 4 ? AF_INET : AF_INET6
      guard unsafe inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return nil }
      return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }
#endif
