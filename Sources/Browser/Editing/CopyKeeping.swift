import Canvas
import Keyspace
import Requests
import Values

/// Which of the keys that are about to be destroyed are kept (as DUMP tells them), so that `u` can bring them back, and
/// why the others are not.
struct CopyKeeping {
  /// Bytes, by MEMORY USAGE, of one key and of all keys of one write.
  static let keyLimit = 8 << 20
  static let totalLimit = 64 << 20

  /// Which of DUMP and RESTORE the user may not run.
  let denial: Denial?
  /// Why there is no way back, with the number of keys, in the order in which the reasons came up.
  private(set) var losses: [(reason: String, count: Int)] = []
  private var kept = 0
  private var count = 0

  init(denial: Denial?) { self.denial = denial }

  /// Whether a copy of this key is to be kept.
  mutating func keeps(_ facts: KeyFacts) -> Bool {
    count += 1
    if let reason = reason(against: facts) {
      if let index = losses.firstIndex(where: { $0.reason == reason }) {
        losses[index].count += 1
      } else {
        losses.append((reason, 1))
      }
      return false
    }
    kept += facts.size.value ?? 0
    return true
  }

  private func reason(against facts: KeyFacts) -> String? {
    if let denial { return "this user may not run \(denial.command)" }
    // What comes back without its TTL has not come back.
    if facts.deadline.denial != nil { return "this user may not read the TTL" }
    guard let size = facts.size.value else { return "this user may not read the size" }
    if size > Self.keyLimit { return "over \(Format.size(Self.keyLimit)), too big to be kept" }
    if kept + size > Self.totalLimit { return "over \(Format.size(Self.totalLimit)) in all, too much to be kept" }
    return nil
  }

  /// What `u` will be able to do, for the dialog that asks.
  var lines: [String] {
    guard !losses.isEmpty else { return [count == 1 ? "u brings it back." : "u brings them back."] }
    return losses.map { reason, lost in
      count == 1
        ? "There is no way back: \(reason)." : "There is no way back for \(Format.count(lost)) of them: \(reason)."
    }
  }
}
