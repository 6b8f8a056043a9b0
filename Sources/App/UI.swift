package import Browser
package import Canvas
import RedisClient
package import Requests
package import Terminal

/// The program as the user meets it: events go through the reducer, effects into lanes, and at most one frame is drawn
/// each turn of the first thread's loop. With a screen it is the terminal's; without one, a script's.
package actor UI {
  package typealias Ask = @Sendable (Request) async -> Answer

  private let thread: FirstThread
  let trace: Trace?
  private let frames: FrameLog?
  /// Nil: there is nowhere else to go.
  let servers: (any ServerDirectory)?
  let compose: ComposeControl?
  /// The server on the screen.
  package private(set) var session: Session?
  /// Counts the servers: what one of them still says when the next is there is meant for nobody.
  private var epoch = 0
  /// What the server on the screen tells; each has a box of its own.
  private var notices: NoticeBox
  private let firstNotices: NoticeBox
  private var lanes = Lanes()
  /// The list that is being made, or was made last.
  private var listTask: Task<Void, Never>?
  /// Attempts to connect, by their numbers.
  var connecting: [Int: Task<Void, Never>] = [:]
  private(set) var state: State
  private var screen: Screen?
  private var glyphs: GlyphSet
  private var frame: Frame
  private var isDirty = true
  /// When the last frame was drawn, monotonic ms.
  private var lastFrameAt: Int64 = 0

  /// Ms between two frames.
  private static let framePause: Int64 = 8
  private var nextTick: Int64 = 0
  /// When the oldest key was read that no frame shows yet, in ``Trace/nanoseconds``.
  private var inputAt: Int64?
  /// What ``frames`` tells of the time before a frame.
  private var past = FrameLog.Past()
  private var milestones = Milestones()
  private var observer: ((State) -> Void)?
  private var waiter: Waiter?
  /// How the user left; nil as long as he has not.
  package private(set) var left: ExitStatus?
  /// Whether leaving ends the loop. A script goes on to its own end.
  private let isDriven: Bool
  private var isStopped = false

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    unsafe thread.asUnownedSerialExecutor()
  }

  /// - Parameters:
  ///   - isDriven: a script feeds it, and ends it with ``stop()``.
  ///   - frames: gets what is drawn to the terminal.
  ///   - servers: where one may go from here.
  package init(
    thread: FirstThread, state: State, glyphs: GlyphSet, isDriven: Bool, trace: Trace?, frames: FrameLog? = nil,
    servers: (any ServerDirectory)? = nil, compose: ComposeDesk? = nil
  ) {
    firstNotices = NoticeBox()
    notices = firstNotices
    self.thread = thread
    self.state = state
    self.glyphs = glyphs
    self.isDriven = isDriven
    self.trace = trace
    self.frames = frames
    self.servers = servers
    self.compose = compose.map { ComposeControl($0) }
    frame = Frame(size: state.size)
  }

  // MARK: - Setting up and running, on the first thread

  /// Sends the first requests.
  package func begin(asking ask: @escaping Ask) { begin(Session(ask: ask)) }

  /// The same to this server, whose notices come here from now on.
  package func begin(_ session: Session) {
    self.session = session
    session.notices.open { [notices, thread] notice in
      if notices.add(notice) { thread.wake() }
    }
    advanceClock()
    perform(Browser.start(&state))
  }

  /// Begins where the user chooses a server.
  package func beginWithoutServer() {
    advanceClock()
    perform(Browser.startWithoutServer(&state))
  }

  /// What runs of Compose, to be ended before the program ends.
  var composeEnd: ComposeControl? { compose }

  /// Leaves the server on the screen for another. Nothing that the old one still answers or tells arrives.
  func enter(_ connected: Connected) {
    let old = session
    epoch += 1
    lanes = Lanes()
    notices = NoticeBox()
    advanceClock()
    state = Browser.entering(connected.setup, from: state)
    begin(connected.session)
    isDirty = true
    if let old { Task { await old.end() } }
  }

  /// Takes the terminal.
  package func open(_ options: ScreenOptions) throws(TerminalError) {
    let screen = try Screen.open(options: options)
    self.screen = screen
    glyphs = screen.glyphSet
    screen.setMouse(state.isMouseOn)
    state.setup.isASCII = glyphs == .ascii
    state.setup.charset = screen.showsUnicode ? .unicode : .ascii
    feed(.resize(screen.size))
  }

  /// One turn of the loop.
  package func turn() -> FirstThread.Next {
    readInput()
    for notice in notices.take() {
      milestones.note(notice, to: trace)
      feed(.notice(notice))
    }
    if !isDirty, Clocks.monotonic >= nextTick {
      advanceClock()
      isDirty = true
    }
    drawIfDirty()
    let patience = serveWaiter()
    if isStopped || (left != nil && !isDriven) { return .stop }
    let next = min(isDirty ? lastFrameAt + Self.framePause : nextTick, patience ?? .max)
    let instant = ContinuousClock.now + .milliseconds(max(0, next - Clocks.monotonic))
    return .wait(until: min(instant, screen?.inputDeadline ?? instant))
  }

  /// What a report should say of the terminal; nil without one.
  package var terminalFacts: String? { screen?.facts }

  /// Gives the terminal back.
  package func closeScreen() {
    screen?.close()
    screen = nil
  }

  /// From now on `body` is called after each frame with what it shows.
  package func observe(_ body: @escaping (State) -> Void) { observer = body }

  /// Ends the loop after this turn.
  package func stop() { isStopped = true }

  // MARK: - Events

  /// Called by the first Store on any thread, where its ``Session`` does not bring its notices.
  package nonisolated func post(_ notice: Notice) {
    if firstNotices.add(notice) { thread.wake() }
  }

  /// Feeds an event from outside, a user's or another. False once the program was left.
  package func handle(_ event: Event) -> Bool {
    guard left == nil else { return false }
    switch event {
    case .key, .typed, .paste: if inputAt == nil { inputAt = Trace.nanoseconds }
    default: break
    }
    feed(event)
    return true
  }

  /// Moves the countdowns on the screen on, and nothing else.
  package func advanceDisplay(milliseconds: Int64) {
    state.displayOffset += milliseconds
    isDirty = true
  }

  /// What the screen shows now.
  package func currentFrame() -> Frame {
    drawIfDirty()
    return frame
  }

  func feed(_ event: Event) {
    FaultGuard.note(event.label(in: state))
    advanceClock()
    perform(Browser.reduce(&state, event))
    isDirty = true
  }

  /// Events are judged by the time at which they are handled. What this changes is drawn with the event.
  private func advanceClock() {
    let now = Clocks.monotonic
    if now > state.now { perform(Browser.reduce(&state, .tick(monotonic: now, wall: Clocks.wall))) }
  }

  private func readInput() {
    guard let screen else { return }
    let readAt = Trace.nanoseconds
    var keys: [Key] = []
    for event in screen.readEvents() where left == nil {
      if case .key(let key) = event {
        keys.append(key)
        continue
      }
      feedTyped(&keys, readAt: readAt)
      switch event {
      case .key: break
      case .mouse(let event): feed(.mouse(event))
      case .paste(let bytes):
        past.inputs += 1
        if inputAt == nil { inputAt = readAt }
        feed(.paste(bytes))
      case .resize(let size): feed(.resize(size))
      case .focus: break
      case .suspendRequested: perform([.suspend])
      case .signal(let number): left = ExitStatus(rawValue: 128 + number)
      // As when the window was closed.
      case .inputClosed: left = ExitStatus(rawValue: 129)
      }
    }
    feedTyped(&keys, readAt: readAt)
  }

  /// Keys that were read at once stay together: a paste without brackets is told from typing by that.
  private func feedTyped(_ keys: inout [Key], readAt: Int64) {
    guard !keys.isEmpty, left == nil else { return }
    past.inputs += keys.count
    if inputAt == nil { inputAt = readAt }
    feed(.typed(keys))
    keys = []
  }

  // MARK: - Effects

  private func perform(_ effects: [Effect]) {
    for effect in effects {
      switch effect {
      case .request(let purpose, let generation, let request):
        // A list that another takes the place of ends at once, and lets it begin.
        if purpose == .rows { listTask?.cancel() }
        if let job = lanes.submit(Lanes.Job(purpose, generation: generation, request)) { start(job) }
      case .quit(let status): left = ExitStatus(rawValue: status)
      case .suspend:
        screen?.suspend()
        isDirty = true
      case .repaint:
        screen?.repaint()
        isDirty = true
      case .mouse(let isOn): screen?.setMouse(isOn)
      case .editor(let document): feed(.editorEnded(edit(document)))
      case .pager(let document): feed(.pagerEnded(why: view(document)))
      case .copy(let bytes): screen?.copy(bytes)
      case .loadHistory: feed(.history(session?.history?.load() ?? []))
      case .remember(let line): session?.history?.append(line)
      case .listServers: feed(.servers(servers?.list() ?? []))
      case .testServer(let place): test(place)
      case .connect(let attempt, let place, let password): connect(to: place, attempt, password)
      case .giveUp(let attempt): connecting[attempt]?.cancel()
      case .watchCompose(let isOn): watchCompose(isOn)
      case .runCompose(let run, let words, let folder): runCompose(run, words, folder)
      case .cancelCompose(let run): compose?.cancel(run)
      case .lockWrites(let isLocked): session?.lock?.set(isLocked: isLocked)
      }
    }
  }

  /// Hands the terminal to `$EDITOR` and waits for it; the Store's answers wait meanwhile.
  private func edit(_ document: [UInt8]) -> EditorResult {
    defer { isDirty = true }
    guard let screen else { return EditorResult(EditorProcess.edit(document, errors: nil)) }
    return EditorResult(screen.handOver { EditorProcess.edit(document, errors: $0) })
  }

  /// The same with `$PAGER`; why it was not shown, if it was not.
  private func view(_ document: [UInt8]) -> String? {
    defer { isDirty = true }
    guard let screen else { return EditorProcess.view(document, errors: nil) }
    return screen.handOver { EditorProcess.view(document, errors: $0) }
  }

  private func start(_ job: Lanes.Job) {
    guard let ask = session?.ask else { return }
    milestones.note(job.request)
    // Within a purpose the lane keeps the order; requests of two purposes may overtake each other.
    let task = Task { [epoch] in finish(job, await ask(job.request), of: epoch) }
    if job.purpose == .rows { listTask = task }
  }

  private func finish(_ job: Lanes.Job, _ answer: Answer, of epoch: Int) {
    guard epoch == self.epoch else { return }
    if let next = lanes.finish(job.purpose) { start(next) }
    feed(.answer(job.purpose, generation: job.generation, answer))
  }

  // MARK: - Drawing

  private func drawIfDirty() {
    // What nobody has typed for waits for the next frame: a terminal shows no more of them.
    guard isDirty, inputAt != nil || screen == nil || Clocks.monotonic - lastFrameAt >= Self.framePause else { return }
    isDirty = false
    lastFrameAt = Clocks.monotonic
    let startedAt = Trace.nanoseconds
    var next = Frame(size: state.size)
    Browser.draw(state, glyphs: glyphs, into: &next)
    frame = next
    let drawnAt = Trace.nanoseconds
    let flush = screen?.draw(frame)
    if let flush, let frames {
      past.updates += flush.bytes > 0 ? 1 : 0
      past.isIdle = holds(.idle)
      frames.write(frame, after: past)
    }
    nextTick = Browser.nextTick(state)
    observer?(state)
    let pressedAt = inputAt
    inputAt = nil
    guard let trace else { return }
    trace.write(
      .frame(
        drawMicroseconds: (drawnAt - startedAt) / 1000, flushedBytes: flush?.bytes ?? 0, writes: flush?.writes ?? 0))
    if let pressedAt { trace.write(.inputToFrame(microseconds: (Trace.nanoseconds - pressedAt) / 1000)) }
    milestones.noteFrame(showsKeys: state.list.count > 0, to: trace)
  }

  // MARK: - Waiting

  /// What a script waits for.
  package enum Condition: Sendable {
    /// No effect runs or waits, the scan is settled, everything is drawn.
    case idle
    case screen(ScreenPattern)
  }

  private struct Waiter {
    let condition: Condition
    let deadline: Int64
    let continuation: CheckedContinuation<Bool, Never>
  }

  /// Returns true as soon as the condition holds after a drawn frame, false when it did not within the time or the
  /// program was left. One at a time.
  package func wait(for condition: Condition, milliseconds: Int64) async -> Bool {
    precondition(waiter == nil, "one waiter at a time")
    let deadline = Clocks.monotonic + milliseconds
    return await withCheckedContinuation { continuation in
      waiter = Waiter(condition: condition, deadline: deadline, continuation: continuation)
    }
  }

  /// Wakes the waiter when its time has come. Returns the deadline of one that goes on waiting.
  private func serveWaiter() -> Int64? {
    guard let waiter else { return nil }
    let isMet = holds(waiter.condition)
    guard isMet || left != nil || Clocks.monotonic >= waiter.deadline else { return waiter.deadline }
    self.waiter = nil
    waiter.continuation.resume(returning: isMet)
    return nil
  }

  private func holds(_ condition: Condition) -> Bool {
    switch condition {
    case .idle: lanes.isIdle && Browser.isIdle(state) && isScanSettled && !isDirty
    // What a script types next is not to be dropped.
    case .screen(let pattern): pattern.occurs(in: ScreenText.text(of: frame)) && !Browser.isDroppingKeys(state)
    }
  }

  /// After a selection the Store's first word of its scan may still be under way.
  private var isScanSettled: Bool {
    switch state.list.scan.phase {
    case .done, .limited, .stopped, .paused, .denied: true
    case .running: false
    case .idle: state.link != .connected || state.setup.isServerless
    }
  }
}

extension EditorResult {
  init(_ outcome: EditorProcess.Outcome) {
    switch outcome {
    case .saved(let bytes): self = .saved(bytes)
    case .failed(let why, let keptAt): self = .failed(why: why, keptAt: keptAt)
    }
  }
}
