internal import Requests
internal import Values

extension Failure {
  /// The server did not select a database, and said this.
  static func selection(of database: Int, refused text: [UInt8]) -> Failure {
    let what = "selecting database \(database)"
    let line = String(decoding: text, as: UTF8.self).lowercased()
    if let denial = Denial(ofSelect: text) {
      return .refused(.command(denial), what: what, command: .info)
    }
    // Redis and Valkey 8 say `ERR SELECT is not allowed in cluster mode`.
    let nextStep = line.contains("cluster") ? "A cluster has database 0 alone" : "Choose another one"
    return Failure(kind: .server, what: what, why: text, nextStep: nextStep)
  }
}

extension Denial {
  /// Of SELECT, by what the server said; nil: that is about the one database.
  init?(ofSelect text: [UInt8]) {
    if text.starts(with: "NOPERM".utf8) {
      self.init(command: "SELECT", missingRule: "+select")
    } else if Refusal.isUnknownCommand(String(decoding: text, as: UTF8.self)) {
      self.init(command: "SELECT", missingRule: nil)
    } else {
      return nil
    }
  }
}
