import Canvas
import Keyspace
import Requests

extension State {
  mutating func handleInOverlay(_ key: Key) {
    guard let overlay else { return }
    switch overlay {
    case .form(let form):
      handle(key, in: form)
      return
    case .dialog(let dialog):
      handle(key, in: dialog)
      return
    default: break
    }
    if overlay == .servers {
      handleInServers(key)
      return
    }
    if overlay == .compose {
      handleInCompose(key)
      return
    }
    if key == .escape || key == .character("q") {
      if case .log(let log, let viewport, _?) = overlay {
        self.overlay = .log(log, viewport)
      } else if case .names(let form, _) = overlay {
        self.overlay = .form(form)
      } else {
        self.overlay = nil
      }
      return
    }
    if key == .character("Q") {
      leaveProgram()
      return
    }
    switch overlay {
    case .help(var viewport):
      if key == .character("?") {
        self.overlay = nil
      } else if let move = Self.move(for: key) {
        viewport.scroll(move, count: HelpScreen.lines(self).count, height: overlayHeight)
        self.overlay = .help(viewport)
      }
    case .inspection(let name, let inspection, var viewport):
      if key == .character("i") {
        self.overlay = nil
      } else if let move = Self.move(for: key) {
        viewport.scroll(move, count: InspectionScreen.lines(self).count, height: overlayHeight)
        self.overlay = .inspection(name, inspection, viewport)
      }
    case .databases(let facts, var viewport):
      if let move = Self.move(for: key) {
        viewport.move(move, count: facts?.count ?? 0, height: overlayHeight)
        self.overlay = .databases(facts, viewport)
      } else if key == .enter || key == .character("l") || key == .right, let facts,
        facts.indices.contains(viewport.cursor)
      {
        switchDatabase(to: facts[viewport.cursor].number)
      } else if case .character(let digit) = key, digit.isASCII, digit.isNumber {
        self.overlay = nil
        prompt = Prompt(subject: .database, field: TextField(String(digit)))
      }
    case .menu(var menu): handle(key, in: &menu)
    case .names(let form, var viewport):
      if key == .enter {
        self.overlay = .form(form)
      } else if let move = Self.move(for: key), case .bulkTTL(let bulk) = form.subject {
        viewport.move(move, count: bulk.names.count, height: overlayHeight - 1)
        self.overlay = .names(form, viewport)
      }
    case .log(let log, var viewport, let opened):
      if key == .character("@") {
        self.overlay = nil
      } else if opened != nil {
        if [.enter, .left, .character("h")].contains(key) { self.overlay = .log(log, viewport) }
      } else if key == .character("R") {
        ask(.log, .log)
      } else if [.enter, .right, .character("l")].contains(key), let log, log.indices.contains(viewport.cursor) {
        self.overlay = .log(log, viewport, opened: log[viewport.cursor])
      } else if let move = Self.move(for: key) {
        viewport.move(move, count: log?.count ?? 0, height: overlayHeight)
        self.overlay = .log(log, viewport)
      }
    case .form, .dialog, .servers, .compose: break
    }
  }

  /// Rows inside a full-height overlay.
  var overlayHeight: Int { max(1, size.height - 6) }

  static func move(for key: Key) -> Move? {
    guard case .move(let move)? = Bindings.action(for: key, in: [.list, .everywhere]) else { return nil }
    return move
  }

  mutating func switchDatabase(to number: Int) {
    overlay = nil
    guard number != database else { return }
    ask(.database, .select(database: number, scope: IndexScope(limit: setup.keyLimit)))
  }

  private mutating func handle(_ key: Key, in menu: inout Menu) {
    if case .character(let character) = key, let item = menu.items.first(where: { $0.key == character }) {
      choose(item.choice)
    } else if key == .enter, menu.items.indices.contains(menu.viewport.cursor) {
      choose(menu.items[menu.viewport.cursor].choice)
    } else if let move = Self.move(for: key) {
      menu.viewport.move(move, count: menu.items.count, height: menu.items.count)
      overlay = .menu(menu)
    } else if case .character(let character) = key {
      say("\(character) is no choice here: \(menu.items.map { String($0.key) }.joined(separator: " "))")
    }
  }

  func kindMenu() -> Menu {
    let query = list.query
    let kinds: [(Character, String, KeyType?)] = [
      ("s", "strings", .string), ("l", "lists", .list), ("h", "hashes", .hash), ("z", "sorted sets", .sortedSet),
      ("e", "sets", .set), ("x", "streams", .stream), ("j", "JSON", .json), ("a", "all types", nil),
    ]
    var items = kinds.map { key, title, kind in
      Menu.Item(key: key, title: title, isChosen: query.kind == kind, choice: .kind(kind))
    }
    items.append(
      Menu.Item(
        key: "p", title: "only without a TTL", isChosen: list.chosenExpiry == .persistent, choice: .expiry(.persistent))
    )
    items.append(
      Menu.Item(
        key: "v", title: "only with a TTL", isChosen: list.chosenExpiry == .volatile, choice: .expiry(.volatile)))
    let typed = list.keyFilter.conditions.joined(separator: " ")
    return Menu(title: typed.isEmpty ? "show only" : "show only, with \(typed)", items: items)
  }

  /// `o`: the forms in which this value can be shown.
  mutating func showFormats() {
    var items: [Menu.Item] = []
    func format(_ key: Character, _ title: String, _ format: StringView.Format, _ view: StringView) -> Menu.Item {
      Menu.Item(key: key, title: title, isChosen: view.format == format, choice: .format(format))
    }
    if let view = shownString {
      items = [
        format("t", "text", .text, view), format("j", "JSON", .json, view), format("h", "hex", .hex, view),
        Menu.Item(key: "p", title: "in $PAGER", isChosen: false, choice: .pager),
      ]
    } else if case .collection(let view) = value.content, value.detail == nil {
      switch view.type {
      case .sortedSet:
        items = [
          Menu.Item(key: "a", title: "lowest score first", isChosen: !view.isReversed, choice: .reversed(false)),
          Menu.Item(key: "d", title: "highest score first", isChosen: view.isReversed, choice: .reversed(true)),
        ]
      case .stream:
        items = [
          Menu.Item(
            key: "o", title: "oldest entry first", isChosen: !view.isReversed && !view.isShowingGroups,
            choice: .reversed(false)),
          Menu.Item(
            key: "n", title: "newest entry first", isChosen: view.isReversed && !view.isShowingGroups,
            choice: .reversed(true)),
          Menu.Item(key: "g", title: "consumer groups", isChosen: view.isShowingGroups, choice: .groups),
        ]
      case .set:
        items = [Menu.Item(key: "u", title: "union with another set", isChosen: false, choice: .union)]
      default: break
      }
    }
    if value.opened?.page != nil, value.detail == nil, console.focus == nil {
      items.append(Menu.Item(key: "D", title: "DUMP of the key, as hex", isChosen: false, choice: .dump))
    }
    guard !items.isEmpty else {
      say("no other form of this value")
      return
    }
    overlay = .menu(Menu(title: "show as", items: items))
  }

  /// The string that is on the screen: the value, or an element of it.
  var shownString: StringView? {
    console.focus == .pane ? console.pane.detail?.view : shownValue
  }

  /// The string in the value pane.
  var shownValue: StringView? {
    switch value.detail {
    case .element(_, let view): return view
    case .some: return nil
    case nil: break
    }
    if case .string(let view) = value.content { return view }
    return nil
  }

  private mutating func choose(_ choice: Menu.Choice) {
    overlay = nil
    switch choice {
    case .kind(let kind):
      list.query.kind = kind
      if kind == nil { list.choose(.any) }
      applyQuery()
    case .expiry(let expiry):
      list.choose(list.chosenExpiry == expiry ? .any : expiry)
      applyQuery()
    case .sort(let sort): self.sort(by: sort)
    case .format(let format): show(as: format)
    case .pager: showInPager()
    case .reversed(let reversed):
      changeView {
        $0.isShowingGroups = false; $0.setReversed(reversed)
      }
    case .groups:
      changeView {
        $0.isShowingGroups = true; $0.viewport = Viewport()
      }
    case .union: openPrompt(.unionWith)
    case .newKey(let type): addKey(type)
    case .newElement(let place): addElement(place)
    case .copy(let part): copy(part)
    case .timeline(let scale): show(scale: scale)
    case .logarithmic(let isLogarithmic): monitor?.isLogarithmic = isLogarithmic
    case .consoleView, .consoleJSON, .consolePager, .consoleFile, .consoleCopy: chooseInConsole(choice)
    case .dump: if let key = value.key { ask(.question, .dump(key, limit: Self.dumpLimit)) }
    }
  }

  /// A DUMP is a copy of the whole value: only below this, by MEMORY USAGE.
  static let dumpLimit = 1 << 20

  private mutating func applyQuery() {
    askForSweep()
    askForRows()
  }

  private mutating func changeView(_ change: (inout CollectionView) -> Void) {
    guard case .collection(var view) = value.content else { return }
    change(&view)
    value.content = .collection(view)
    // A window under way is one of the old order.
    abandon(.value)
  }

  private mutating func show(as format: StringView.Format) {
    if console.focus == .pane {
      if console.pane.detail?.view.show(as: format) == false { say("this is not a JSON object or array", .warning) }
      return
    }
    if case .element(let title, var view)? = value.detail {
      if !view.show(as: format) { say("this is not a JSON object or array", .warning) }
      value.detail = .element(title: title, view)
    } else if case .string(var view) = value.content {
      if format == .json, !view.isWhole, view.length <= StringView.jsonLimit {
        view.readWhole()
        value.wantsJSON = true
        say("reading the whole string to show it as JSON")
      } else if !view.show(as: format) {
        say(
          view.isWhole
            ? "this is not a JSON object or array"
            : "too long for JSON: \(Format.size(view.length)), the limit is \(Format.size(StringView.jsonLimit))",
          .warning)
      }
      value.content = .string(view)
    }
  }
}
