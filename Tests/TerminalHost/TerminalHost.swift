import CPlatform
import Canvas
import Glibc
import Terminal

/// A small program for the tests: shows what it gets, and fails in every way that it is asked to.
/// It is also the shape of a real main: synchronous, with one actor on the executor of the first thread.
@main
enum TerminalHost {
  static func main() {
    FaultGuard.install()
    if let folder = getenv("KG_REPORTS") {
      FaultGuard.prepareReport(in: String(cString: folder), facts: ["a host of the tests", "TERM=\u{1B}[2J"])
    }
    let arguments = CommandLine.arguments.dropFirst()
    var options = ScreenOptions(theme: HostPage.theme)
    options.allowsColor = !arguments.contains("--no-color")
    options.isPlain = arguments.contains("--plain")
    do {
      let thread = try FirstThread()
      let host = try Host(thread: thread, options: options)
      let task = Task.detached { await host.count() }
      var status: Int32 = 0
      if arguments.contains("--measure") {
        host.assumeIsolated { $0.measure() }
      } else {
        thread.run(watching: STDIN_FILENO) {
          host.assumeIsolated { host in
            guard let exit = host.turn() else { return .wait(until: host.inputDeadline) }
            status = exit
            return .stop
          }
        }
      }
      task.cancel()
      let report = host.assumeIsolated { $0.close() }
      print(report, terminator: "")
      exit(status)
    } catch {
      _ = "keyglass: \(error)\n".withCString { write(STDERR_FILENO, $0, strlen($0)) }
      exit(2)
    }
  }
}

/// Owns the screen.
actor Host {
  private let thread: FirstThread
  private let screen: Screen
  private var page = HostPage()
  private var report = ""

  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  init(thread: FirstThread, options: ScreenOptions) throws(TerminalError) {
    self.thread = thread
    screen = try Screen.open(options: options)
  }

  /// Shows that jobs from elsewhere reach the first thread while it waits for keys.
  func count() {
    page.background = getpid() == kg_gettid() ? "job on the first thread" : "job elsewhere"
  }

  var inputDeadline: ContinuousClock.Instant? { screen.inputDeadline }

  /// Reads and draws; an exit status ends the program.
  func turn() -> Int32? {
    for event in screen.readEvents() {
      switch event {
      case .key(.character("q")): return 0
      case .key(.control("z")), .suspendRequested: screen.suspend()
      case .key(.control("l")): screen.repaint()
      case .key(.character("v")):
        let result = screen.handOver { EditorProcess.edit([0x78], errors: $0, editor: "\(arguments().last ?? "vi")") }
        report += "\(result)\n"
      case .key(.character("m")): screen.setMouse(true)
      case .key(.character("y")): screen.copy(Array("copied é".utf8))
      case .key(.character(let character)): page.act(character)
      case .signal(let number): return 128 + number
      case .inputClosed: return 1
      case .key, .mouse, .paste, .resize, .focus: break
      }
      FaultGuard.note("action \(event)".prefix(20).description)
      page.note(event)
    }
    _ = screen.draw(page.frame(size: screen.size, glyphs: screen.glyphSet))
    return nil
  }

  private func arguments() -> [String] { CommandLine.arguments }

  func close() -> String {
    screen.close()
    return report
  }

  /// What frames cost: the whole screen, the selection one row down, the same again.
  func measure() {
    for (name, row) in [("full", 5), ("down", 6), ("same", 6), ("down", 7)] {
      page.selected = row
      let cost = screen.draw(page.frame(size: screen.size, glyphs: screen.glyphSet))
      report += "\(name) \(screen.size.width)x\(screen.size.height) \(cost.bytes) bytes \(cost.writes) writes\n"
    }
    screen.repaint()
    let cost = screen.draw(page.frame(size: screen.size, glyphs: screen.glyphSet))
    report += "repaint \(cost.bytes) bytes \(cost.writes) writes\n"
  }
}
