import Canvas
import Commands
import Keyspace
import Requests
import TestSupport

@testable import Browser

/// Presses keys, pastes, resizes and answers at random, and looks at what comes of it.
struct Monkey {
  var random: Seeded
  let setup: Setup
  var state: State
  var index = KeyIndex()
  var version = 1
  /// Requests that were not answered yet, oldest first.
  var outstanding: [(purpose: Purpose, generation: Int, request: Request)] = []
  private(set) var lastEvent = ""
  private var stepCount = 0
  /// How often it wrote, had a form before it, or a value.
  private(set) var writes = 0
  private(set) var forms = 0
  private(set) var values = 0
  /// How often the list was narrowed by what is left of TTLs.
  private(set) var conditions = 0
  /// Commands that the console has sent, and questions before them.
  private(set) var commands = 0
  private(set) var questions = 0
  /// How often another server was gone to, and a production server unlocked.
  var switches = 0
  /// Commands of the Compose project.
  var composeRuns = 0
  private(set) var unlocks = 0
  /// How often memory by prefix was shown with folders of which something is known.
  private(set) var memories = 0

  /// Nothing of what these count is left out.
  var hasBeenEverywhere: Bool {
    guard switches > 0, composeRuns > 0, values > 0, memories > 0, conditions > 0, commands > 0 else { return false }
    return setup.isReadOnly || forms > 0 && (setup.stage == .prod ? unlocks > 0 : questions > 0)
  }

  init(seed: UInt64) {
    random = Seeded(state: seed)
    var setup = Setup(endpointName: "127.0.0.1:6379")
    setup.isReadOnly = seed % 4 == 3
    setup.isPlain = seed % 3 == 2
    setup.previewDelay = seed % 5 == 4 ? nil : 120
    if seed % 3 == 1 { (setup.profile, setup.stage) = ("prod", .prod) }
    self.setup = setup
    state = State(setup: setup, size: Size(width: 100, height: 30), monotonic: 1_000_000, wall: Harness.wall)
    outstanding = Browser.start(&state).compactMap(Self.request)
    for _ in 0..<60 { index.insert([name()]) }
    index.settle()
  }

  /// One event and what follows; what is wrong afterwards, nil where all is well.
  mutating func step() -> String? {
    stepCount += 1
    let event = event()
    lastEvent = String(String(describing: event).prefix(300))
    let before = Before(state)
    let effects = Browser.reduce(&state, event)
    if let fault = before.fault(of: event, effects, state) ?? before.composeFault(of: event, effects) { return fault }
    for effect in effects {
      if let asked = Self.request(effect) { outstanding.append(asked) }
      if asked(effect, for: .write) { writes += 1 }
      if case .request(_, _, .console(.run)) = effect { commands += 1 }
      follow(effect)
      if case .editor = effect, let fault = editorEnds() { return fault }
    }
    // What waits longest is given up, as by a lane.
    while outstanding.count > 40, let oldest = outstanding.firstIndex(where: { $0.purpose != .console }) {
      outstanding.remove(at: oldest)
    }
    if case .form? = state.overlay { forms += 1 }
    if case .dialog(let dialog)? = state.overlay, case .console? = dialog.buttons.first?.choice { questions += 1 }
    if effects.contains(.lockWrites(false)) { unlocks += 1 }
    if state.value.content != .none { values += 1 }
    if state.list.query.dependsOnTime { conditions += 1 }
    if state.isMemoryShown, state.list.folders.count > 1 { memories += 1 }
    return frameFault()
  }

  /// `$EDITOR` ends before anything else happens but that time goes by.
  private mutating func editorEnds() -> String? {
    guard !state.isReadOnly else { return "$EDITOR although it is read-only" }
    _ = Browser.reduce(&state, .tick(monotonic: state.now + 3_000, wall: state.wall + 3_000))
    let result: EditorResult = random.one(3) ? .failed(why: "status 3", keptAt: "/tmp/kept") : .saved(bytes())
    let effects = Browser.reduce(&state, .editorEnded(result))
    outstanding += effects.compactMap(Self.request)
    return effects.contains { asked($0, for: .write) } ? "written as $EDITOR ended" : nil
  }

  /// Both sets of signs on each event would take most of the time: they take turns, but in the campaign.
  private func frameFault() -> String? {
    let sets: [GlyphSet] = Campaign.isOn ? [.unicode, .ascii] : [stepCount % 2 == 0 ? .unicode : .ascii]
    for glyphs in sets {
      var frame = Frame(size: state.size)
      Browser.draw(state, glyphs: glyphs, into: &frame)
      guard frame.isWellFormed else { return "the frame is not whole, or the cursor outside" }
      guard frame.size == state.size else { return "the frame has another size" }
    }
    return Browser.nextTick(state) > state.now ? nil : "time stands still"
  }

  private static func request(_ effect: Effect) -> (Purpose, Int, Request)? {
    if case .request(let purpose, let generation, let request) = effect { (purpose, generation, request) } else { nil }
  }

  private func asked(_ effect: Effect, for purpose: Purpose) -> Bool {
    if case .request(purpose, _, _) = effect { true } else { false }
  }
}

/// What has to be known of the state before an event, to judge what it did.
private struct Before {
  let overlay: Overlay?
  let isPrompting: Bool
  let now: Int64
  let isReadOnly: Bool
  /// A Compose command stands there, for long enough to be read.
  let hasConfirmation: Bool
  /// Keys that wait for something to be read, and are typed when it is there.
  let waiting: [Key]

  init(_ state: State) {
    overlay = state.overlay
    isPrompting = state.prompt != nil
    now = state.now
    isReadOnly = state.setup.isReadOnly
    hasConfirmation = state.compose.confirmation.map { state.now >= $0.quietUntil } ?? false
    waiting =
      state.heldKeys
      + (state.awaited?.typed ?? []).compactMap { if case .key(let key) = $0 { key } else { nil } }
  }

  func fault(of event: Event, _ effects: [Effect], _ state: State) -> String? {
    for case .request(let purpose, _, let request) in effects {
      switch request {
      case .write(let job):
        guard !state.isReadOnly else { return "written although it is read-only" }
        guard purpose == .write, !job.edits.isEmpty else { return "a write of nothing, or in another lane" }
        guard isConfirmed(event) else { return "written without being confirmed: \(job)" }
      case .undo, .redo:
        guard !state.isReadOnly else { return "undone although it is read-only" }
        guard isUndo(event) || isConfirmed(event) else { return "undone without being asked" }
      case .killClient:
        guard !state.setup.isReadOnly else { return "killed although it is read-only" }
        guard purpose == .kill, isConfirmed(event) else { return "killed without being confirmed" }
      case .console(.run(let command)):
        guard mayRun(command, after: event, state) else { return "sent unasked: \(command)" }
      default:
        guard purpose != .write else { return "\(request) in the lane of writes" }
      }
    }
    return lostText(event, state)
  }

  /// A Compose command that changes something is run behind its question only.
  func composeFault(of event: Event, _ effects: [Effect]) -> String? {
    for case .runCompose(_, let words, _) in effects {
      if words.contains("ps") || words.contains("logs") { continue }
      guard !isReadOnly else { return "\(words) although it is read-only" }
      guard isConfirmed(event) || hasConfirmation && (event.isEnter) else { return "\(words) without being confirmed" }
    }
    return nil
  }

  /// Enter in a form, or on the button of a dialog that was there long enough to be read; or one that was typed ahead.
  private func isConfirmed(_ event: Event) -> Bool {
    if waiting.contains(.enter) { return true }
    switch event {
    case .key(.enter): break
    // What came in one piece confirms only what was there before it.
    case .typed(let keys) where keys.contains(.enter):
      switch overlay {
      case .form?: return true
      case .dialog(let dialog)?:
        let isText = keys.contains { if case .character = $0 { true } else { false } }
        return now - dialog.openedAt >= 150 && (dialog.demanded != nil || !isText || keys.count == 1)
      default: return false
      }
    default: return false
    }
    switch overlay {
    case .form(let form)?:
      if case .sending = form.status { return false }
      return ![.cancel, .leave, .keepEditing, .names].contains(form.focusedButton)
    case .dialog(let dialog)?: return dialog.focus > 0 && dialog.isConfirmed && now - dialog.openedAt >= 150
    default: return false
    }
  }

  /// A paste sends nothing; what is risky goes out only behind its question, or where the question has proved needless.
  private func mayRun(_ command: ConsoleCommand, after event: Event, _ state: State) -> Bool {
    switch event {
    case .paste, .resize, .mouse, .history, .warning, .pagerEnded, .editorEnded: return false
    default: break
    }
    guard let risk = CommandRisk(words: command.words), !state.isReadOnly || risk == .monitor else { return true }
    switch event {
    case .answer(_, _, .console(.impact(let impact))): return impact.isSlight
    // Once approved, it comes again.
    case .tick: return state.console.entries.last { $0.id == command.id }?.every != nil
    default: return isConfirmed(event)
    }
  }

  private func isUndo(_ event: Event) -> Bool {
    if waiting.contains(.character("u")) || waiting.contains(.character("U")) { return true }
    switch event {
    case .key(.character("u")), .key(.character("U")): return overlay == nil && !isPrompting
    case .typed(let keys): return keys.contains(.character("u")) || keys.contains(.character("U"))
    default: return false
    }
  }

  /// What was typed into a form goes away by a key, or by the report that it was written; never by itself.
  private func lostText(_ event: Event, _ state: State) -> String? {
    guard let form = Self.form(in: overlay), form.isChanged, waiting.isEmpty else { return nil }
    switch event {
    case .key, .typed, .paste, .answer(.write, _, _): return nil
    default: break
    }
    let typed = form.fields.map(\.area.bytes)
    switch state.overlay {
    case .form(let now)?, .names(let now, _)?:
      return now.fields.map(\.area.bytes) == typed && now.document == form.document ? nil : "what was typed is gone"
    case .dialog(let dialog)? where dialog.buttons.contains(where: { Self.keeps(form, $0.choice) }): return nil
    default: return "what was typed is gone"
    }
  }

  private static func form(in overlay: Overlay?) -> Form? {
    switch overlay {
    case .form(let form)?, .names(let form, _)?: form
    default: nil
    }
  }

  private static func keeps(_ form: Form, _ choice: Dialog.Choice) -> Bool {
    switch choice {
    case .form(form), .replace(_, form), .bulk(form): true
    default: false
    }
  }
}

extension Event {
  fileprivate var isEnter: Bool {
    switch self {
    case .key(.enter): true
    case .typed(let keys): keys.contains(.enter)
    default: false
    }
  }
}

extension Seeded {
  /// True once in so many times.
  mutating func one(_ times: Int) -> Bool { Int.random(in: 0..<times, using: &self) == 0 }

  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  mutating func pick<Choices: Collection>(_ choices: Choices) -> Choices.Element {
    choices[choices.index(choices.startIndex, offsetBy: number(0...choices.count - 1))]
  }
}
