#if TLS
  internal import NIOCore
  internal import NIOSSL
  internal import RedisClient

  /// Whom connections under the same settings trust, and who they say they are.
  struct TLSIdentity: Sendable {
    let settings: TLSSettings
    let context: NIOSSLContext
    /// The authorities that the settings name; nil: the system's.
    let authorities: [NIOSSLCertificate]?
    private let ownCertificate: NIOSSLCertificate?

    var hasCertificate: Bool { ownCertificate != nil }

    init(_ settings: TLSSettings) throws(TLSFailure) {
      self.settings = settings
      var configuration = TLSConfiguration.makeClientConfiguration()
      // NIOSSL's own default would take TLS 1.0.
      configuration.minimumTLSVersion = .tlsv12
      configuration.certificateVerification = settings.verifiesServer ? .fullVerification : .none
      // How long a server may take to say goodbye.
      configuration.shutdownTimeout = .milliseconds(500)
      authorities = try Self.authorities(settings)
      if let authorities { configuration.trustRoots = .certificates(authorities) }
      let own = try Self.ownCertificate(settings)
      ownCertificate = own?.chain.first
      if let own {
        configuration.certificateChain = own.chain.map { .certificate($0) }
        configuration.privateKey = .privateKey(own.key)
      }
      do {
        context = try NIOSSLContext(configuration: configuration)
      } catch {
        throw Self.failure(error, settings)
      }
    }

    /// - Parameter now: seconds since 1970.
    func checkOwnCertificate(at now: Int64) throws(TLSFailure) {
      guard let path = settings.certificateFile, let lapse = ownCertificate?.lapse(at: now) else { return }
      throw .ownCertificate(path: path, lapse)
    }

    /// What is left to go wrong once all files were read.
    private static func failure(_ error: any Error, _ settings: TLSSettings) -> TLSFailure {
      switch (error as? NIOSSLError, settings.certificateFile, settings.keyFile) {
      case (.failedToLoadPrivateKey?, let certificate?, let key?): .keyMismatch(key: key, certificate: certificate)
      case (.failedToLoadCertificate?, let certificate?, _): .file(path: certificate, .unfitCertificate)
      default: .noAuthorities
      }
    }

    private static func authorities(_ settings: TLSSettings) throws(TLSFailure) -> [NIOSSLCertificate]? {
      var authorities: [NIOSSLCertificate]?
      if let path = settings.authorityFile { authorities = try PEMFile(path: path).certificates() }
      if let path = settings.authorityFolder {
        authorities = try (authorities ?? []) + PEMFile.certificates(inFolder: path)
      }
      return authorities
    }

    private static func ownCertificate(
      _ settings: TLSSettings
    ) throws(TLSFailure) -> (chain: [NIOSSLCertificate], key: NIOSSLPrivateKey)? {
      guard let certificate = settings.certificateFile, let key = settings.keyFile else { return nil }
      return (try PEMFile(path: certificate).certificates(), try PEMFile(path: key).key())
    }
  }
#endif
