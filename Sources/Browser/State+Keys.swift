import Canvas
import Keyspace
import Requests

extension State {
  mutating func handle(_ key: Key) {
    message = nil
    kills.nextKey()
    if key == .control("c") {
      if !hold(.escape) { cancelOrQuit() }
    } else if key == .control("l") {
      outbox.append(.repaint)
    } else if key == .control("z") {
      outbox.append(.suspend)
    } else if Layout.isTooSmall(size) {
      // Nothing is pressed that cannot be seen.
      if key == .character("Q") { leaveProgram() }
    } else if hold(key) {
      return
    } else if holdingSince != nil, focus == .list, console.focus == nil, !isAsked, !isServerShown {
      heldKeys.append(key)
    } else if prompt != nil {
      handleInPrompt(key)
    } else if overlay != nil {
      handleInOverlay(key)
    } else if console.focus != nil {
      handleInConsole(key)
    } else if let action = Bindings.action(for: key, in: bindingPlaces) {
      if isServerShown ? !performInServer(action) : !performInMonitor(action) && !performInMemory(action) {
        perform(action)
      }
    } else if focus == .value, !isServerShown {
      scrollSideways(key)
    }
  }

  /// A question is open: keys are for it, or for nothing.
  private var isAsked: Bool { if case .dialog? = overlay { true } else { false } }

  /// Where keys mean something now, the nearest first.
  var bindingPlaces: [Binding.Place] {
    if console.focus == .pane { return [.console] }
    if isServerShown { return [.server, .everywhere] }
    guard focus == .list else { return [.value, .everywhere] }
    if memory != nil { return [.memory, .list, .everywhere] }
    guard let monitor else { return [.list, .everywhere] }
    return (monitor.pane == .timeline ? [.timeline] : []) + [.monitor, .list, .everywhere]
  }

  /// A paste fills a field; anywhere else it does nothing, whatever it holds.
  mutating func handlePaste(_ bytes: [UInt8]) {
    flood.notePaste(at: now)
    if cancelHandOver() || hold(paste: bytes) { return }
    kills.nextKey()
    if case .form(let form)? = overlay {
      paste(bytes, in: form)
      return
    }
    guard prompt != nil else {
      if overlay == nil, console.focus != nil {
        insertInConsole(bytes)
        return
      }
      if case .dialog(let dialog)? = overlay, dialog.demanded != nil {
        say("pasted text was not used: what stands between you and this is to be typed", .warning)
      } else {
        say("pasted text was not used: no field is open", .warning)
      }
      return
    }
    guard now >= prompt?.quietUntil ?? now else { return }
    // A password is what it is: an escape in it is typed for the server.
    let isMasked = prompt?.subject.isMasked == true
    let text =
      isMasked ? String(decoding: TextArea.oneLine(bytes), as: UTF8.self) : Escape.string(TextArea.oneLine(bytes))
    guard promptHasRoom(for: text) else { return }
    prompt?.field.insert(text)
    promptChanged()
  }

  mutating func perform(_ action: Action) {
    if action.changesValue || action == .copy, focus == .value, link == .connected, value.failure == nil,
      let key = value.key,
      value.isOutdated || value.opened == nil
    {
      postpone(action, until: value.opened == nil ? .value(key) : .reading(key))
      return
    }
    // A row that was read before the connection was lost is no ground for an edit.
    if action.changesKey, focus == .list, link == .connected, let key = cursorKey, list.seen[key]?.isStale == true {
      postpone(action, until: .facts(key))
      return
    }
    switch action {
    case .move(let move): focus == .list ? moveInList(move) : moveInValue(move)
    case .open: focus == .list ? openRow() : openElement()
    case .close: focus == .list ? closeRow() : leaveValueLevel()
    case .previousKey: goBack()
    case .otherPane: switchPane()
    case .cancel: cancel()
    case .leave: leave()
    case .quit: leaveProgram()
    case .search: openPrompt(focus == .list ? .filter : .search)
    case .nextMatch: findAgain(forward: true)
    case .previousMatch: findAgain(forward: false)
    case .kinds: overlay = .menu(kindMenu())
    case .sort: overlay = .menu(sortMenu())
    case .layout: toggleLayout()
    case .databases:
      overlay = .databases(nil, Viewport())
      ask(.databases, .databases)
    case .openByName: openPrompt(.openKey)
    case .inspect: inspect()
    case .showAs: showFormats()
    case .showInPager: showInPager()
    case .wrap: toggleWrap()
    case .zoom:
      isZoomed.toggle()
      resize(to: size)
    case .refresh: refresh()
    case .pause: togglePause()
    case .follow: toggleFollowing()
    case .monitor: toggleMonitor()
    case .memory: toggleMemory()
    case .server: toggleServer()
    case .readAll, .bucket, .scale, .showTimelineAs, .serverPage, .loadScale, .killClient: break
    case .edit: editUnderCursor()
    case .editInEditor: editInEditor()
    case .addNumber: addNumber()
    case .add: addSomething()
    case .pop(let end): pop(end)
    case .delete: focus == .list ? deleteKeys() : deleteElement()
    case .rename: renameSomething()
    case .copyKey: copyKey()
    case .copy: openCopyMenu()
    case .copyPart(let part): copy(part)
    case .ttl: editTTL()
    case .mark: toggleMark()
    case .markRange: markRange()
    case .invertMarks: invertMarks()
    case .undo: undo()
    case .redo: redo()
    case .console: openConsole()
    case .keepPane: break
    case .commandLog:
      overlay = .log(nil, Viewport())
      ask(.log, .log)
    case .servers: openServers()
    case .onServer, .onCompose: break
    case .lock: toggleLock()
    case .mouse: toggleMouse()
    case .help: overlay = .help(Viewport())
    case .repaint: outbox.append(.repaint)
    case .suspend: outbox.append(.suspend)
    }
  }

  private mutating func switchPane() {
    if focus == .value, console.pane.isShown {
      focus = .list
      focusConsolePane()
    } else if focus == .list {
      guard value.key != nil || list.cursorKey != nil else {
        say("no value is open: stand on a key, or open one with Enter")
        return
      }
      if value.key == nil, let key = list.cursorKey { openValue(key) }
      focus = .value
    } else {
      focus = .list
      if let key = list.cursorKey, value.key != key { restingSince = now }
    }
    resize(to: size)
  }

  /// Esc: one level back; on the list it clears the filter.
  private mutating func cancel() {
    if focus == .value {
      leaveValueLevel()
    } else if isZoomed {
      isZoomed = false
      resize(to: size)
    } else if list.scan.search?.isRunning == true {
      stopSearch()
    } else if !list.marked.isEmpty {
      list.marked = []
    } else if !list.filter.isEmpty || list.query.isNarrowed {
      list.showEverything()
      forgetFolders()
      askForSweep()
      forgetSearch()
      readAllIfUnfiltered()
      askForRows()
    } else {
      readAllIfUnfiltered()
    }
  }

  private mutating func leave() {
    if focus == .value || isZoomed { cancel() } else { leaveProgram() }
  }

  mutating func leaveValueLevel() {
    if value.detail != nil {
      value.detail = nil
    } else if case .collection(var view) = value.content, !view.filter.isEmpty {
      view.setFilter([])
      value.content = .collection(view)
      abandon(.value)
    } else if case .collection(var view) = value.content, view.isShowingGroups {
      view.isShowingGroups = false
      view.viewport = Viewport()
      value.content = .collection(view)
    } else {
      focus = .list
      isZoomed = false
      if let key = list.cursorKey, value.key != key { restingSince = now }
      resize(to: size)
    }
  }

  /// `^C` first cancels what is open or running; then it quits.
  private mutating func cancelOrQuit() {
    if !writes.isEmpty {
      stopWriting()
    } else if prompt != nil {
      closePrompt(keeping: false)
    } else if case .form(let form)? = overlay {
      leave(form)
    } else if case .names(let form, _)? = overlay {
      overlay = .form(form)
    } else if case .dialog(let dialog)? = overlay, dialog.goesBack {
      handle(.escape, in: dialog)
    } else if overlay == .servers {
      handleInServers(.escape)
    } else if overlay == .compose {
      interruptInCompose()
    } else if overlay != nil {
      overlay = nil
    } else if console.focus != nil {
      cancelInConsoleByKey()
    } else if value.isSearching {
      value.isSearching = false
      say("search stopped")
    } else if link == .connected, isSilent || waits.isWorthGivingUp(at: now) {
      giveUpWaiting()
    } else if list.scan.search?.isRunning == true {
      stopSearch()
    } else if link == .connected, pause == nil, list.scan.phase == .running {
      stopScan()
    } else if isMemoryShown {
      closeMemory()
    } else if link == .connected, isSortReading {
      sort(by: ListSort())
      say("sorting stopped: the list is by name; ^C quits")
    } else {
      leaveProgram()
    }
  }

  private mutating func refresh() {
    if login != nil { return openLogin() }
    catchUp()
    if link != .connected { ask(.link, .reconnect) } else if isSilent { return giveUpWaiting() }
    if focus == .value, let key = value.key {
      value.detail = nil
      openValue(key)
    } else {
      for name in list.seen.keys { list.seen[name]?.wantsReading = true }
      value.wantsReading = value.key != nil
      ask(.scan, .rescan)
      // What was denied may be granted by now, and what was not kept may be kept.
      sweepAsked = SweepWish()
      askForSweep()
      askHeader()
    }
  }

  /// Whatever is owed is not waited for any more: a reply that came later would be taken for the next one's.
  private mutating func giveUpWaiting() {
    ask(.link, .giveUp)
    say("waiting no longer: the connection is made anew")
  }

  private mutating func inspect() {
    guard let key = focus == .list ? cursorKey : value.key else {
      say("no key is under the cursor")
      return
    }
    overlay = .inspection(key, nil, Viewport())
    ask(.inspection, .inspect(key))
  }

  private mutating func toggleWrap() {
    if shownString != nil {
      changeShownString { $0.setWrapped(!$0.isWrapped) }
    } else {
      say("Enter opens the element under the cursor, wrapped")
    }
  }

  /// Shift and an arrow; `<` and `>` come here by ``pop(_:)``.
  private mutating func scrollSideways(_ key: Key) {
    switch key {
    case .shiftRight: scrollSideways(by: 8)
    case .shiftLeft: scrollSideways(by: -8)
    default: return
    }
  }

  mutating func scrollSideways(by cells: Int) {
    if shownString?.isWrapped == true {
      say("lines are wrapped: z stops that, then < and > scroll")
    } else {
      changeShownString { $0.column = max(0, $0.column + cells) }
    }
  }
}
