#if TLS
  internal import NIOSSL
  internal import RedisClient
  internal import Synchronization

  /// TLS by NIOSSL, that is BoringSSL: 1.2 at least.
  final class TLSSecurity: TransportSecurity {
    private struct Entry {
      var stamps: [FileStamp?]
      var identity: TLSIdentity
    }

    private let entries = Mutex<[TLSSettings: Entry]>([:])

    /// The same again while the files are the same: making it costs milliseconds, mostly for the system's authorities.
    @concurrent func prepare(
      _ settings: TLSSettings, for address: Endpoint.Address
    ) async throws(TLSFailure) -> any SecuredTransport {
      guard case .tcp(let host, _) = address else { throw .unixSocket }
      let identity = try entries.withLock { (entries) throws(TLSFailure) in
        let stamps = settings.files.map { FileStamp(path: $0) }
        if let entry = entries[settings], entry.stamps == stamps { return entry.identity }
        let identity = try TLSIdentity(settings)
        entries[settings] = Entry(stamps: stamps, identity: identity)
        return identity
      }
      // Also where nothing was read anew: time goes by.
      try identity.checkOwnCertificate(at: WallClock.now)
      return TLSTransport(identity: identity, host: host)
    }
  }

  extension TLSSettings {
    fileprivate var files: [String] {
      [authorityFile, authorityFolder, certificateFile, keyFile].compactMap(\.self)
    }
  }
#endif
