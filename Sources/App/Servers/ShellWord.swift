package import RedisClient

/// Words as a shell takes them.
package enum ShellWord {
  /// In quotes where a shell would make something else of it.
  package static func quoted(_ word: String) -> String {
    let plain: Set<Character> = ["-", "_", ".", "/", ":", "@", "%", "+", "=", ",", "[", "]"]
    let isPlain = word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) || plain.contains($0) }
    if isPlain, !word.isEmpty, !word.contains("[") { return word }
    return "'" + word.replacing("'", with: "'\\''") + "'"
  }

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
