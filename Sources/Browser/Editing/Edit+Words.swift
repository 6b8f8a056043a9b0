import Canvas
import Keyspace
import Requests
import Values

extension Edit {
  /// What the edit did, once it is done, in a few words. May hold bytes of the server.
  /// - Parameters:
  ///   - applied: what the server said, where it did.
  ///   - database: the one on the screen; another one is named.
  func done(_ applied: Applied?, database: Int) -> [UInt8] {
    func text(_ string: String) -> [UInt8] { Array(string.utf8) }
    func short(_ bytes: [UInt8]) -> [UInt8] {
      if bytes.isEmpty { return text("(empty)") }
      return bytes.count > 40 ? bytes.prefix(40) + text("...") : bytes
    }
    let name = short(key.bytes) + (self.database == database ? [] : text(" in db\(self.database)"))
    if case .absent = presence {
      switch change {
      case .string, .restoreKey: break
      default: return text("added ") + name
      }
    }
    let result = applied?.replies.first.flatMap { $0 }
    switch change {
    case .string(nil, _): return text("added ") + name
    case .string(_, nil): return text("deleted ") + name
    case .string: return text("changed ") + name
    case .field(let field, nil, _, _): return text("added field ") + short(field)
    case .field(let field, _, nil, _): return text("deleted field ") + short(field)
    case .field(let field, _, _, _): return text("changed field ") + short(field)
    case .renameField(let old, let new, _): return text("renamed field ") + short(old) + text(" to ") + short(new)
    case .element(let index, _, _, _): return text("changed element \(index)")
    case .insert(let value, let place): return text("added ") + short(value) + text(place.words)
    case .removeElement(let index, let value, _, _): return text("deleted element \(index), ") + short(value)
    case .pop(let value, let end): return text("took the \(end == .head ? "first" : "last"), ") + short(value)
    case .member(let member, true), .score(let member, nil, _): return text("added member ") + short(member)
    case .member(let member, false), .score(let member, _, nil): return text("deleted member ") + short(member)
    case .score(let member, _, let score?): return text("score of ") + short(member) + text(" is ") + short(score)
    case .renameMember(let old, let new), .renameScored(let old, let new, _):
      return text("renamed member ") + short(old) + text(" to ") + short(new)
    case .add(_, let number, _):
      return text("added ") + short(number) + (applied.flatMap { sum($0) }.map { text(", now ") + short($0) } ?? [])
    case .addEntry: return text("added entry ") + (result ?? [])
    case .removeEntry(let id): return text("deleted entry \(id.text)")
    case .dropStream: return text("deleted ") + name
    case .expiry(_, let expiry): return expiry.words(of: name)
    case .fieldExpiry(let field, _, let expiry): return expiry.words(of: text("field ") + short(field))
    case .renameKey(let to, let replaced, let restored):
      let extra = replaced != nil ? ", which it replaced" : restored != nil ? ", and what it replaced is back" : ""
      return text("renamed ") + name + text(" to ") + short(to.bytes) + text(extra)
    case .copyKey(let to, let target):
      return text("copied ") + name + text(" to ") + short(to.bytes) + text(target == database ? "" : " in db\(target)")
    case .deleteKey: return text("deleted ") + name
    case .restoreKey: return name + text(" is back")
    }
  }
}

extension Expiry {
  /// What expires now, and when.
  fileprivate func words(of name: [UInt8]) -> [UInt8] {
    func text(_ string: String) -> [UInt8] { Array(string.utf8) }
    switch self {
    case .never: return name + text(" has no TTL any more")
    case .after(let time): return text("TTL of ") + name + text(" is \(TTLText.cell(remaining: time))")
    case .at(let time): return name + text(" expires \(DateText.utc(milliseconds: time) ?? "at \(time)")")
    }
  }
}

extension ListPlace {
  fileprivate var words: String {
    switch self {
    case .head: " at the head"
    case .tail, .end: " at the tail"
    case .before(let index, _, _, _): " before element \(index)"
    case .after(let index, _, _, _): " after element \(index)"
    }
  }
}
