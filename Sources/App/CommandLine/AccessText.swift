package import Store

/// `keyglass acl`: which rights Keyglass needs, as lines for redis-cli.
package struct AccessText: Sendable, Equatable {
  /// nil: all levels, with words.
  package var level: AccessLevel?
  /// nil: the newest servers.
  package var age: ServerAge?

  package init(level: AccessLevel? = nil, age: ServerAge? = nil) {
    self.level = level
    self.age = age
  }

  /// Reads the words behind `acl`.
  init(words: [String]) throws(ErrorLine) {
    if let word = words.first {
      guard let level = AccessLevel(rawValue: word) else {
        throw ErrorLine("acl: '\(word)'", "neither browse nor edit", nextStep: "See 'keyglass acl'.")
      }
      self.level = level
    }
    if words.count > 1 {
      guard let age = Self.age(ofVersion: words[1]) else {
        throw ErrorLine(
          "acl: '\(words[1])'", "no version of Redis from 6.2 or of Valkey",
          nextStep: "Write it as 7.0 or valkey-8.")
      }
      self.age = age
    }
    if words.count > 2 {
      throw ErrorLine("'\(words[2])'", "one word too many", nextStep: "See 'keyglass --help'.")
    }
  }

  /// `7.0`, `7.2.4`, `redis-7`, `valkey-8.1`: how old such a server is; nil for none that is known.
  static func age(ofVersion word: String) -> ServerAge? {
    let word = word.lowercased()
    var digits = word.drop { !$0.isNumber }
    let name = word.dropLast(digits.count)
    guard ["", "redis", "redis-", "valkey", "valkey-"].contains(name) else { return nil }
    var numbers: [Int] = []
    while !digits.isEmpty {
      let part = digits.prefix { $0 != "." }
      guard part.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(part) else { return nil }
      numbers.append(number)
      digits = digits.dropFirst(part.count).dropFirst()
    }
    guard let major = numbers.first else { return nil }
    let minor = numbers.count > 1 ? numbers[1] : 0
    // There is no Redis 8.1, but a Valkey.
    let isValkey = name.hasPrefix("valkey") || name.isEmpty && (major, minor) == (8, 1)
    if isValkey { return major < 7 ? nil : major < 9 ? .redis7_2 : .redis7_4 }
    switch (major, minor) {
    case (6, 2...): return .redis6_2
    case (7, ..<2): return .redis7_0
    case (7, ..<4): return .redis7_2
    case (7..., _): return .redis7_4
    default: return nil
    }
  }

  package var text: String {
    if let level { return AccessLine.text(for: level, on: age ?? .newest) + "\n" }
    let edit = AccessRule.rules(for: .edit, on: .newest)
    func young(_ age: ServerAge) -> String { edit.filter { $0.since == age }.map(\.text).joined(separator: " ") }
    return """
      # What keyglass needs on a server with ACL users (Redis 6.2 and later, Valkey). Give redis-cli one of the two lines,
      # with a password in place of PASSWORD, and the keys that are to be seen in place of ~*.

      # To browse: list, read, the expiry monitor, new keys. Nothing can be written.
      \(AccessLine.text(for: .browse, on: .newest))

      # To edit as well, with undo.
      \(AccessLine.text(for: .edit, on: .newest))

      # Both are for Redis 7.4, 8 and Valkey 9. An older server refuses a line with a command that it does not have:
      # 'keyglass acl browse 7.0', or 'keyglass acl edit valkey-8', prints the one for that version.
      #   Redis 7.2, Valkey 7.2 and 8: without \(young(.redis7_4))
      #   Redis 7.0: also without \(young(.redis7_2))
      #   Redis 6.2: also without \(young(.redis7_0))
      # Who may not run scripts edits with \(list(AccessRule.withoutScripts)) in place of +eval +evalsha.
      # To end other clients on the screen of the server (S), add \(list(AccessRule.killing)).
      # The console (:) sends what one types there: add those commands.

      """
  }

  private func list(_ rules: [AccessRule]) -> String { rules.map(\.text).joined(separator: " ") }
}
