#if TLS
  internal import NIOSSL
  internal import RedisClient

  /// What the library says of a handshake that failed. It keeps its numbers to itself, but prints them.
  struct HandshakeError {
    /// Reasons of BoringSSL's ssl.h; those from 1000 are alerts of the server, with their number (RFC 8446, section 6)
    /// added.
    private enum Reason {
      static let certificateVerifyFailed = 125
      static let unsupportedProtocol = 240
      static let wrongVersionNumber = 247
      static let alert = 1000
    }

    private enum Alert {
      static let handshakeFailure = 40
      static let badCertificate = 42
      static let unsupportedCertificate = 43
      static let certificateRevoked = 44
      static let certificateExpired = 45
      static let certificateUnknown = 46
      static let unknownAuthority = 48
      static let accessDenied = 49
      static let protocolVersion = 70
      static let insufficientSecurity = 71
      static let unrecognizedName = 112
      static let certificateRequired = 116
    }

    private let reason: Int
    /// The library's word for it, such as `NO_SHARED_CIPHER`.
    let detail: String

    /// Nil for what is no word of the library: the end of the connection.
    init?(_ error: any Error) {
      let failure: BoringSSLError
      switch error {
      case NIOSSLError.handshakeFailed(let inner): failure = inner
      case let error as BoringSSLError: failure = error
      default: return nil
      }
      let errors: NIOBoringSSLErrorStack
      switch failure {
      case .sslError(let stack), .unknownError(let stack): errors = stack
      default: return nil
      }
      let reasons = errors.compactMap(Self.parse)
      guard let found = reasons.first(where: { $0.reason >= Reason.alert }) ?? reasons.first else { return nil }
      (reason, detail) = found
    }

    /// `Error: 268435581 error:1000007d:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED at …`: the library in the
    /// highest byte (16 is ssl), the reason in the lowest twelve bits.
    private static func parse(_ error: BoringSSLInternalError) -> (reason: Int, detail: String)? {
      let words = error.description.split(separator: " ")
      guard words.count > 1, let code = Int(words[1]) else { return nil }
      // What follows says where in the library's source.
      let text = error.description.split(separator: " at ", maxSplits: 1)[0]
      let isSSL = code >> 24 & 0xFF == 16
      return (isSSL ? code & 0xFFF : 0, String(text.split(separator: ":").last ?? text))
    }

    var isVerification: Bool { reason == Reason.certificateVerifyFailed }

    private var alert: Int? { reason >= Reason.alert ? reason - Reason.alert : nil }

    /// - Parameters:
    ///   - isFirst: the server said nothing before it.
    ///   - serverName: as it was sent to the server.
    func failure(hasCertificate: Bool, isFirst: Bool, serverName: String?) -> TLSFailure {
      switch reason {
      case Reason.unsupportedProtocol: return .protocolTooOld
      case Reason.wrongVersionNumber: return .plainText(nil)
      default: break
      }
      switch alert {
      case Alert.protocolVersion?: return .protocolTooOld
      case Alert.unrecognizedName?: return .unknownServerName(serverName)
      case Alert.insufficientSecurity?: return .noCommonCipher
      case Alert.handshakeFailure? where isFirst: return .noCommonCipher
      // TLS 1.2 has no word of its own for a certificate that is missing.
      case Alert.handshakeFailure? where !hasCertificate: return .wantsClientCertificate
      default: return refusal(hasCertificate: hasCertificate) ?? .handshake(detail: detail)
      }
    }

    /// What the server has against our certificate, or that there is none; nil where it is about something else.
    func refusal(hasCertificate: Bool) -> TLSFailure? {
      let refusal: TLSFailure.Refusal
      switch alert {
      case Alert.certificateRequired?: return .wantsClientCertificate
      case Alert.unknownAuthority?: refusal = .unknownAuthority
      case Alert.certificateExpired?: refusal = .expired
      case Alert.certificateRevoked?: refusal = .revoked
      case Alert.badCertificate?, Alert.unsupportedCertificate?, Alert.certificateUnknown?, Alert.accessDenied?:
        refusal = .other
      default: return nil
      }
      return hasCertificate ? .refusesClientCertificate(refusal) : .wantsClientCertificate
    }
  }
#endif
