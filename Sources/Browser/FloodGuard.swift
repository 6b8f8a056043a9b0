import Canvas

/// Tells a paste without brackets from typing. In the list every letter is a command: text that was pasted there must
/// not act.
///
/// So many different keys at once, or in so short a time, no hand types. The same key again counts once: it is held
/// down.
struct FloodGuard: Sendable {
  /// Different keys that come in one piece.
  static let mostAtOnce = 6
  /// The same in several pieces, within so many ms.
  static let window: Int64 = 20
  /// Ms without a key after which a flood is over.
  static let silence: Int64 = 100
  /// Ms between keys that no hand types so fast: they are of one stream.
  static let pause: Int64 = 3
  /// Ms after a paste in which keys are its tail.
  static let pasteTail: Int64 = 30

  /// When the latest keys came, monotonic ms, oldest first; never more than ``mostAtOnce``.
  private var arrivals: [Int64] = []
  private(set) var latestAt: Int64 = .min
  /// Since when keys come in one stream.
  private(set) var streamSince: Int64 = .min
  private var latest: Key?
  /// Keys before this monotonic ms belong to the flood.
  private var floodUntil: Int64 = .min
  private var pasteUntil: Int64 = .min

  /// Notes that keys have come, wherever they go.
  mutating func note(at now: Int64) {
    if latestAt == .min || now - latestAt > Self.pause { streamSince = now }
    latestAt = now
  }

  /// A paste has ended: what follows at once belongs to it.
  mutating func notePaste(at now: Int64) { pasteUntil = now + Self.pasteTail }

  /// Whether keys now are the tail of a paste; they prolong it.
  mutating func isTail(at now: Int64) -> Bool {
    guard now < pasteUntil else { return false }
    pasteUntil = now + Self.pasteTail
    return true
  }

  /// Whether a flood is under way.
  func isOn(at now: Int64) -> Bool { now < floodUntil }

  /// Takes keys that came now in one piece, once. True: they are to be dropped, all of them.
  mutating func isFlood(_ keys: ArraySlice<Key>, at now: Int64) -> Bool {
    let count = Self.differentKeys(keys, after: latest)
    latest = keys.last ?? latest
    arrivals = Array((arrivals + Array(repeating: now, count: count)).suffix(Self.mostAtOnce))
    let isFast = arrivals.count == Self.mostAtOnce && now - arrivals[0] <= Self.window
    guard isOn(at: now) || isFast else { return false }
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
