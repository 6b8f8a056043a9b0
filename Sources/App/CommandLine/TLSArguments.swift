package import RedisClient

/// The options of TLS as they were typed.
package struct TLSArguments: Sendable, Equatable {
  /// `--tls`.
  package var isWanted = false
  /// `--sni`.
  package var serverName: String?
  /// `--cacert`.
  package var authorityFile: String?
  /// `--cacertdir`.
  package var authorityFolder: String?
  /// `--cert`.
  package var certificateFile: String?
  /// `--key`.
  package var keyFile: String?
  /// `--insecure`.
  package var isInsecure = false
  /// `--insecure-writes`.
  package var allowsInsecureWrites = false

  package init() {}

  /// The options that were given, `--tls` first.
  var given: [String] { (isWanted ? ["--tls"] : []) + details }

  /// Those that say how, and mean nothing without TLS.
  private var details: [String] {
    let all: [(name: String, isGiven: Bool)] = [
      ("--sni", serverName != nil), ("--cacert", authorityFile != nil), ("--cacertdir", authorityFolder != nil),
      ("--cert", certificateFile != nil), ("--key", keyFile != nil), ("--insecure", isInsecure),
      ("--insecure-writes", allowsInsecureWrites),
    ]
    return all.filter(\.isGiven).map(\.name)
  }

  /// How `endpoint` is to be encrypted; nil: not at all. What was typed goes before what the endpoint says of itself.
  package func settings(for endpoint: Endpoint) throws(ErrorLine) -> TLSSettings? {
    guard isWanted || endpoint.tls != nil else {
      guard let option = details.first else { return nil }
      throw ErrorLine(option, "it means nothing without TLS", nextStep: "Add --tls, or write rediss:// for redis://.")
    }
    if case .unix = endpoint.address {
      throw ErrorLine(
        given.first ?? "TLS", "a Unix socket is not encrypted", nextStep: "Name a host and a port, or leave it out.")
    }
    try checkTexts()
    var settings = endpoint.tls ?? TLSSettings()
    settings.serverName = serverName ?? settings.serverName
    if authorityFile != nil || authorityFolder != nil {
      (settings.authorityFile, settings.authorityFolder) = (authorityFile, authorityFolder)
    }
    if certificateFile != nil { (settings.certificateFile, settings.keyFile) = (certificateFile, keyFile) }
    if isInsecure { settings.verifiesServer = false }
    settings.allowsUnverifiedWrites = allowsInsecureWrites
    guard !allowsInsecureWrites || !settings.verifiesServer else {
      throw ErrorLine(
        "--insecure-writes", "it means nothing without --insecure",
        nextStep: "Leave it out: a verified server is written to.")
    }
    return settings
  }

  private func checkTexts() throws(ErrorLine) {
    let texts = [
      ("--sni", serverName, "a host"), ("--cacert", authorityFile, "a file"),
      ("--cacertdir", authorityFolder, "a folder"),
      ("--cert", certificateFile, "a file"), ("--key", keyFile, "a file"),
    ]
    for case (let option, ""?, let what) in texts {
      throw ErrorLine(option, "the value is empty", nextStep: "Name \(what).")
    }
    guard (certificateFile == nil) == (keyFile == nil) else {
      let (given, missing) = certificateFile == nil ? ("--key", "--cert") : ("--cert", "--key")
      throw ErrorLine(given, "a certificate and its key go together", nextStep: "Give \(missing) too.")
    }
    if let serverName, Self.isAddress(serverName) {
      throw ErrorLine(
        "--sni \(serverName)", "a server is named here by a host name, not by an address",
        nextStep: "Connect to the address itself with -h, or name a host of the certificate.")
    }
  }

  /// Addresses are all digits and dots, or have a colon; no host is (RFC 3696, section 2).
  private static func isAddress(_ name: String) -> Bool {
    name.contains(":") || name.allSatisfy { $0 == "." || $0.isASCII && $0.isNumber }
  }
}
