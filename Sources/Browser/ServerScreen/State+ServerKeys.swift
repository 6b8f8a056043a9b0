import Canvas
import Requests

extension State {
  /// What an action does on the screen of the server. False: the same as everywhere.
  mutating func performInServer(_ action: Action) -> Bool {
    guard let screen = serverScreen else { return false }
    switch action {
    case .server: closeServer()
    case .cancel, .leave: if screen.isOpened { serverScreen?.isOpened = false } else { closeServer() }
    case .move(let move): moveInServer(move)
    case .serverPage(let step): showServerPage(after: screen.page, by: step)
    case .open: openInServer(screen)
    case .loadScale:
      serverScreen?.scale = (screen.scale + 1) % ServerScreen.scales.count
    case .refresh:
      catchUp()
      if link != .connected { ask(.link, .reconnect) }
      if !owed.contains(.header) { askHeader() }
      askForServerList(isAsked: true)
    case .killClient: askToKill(screen)
    default:
      if action.holdsInServer { return false }
      say("q goes back to the keys first")
    }
    return true
  }

  private mutating func showServerPage(after page: ServerScreen.Page, by step: Int) {
    let pages = ServerScreen.Page.allCases
    serverScreen?.page = pages[(page.rawValue + step + pages.count) % pages.count]
    serverScreen?.isOpened = false
    fitServer()
    askForServerList()
  }

  mutating func moveInServer(_ move: Move) {
    guard var screen = serverScreen else { return }
    let height = serverListHeight
    switch screen.page {
    case .overview: screen.viewport.scroll(move, count: serverOverviewLength, height: serverPageHeight)
    case .clients:
      screen.clients.viewport.move(move, count: screen.clients.content?.clients.count ?? 0, height: height)
    case .slowLog:
      screen.slowLog.viewport.move(move, count: screen.slowLog.content?.commands.count ?? 0, height: height)
    }
    serverScreen = screen
  }

  private mutating func openInServer(_ screen: ServerScreen) {
    switch screen.page {
    case .overview: say("Tab goes to the clients and to the slow log")
    case .clients: serverScreen?.isOpened = screen.client != nil && !screen.isOpened
    case .slowLog: serverScreen?.isOpened = screen.slowCommand != nil && !screen.isOpened
    }
  }

  // MARK: - Killing a client

  private mutating func askToKill(_ screen: ServerScreen) {
    guard screen.page == .clients else {
      say("Tab goes to the clients: x kills the one under the cursor")
      return
    }
    guard let client = screen.client else {
      say("no client is under the cursor")
      return
    }
    guard !setup.isReadOnly else {
      say("read-only: no client is killed (started with --read-only)", .warning)
      return
    }
    guard !client.isOwn else {
      say("client \(client.id) is Keyglass's own connection: it would be made again at once", .warning)
      return
    }
    guard link == .connected else {
      say("there is no connection to the server: nothing can be sent", .warning)
      return
    }
    guard !owed.contains(.kill) else {
      say("a client is being killed: wait for the answer", .warning)
      return
    }
    open(
      Dialog(
        title: "kill client \(client.id)", lines: client.words, commands: [command("CLIENT", "KILL", "ID", client.id)],
        buttons: [.init("[Cancel]", .cancel), .init("[Kill]", .kill(client: client.id, session: session))],
        openedAt: now))
  }

  mutating func take(_ outcome: KillOutcome, ofClient id: Int) {
    switch outcome {
    case .killed: say("client \(id) was killed")
    case .gone: say("client \(id) had gone already: nothing was killed", .warning)
    }
    if serverScreen?.page == .clients { askForServerList(isAsked: true) }
  }
}

extension ClientFacts {
  /// Who it is, and what is lost with it, for the question.
  fileprivate var words: [[UInt8]] {
    var lines = [Array("at ".utf8) + address]
    if !name.isEmpty { lines[0] += Array(", named ".utf8) + name }
    if !user.isEmpty { lines[0] += Array(", user ".utf8) + user }
    var last = command.isEmpty ? [] : Array("last command ".utf8) + command
    if let idle { last += Array("\(last.isEmpty ? "" : ", ")idle for \(InspectionScreen.idle(idle))".utf8) }
    if !last.isEmpty { lines.append(last) }
    if let part { lines.append(Array(part.utf8)) }
    lines.append(Array("What it has sent and was not answered may be done or not. It may connect again.".utf8))
    return lines
  }

  /// What is more than a client.
  private var part: String? {
    if flags.contains(UInt8(ascii: "S")) { return "It is a replica of this server: it will have to catch up." }
    if flags.contains(UInt8(ascii: "M")) { return "It is the primary of this server: what it writes comes no more." }
    if flags.contains(UInt8(ascii: "x")) { return "A transaction is open: nothing of it is carried out." }
    return nil
  }
}

extension Action {
  /// It means the same on the screen of the server as everywhere.
  var holdsInServer: Bool {
    switch self {
    case .console, .commandLog, .pause, .help, .mouse, .repaint, .suspend, .quit: true
    default: false
    }
  }

  /// Worth a word in the footer there.
  func isHintInServer(_ page: ServerScreen.Page) -> Bool {
    switch self {
    case .killClient: page == .clients
    case .open: page != .overview
    case .serverPage, .loadScale, .refresh, .leave: true
    default: holdsInServer
    }
  }
}
