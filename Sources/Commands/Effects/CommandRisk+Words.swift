extension CommandRisk {
  /// What it does, in plain words, one line each; without any fact of the server.
  package var words: [String] {
    switch self {
    case .flushAll: ["Deletes all keys of all databases. Nothing brings them back."]
    case .flushDatabase: ["Deletes all keys of this database. Nothing brings them back."]
    case .shutdown: ["Stops the server for everyone."]
    case .debug(let subcommand): ["DEBUG \(subcommand) is for developers of the server: it may block or stop it."]
    case .swapDatabases: ["Swaps two databases for every client that uses them."]
    case .replicaOf(nil, _): ["Makes this server a primary: it stops following the one it has."]
    case .replicaOf(let host?, let port):
      ["Makes this server a copy of \(host):\(port ?? "?"). Its own keys are deleted; nothing brings them back."]
    case .configSet: ["Changes the server for everyone, until it restarts or CONFIG REWRITE keeps it."]
    case .scriptFlush: ["Drops all cached scripts: EVALSHA fails until they are loaded again."]
    case .scriptKill:
      ["Ends the script that runs now, whoever runs it; they get an error. One that has written goes on."]
    case .functionFlush: ["Deletes all functions of the server. Nothing brings them back."]
    case .functionDelete(let library): ["Deletes the functions of the library \(library)."]
    case .functionRestore: ["Deletes all functions of the server before it restores others."]
    case .keys: ["Looks at all keys at once; nobody else is served meanwhile."]
    case .monitor: ["The server copies every command of every client to you; that can halve what it gets done."]
    case .clusterReset(let isHard):
      ["Takes this node out of its cluster\(isHard ? ", under a new identity" : "")."]
    case .clusterChange(let subcommand): ["CLUSTER \(subcommand) changes which node serves which keys."]
    case .failover: ["Makes a replica the primary; clients are disconnected for a moment."]
    case .clientKill: ["Closes connections of others, in the middle of whatever they do."]
    case .clientPause(let milliseconds):
      ["Holds up all clients\(milliseconds.map { " for \($0) ms" } ?? ""), this one too."]
    case .changeUsers: ["Changes what users may do, you included, at once."]
    case .deleteUsers: ["Deletes users and closes their connections."]
    case .module(let subcommand): ["MODULE \(subcommand) changes what code runs in the server."]
    case .script(let names):
      ["The script names \(names.joined(separator: ", ")), which would be asked about by itself."]
    case .migrate(let host, let port, let copies):
      [
        copies
          ? "Copies keys to the server \(host):\(port), which holds everyone up meanwhile."
          : "Moves keys to the server \(host):\(port) and deletes them here."
      ]
    case .save: ["Blocks the server for everyone until all keys are written to disk."]
    }
  }
}

extension CommandSecrets {
  /// The words with `***` in place of what may be secret.
  package static func shown(_ words: [[UInt8]]) -> [[UInt8]] {
    let hidden = Set(places(in: words))
    return words.enumerated().map { hidden.contains($0.offset) ? Array("***".utf8) : $0.element }
  }

  /// Whether a setting of the server's is one.
  package static func isSecret(setting name: [UInt8]) -> Bool {
    !places(in: [Array("CONFIG".utf8), Array("SET".utf8), name, []]).isEmpty
  }
}

extension CommandSpec {
  /// Its arguments as one line: `key value [NX | XX] …`; empty where they are not known.
  package var syntax: String { (arguments ?? []).map(\.text).joined(separator: " ") }
}
