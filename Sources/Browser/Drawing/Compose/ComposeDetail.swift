import Canvas

/// All that is known of the row under the cursor of the Compose screen, the most important first.
extension Painter {
  mutating func drawComposeDetail(of listing: ComposeListing, in area: Rect) {
    drawRule(y: area.y, width: frame.size.width)
    let width = max(1, area.width - 4)
    let blocks = state.compose.serviceUnderCursor.map { lines(of: $0, in: listing) } ?? lines(of: listing)
    let wrapped = blocks.filter { !$0.isEmpty }.flatMap { $0.wrappedAtBlanks(to: width) }
    let room = area.height - 1
    for (row, line) in wrapped.prefix(room).enumerated() {
      frame.put(line, x: area.x + 3, y: area.y + 1 + row, maxWidth: width)
    }
    guard wrapped.count > room else { return }
    let more = wrapped.count - room
    frame.put(
      text(" \(more) more \(more == 1 ? "line" : "lines"): a taller terminal shows them ", .textDim),
      endX: area.maxX - 1, y: area.y)
  }

  // MARK: - A service

  private func lines(of service: ComposeEntry, in listing: ComposeListing) -> [DisplayText] {
    return [facts(of: service, in: listing), news(of: service)]
      + troubles(of: service) + [
        reachText(of: service), commandText(of: service, in: listing), evidenceText(of: service),
      ]
      + notes(of: service) + (canConnect(to: service) ? [commandsOffText(of: service)] : [])
  }

  private func canConnect(to service: ComposeEntry) -> Bool {
    service.isRedis && service.obstacle == nil && service.flaw == nil && !service.isDown && !isHere(service)
  }

  /// Why nothing can be run, where what Enter does is said and is no command.
  private func commandsOffText(of service: ComposeEntry) -> DisplayText {
    guard let obstacle = state.composeObstacle(to: .up, service: service.name) else { return DisplayText() }
    return text("commands are off: ", .textDim) + outside(Array(obstacle.utf8), .warn, cells: 600)
  }

  private func facts(of service: ComposeEntry, in listing: ComposeListing) -> DisplayText {
    var parts = [
      Escape.display(Array(service.name.utf8), context: .name, limit: 200, role: .textStrong),
      outside(Array(service.image.utf8), .text, cells: 200),
    ]
    if service.containers != nil { parts.append(text(service.stateWords.text, service.stateWords.role)) }
    if let health = service.healthWords { parts.append(text("health ", .textDim) + text(health.text, health.role)) }
    if !service.restart.isEmpty {
      parts.append(text("restart ", .textDim) + outside(Array(service.restart.utf8), .text, cells: 40))
    }
    if let facts = facts(of: service) {
      parts.append(
        outside(Array("\(facts.product) \(facts.version)".utf8), .text, cells: 40)
          + text(facts.keys.map { ", \(Format.count($0)) keys" } ?? "")
          + text(isHere(service) ? "" : " when it was last asked", .textDim))
    }
    if isHere(service) { parts.append(text("you are here", .ok)) }
    return joined(parts)
  }

  /// What comes of connecting or of a test, whole.
  private func news(of service: ComposeEntry) -> DisplayText {
    let place = ServerPlace.compose(service: service.name)
    if let attempt = state.servers.attempt, attempt.place == place {
      let elapsed = max(0, state.now - attempt.since)
      let states = [service.stateWords.text, service.healthWords.map { "health \($0.text)" }].compactMap(\.self)
      return text("waiting for ", .warn)
        + Escape.display(Array(service.name.utf8), context: .name, limit: 60, role: .warn)
        + text(service.containers == nil ? "" : ": \(states.joined(separator: ", "))", .warn)
        + separated("\(elapsed / 1_000).\(elapsed / 100 % 10) s") + separated("Esc gives up")
    }
    if let starting = state.compose.starting, starting.service == service.name {
      return text("it is being started, and connected to when it is up", .warn) + separated("Esc: do not connect")
    }
    if let failure = state.servers.failure, failure.place == place {
      return outside(Array(failure.message.utf8), .danger, cells: 2_000)
    }
    guard let entry = state.servers.entry(of: place) else { return DisplayText() }
    return testNews(of: entry)
  }

  private func separated(_ words: String) -> DisplayText {
    var part = text(" ")
    part.append(glyphs.dot, role: .textDim)
    return part + text(" \(words)", .warn)
  }

  private func troubles(of service: ComposeEntry) -> [DisplayText] {
    var lines: [DisplayText] = []
    if let flaw = service.flaw { lines.append(outside(Array(flaw.utf8), .danger, cells: 1_000)) }
    if let error = service.containers?.error, !error.isEmpty {
      lines.append(text("the engine says: ", .danger) + outside(Array(error.utf8), .danger, cells: 1_000))
    }
    if let obstacle = service.obstacle, service.flaw == nil {
      // What is not running is not reached: starting it comes first.
      lines.append(outside(Array(obstacle.utf8), service.isDown ? .textDim : .warn, cells: 1_000))
    }
    if !service.unchosenProfiles.isEmpty {
      let names = service.unchosenProfiles.joined(separator: ", ")
      lines.append(
        text("only in the profiles ", .textDim) + outside(Array(names.utf8), .text, cells: 200)
          + text(": up of the whole project leaves it out, u here starts it", .textDim))
    }
    if !service.advice.isEmpty { lines.append(text("with this in its file it can be reached:", .textDim)) }
    return lines + service.advice.map { text("  ") + outside(Array($0.utf8), .accent, cells: 400) }
  }

  private func reachText(of service: ComposeEntry) -> DisplayText {
    guard service.isRedis else { return DisplayText() }
    var parts: [DisplayText] = []
    if let address = service.address {
      let reach = service.reach.isEmpty ? "" : ", \(service.reach)"
      parts.append(
        text("at ", .textDim) + outside(Array(address.utf8), .textStrong, cells: 200)
          + outside(Array(reach.utf8), .textDim, cells: 200))
    }
    if let user = service.user { parts.append(text("user ", .textDim) + outside(user, .text, cells: 100)) }
    if service.usesTLS { parts.append(text("TLS", .ok)) }
    if let source = service.passwordSource {
      parts.append(text("password: ", .textDim) + outside(Array(source.utf8), .text, cells: 200))
    } else {
      parts.append(text("no password in the files", .textDim))
    }
    return joined(parts)
  }

  private func evidenceText(of service: ComposeEntry) -> DisplayText {
    guard let product = service.product else {
      return text("nothing in the files says that it speaks Redis", .textDim)
    }
    guard !service.evidence.isEmpty else { return DisplayText() }
    return text("known as \(product) by: ", .textDim) + outside(Array(service.evidence.utf8), .text, cells: 300)
  }

  private func notes(of service: ComposeEntry) -> [DisplayText] {
    let notes =
      service.flaw != nil && service.notes.first == service.flaw ? service.notes.dropFirst() : service.notes[...]
    return notes.map { outside(Array($0.utf8), .warn, cells: 1_000) }
  }

  // MARK: - What keys would do

  /// The exact commands behind Enter, and behind the key that helps most.
  private func commandText(of service: ComposeEntry, in listing: ComposeListing) -> DisplayText {
    if state.servers.attempt?.place == .compose(service: service.name) { return DisplayText() }
    if service.isDown || service.containers?.state == .paused {
      let (key, action): (String, ComposeAction) = service.isDown ? ("u", .up) : ("r", .restart)
      let isConnecting = service.isRedis && service.flaw == nil && service.isDown
      return runs(isConnecting ? "\(enterSign) \(key)" : key, action, service.name, in: listing)
        + text(
          isConnecting && state.composeObstacle(to: .up, service: service.name) == nil
            ? "; \(enterSign) then connects" : "", .textDim)
    }
    guard canConnect(to: service) else {
      return runs("L", .logs, service.name, in: listing)
    }
    return text(enterSign, .footerKey) + text(" connects, as ", .textDim)
      + outside(Array(listing.commandLine(of: service.name).utf8), .accent, cells: 300)
      + text(" does", .textDim)
  }

  private var enterSign: String { state.setup.isASCII ? Key.enter.plainTitle : Key.enter.title }

  private func runs(_ key: String, _ action: ComposeAction, _ service: String?, in listing: ComposeListing)
    -> DisplayText
  {
    if let obstacle = state.composeObstacle(to: action, service: service) {
      return text("commands are off: ", .textDim) + outside(Array(obstacle.utf8), .warn, cells: 600)
    }
    guard let command = listing.command(action, service: service) else { return DisplayText() }
    return text(key, .footerKey) + text(" runs ", .textDim) + shellText(command.words)
  }

  /// As one would type it, escaped.
  func shellText(_ words: [String]) -> DisplayText {
    Escape.display(Array(ShellWord.line(words).utf8), context: .command, limit: 2_000, role: .accent)
  }

  // MARK: - The project

  private func lines(of listing: ComposeListing) -> [DisplayText] {
    let count = listing.services.count
    let redis = listing.services.count(where: \.isRedis)
    var lines = [
      joined([
        outside(Array(listing.name.utf8), .textStrong, cells: 100),
        text("\(count) \(count == 1 ? "service" : "services"), \(redis) of them Redis"),
        text(listing.runningWords ?? ""),
      ]),
      outside(Array((listing.folder + "  " + listing.files.joined(separator: "  ")).utf8), .textDim, cells: 600),
    ]
    if let obstacle = state.composeObstacle(to: .up, service: nil) {
      lines.append(text("commands are off: ", .textDim) + outside(Array(obstacle.utf8), .warn, cells: 1_000))
    } else {
      lines.append(runs("u", .up, nil, in: listing))
      lines.append(runs("d", .down, nil, in: listing) + text("; volumes stay", .textDim))
    }
    let flaws = listing.services.compactMap(\.flaw)
    if !flaws.isEmpty {
      let words = flaws.count == 1 ? "1 service has a mistake" : "\(flaws.count) services have mistakes"
      lines.append(text("\(words), for which Compose refuses the whole file:", .danger))
    }
    return lines + (flaws + listing.notes).map { outside(Array($0.utf8), .warn, cells: 1_000) }
  }
}
