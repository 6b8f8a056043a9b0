import Canvas
import Keyspace
import Requests

extension State {
  mutating func openPrompt(_ subject: Prompt.Subject) {
    var previous: [UInt8] = []
    switch subject {
    case .filter: previous = list.filter
    case .search:
      guard shownString != nil || value.detail == nil, value.content != .none, value.content != .opaque else {
        say("nothing to search here: h goes back to the value")
        return
      }
      if value.detail == nil, case .collection(let view) = value.content { previous = view.filter }
    case .openKey, .unionWith, .database, .console, .replyFile, .password, .servers, .serverPassword: break
    }
    let text = subject == .filter ? Escape.string(previous) : ""
    prompt = Prompt(subject: subject, field: TextField(text), previous: previous)
  }

  mutating func handleInPrompt(_ key: Key) {
    guard now >= prompt?.quietUntil ?? now else { return }
    switch key {
    case .escape: closePrompt(keeping: false)
    case .enter: closePrompt(keeping: true)
    case .control("g") where prompt?.subject == .filter: askServer()
    case .up where prompt?.subject == .filter, .down where prompt?.subject == .filter:
      moveInRows(key == .up ? .up : .down)
    case _ where prompt?.subject.isMasked == true:
      // What is cut from it can be put nowhere.
      var kills = KillBuffer()
      if prompt?.field.handle(key, kills: &kills) == true { promptChanged() }
    case .up, .control("p"): walkInPrompt(toOlder: true)
    case .down, .control("n"): walkInPrompt(toOlder: false)
    default:
      guard prompt?.field.handle(key, kills: &kills) == true else { return }
      promptChanged()
    }
  }

  private mutating func walkInPrompt(toOlder: Bool) {
    guard var prompt else { return }
    prompt.walk.move(toOlder: toOlder, in: history.entries(of: .prompt(prompt.subject)), field: &prompt.field)
    self.prompt = prompt
    promptChanged()
  }

  /// The list is filtered as one types.
  mutating func promptChanged() {
    prompt?.isRefused = false
    if let prompt, prompt.subject == .servers { filterServers(prompt.field.text) }
    guard let prompt, prompt.subject == .filter else { return }
    apply(filter: Escape.typed(prompt.field.text))
  }

  private mutating func apply(filter: [UInt8]) {
    guard filter != list.filter else { return }
    list.setFilter(filter)
    // The best are at the top.
    if list.query.ranked.sort.key == .match { list.isTouched = false }
    forgetFolders()
    askForSweep()
    forgetSearch()
    askForRows()
    askForExpiry()
    memory?.query.filter = list.query.filter
    askForMemoryRows()
  }

  mutating func closePrompt(keeping: Bool) {
    guard let prompt else { return }
    let typed = Escape.typed(prompt.field.text)
    // What is missing stands beside the field, and what was typed stays in it.
    guard !keeping || prompt.subject != .filter || KeyFilter(text: typed).mistake == nil else {
      self.prompt?.isRefused = true
      return
    }
    self.prompt = nil
    if keeping, !prompt.subject.isMasked { history.remember(prompt.field.text, of: .prompt(prompt.subject)) }
    switch prompt.subject {
    case .filter:
      apply(filter: keeping ? typed : [])
      askForSweep()
      if keeping { readAllIfUnfiltered() }
    case .openKey: if keeping { openByName(KeyName(typed)) }
    case .search: if keeping { search(typed) }
    case .console: if keeping { searchConsole(typed) }
    case .replyFile: if keeping { saveReply(to: prompt.field.text) }
    case .database: if keeping { switchDatabase(typed: prompt.field.text) }
    case .password: take(password: prompt.field.text, isGiven: keeping)
    case .servers: if !keeping { filterServers("") }
    case .serverPassword: take(serverPassword: prompt.field.text, isGiven: keeping)
    case .unionWith:
      guard keeping, let key = value.key else { return }
      ask(.question, .union(key, KeyName(typed), limit: Self.unionLimit))
    }
  }

  private mutating func switchDatabase(typed: String) {
    guard let number = Int(typed), number >= 0 else {
      say("a database is a number, such as 3", .warning)
      return
    }
    switchDatabase(to: number)
  }

  /// Bytes: what is searched and what is searched for are compared at each place.
  static let longestSearch = 512

  /// Both sets of a union hold fewer members than this.
  static let unionLimit = 10_000

  private mutating func openByName(_ name: KeyName) {
    if let id = list.cursor { remember(id) }
    // From its beginning, also where its DUMP or an element of it is shown.
    value.detail = nil
    openValue(name)
    focus = .value
    reveal(.key(name))
    resize(to: size)
  }

  /// `/` in the value pane: what it looks for depends on the type.
  private mutating func search(_ text: [UInt8]) {
    guard let name = value.key else { return }
    if shownString != nil {
      guard text.count <= Self.longestSearch else {
        say("a text to search for has at most \(Format.count(Self.longestSearch)) bytes", .warning)
        return
      }
      value.search = text
      changeShownString {
        $0.match = nil; $0.matchedLine = nil
      }
      findAgain(forward: true)
      return
    }
    switch value.content {
    case .collection(var view):
      switch view.type {
      case .hash:
        view.setFilter(text)
        value.content = .collection(view)
        abandon(.value)
      case .set:
        if !text.isEmpty { ask(.question, .isMember(name, member: text)) }
      case .list: jump(toIndex: text)
      case .sortedSet: searchSortedSet(text, in: view, of: name)
      default: say("entries of a stream are found by scrolling: g oldest, G newest, o the other direction")
      }
    default: break
    }
  }

  /// `12`, `#12` or `-1`: an index of a list.
  private mutating func jump(toIndex text: [UInt8]) {
    let digits = String(decoding: text.first == UInt8(ascii: "#") ? text[1...] : text[...], as: UTF8.self)
    guard case .collection(var view) = value.content, let index = Int(digits) else {
      say("an index is a whole number, such as 500, or -1 for the last element", .warning)
      return
    }
    let position = index < 0 ? view.total + index : index
    guard position >= 0, position < view.total else {
      say("index \(index) is not there: the list has \(Format.count(view.total)) elements", .warning)
      return
    }
    view.viewport.cursor = position
    view.viewport.show(count: view.total, height: valueHeight)
    value.content = .collection(view)
  }

  /// `#12` is a rank, `@12.5` a score, anything else a member.
  private mutating func searchSortedSet(_ text: [UInt8], in view: CollectionView, of name: KeyName) {
    guard let first = text.first else { return }
    switch first {
    case UInt8(ascii: "#"):
      guard let rank = Int(String(decoding: text[1...], as: UTF8.self)), rank >= 0 else {
        say("a rank is a whole number, such as #500", .warning)
        return
      }
      take(rank: rank < view.total ? rank : nil)
    case UInt8(ascii: "@"):
      ask(.question, .rank(name, .score(Array(text[1...])), reverse: view.isReversed))
    default:
      ask(.question, .rank(name, .member(text), reverse: view.isReversed))
    }
  }

  mutating func take(rank: Int?) {
    guard case .collection(var view) = value.content else { return }
    defer { value.isFollowing = false }
    if value.isFollowing, rank == nil { return }
    guard let rank, rank < view.total else {
      say("not there: no such member, and no score or rank that far", .warning)
      return
    }
    view.viewport.cursor = rank
    view.viewport.show(count: view.total, height: valueHeight)
    value.content = .collection(view)
  }
}
