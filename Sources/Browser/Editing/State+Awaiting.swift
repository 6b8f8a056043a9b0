import Canvas
import Keyspace
import Requests
import Values

/// What was asked for before what it needs was read. What is typed meanwhile is meant for what comes then (the form of an
/// edit), not for what is on the screen now: it is held until that is there.
struct Awaited: Sendable {
  enum Need: Sendable, Equatable {
    /// The value pane shows this key.
    case value(KeyName)
    /// What is being read of this key's value.
    case reading(KeyName)
    /// The whole of this string; what it is for is done when it comes (``State/takeWhole(_:)``).
    case whole(KeyName)
    /// DUMP of this key; likewise.
    case dump(KeyName)
    /// Nothing any more.
    case done
    /// Type and deadline of this key.
    case facts(KeyName)
    /// The keys that are being asked about; the answer opens the form.
    case survey
  }

  var action: Action
  var need: Need
  /// Monotonic ms.
  var since: Int64
  var typed: [Typed] = []

  enum Typed: Sendable {
    case key(Key)
    case paste([UInt8])
  }
}

extension State {
  /// Ms to wait for what a form needs.
  private static let longestAwaiting: Int64 = 10_000

  /// Carries `action` out as soon as what it needs was read.
  mutating func postpone(_ action: Action, until need: Awaited.Need) {
    awaited = Awaited(action: action, need: need, since: now)
  }

  /// Takes a key that is meant for a form to come; false: none is awaited.
  mutating func hold(_ key: Key) -> Bool {
    guard awaited != nil else { return false }
    if key == .escape {
      giveUpAwaiting("not waiting for it any more")
    } else {
      awaited?.typed.append(.key(key))
    }
    return true
  }

  /// The same for a paste.
  mutating func hold(paste bytes: [UInt8]) -> Bool {
    guard awaited != nil else { return false }
    awaited?.typed.append(.paste(bytes))
    return true
  }

  /// What was awaited may have come, or cannot come any more.
  mutating func resumeAwaited() {
    guard let waiting = awaited else { return }
    if now - waiting.since >= Self.longestAwaiting {
      giveUpAwaiting("it was not read in time: try again")
      return
    }
    switch waiting.need {
    case .value(let key):
      guard value.key == key, value.failure == nil, link == .connected else {
        giveUpAwaiting(waiting.action.inVain)
        return
      }
      guard value.opened != nil else { return }
      awaited = nil
      perform(waiting.action)
    case .reading(let key):
      guard value.key == key, value.failure == nil, link == .connected else {
        giveUpAwaiting(waiting.action.inVain)
        return
      }
      guard !owed.contains(.value), !value.isOutdated, value.renewal == nil else { return }
      awaited = nil
      perform(waiting.action)
    case .whole(let key):
      guard value.key == key, value.failure == nil, link == .connected else {
        giveUpAwaiting(waiting.action.inVain)
        return
      }
      // Another answer than the one that was asked for: the key is gone, or of another type.
      if !owed.contains(.value) { giveUpAwaiting(waiting.action.inVain) }
      return
    case .dump:
      guard !owed.contains(.question) else { return }
      // Why, has been said.
      awaited = nil
      return
    case .done: awaited = nil
    case .facts(let key):
      guard link == .connected else {
        giveUpAwaiting(waiting.action.inVain)
        return
      }
      guard let seen = list.seen[key], seen.facts.type != .unknown, !seen.isStale else { return }
      awaited = nil
      perform(waiting.action)
    case .survey:
      guard surveying == nil else { return }
      awaited = nil
    }
    guard !waiting.typed.isEmpty else { return }
    var takesKeys = false
    if case .form? = overlay { takesKeys = true }
    if case .menu? = overlay { takesKeys = true }
    if case .copyPart = waiting.action { takesKeys = true }
    if takesKeys {
      for typed in waiting.typed {
        switch typed {
        case .key(let key): handle(key)
        case .paste(let bytes): handlePaste(bytes)
        }
      }
    } else if editing == nil, message == nil {
      say("what was typed was not used: no field opened", .warning)
    }
  }

  /// Asks for all of the open string, in one piece, for `action`.
  mutating func readWhole(for action: Action, limit: Int) {
    guard let key = value.key else { return }
    say("reading the whole string")
    postpone(action, until: .whole(key))
    // A window that is under way will not come any more.
    value.askedWindow = nil
    ask(.value, .page(key, .string, .bytes(offset: 0, length: limit)))
  }

  /// The string that was read whole; false where that was not asked for.
  mutating func takeWhole(_ page: ValuePage) -> Bool {
    guard let waiting = awaited, waiting.need == .whole(value.key ?? KeyName([])), case .string(let page) = page else {
      return false
    }
    awaited?.need = .done
    guard page.isWhole else {
      say("the string grew meanwhile and is too long now: \(waiting.action.nothing)", .warning)
      return true
    }
    switch waiting.action {
    case .copyPart(let part): copy(part, ofWhole: page.bytes)
    case .showInPager: showInPager(page)
    default: openEditor(EditedPart(.string, label: "value", old: page.bytes))
    }
    return true
  }

  private mutating func giveUpAwaiting(_ why: String) {
    let typed = awaited?.typed.count ?? 0
    if awaited?.need == .survey { surveying = nil }
    awaited = nil
    say(why + (typed > 0 ? "; what was typed was not used" : ""), .warning)
  }
}

extension Action {
  /// What has come of it where what it needs cannot be read.
  fileprivate var nothing: String {
    switch self {
    case .copy, .copyPart: "nothing was copied"
    case .showInPager: "nothing was shown"
    default: "nothing was edited"
    }
  }

  fileprivate var inVain: String { "it could not be read: \(nothing)" }
}
