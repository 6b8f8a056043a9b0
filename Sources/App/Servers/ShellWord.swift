package import Canvas
package import RedisClient

extension ShellWord {
  /// What connects there, without a password.
  package static func commandLine(to endpoint: Endpoint) -> String {
    var words = ["keyglass"]
    switch endpoint.address {
    case .tcp(let host, let port): words += ["-h", quoted(host), "-p", String(port)]
    case .unix(let path): words += ["-s", quoted(path)]
    }
    if endpoint.database != 0 { words += ["-n", String(endpoint.database)] }
    if let user = endpoint.username { words += ["--user", quoted(String(decoding: user, as: UTF8.self))] }
    if endpoint.tls != nil { words.append("--tls") }
    return words.joined(separator: " ")
  }
}
