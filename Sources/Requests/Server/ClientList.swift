/// The clients of a server, as CLIENT LIST tells them.
package struct ClientList: Sendable, Equatable {
  /// As many as were wanted, in the order of their ids: the oldest first.
  package var clients: [ClientFacts]
  /// How many there are.
  package var count: Int

  package init(clients: [ClientFacts], count: Int) {
    self.clients = clients
    self.count = count
  }
}

/// One client. What the server does not tell is nil or empty; texts are bytes that clients chose: escape them to show
/// them.
package struct ClientFacts: Sendable, Equatable {
  /// Never given to another client as long as the server runs.
  package var id: Int
  /// One of Keyglass's own connections.
  package var isOwn = false
  /// `host:port`, or `path:0` of a socket.
  package var address: [UInt8] = []
  package var name: [UInt8] = []
  package var user: [UInt8] = []
  package var database: Int?
  /// Seconds since it has connected, and since its last command.
  package var age: Int?
  package var idle: Int?
  /// A letter for each property, `N` for none.
  package var flags: [UInt8] = []
  /// The command that it has sent last, with `|` before a subcommand (Redis 7.0); never its arguments.
  package var command: [UInt8] = []
  /// Bytes that it takes on the server.
  package var memory: Int?
  /// The library that it says it is (Redis 7.2).
  package var library: [UInt8] = []
  /// Everything that the server told, in its order: names and values.
  package var fields: [Field] = []

  package struct Field: Sendable, Equatable {
    package var name: String
    package var value: [UInt8]

    package init(name: String, value: [UInt8]) {
      self.name = name
      self.value = value
    }
  }

  package init(id: Int) { self.id = id }
}

/// What has become of a client that was to be killed.
package enum KillOutcome: Sendable, Equatable {
  case killed
  /// There was none of this id any more.
  case gone
}
