import Canvas
import Requests

extension State {
  /// Keys within so many ms after a dialog was drawn are dropped: they were meant for what was there before.
  static let dialogGuard: Int64 = 150

  /// Opens a dialog over whatever is there.
  mutating func open(_ dialog: Dialog) {
    var dialog = dialog
    dialog.openedAt = now
    if overlay == .servers || overlay == .compose { beneath = overlay }
    overlay = .dialog(dialog)
  }

  mutating func handle(_ key: Key, in dialog: Dialog) {
    var dialog = dialog
    guard now - dialog.openedAt >= Self.dialogGuard else { return }
    switch key {
    case .escape: choose(dialog.buttons[0].choice)
    case .tab where dialog.isFocusMoved, .right where dialog.isFocusMoved: dialog.isFocusMoved = false
    case .tab, .right, .down: dialog.moveFocus(by: 1)
    case .backTab, .left, .up: dialog.moveFocus(by: -1)
    case .enter:
      if let demanded = dialog.demanded, !dialog.field.text.isEmpty, !dialog.isConfirmed {
        say("\(dialog.field.text) is not \(demanded), \(dialog.demands.words): type that, or Esc", .warning)
        return
      }
      let isFirst = dialog.focus == 0
      if isFirst || dialog.isConfirmed {
        choose(dialog.buttons[dialog.focus].choice)
        return
      }
      if let demanded = dialog.demanded { say("type \(demanded) first, \(dialog.demands.words)", .warning) }
    default:
      if dialog.demanded != nil {
        _ = dialog.field.handle(key, kills: &kills)
        // Whoever has typed the number means it: Enter now does it.
        dialog.focus = dialog.isConfirmed ? 1 : 0
        dialog.isFocusMoved = dialog.isConfirmed
      } else if key == .character("q") {
        choose(dialog.buttons[0].choice)
        return
      }
    }
    if case .dialog? = overlay { overlay = .dialog(dialog) }
  }

  private mutating func choose(_ choice: Dialog.Choice) {
    overlay = nil
    // It was locked while the question stood there.
    if choice.writes, isReadOnly {
      if let form = choice.form { askToUnlock(for: form) } else { say("\(readOnlyWords); nothing was sent", .warning) }
      return
    }
    switch choice {
    case .servers: overlay = .servers
    case .connect(let place): connect(to: place)
    case .runCompose(let command): run(command)
    case .connectCompose(let service): connectCompose(service, isSure: true)
    case .stopCompose(let leaving): stopCompose(leaving: leaving)
    case .unlock(let form): unlock(for: form)
    case .cancel: surveying = nil
    case .write(let edits): write(edits, .dialog)
    case .bulk(let form): sendBulk(form)
    case .bulkAgain(let edits, let adds): writes[write(edits, .dialog)]?.addsTTL = adds
    case .replace(let edit, let form): writes[write([edit], .dialog)]?.form = form
    case .form(let form): overlay = .form(form)
    case .discard: say("discarded: nothing was sent")
    case .readAllSizes: readAllSizes()
    case .quit: outbox.append(.quit(status: 0))
    case .undo(let way, let isRedo): askUndo(way, isRedo: isRedo)
    case .kill(let id, let session): ask(.kill, .killClient(id: id, session: session))
    case .console(let id, let isSent): answerConsole(id, isSent: isSent)
    }
  }

  /// Asked whether to leave although a write is under way.
  mutating func leaveProgram() {
    guard !askAboutCommand(leaving: .program) else { return }
    if let queue = console.session.queue, !queue.isEmpty {
      open(
        Dialog(
          title: "a transaction is open",
          lines: [Array("\(queue.count) queued in the console; without EXEC nothing of it is carried out.".utf8)],
          buttons: [.init("[Stay]", .cancel), .init("[Leave]", .quit)], openedAt: now))
      return
    }
    guard !writes.isEmpty else {
      outbox.append(.quit(status: 0))
      return
    }
    open(
      Dialog(
        title: "a write is under way", lines: [Array("Its outcome is not known yet; ^C stops waiting for it.".utf8)],
        buttons: [.init("[Wait]", .cancel), .init("[Leave]", .quit)], openedAt: now))
  }
}

extension Dialog {
  /// What must be known or typed before anything but the first button works is.
  var isConfirmed: Bool { !isAsking && (demanded == nil || demanded == field.text) }

  /// What it was asked for is not to be lost with it: a command of the console, a form that is locked.
  var goesBack: Bool {
    if case .console? = buttons.first?.choice { return true }
    return demands == .serverName
  }

  mutating func moveFocus(by step: Int) {
    focus = (focus + step + buttons.count) % buttons.count
  }
}

extension Browser {
  /// Keys are dropped for now, because a dialog or a conflict has only just been drawn.
  package static func isDroppingKeys(_ state: State) -> Bool {
    if let prompt = state.prompt, state.now < prompt.quietUntil { return true }
    if let confirmation = state.compose.confirmation, state.now < confirmation.quietUntil { return true }
    return switch state.overlay {
    case .dialog(let dialog): dialog.isAsking || state.now - dialog.openedAt < State.dialogGuard
    case .form(let form): state.now < form.quietUntil
    default: false
    }
  }
}
