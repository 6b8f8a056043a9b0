import Canvas
import Keyspace
import Requests
import Values

/// An edit that was asked for before what it needs was read. What is typed meanwhile is meant for its form, not for the
/// panes: it is held until the form is there.
struct Awaited: Sendable {
  enum Need: Sendable, Equatable {
    /// The value pane shows this key.
    case value(KeyName)
    /// What is being read of this key's value.
    case reading(KeyName)
    /// The whole of this string; it opens the editor itself.
    case whole(KeyName)
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
        giveUpAwaiting("it could not be read: nothing was edited")
        return
      }
      guard value.opened != nil else { return }
      awaited = nil
      perform(waiting.action)
    case .reading(let key):
      guard value.key == key, value.failure == nil, link == .connected else {
        giveUpAwaiting("it could not be read: nothing was edited")
        return
      }
      guard !owed.contains(.value), !value.isOutdated, value.renewal == nil else { return }
      awaited = nil
      perform(waiting.action)
    case .whole(let key):
      guard value.key == key, value.failure == nil, link == .connected else {
        giveUpAwaiting("it could not be read: nothing was edited")
        return
      }
      guard !owed.contains(.value) else { return }
      awaited = nil
    case .facts(let key):
      guard link == .connected else {
        giveUpAwaiting("it could not be read: nothing was edited")
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

  private mutating func giveUpAwaiting(_ why: String) {
    let typed = awaited?.typed.count ?? 0
    awaited = nil
    say(why + (typed > 0 ? "; what was typed was not used" : ""), .warning)
  }
}
