import Glibc

/// Makes authorities and certificates with openssl, in a folder that ends with the lab.
package final class CertificateLab: Sendable {
  /// A certificate and its key, both PEM files.
  package struct Pair: Sendable {
    package let certificate: String
    package let key: String

    package init(certificate: String, key: String) {
      self.certificate = certificate
      self.key = key
    }
  }

  package let folder: String
  /// The authority that signs where no other is named.
  package let root: Pair
  /// For localhost and 127.0.0.1, by the root.
  package let server: Pair
  /// A client's, by the root.
  package let client: Pair

  package init() throws {
    folder = try TestFolder.make()
    let tool = OpenSSL(folder: folder)
    try tool.prepare()
    root = try tool.make("Lab Root", isAuthority: true)
    server = try tool.make("localhost", names: "DNS:localhost,IP:127.0.0.1", by: root)
    client = try tool.make("client", by: root)
  }

  deinit { TestFolder.remove(folder) }

  /// - Parameters:
  ///   - subject: its common name, which is also that of its files.
  ///   - names: `DNS:…,IP:…`, the subjectAltName; nil: none.
  ///   - issuer: nil: the root. With `isSelfSigned` nobody.
  ///   - from, until: seconds from now.
  package func make(
    _ subject: String, names: String? = nil, by issuer: Pair? = nil, isSelfSigned: Bool = false,
    isAuthority: Bool = false, from: Int = -3600, until: Int = 86_400
  ) throws -> Pair {
    try OpenSSL(folder: folder).make(
      subject, names: names, by: isSelfSigned ? nil : issuer ?? root, isAuthority: isAuthority, from: from,
      until: until)
  }

  /// A file that holds these one after another.
  package func joined(_ files: String..., as name: String) throws -> String {
    let path = "\(folder)/\(name)"
    try OpenSSL.run(["/bin/sh", "-c", #"out=$1; shift; cat "$@" > "$out""#, "sh", path] + files)
    return path
  }

  /// A file with this text, 0600.
  package func write(_ text: String, as name: String) throws -> String {
    let path = "\(folder)/\(name)"
    try TestFolder.write(text, to: path)
    return path
  }

  /// A copy of the key that a pass phrase protects.
  package func protected(_ key: String) throws -> String {
    let path = "\(folder)/protected.key"
    try OpenSSL.run(["/usr/bin/openssl", "pkey", "-in", key, "-aes128", "-passout", "pass:secret", "-out", path])
    return path
  }

  /// What a server needs to speak TLS on `port` of 127.0.0.1, for redis-server 7.0.
  package func redisArguments(port: Int, certificate: Pair? = nil, clients: String = "optional") -> [String] {
    let pair = certificate ?? server
    return [
      "--bind", "127.0.0.1", "--tls-port", String(port), "--tls-cert-file", pair.certificate, "--tls-key-file",
      pair.key,
      "--tls-ca-cert-file", root.certificate, "--tls-auth-clients", clients,
    ]
  }
}

/// The program, as an authority uses it: only `openssl ca` of version 3.0 takes exact times.
private struct OpenSSL {
  let folder: String

  func prepare() throws {
    let configuration = """
      [ca]
      default_ca = lab
      [lab]
      new_certs_dir = \(folder)
      database = \(folder)/index
      rand_serial = yes
      default_md = sha256
      policy = any
      unique_subject = no
      email_in_dn = no
      [any]
      commonName = supplied
      [req]
      distinguished_name = none
      [none]

      """
    try TestFolder.write(configuration, to: "\(folder)/configuration")
    try TestFolder.write("", to: "\(folder)/index")
  }

  func make(
    _ subject: String, names: String? = nil, by issuer: CertificateLab.Pair? = nil, isAuthority: Bool = false,
    from: Int = -3600, until: Int = 86_400
  ) throws -> CertificateLab.Pair {
    let base = "\(folder)/\(subject.filter { $0.isLetter || $0.isNumber })-\(UInt32.random(in: 0 ... .max))"
    let (key, request, certificate) = ("\(base).key", "\(base).csr", "\(base).crt")
    let openssl = "/usr/bin/openssl"
    let configuration = ["-config", "\(folder)/configuration"]
    try Self.run([openssl, "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key])
    try Self.run(
      [openssl, "req", "-new", "-utf8", "-key", key, "-subj", "/CN=\(subject)", "-out", request] + configuration)
    var extensions =
      isAuthority ? "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n" : "basicConstraints=CA:FALSE\n"
    if let names { extensions += "subjectAltName=\(names)\n" }
    try TestFolder.write(extensions, to: "\(base).ext")
    let signer = issuer.map { ["-cert", $0.certificate, "-keyfile", $0.key] } ?? ["-selfsign", "-keyfile", key]
    try Self.run(
      [openssl, "ca", "-batch", "-notext", "-utf8", "-in", request, "-out", certificate, "-extfile", "\(base).ext"]
        + ["-startdate", Self.time(from), "-enddate", Self.time(until)] + signer + configuration)
    return CertificateLab.Pair(certificate: certificate, key: key)
  }

  static func run(_ command: [String]) throws {
    let result = try Run.output(command)
    guard result.status == 0 else { throw TestFailure("\(command.joined(separator: " ")): \(result.output)") }
  }

  /// `20260131235959Z`.
  private static func time(_ secondsFromNow: Int) -> String {
    var (time, parts) = (Glibc.time(nil) + secondsFromNow, tm())
    gmtime_r(&time, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let count = strftime(&text, text.count, "%Y%m%d%H%M%SZ", &parts)
    return String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
