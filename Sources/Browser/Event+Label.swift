import Canvas
import Requests

extension Event {
  /// What happened, for the report of a crash: names of the program's own, never what was typed, shown or answered.
  package func label(in state: State) -> String {
    switch self {
    case .key(let key): "key: \(Self.label(of: key, in: state))"
    case .typed(let keys): keys.count == 1 ? "key: \(Self.label(of: keys[0], in: state))" : "\(keys.count) keys"
    case .mouse(let event): "mouse: \(event.kind)"
    case .paste: "paste"
    case .resize(let size): "resize to \(size.width)x\(size.height)"
    case .tick: "tick"
    case .answer(let purpose, _, _): "answer: \(purpose)"
    case .notice(let notice): "notice: \(notice.word)"
    case .editorEnded: "editor ended"
    case .pagerEnded: "pager ended"
    case .history: "history"
    case .warning: "warning"
    case .servers: "servers"
    case .serverTested: "server tested"
    case .connectFailed: "not connected"
    case .compose: "compose project"
    case .composeOutput: "compose output"
    case .composeEnded: "compose command ended"
    }
  }

  private static func label(of key: Key, in state: State) -> String {
    if state.console.focus == .input, state.overlay == nil { return "typed into the console" }
    if state.prompt != nil { return "typed into a prompt" }
    switch state.overlay {
    case .form: return "typed into a form"
    case .dialog: return "in a dialog"
    case .some: return "in an overlay"
    case nil: break
    }
    return Bindings.action(for: key, in: state.bindingPlaces).map { "\($0)" } ?? "without a binding"
  }
}

extension Notice {
  fileprivate var word: String {
    switch self {
    case .link(.connecting): "connecting"
    case .moved: "server moved"
    case .link(.connected): "connected"
    case .link(.lost): "connection lost"
    case .loginRefused: "login refused"
    case .scan(let progress): "scan \(progress.phase)"
    case .expiry(let progress): "expiry \(progress.phase == .done ? "known" : "under way")"
    case .changed: "keys changed"
    case .follow(.on): "following"
    case .follow(.interrupted): "following interrupted"
    case .follow(.off): "following ended"
    case .appeared: "keys appeared"
    case .tracking: "tracking"
    case .session: "session"
    case .console: "console"
    case .surveying: "surveying"
    case .writing: "writing"
    case .limits: "limits"
    case .flushed: "flushed"
    case .reconnected(let found): found.isSame ? "reconnected" : "server replaced"
    }
  }
}
