import Keyspace

/// The conditions of `ls --ttl`.
enum TTLOption {
  /// What all of them ask for together; nil where there are none.
  static func condition(_ texts: [String]) throws(ErrorLine) -> TTLCondition? {
    var all: TTLCondition?
    for text in texts {
      guard case .success(let condition) = TTLCondition.parse(text.filter { $0 != " " }) else {
        throw ErrorLine(
          "--ttl \(text)", "this is no condition for a TTL",
          nextStep: "Write '<10m', '>1d', '<=90' or none, with the quotes for the shell.")
      }
      guard canBeMet(condition) else {
        throw ErrorLine(
          "--ttl \(text)", "no key has less than nothing left",
          nextStep: "Write '<10m', or '>0' for all keys with a TTL.")
      }
      guard let both = all.map({ $0.and(condition) }) ?? condition, canBeMet(both) else {
        throw ErrorLine(
          "--ttl \(texts.joined(separator: " --ttl "))", "no key meets all of them at once",
          nextStep: "Leave out one of them.")
      }
      all = both
    }
    return all
  }

  /// Whether there is a time above 0, in whole ms, that meets it.
  private static func canBeMet(_ condition: TTLCondition) -> Bool {
    guard case .left(let above, let below?) = condition else { return true }
    return below - 1 > max(0, above ?? 0)
  }
}
