import Canvas

extension Painter {
  /// What Enter would run, exactly; on the footer's row, as a field is.
  mutating func draw(_ confirmation: ComposeState.Confirmation, in area: Rect) {
    let x = frame.put(text(" will run: ", .footerKey), x: 0, y: area.y)
    let enter = state.setup.isASCII ? Key.enter.plainTitle : Key.enter.title
    let words = confirmation.connects ? " runs it and connects" : " runs it"
    var hint = text(enter, .footerKey) + text(words, .footer)
    hint += text("  Esc", .footerKey) + text(" does not", .footer)
    if x + hint.width + 24 > area.width { hint = text("\(enter) Esc", .footerKey) }
    let room = max(8, area.width - x - hint.width - 4)
    frame.put(
      shellText(confirmation.command.words).middleTruncated(to: room, ellipsis: glyphs.ellipsis), x: x, y: area.y)
    frame.put(hint, endX: area.width - 1, y: area.y)
    frame.cursor = Frame.Cursor(x: min(x, area.width - 1), y: area.y, visible: state.setup.isPlain)
  }

  private typealias Hint = (keys: String, words: String, isOff: Bool)

  /// Keys of the Compose screen: grey what cannot be done now; the detail says why.
  mutating func drawComposeHints(in area: Rect) {
    var hints: [Hint] = []
    var ends: [Hint] = []
    let compose = state.compose
    if state.servers.attempt != nil || compose.starting != nil {
      hints = [("Esc", state.servers.attempt != nil ? "gives up connecting" : "does not connect", false)]
      if compose.running != nil, state.servers.attempt == nil { hints.append(("^C", "stops the command", false)) }
    } else if compose.isPaneFocused {
      hints = [("j k g G", "scroll", false), ("+", compose.isPaneZoomed ? "back" : "zoom", false)]
      hints += [("z", compose.run?.isWrapped == true ? "cut" : "wrap", false), ("Tab", "services", false)]
      if compose.running != nil { hints.append(("^C", "stop", false)) }
      let escape =
        compose.isPaneZoomed ? "back" : compose.running?.isCancelled == false ? "stop" : "close"
      ends = [("?", "help", false), ("Esc", escape, false)]
    } else {
      for binding in Bindings.all where binding.place == .compose {
        guard let hint = binding.hint else { continue }
        let key = state.setup.isASCII ? binding.keys[0].plainTitle : binding.keys[0].title
        if binding.action == .help || binding.action == .onCompose(.close) {
          let isLeaving = state.setup.isServerless && compose.run == nil
          ends.append((key, binding.action == .help ? hint : isLeaving ? "quit" : hint, false))
        } else if isHint(binding.action) {
          hints.append((key, hint, isOff(binding.action)))
        }
      }
      if compose.listing == nil {
        hints = [("R", compose.finding == nil ? "looks again" : "reads again", false), ("C", "connections", false)]
      } else if compose.run != nil {
        hints.insert(("Tab", "output", false), at: 0)
      }
    }
    func shown(_ hint: Hint) -> DisplayText {
      text(hint.keys, hint.isOff ? .textDim : .footerKey) + text(" " + hint.words, hint.isOff ? .textDim : .footer)
    }
    draw(hints: hints.map(shown), ends: ends.map(shown), in: area)
  }

  /// It means something for the row under the cursor.
  private func isHint(_ action: Action) -> Bool {
    guard case .onCompose(let action) = action else { return false }
    let service = state.compose.serviceUnderCursor
    switch action {
    case .connect, .test, .copy:
      guard let service, service.isRedis else { return false }
      return action == .connect || service.obstacle == nil && service.flaw == nil && !service.isDown
    case .run(.start): return service?.isDown ?? true
    case .run(.stop), .run(.restart): return service?.isDown != true
    case .run(.down): return true
    default: return true
    }
  }

  private func isOff(_ action: Action) -> Bool {
    guard case .onCompose(let action) = action else { return false }
    let service = state.compose.serviceUnderCursor
    switch action {
    case .run(let action): return state.composeObstacle(to: action, service: service?.name) != nil
    case .connect:
      guard let service else { return true }
      if service.isDown { return state.composeObstacle(to: .up, service: service.name) != nil || service.flaw != nil }
      return service.obstacle != nil || service.flaw != nil
    default: return false
    }
  }
}
