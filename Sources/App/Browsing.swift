import Browser
import Canvas
import Glibc
import Keyspace
import PrivateServer
import RedisClient
import Settings
import Store
import Terminal
import YAML

/// The browser from start to end, on a terminal or by a script.
struct Browsing {
  let invocation: Invocation
  let environment: Environment
  private let startedAt: Int64
  var options: LaunchOptions { invocation.options }
  private var server: ServerChoice { invocation.server }

  init(_ invocation: Invocation, _ environment: Environment, startedAt: Int64) {
    self.invocation = invocation
    self.environment = environment
    self.startedAt = startedAt
  }

  /// What was read from files, and what was wrong in them.
  private struct Configuration {
    var preferences = Preferences()
    var theme = Theme.mono
    var complaints: [Complaint] = []
  }

  /// Runs to the end. Whatever can be found wrong without a server is found before one is asked.
  func run() throws(ErrorLine) -> ExitStatus {
    let script = try options.script.map { path throws(ErrorLine) in try ScriptFile.read(path) }
    if script == nil { try checkTerminal() }
    let trace = try options.trace.map { path throws(ErrorLine) in try Trace(path: path, startedAt: startedAt) }
    prepareReport(nil)
    let frames = try options.frames.map { path throws(ErrorLine) in try FrameLog(path: path) }
    let thread = try firstThread()
    let sample = try startSample()
    defer { sample?.stop() }
    var server = invocation.server
    if let sample { server.endpoint.address = .unix(path: sample.socketPath) }

    var configuration = Configuration()
    var storeOptions = StoreOptions.traced(by: trace)
    storeOptions.format = { ReplyFormat.document(of: $0, isPage: $1, as: $2) }
    let desk = try composeDesk()
    var first: First?
    if isServerless {
      configuration = configure()
    } else {
      first = try connect(server, storeOptions, desk) { configuration = configure() }
      trace?.write(.connected)
    }
    let known = KnownServers(rules(configuration.preferences, storeOptions, desk, isTyped: script == nil))
    let ui = UI(
      thread: thread, state: state(configuration.preferences, first, known),
      glyphs: configuration.preferences.isPlain ? .ascii : .unicode, isDriven: script != nil, trace: trace,
      frames: frames, servers: known, compose: desk)
    begin(ui, first, isTyped: script == nil)
    defer {
      let (end, session) = ui.assumeIsolated { ($0.composeEnd, $0.session) }
      if let session { Connecting.finish(session.end) }
      if let end { Connecting.finish(end) }
    }
    let endpoint = first?.endpoint
    if let script {
      return try play(script, on: ui, thread, configuration) { endpoint ?? known.lastReached }
    }
    return try show(on: ui, thread, configuration)
  }

  // MARK: - The first server

  /// The server that the command line names, connected.
  struct First {
    var store: Store
    var endpoint: Endpoint
    var notices: NoticeRelay
    var lock: WriteLock
  }

  private func connect(
    _ server: ServerChoice, _ storeOptions: StoreOptions, _ desk: ComposeDesk?, meanwhile: () -> Void
  ) throws(ErrorLine) -> First {
    // Locked until it is known what the server is.
    let lock = WriteLock(isLocked: true)
    var options = storeOptions
    options.isReadOnly = self.options.isReadOnly
    options.lock = lock
    if let desk, let service = server.composeService { options.find = { await desk.find(service) } }
    let (store, endpoint, notices) = try Connecting.connect(server, options: options, meanwhile: meanwhile)
    if let desk, server.composeService != nil { Task { await desk.learn() } }
    return First(store: store, endpoint: endpoint, notices: notices, lock: lock)
  }

  private func begin(_ ui: UI, _ first: First?, isTyped: Bool) {
    guard let first else { return ui.assumeIsolated { $0.beginWithoutServer() } }
    let session = Session(
      ask: { await first.store.answer($0) }, notices: first.notices, lock: first.lock,
      history: isTyped ? history(first.endpoint) : nil, end: { await first.store.shutdown() })
    ui.assumeIsolated { $0.begin(session) }
  }

  /// No server is named: it begins with those of a Compose project.
  var isServerless: Bool {
    if case .compose = invocation.command { true } else { false }
  }

  /// - Throws: a project is wanted, and there is none that can be read.
  private func composeDesk() throws(ErrorLine) -> ComposeDesk? {
    guard case .compose(let file, _) = invocation.command else {
      // Whoever wants none may be in a folder that is gone.
      return (try? environment.composeSurroundings()).map { ComposeDesk(surroundings: $0) }
    }
    return try ComposeDesk.open(file, environment)
  }

  var isDemo: Bool {
    if case .demo = invocation.command { true } else { false }
  }

  /// A script is no typing.
  private func history(_ endpoint: Endpoint) -> HistoryFile? {
    environment.stateFolder.map { HistoryFile(in: $0, server: isDemo ? "demo" : endpoint.display) }
  }

  // MARK: - With a terminal

  private func show(on ui: UI, _ thread: FirstThread, _ configuration: Configuration) throws(ErrorLine) -> ExitStatus {
    let screen = ScreenOptions(
      theme: configuration.theme, allowsColor: configuration.preferences.usesColor,
      isPlain: configuration.preferences.isPlain)
    let opened: Result<Void, TerminalError> = ui.assumeIsolated { ui in
      do throws(TerminalError) {
        return .success(try ui.open(screen))
      } catch {
        return .failure(error)
      }
    }
    if case .failure(let error) = opened { throw ErrorLine(text: error.description, status: .usage) }
    prepareReport(ui.assumeIsolated { $0.terminalFacts })
    // The screen keeps standard error back and shows it after the end.
    complain(configuration.complaints)
    if let first = configuration.complaints.first {
      let others = configuration.complaints.count - 1
      let words = first.shortDescription + (others > 0 ? " (and \(others) more, told at the end)" : "")
      ui.assumeIsolated { _ = $0.handle(.warning(words)) }
    }
    thread.run(watching: STDIN_FILENO) { ui.assumeIsolated { $0.turn() } }
    return ui.assumeIsolated { ui in
      ui.closeScreen()
      return ui.left ?? .success
    }
  }

  /// What a crash leaves behind: the version, the terminal, the last actions by name.
  private func prepareReport(_ terminalFacts: String?) {
    guard let folder = environment.stateFolder else { return }
    let facts = ["keyglass \(Version.current) on \(Environment.system)", terminalFacts]
    FaultGuard.prepareReport(in: folder, facts: facts.compactMap(\.self))
  }

  /// Said before a server is started or asked for nothing; opening the screen checks again.
  private func checkTerminal() throws(ErrorLine) {
    for (file, name) in [(STDIN_FILENO, "standard input"), (STDOUT_FILENO, "standard output")] where isatty(file) == 0 {
      throw ErrorLine(text: TerminalError.notATerminal(stream: name).description, status: .usage)
    }
  }

  // MARK: - With a script

  private func play(
    _ script: ScriptFile, on ui: UI, _ thread: FirstThread, _ configuration: Configuration,
    server: @escaping @Sendable () -> Endpoint?
  ) throws(ErrorLine) -> ExitStatus {
    complain(configuration.complaints)
    let other = OtherClient(server)
    let player = ScriptPlayer(
      ui: ui,
      send: { (arguments, database) async throws(ClientError) in
        try await other.send(arguments, database: database)
      },
      print: { Output.write($0, to: STDOUT_FILENO) })
    let result = Handover<ErrorLine?>()
    Task {
      do throws(ErrorLine) {
        try await player.play(script.lines, name: script.name)
        result.set(nil)
      } catch {
        result.set(error)
      }
      await ui.stop()
    }
    thread.run(watching: nil) { ui.assumeIsolated { $0.turn() } }
    if let error = result.wait() ?? nil { throw error }
    return ui.assumeIsolated { $0.left ?? .success }
  }

  // MARK: - Parts

  private func firstThread() throws(ErrorLine) -> FirstThread {
    do throws(TerminalError) {
      return try FirstThread()
    } catch {
      throw ErrorLine(text: error.description, status: .usage)
    }
  }

  private func startSample() throws(ErrorLine) -> PrivateServer? {
    guard case .demo(let isStill) = invocation.command else { return nil }
    let isSeen = isatty(STDERR_FILENO) != 0
    if isSeen { Output.write("keyglass: starting a private sample server …", to: STDERR_FILENO) }
    // The line has served its time, whatever follows.
    defer { if isSeen { Output.write("\r\u{1b}[K", to: STDERR_FILENO) } }
    do throws(PrivateServerError) {
      return try PrivateServer.start(seed: .demo, still: isStill)
    } catch {
      throw ErrorLine(text: error.description, status: .refused)
    }
  }

  private func configure() -> Configuration {
    let paths = SettingsPaths(config: options.config, environment: environment.all)
    var configuration = Configuration()
    if let path = paths.config {
      let loaded = ConfigFile.load(
        path: path, isRequired: options.config != nil, checkURI: ServerBook.mistake)
      configuration.preferences = loaded.preferences
      configuration.complaints = loaded.complaints
    }
    if let theme = options.theme { configuration.preferences.theme = theme }
    if options.isPlain { configuration.preferences.isPlain = true }
    if options.hasNoColor { configuration.preferences.usesColor = false }
    if let separator = options.separator { configuration.preferences.separator = Escape.typed(separator) }
    // A script has no colours.
    if options.script == nil || options.theme != nil {
      let loaded = ThemeLibrary.load(configuration.preferences.theme, userFolder: paths.themes)
      configuration.theme = loaded.theme
      configuration.complaints += loaded.complaints
    }
    return configuration
  }

  private func complain(_ complaints: [Complaint]) {
    for complaint in complaints { Output.complain("keyglass: \(complaint)") }
  }
}
