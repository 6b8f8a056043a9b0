package import RedisClient

/// What this build has of TLS.
package enum TLSSupport {
  /// Encrypts connections; nil in a build without the package trait TLS. One for the whole program: it keeps what it
  /// has read from files.
  package static var security: (any TransportSecurity)? {
    #if TLS
      shared
    #else
      nil
    #endif
  }

  #if TLS
    private static let shared = TLSSecurity()
  #endif
}
