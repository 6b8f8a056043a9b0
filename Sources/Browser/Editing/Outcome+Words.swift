import Canvas
import Keyspace
import Requests

extension Outcome {
  /// What became of the edit, in plain words: what happened, and that nothing was written where nothing was.
  var words: [UInt8] {
    func text(_ string: String) -> [UInt8] { Array(string.utf8) }
    switch self {
    case .applied: return text("done")
    case .conflict(.value(nil)): return text("conflict: it is not there any more; nothing was written")
    case .conflict(.value(let now?)):
      return text("conflict: somebody else made it \"") + now.prefix(200) + text("\"; nothing was written")
    case .conflict(.changed): return text("conflict: it is not what it was any more; nothing was written")
    case .conflict(.moved): return text("conflict: the list was changed around this element; nothing was written")
    case .conflict(.bigValue(let bytes)):
      return text("conflict: somebody else changed it, it has \(Format.count(bytes)) bytes now; nothing was written")
    case .conflict(.deadline): return text("conflict: somebody else changed its TTL; nothing was written")
    case .gone: return text("the key expired or was deleted meanwhile; nothing was written")
    case .typeChanged(let type): return text("the key is a \(type.title) now; nothing was written")
    case .taken(let name, let type):
      let what = type.map { "is there already, a \($0.title)" } ?? "is there already"
      return name + text(" \(what): nothing was written")
    case .otherSession:
      return text(
        "the connection was lost and made again meanwhile: nothing was sent. Enter tries again, if it still is what you saw"
      )
    case .otherServer: return text("the server was restarted since, or is another one: nothing was sent")
    case .tooBusy: return text("written too often to guard: nothing was sent. Try again")
    case .refused(let failure): return text("nothing was written: ") + failure.why + text(". " + failure.nextStep)
    case .partly(let applied, let count, let error):
      return text("only \(applied) of \(count) commands ran: ") + error + text(". Look at the key before you go on")
    case .unknown(let verdict, let why):
      let lost = "the reply was lost (\(why)); "
      switch verdict {
      case .applied: return text(lost + "read back: it was applied")
      case .notApplied: return text(lost + "read back: it was not applied, nor sent again")
      case .notYet:
        return text(
          lost + "read back: not applied so far, but it may still be on its way. Look again before you send it")
      case .changed: return text(lost + "read back: somebody else changed it, it cannot be told. Look before you go on")
      case .unreadable(let failure):
        return text(lost + "nor can it be read back: ") + failure.why + text(". " + failure.nextStep)
      }
    }
  }
}
