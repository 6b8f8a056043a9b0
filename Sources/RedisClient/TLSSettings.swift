/// How a connection is encrypted, and what of the server is verified. Paths are as the user wrote them.
package struct TLSSettings: Sendable, Hashable {
  /// The name that the certificate must bear, and that the server is told (SNI), in place of the host; `--sni`.
  package var serverName: String?
  /// Authorities to trust in place of the system's: a PEM file, `--cacert`, or a folder of such, `--cacertdir`.
  package var authorityFile: String?
  package var authorityFolder: String?
  /// The client's own certificate and its key, PEM files: `--cert`, `--key`. Both or none.
  package var certificateFile: String?
  package var keyFile: String?
  /// False with `--insecure`: whoever answers is believed.
  package var verifiesServer = true
  /// `--insecure-writes`: also to whoever answers, see ``Endpoint/forbidsWrites``.
  package var allowsUnverifiedWrites = false

  package init() {}
}
