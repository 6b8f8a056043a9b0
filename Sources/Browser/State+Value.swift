import Canvas
import Keyspace
import Requests
import Values

extension State {
  /// Reads a key into the value pane, from its beginning.
  mutating func openValue(_ name: KeyName) {
    restingSince = nil
    if value.key != name {
      value = ValueState()
      value.key = name
    }
    value.failure = nil
    askForValue(name)
  }

  private mutating func askForValue(_ name: KeyName) {
    value.loadingSince = now
    value.askedAt = now
    value.askedWindow = nil
    value.wantsReading = false
    list.seen[name]?.askedAt = now
    ask(.value, .open(name, pageLength: CollectionView.pageLength, window: shownWindow))
  }

  /// What of the open value is on the screen, to be read again; nil: it is read from its beginning.
  var shownWindow: ValueWindow? {
    switch value.content {
    case .string(let view) where view.format == .json: .bytes(offset: 0, length: StringView.jsonLimit)
    case .string(let view): .bytes(offset: view.offset, length: max(StringView.window, view.bytes.count))
    // After an edit of ours the cursor goes where that was made.
    case .collection(let view): view.isIndexed || !value.isOutdated ? view.shownWindow(height: valueHeight) : nil
    case .none, .opaque: nil
    }
  }

  mutating func take(_ opened: OpenedKey) {
    clock = opened.clock
    learn(opened.facts, from: .value)
    let name = opened.facts.name
    guard value.key == name else { return }
    let previous = value
    value.opened = opened
    value.loadingSince = nil
    value.failure = nil
    value.isStale = false
    value.isOutdated = false
    value.session = session
    value.renewal = nil
    guard let page = opened.page else {
      value.content = .none
      value.detail = nil
      value.changedSince = nil
      if opened.facts.isGone, list.rows?.position(of: .key(name)) == nil {
        say(Array("no such key in db\(database): ".utf8) + name.bytes, .warning)
      }
      return
    }
    if case .named(let named) = page {
      takeShown(named, of: opened, instead: previous)
      return
    }
    if previous.content != .none, previous.opened?.facts.type != opened.facts.type {
      say("the key changed its type", .warning)
      value.detail = nil
    }
    value.content = content(of: page, type: opened.facts.type.value.flatMap { $0 } ?? .other(""))
    restorePlace(from: previous)
    if value.renewal == nil {
      noteChanges(from: previous.content)
      value.changedSince = nil
    }
    fitValue()
  }

  /// The visible part of a big hash or set, read again.
  private mutating func takeShown(_ page: NamedPage, of opened: OpenedKey, instead previous: ValueState) {
    guard case .collection(var view) = previous.content, opened.facts.type.value == view.type else {
      value.content = .none
      value.detail = nil
      askForValue(opened.facts.name)
      return
    }
    view.current = []
    view.take(.named(page), appending: true)
    value.content = .collection(view)
    noteChanges(from: previous.content)
    value.changedSince = nil
    fitValue()
  }

  /// What is shown of the value is older than a change that the server told of, by more than one would notice.
  var isValueBehind: Bool { value.changedSince.map { now - $0 >= Self.longestUnnoticed } ?? false }

  private func content(of page: ValuePage, type: KeyType) -> ValueState.Content {
    switch page {
    case .string(let page):
      return .string(StringView(page: page, width: valueWidth))
    case .opaque: return .opaque
    default:
      var view = CollectionView(type: type, total: 0)
      view.take(page, appending: false)
      return .collection(view)
    }
  }

  /// After a re-read of the same key the cursor and the scroll stay.
  private mutating func restorePlace(from previous: ValueState) {
    let followed = value.follow
    value.follow = nil
    switch (previous.content, value.content) {
    case (.string(let old), .string(let new)): value.content = .string(new.placed(like: old))
    case (.collection(let old), .collection(var new)) where old.type == new.type:
      new.isShowingGroups = old.isShowingGroups
      new.viewport = old.viewport
      if !new.isIndexed {
        renew(old, from: new, following: followed)
        return
      }
      if old.isReversed != new.isReversed {
        new.isReversed = old.isReversed
        new.elements = []
      }
      follow(followed, in: &new, from: old)
      new.viewport.show(count: max(new.count, new.isIndexed ? new.total : 0), height: valueHeight)
      value.content = .collection(new)
    default: break
    }
  }

  mutating func take(_ page: ValuePage) {
    value.loadingSince = nil
    if takeWhole(page) || takeForRenewal(page) { return }
    switch (page, value.content) {
    case (.string(let page), .string(var view)):
      view.take(page)
      if value.wantsJSON {
        value.wantsJSON = false
        if !view.show(as: .json) { say("this is not a JSON object or array", .warning) }
      }
      view.clamp(height: valueHeight)
      value.content = .string(view)
    case (_, .collection(var view)):
      view.take(page, appending: true)
      view.viewport.show(count: view.count, height: valueHeight)
      value.content = .collection(view)
    default: break
    }
    continueSearch()
  }

  /// The next window of the value that the screen needs, if it is not loaded and not under way.
  mutating func askForValueWindow() {
    guard let name = value.key, let type = value.opened?.facts.type.value.flatMap({ $0 }),
      value.detail == nil || value.renewal != nil,
      !owed.contains(.value), value.failure == nil
    else {
      rereadValue()
      return
    }
    if value.renewal == nil, isRereadDue, now - (value.askedAt ?? 0) >= rereadPause {
      rereadValue()
      return
    }
    // What one scrolls to comes first; what was changed is read again behind it.
    if value.renewal != nil, case .collection(let view) = value.content, view.missingWindow(height: valueHeight) != nil
    {
      value.renewal = nil
      value.askedWindow = nil
      value.wantsReading = true
      value.askedAt = now
    }
    let window: ValueWindow?
    switch value.content {
    case .collection where value.renewal != nil: window = value.renewal?.view.nextWindow
    case .string(let view): window = view.missingWindow(height: valueHeight)
    case .collection(let view): window = view.missingWindow(height: valueHeight)
    default: window = nil
    }
    // The same question again would get the same answer: what it asked for is not there.
    guard let window, window != value.askedWindow || isBeginningAnew else { return }
    if isBeginningAnew {
      guard now >= beginningDue else { return }
      value.begunAt = now
    }
    value.askedWindow = window
    value.loadingSince = now
    ask(.value, .page(name, type, window))
  }

  /// A big hash or set has more elements than were found: they are looked for from its beginning.
  var isBeginningAnew: Bool {
    guard case .collection(let view) = value.content else { return false }
    return view.isRestarting && view.current != nil
  }

  /// When that may be, monotonic ms: the more pages it takes, the later.
  var beginningDue: Int64 { (value.begunAt ?? 0) + pagesPause }

  /// The open key changed on the server, or may have: it is read again, a key that changes all the time not all the time.
  private mutating func rereadValue() {
    guard isRereadDue, let name = value.key, !owed.contains(.value), now - (value.askedAt ?? 0) >= rereadPause,
      now >= retryAt
    else { return }
    askForValue(name)
  }

  /// The open value is to be read again, now or after a pause.
  var isRereadDue: Bool {
    (value.isStale || value.wantsReading) && !isServerShown && link == .connected && value.key != nil
      && (pause == nil || value.isOutdated)
  }

  /// Fits what is shown to the pane's size.
  mutating func fitValue() {
    let width = valueWidth
    if case .string(var view) = value.content {
      view.setWidth(width)
      value.content = .string(view)
    }
    if case .collection(var view) = value.content {
      view.viewport.show(count: view.count, height: valueHeight)
      value.content = .collection(view)
    }
    if case .element(let title, var view)? = value.detail {
      view.setWidth(width)
      value.detail = .element(title: title, view)
    }
    if case .dump(var view)? = value.detail {
      view.setWidth(width)
      value.detail = .dump(view)
    }
  }

  mutating func moveInValue(_ move: Move) {
    let height = valueHeight
    // Whoever moves goes where he goes.
    value.follow = nil
    if value.isFollowing { abandon(.question) }
    value.isFollowing = false
    if let detail = value.detail {
      value.detail = detail.moved(move, height: height)
      return
    }
    switch value.content {
    case .string(var view):
      view.scroll(move, height: height)
      value.content = .string(view)
    case .collection(var view):
      if move == .last, view.hasMore, !view.isIndexed, !view.isShowingGroups {
        goToEnd(of: &view)
      } else {
        view.viewport.move(move, count: view.count, height: height)
      }
      value.content = .collection(view)
    default: break
    }
  }

  /// The end of what is not loaded to its end: a stream is read from there, a hash or set has none to go to.
  private mutating func goToEnd(of view: inout CollectionView) {
    if view.type == .stream {
      view.setReversed(!view.isReversed)
      abandon(.value)
      say(
        view.isReversed ? "from the newest entry: G goes to the oldest" : "from the oldest entry: G goes to the newest")
    } else {
      view.viewport.move(.last, count: view.count, height: valueHeight)
      say("the server tells fields and members in no order, a page at a time: / finds one")
    }
  }

  /// Enter on an element: the element alone, as text, JSON or hex.
  mutating func openElement() {
    guard case .collection(let view) = value.content, value.detail == nil, !view.isShowingGroups,
      let element = view.element(at: view.viewport.cursor)
    else { return }
    value.detail = detail(of: element, at: view.viewport.cursor)
  }

  mutating func take(_ outcome: DumpOutcome, of name: KeyName) {
    if takeForCommand(outcome, of: name) { return }
    guard name == value.key else { return }
    switch outcome {
    case .bytes(let bytes, _):
      let page = StringPage(length: bytes.count, offset: 0, bytes: bytes)
      value.detail = .dump(StringView(page: page, width: valueWidth, format: .hex))
      focus = .value
    case .gone: say("the key is gone: nothing to dump", .warning)
    case .tooBig(let bytes, let limit):
      say("not dumped: the key takes \(Format.size(bytes)) and the limit is \(Format.size(limit))", .warning)
    }
  }

  mutating func take(_ outcome: UnionOutcome, of name: KeyName, with other: KeyName) {
    guard name == value.key else { return }
    switch outcome {
    case .members(let members): value.detail = .union(with: other, members: members, Viewport())
    case .tooBig(let big, let members, let limit):
      say(
        big.bytes + Array(" has \(Format.count(members)) members; a union is read below \(Format.count(limit))".utf8),
        .warning)
    case .notASet(let key, let type):
      say(key.bytes + Array((type.map { " is a \($0.word), not a set" } ?? ": no such key").utf8), .warning)
    }
  }
}
