import Canvas

/// Which server is meant. Nothing in it is a secret.
package enum ServerPlace: Hashable, Sendable {
  /// A server of the config file, by its name without the `@`.
  case profile(String)
  /// As the header names it (`host:port` or the path of a socket); `user` nil: the server's default.
  case address(String, database: Int, user: [UInt8]?, usesTLS: Bool)
  /// A service of the Compose project in the folder of the program.
  case compose(service: String)
}

/// A server that the user may go to, as the screen of connections lists it.
package struct ServerEntry: Sendable, Equatable {
  package var place: ServerPlace
  package var address: String
  package var database: Int
  package var user: [UInt8]?
  package var stage: DeploymentStage?
  package var isReadOnly = false
  package var usesTLS: Bool
  /// Its profile says `insecure: true`: with TLS, but whoever answers is believed.
  package var isInsecure = false
  /// Ms since 1970; nil: never, as far as is remembered.
  package var lastUsed: Int64?
  /// What connects there from a shell.
  package var commandLine: String
  /// Why nothing can connect there; nil: nothing is known to be wrong.
  package var flaw: String?

  package init(
    _ place: ServerPlace, address: String, database: Int = 0, user: [UInt8]? = nil, stage: DeploymentStage? = nil,
    usesTLS: Bool = false, lastUsed: Int64? = nil, commandLine: String
  ) {
    self.place = place
    self.address = address
    self.database = database
    self.user = user
    self.stage = stage
    self.usesTLS = usesTLS
    self.lastUsed = lastUsed
    self.commandLine = commandLine
  }

  /// `@NAME`; empty for a server that the config file does not name.
  var name: String {
    switch place {
    case .profile(let name): "@" + name
    case .compose(let service): "@compose/" + service
    case .address: ""
    }
  }

  /// Its TLS in a word; nil: it has none.
  var tlsWord: (text: String, role: Role)? {
    usesTLS ? (isInsecure ? ("insecure", .danger) : ("TLS", .ok)) : nil
  }

  /// It is a service of the Compose project.
  var isOfCompose: Bool { if case .compose = place { true } else { false } }

  /// What it is called in a sentence.
  var title: String { name.isEmpty ? address : name }

  /// Its name, its address or its user holds this text, whatever the case.
  func matches(_ text: String) -> Bool {
    let text = text.lowercased()
    return text.isEmpty || (name + " " + address).lowercased().contains(text)
      || user.map { String(decoding: $0, as: UTF8.self).lowercased().contains(text) } ?? false
  }
}
