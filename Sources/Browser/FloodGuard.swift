import Canvas

/// Tells a paste without brackets from typing. In the list every letter is a command: text that was pasted there must
/// not act.
///
/// So many different keys at once, or in so short a time, no hand types. The same key again counts once: it is held
/// down.
struct FloodGuard: Sendable {
  /// Different keys that come in one piece.
  static let mostAtOnce = 6
  /// The same in several pieces, within a time in ms.
  static let most = 16
  static let window: Int64 = 60
  /// Ms without a key after which a flood is over.
  static let silence: Int64 = 100

  /// When the latest keys came, monotonic ms, oldest first; never more than ``most``.
  private var arrivals: [Int64] = []
  private var latest: Key?
  /// Keys before this monotonic ms belong to the flood.
  private var floodUntil: Int64 = .min

  /// Whether a flood is under way.
  func isOn(at now: Int64) -> Bool { now < floodUntil }

  /// Takes keys that came now in one piece, once. True: they are to be dropped, all of them.
  mutating func isFlood(_ keys: ArraySlice<Key>, at now: Int64) -> Bool {
    let count = Self.differentKeys(keys, after: latest)
    latest = keys.last ?? latest
    arrivals = Array((arrivals + Array(repeating: now, count: count)).suffix(Self.most))
    let isFast = arrivals.count == Self.most && now - arrivals[0] <= Self.window
    guard isOn(at: now) || isFast || count >= Self.mostAtOnce else { return false }
    floodUntil = now + Self.silence
    return true
  }

  /// Keys that a field has taken are no part of a flood.
  mutating func forget() { arrivals = [] }

  /// Keys of text, repeated ones once.
  static func differentKeys(_ keys: ArraySlice<Key>, after latest: Key? = nil) -> Int {
    var latest = latest
    var count = 0
    for key in keys {
      if isText(key), key != latest { count += 1 }
      latest = key
    }
    return count
  }

  private static func isText(_ key: Key) -> Bool {
    switch key {
    case .character, .enter, .tab: true
    default: false
    }
  }
}
