import Canvas
import Keyspace
import Requests

/// The program as values: what happens to the ``State``, and what is to be done about it.
package enum Browser {
  /// The first requests, once connected.
  package static func start(_ state: inout State) -> [Effect] {
    state.ask(.database, .select(database: state.database, scope: state.startScope))
    state.askHeader()
    return state.takeEffects()
  }

  /// Applies one event. The only place where the state changes.
  package static func reduce(_ state: inout State, _ event: Event) -> [Effect] {
    let charset = state.setup.charset
    return Escape.$charset.withValue(charset) { apply(event, to: &state) }
  }

  private static func apply(_ event: Event, to state: inout State) -> [Effect] {
    switch event {
    case .key(let key):
      state.noteActivity()
      state.handle(key)
    case .typed(let keys):
      state.noteActivity()
      state.handleTyped(keys)
    case .mouse(let event):
      state.noteActivity()
      state.handle(event)
    case .paste(let bytes):
      state.noteActivity()
      state.handlePaste(bytes)
    case .resize(let size): state.resize(to: size)
    case .tick(let monotonic, let wall): state.tick(monotonic: monotonic, wall: wall)
    case .answer(let purpose, let generation, let answer):
      state.take(answer, for: purpose, generation: generation)
    case .notice(let notice): state.take(notice)
    case .editorEnded(let result): state.take(result)
    case .pagerEnded(let why): if let why { state.say("$PAGER: \(why)", .error) }
    case .history(let lines): state.take(history: lines)
    case .warning(let text): state.say(text, .warning)
    case .servers(let entries): state.take(servers: entries)
    case .serverTested(let place, let test): state.take(test, of: place)
    case .connectFailed(let attempt, let failure): state.take(failure, ofAttempt: attempt)
    case .compose(let finding): state.take(compose: finding)
    case .composeOutput(let run, let lines): state.take(output: lines, ofComposeRun: run)
    case .composeEnded(let run, let end): state.take(end, ofComposeRun: run)
    }
    if !state.setup.isServerless { tend(&state) }
    state.tendCompose()
    return state.takeEffects()
  }

  /// Asks for what the screen now needs of the server.
  private static func tend(_ state: inout State) {
    state.resumeAwaited()
    state.tendBulk()
    if case .form? = state.overlay { state.formSince = state.formSince ?? state.now } else { state.formSince = nil }
    state.console.lineSince = state.console.focus == .input ? state.console.lineSince ?? state.now : nil
    state.askForConsoleLines()
    state.tendMemory()
    state.askForWhatIsVisible()
    state.fitBanner()
  }

  /// No answer is owed that changes the screen, the scan rests, and neither a preview nor the open value is about to be
  /// read.
  package static func isIdle(_ state: State) -> Bool {
    if isDroppingKeys(state) || state.servers.isBusy { return false }
    if state.composeScreen == .compose, state.compose.isBusy { return false }
    if state.setup.isServerless { return true }
    let isScanning = state.list.scan.phase == .running
    let isPreviewDue = state.previewDue != nil
    let isReading = state.isMonitorShown && state.pause == nil && state.monitor?.isReading == true
    let isSearching = state.list.scan.search?.isRunning == true
    return !isScanning && !isSearching && !isReading && !state.isMemoryBusy && !state.isMonitorBehind
      && state.handOver == nil && !isPreviewDue
      && !state.isRereadDue
      && state.awaited == nil && state.rowsDue ?? .max > state.now
      && state.owed.subtracting([.header]).isEmpty
      && (state.list.rowsVersion == state.list.scan.version || state.pause != nil || state.isListCovered)
  }
}

extension State {
  /// Asks the Store, as the newest question for this purpose.
  mutating func ask(_ purpose: Purpose, _ request: Request) {
    // Nobody would answer.
    guard !setup.isServerless else { return }
    let generation = (generations[purpose] ?? 0) + 1
    generations[purpose] = generation
    owed.insert(purpose)
    waits.begin(purpose, request, at: now)
    moments[purpose] = changes.now
    outbox.append(.request(purpose, generation: generation, request))
  }

  /// Answers still under way for this purpose will be dropped.
  mutating func abandon(_ purpose: Purpose) {
    generations[purpose, default: 0] += 1
    owed.remove(purpose)
    waits.forget(purpose)
    if purpose == .value {
      value.askedWindow = nil
      value.renewal = nil
    }
  }

  mutating func takeEffects() -> [Effect] {
    defer { outbox = [] }
    return outbox
  }

  mutating func say(_ text: String, _ tone: Message.Tone = .plain) {
    say(Array(text.utf8), tone)
  }

  mutating func say(_ bytes: [UInt8], _ tone: Message.Tone) {
    message = Message(tone: tone, bytes: bytes, until: now + (tone == .plain ? 4_000 : 8_000))
  }

  mutating func say(_ failure: Failure) {
    guard failure.kind != .superseded else { return }
    say(Array((failure.what + ": ").utf8) + failure.why + Array((". " + failure.nextStep).utf8), .error)
  }

  mutating func askHeader() {
    header.askedAt = now
    ask(.header, .serverFacts)
  }
}
