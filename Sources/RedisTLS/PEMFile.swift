#if TLS
  internal import Glibc
  internal import NIOSSL
  internal import RedisClient

  /// A file of certificates or of a key, which a user names. Each mistake that can be told apart is.
  struct PEMFile {
    /// The authorities of a whole system are some 200 KB.
    private static let limit = 16 << 20

    private let path: String
    private let bytes: [UInt8]

    init(path: String) throws(TLSFailure) {
      self.path = path
      let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
      guard file >= 0 else { throw .file(path: path, .unreadable(code: errno)) }
      defer { close(file) }
      var bytes: [UInt8] = []
      var piece = [UInt8](repeating: 0, count: 1 << 16)
      while true {
        let count = unsafe read(file, &piece, piece.count)
        if count == 0 { break }
        if count < 0 {
          guard errno == EINTR else { throw .file(path: path, .unreadable(code: errno)) }
          continue
        }
        bytes += piece.prefix(count)
        guard bytes.count <= Self.limit else { throw .file(path: path, .tooLarge) }
      }
      self.bytes = bytes
    }

    /// All of them, at least one, in the order of the file.
    func certificates() throws(TLSFailure) -> [NIOSSLCertificate] {
      guard let certificates = parsed else {
        throw .file(path: path, holds("PRIVATE KEY-----") ? .keyInsteadOfCertificate : .noCertificate)
      }
      return certificates
    }

    func key() throws(TLSFailure) -> NIOSSLPrivateKey {
      guard holds("PRIVATE KEY-----") else {
        throw .file(path: path, holds("BEGIN CERTIFICATE-----") ? .certificateInsteadOfKey : .noKey)
      }
      // PKCS #8, and the older form of OpenSSL (RFC 1421).
      guard !holds("BEGIN ENCRYPTED PRIVATE KEY-----"), !holds("Proc-Type: 4,ENCRYPTED") else {
        throw .file(path: path, .passPhrase)
      }
      guard let key = try? NIOSSLPrivateKey(bytes: bytes, format: .pem) else { throw .file(path: path, .unfitKey) }
      return key
    }

    /// Those of all files in a folder, whatever their names: OpenSSL wants them hashed (c_rehash), which they may be.
    static func certificates(inFolder path: String) throws(TLSFailure) -> [NIOSSLCertificate] {
      guard let folder = unsafe opendir(path) else { throw .file(path: path, .unreadable(code: errno)) }
      defer { unsafe closedir(folder) }
      var certificates: Set<NIOSSLCertificate> = []
      while let entry = unsafe readdir(folder) {
        let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
          unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        let path = "\(path)/\(name)"
        // Nothing that could keep us waiting.
        guard FileStamp(path: path) != nil, let file = try? PEMFile(path: path) else { continue }
        certificates.formUnion(file.parsed ?? [])
      }
      guard !certificates.isEmpty else { throw .file(path: path, .noCertificateInFolder) }
      return Array(certificates)
    }

    private var parsed: [NIOSSLCertificate]? {
      guard holds("BEGIN CERTIFICATE-----") || holds("BEGIN TRUSTED CERTIFICATE-----") else { return nil }
      return try? NIOSSLCertificate.fromPEMBytes(bytes)
    }

    private func holds(_ text: String) -> Bool { bytes.firstRange(of: text.utf8) != nil }
  }

  /// What tells whether a file is still the one that was read.
  struct FileStamp: Equatable {
    private let device: UInt
    private let inode: UInt
    private let size: Int
    private let seconds: Int
    private let nanoseconds: Int

    /// Nil for what is no regular file and no folder: what comes through a pipe comes once. Follows links.
    init?(path: String) {
      var facts = stat()
      guard unsafe stat(path, &facts) == 0, [S_IFREG, S_IFDIR].contains(facts.st_mode & S_IFMT) else { return nil }
      (device, inode, size) = (UInt(facts.st_dev), UInt(facts.st_ino), Int(facts.st_size))
      (seconds, nanoseconds) = (facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec)
    }
  }

  enum WallClock {
    /// Seconds since 1970.
    static var now: Int64 { Int64(time(nil)) }
  }
#endif
