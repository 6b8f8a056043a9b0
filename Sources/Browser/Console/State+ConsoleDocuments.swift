import Canvas
import Requests
import Values

/// A reply leaves the console: into the value views, the pager, the clipboard, a file.
extension State {
  /// What a document that was asked for is for.
  enum DocumentUse: Sendable, Equatable {
    case view(title: [UInt8], format: StringView.Format?)
    case pager
    case clipboard(words: String)
  }

  /// Enter on a line: what stands there, alone and whole.
  mutating func openConsoleElement() {
    guard let (entry, line) = consoleCursor else { return }
    guard let line, entry.hasReply else {
      say("nothing to open here: stand on a line of a reply")
      return
    }
    askForDocument(of: entry, .element(line: line), for: .view(title: title(of: entry), format: nil))
  }

  private func title(of entry: ConsoleEntry) -> [UInt8] { Array(entry.text.utf8.prefix(60)) }

  private mutating func askForDocument(of entry: ConsoleEntry, _ form: ReplyForm, for use: DocumentUse) {
    console.documentUse = use
    ask(.consoleDocument, .console(.document(reply: entry.id, form)))
  }

  /// `o`: in which form, and where to.
  mutating func showConsoleFormats() {
    if console.pane.detail != nil {
      showFormats()
      return
    }
    guard let (entry, line) = consoleCursor, entry.hasReply, case .replied = entry.status else {
      say("stand on a line of a reply to show it in another form")
      return
    }
    var items: [Menu.Item] = []
    func add(_ key: Character, _ title: String, _ choice: Menu.Choice) {
      items.append(Menu.Item(key: key, title: title, isChosen: false, choice: choice))
    }
    if line != nil {
      add("t", "what stands on this line, as text", .consoleView(.text))
      add("j", "the same as JSON", .consoleView(.json))
      add("h", "the same as hex", .consoleView(.hex))
    }
    add("J", "the whole reply as JSON", .consoleJSON)
    add("p", "the whole reply in $PAGER", .consolePager)
    add("f", "the whole reply to a file", .consoleFile)
    overlay = .menu(Menu(title: "show as", items: items))
  }

  mutating func chooseInConsole(_ choice: Menu.Choice) {
    guard let (entry, line) = consoleCursor else { return }
    switch choice {
    case .consoleView(let format):
      guard let line else { return }
      askForDocument(of: entry, .element(line: line), for: .view(title: title(of: entry), format: format))
    case .consoleJSON: askForDocument(of: entry, .json, for: .view(title: title(of: entry), format: .json))
    case .consolePager: askForDocument(of: entry, .text, for: .pager)
    case .consoleFile: openPrompt(.replyFile)
    case .consoleCopy(let part): copyInConsole(part, of: entry, line: line)
    default: break
    }
  }

  mutating func take(document bytes: [UInt8], _ form: ReplyForm) {
    guard let use = console.documentUse else { return }
    console.documentUse = nil
    switch use {
    case .view(let title, let format):
      guard console.focus == .pane else { return }
      let page = StringPage(length: bytes.count, offset: 0, bytes: bytes)
      var view = StringView(page: page, width: consoleWidth, format: format == .json ? nil : format)
      if format == .json, !view.show(as: .json) { say("this is not a JSON object or array", .warning) }
      console.pane.detail = ConsoleDetail(title: title, view: view)
    case .pager: if console.focus == .pane { handOver(to: .pager(document: bytes)) }
    case .clipboard(let words): send(bytes, words)
    }
  }

  // MARK: - Copying

  mutating func openConsoleCopyMenu() {
    guard checkClipboard() else { return }
    guard let (entry, line) = consoleCursor else {
      say("nothing is under the cursor")
      return
    }
    var items: [Menu.Item] = []
    func add(_ key: Character, _ title: String, _ part: ConsoleCopyPart) {
      items.append(Menu.Item(key: key, title: title, isChosen: false, choice: .consoleCopy(part)))
    }
    if line != nil, entry.hasReply, case .replied = entry.status { add("v", "what stands on this line", .element) }
    if entry.hasReply, case .replied = entry.status {
      add("r", "the whole reply, as redis-cli --raw", .reply)
      add("j", "the whole reply as JSON", .json)
    }
    if !entry.text.isEmpty { add("c", "the command", .command) }
    guard !items.isEmpty else {
      say("nothing to copy here")
      return
    }
    overlay = .menu(Menu(title: "copy", items: items))
  }

  private mutating func copyInConsole(_ part: ConsoleCopyPart, of entry: ConsoleEntry, line: Int?) {
    switch part {
    case .command: send(Array(entry.text.utf8), "the command")
    case .element:
      guard let line else { return }
      askForDocument(of: entry, .element(line: line), for: .clipboard(words: "what stands on the line"))
    case .reply: askForDocument(of: entry, .raw, for: .clipboard(words: "the reply"))
    case .json: askForDocument(of: entry, .json, for: .clipboard(words: "the reply as JSON"))
    }
  }

  // MARK: - To a file

  /// `.json` is JSON, `.txt` what is on the screen, anything else the bytes.
  mutating func saveReply(to path: String) {
    guard !path.isEmpty, let (entry, _) = consoleCursor else { return }
    let form: ReplyForm = path.hasSuffix(".json") ? .json : path.hasSuffix(".txt") ? .text : .raw
    ask(.consoleDocument, .console(.save(reply: entry.id, form, path: path)))
  }
}

/// What of the console goes to the clipboard.
package enum ConsoleCopyPart: Sendable, Equatable {
  case element
  case reply
  case json
  case command
}
