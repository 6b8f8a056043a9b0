import Canvas
import Requests

/// Opening and closing the screen of the server, and what comes for it.
extension State {
  /// Clients that are listed; a server may have many more.
  static let clientLimit = 1_000
  /// Above so many clients the list is read only when asked for: the server writes a line for each.
  static let unaskedClients = 5_000
  /// Entries of the slow log that are read: as many as a server keeps by default.
  static let slowLogLimit = 128

  /// The screen of the server lies over everything else: nothing behind it is read meanwhile.
  package var isServerShown: Bool { serverScreen != nil }

  mutating func toggleServer() {
    guard serverScreen == nil else { return closeServer() }
    serverScreen = ServerScreen()
    restingSince = nil
  }

  mutating func closeServer() {
    guard serverScreen != nil else { return }
    serverScreen = nil
    abandon(.clients)
    abandon(.slowLog)
    if focus == .list, let key = list.cursorKey, value.key != key { restingSince = now }
    resize(to: size)
  }

  /// Reads the list that is shown, if it was not. `isAsked`: in any case.
  mutating func askForServerList(isAsked: Bool = false) {
    guard let screen = serverScreen, link == .connected else { return }
    switch screen.page {
    case .overview: break
    case .clients:
      guard isAsked || screen.clients.content == nil && screen.clients.failure == nil, !owed.contains(.clients) else {
        return
      }
      serverScreen?.isHoldingBack = !isAsked && (header.server?.clients ?? 0) > Self.unaskedClients
      if serverScreen?.isHoldingBack == false { ask(.clients, .clients(limit: Self.clientLimit)) }
    case .slowLog:
      guard isAsked || screen.slowLog.content == nil && screen.slowLog.failure == nil, !owed.contains(.slowLog) else {
        return
      }
      ask(.slowLog, .slowLog(limit: Self.slowLogLimit))
    }
  }

  /// What was listed is of a connection before this one: Keyglass's own clients are others now. `isOther`: so is the
  /// server.
  mutating func renewServerLists(isOther: Bool) {
    guard serverScreen != nil else { return }
    if isOther {
      abandon(.clients)
      abandon(.slowLog)
      serverScreen?.clients = ServerList()
      serverScreen?.slowLog = ServerList()
      serverScreen?.isOpened = false
    } else {
      serverScreen?.clients.failure = nil
      serverScreen?.slowLog.failure = nil
    }
    if serverScreen?.isHoldingBack != true { askForServerList(isAsked: true) }
  }

  mutating func take(_ list: ClientList) {
    guard let old = serverScreen?.client, serverScreen?.clients.content != nil else {
      serverScreen?.clients.take(list, at: now)
      fitServer()
      return
    }
    serverScreen?.clients.take(list, at: now)
    // The cursor stays with its client; where that is gone, in its place.
    if let place = list.clients.firstIndex(where: { $0.id == old.id }), let viewport = serverScreen?.clients.viewport {
      serverScreen?.clients.viewport.top += place - viewport.cursor
      serverScreen?.clients.viewport.cursor = place
    } else {
      serverScreen?.isOpened = false
    }
    fitServer()
  }

  mutating func take(_ log: SlowLog) {
    let old = serverScreen?.slowCommand
    serverScreen?.slowLog.take(log, at: now)
    if let old, let place = log.commands.firstIndex(where: { $0.id == old.id }),
      let viewport = serverScreen?.slowLog.viewport
    {
      serverScreen?.slowLog.viewport.top += place - viewport.cursor
      serverScreen?.slowLog.viewport.cursor = place
    }
    fitServer()
  }

  /// A list that could not be read says so in its place.
  mutating func takeServerFailure(_ failure: Failure, for purpose: Purpose) {
    if purpose == .clients { serverScreen?.clients.failure = failure }
    if purpose == .slowLog { serverScreen?.slowLog.failure = failure }
  }

  /// What is under the cursors is on the screen.
  mutating func fitServer() {
    guard let screen = serverScreen else { return }
    let height = serverListHeight
    serverScreen?.clients.viewport.show(count: screen.clients.content?.clients.count ?? 0, height: height)
    serverScreen?.slowLog.viewport.show(count: screen.slowLog.content?.commands.count ?? 0, height: height)
  }
}
