extension ReplyText {
  /// Whether a command answers with a text for eyes, such as that of INFO, which redis-cli prints as it is.
  package static func isPage(_ words: [[UInt8]]) -> Bool {
    let names = words.prefix(2).map { String(decoding: $0.prefix(32), as: UTF8.self).uppercased() }
    guard let first = names.first else { return false }
    return ["INFO", "LOLWUT"].contains(first) || pages.contains(names.joined(separator: " "))
  }

  private static let pages: Set<String> = [
    "CLIENT LIST", "CLIENT INFO", "CLUSTER NODES", "CLUSTER INFO", "MEMORY DOCTOR", "MEMORY MALLOC-STATS",
    "LATENCY DOCTOR", "LATENCY GRAPH", "DEBUG HTSTATS", "DEBUG HTSTATS-KEY",
  ]
}
