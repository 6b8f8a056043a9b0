package import Browser
package import YAML

/// A server of the config file: what `@NAME` stands for. Nothing in it is a secret.
package struct Profile: Sendable, Equatable {
  /// Without the `@`.
  package var name: String
  /// `redis://…`, or what stands in its parts; never both.
  package var uri: String?
  package var host: String?
  package var port: Int?
  package var socket: String?
  package var user: String?
  package var database: Int?
  package var stage: DeploymentStage?
  package var isReadOnly = false
  /// In place of the preferences' own.
  package var separator: [UInt8]?
  /// The names that are read, as `--pattern`.
  package var pattern: String?
  /// A program and its arguments; the first line of what it prints is the password. No shell.
  package var passwordCommand: [String]?
  /// A file that only its owner may read; its first line is the password.
  package var passwordFile: String?
  package var tls: ProfileTLS?
  /// What is wrong with it, first of all: it is listed, and never connected to.
  package var complaint: Complaint?

  package init(name: String) { self.name = name }
}

/// The TLS of a profile: `tls: true`, or these parts. Paths are as written, `~/` apart.
package struct ProfileTLS: Sendable, Equatable {
  package var serverName: String?
  package var authorityFile: String?
  package var authorityFolder: String?
  package var certificateFile: String?
  package var keyFile: String?
  package var verifiesServer = true

  package init() {}
}
