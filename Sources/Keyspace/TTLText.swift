/// The words of a TTL cell.
package enum TTLText {
  /// The time left, truncated, in at most two units; the second is dropped when it is 0: `9.4s` (below 10 s), `42s`,
  /// `12m 40s`, `2h 5m`, `1d 2h`, `400d`. `due` when nothing is left.
  /// - Parameter remaining: milliseconds.
  package static func cell(remaining: Int64) -> String {
    guard remaining > 0 else { return "due" }
    let seconds = remaining / 1000
    if seconds < 10 { return "\(seconds).\(remaining / 100 % 10)s" }
    if seconds < minute { return "\(seconds)s" }
    if seconds < hour { return pair(seconds / minute, "m", seconds % minute, "s") }
    if seconds < day { return pair(seconds / hour, "h", seconds % hour / minute, "m") }
    return pair(seconds / day, "d", seconds % day / hour, "h")
  }

  private static func pair(_ first: Int64, _ firstUnit: String, _ second: Int64, _ secondUnit: String) -> String {
    second == 0 ? "\(first)\(firstUnit)" : "\(first)\(firstUnit) \(second)\(secondUnit)"
  }

  private static let minute: Int64 = 60
  private static let hour: Int64 = 3600
  private static let day: Int64 = 86_400
}
