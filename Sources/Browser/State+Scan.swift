import Canvas
import Keyspace
import Requests

/// What the list holds of the key space: less than all where that was asked for, or where it holds no more.
extension State {
  /// What is scanned of the database that the program starts with.
  var startScope: IndexScope { IndexScope(pattern: setup.pattern, limit: setup.keyLimit) }

  /// Without a filter a list that was read for a pattern would pass for everything.
  mutating func readAllIfUnfiltered() {
    guard list.filter.isEmpty, let pattern = list.scan.listedPattern, list.scan.pattern != nil else { return }
    ask(.scan, .rescanAll)
    say(Array("reading all keys, no longer only ".utf8) + pattern, .plain)
  }

  /// `^C` while nothing else runs.
  mutating func stopScan() {
    ask(.scan, .stopScan)
    say("scan stopped: R reads again, ^C quits")
  }

  // MARK: - Asking the server

  /// Keys that one SCAN looks at, about.
  static let scanCount = 1_000

  /// `^G` in the field of the filter.
  mutating func askServer() {
    guard let prompt else { return }
    guard let pattern = serverPattern(of: Escape.typed(prompt.field.text)), !pattern.isRefused else {
      self.prompt?.isRefused = true
      return
    }
    closePrompt(keeping: true)
    if link != .connected {
      say("not connected: the server cannot be asked", .warning)
    } else {
      catchUp()
      list.isSearchAsked = true
      ask(.search, .search(pattern.bytes))
    }
  }

  /// What the server would be asked for; nil: the text picks no names.
  func serverPattern(of typed: [UInt8]) -> ServerPattern? {
    let filter = KeyFilter(text: typed)
    guard filter.mistake == nil, filter.name != nil, !filter.nameText.isEmpty else { return nil }
    return NameFilter.serverPattern(of: filter.nameText)
  }

  /// Esc, `^C`: what was found so far stays.
  mutating func stopSearch() {
    let found = list.scan.search?.found ?? 0
    forgetSearch()
    say("search stopped: \(Format.count(found)) found so far")
  }

  /// Something else is looked for now.
  mutating func forgetSearch() {
    guard list.scan.search != nil || list.isSearchAsked else { return }
    (list.scan.search, list.isSearchAsked) = (nil, false)
    ask(.search, .endSearch)
  }

  // MARK: - What came of it

  mutating func sayWhatEnded(before: ScanProgress) {
    let scan = list.scan
    if let limit = scan.limit, before.limit == nil {
      say(
        "limit of \(Format.count(limit)) keys: --pattern GLOB, ^G in the filter (/), or limits.keys gets at others",
        .warning)
    }
    guard let search = scan.search, search.phase != before.search?.phase else { return }
    switch search.phase {
    case .broken(let why): say(Array("the search broke off: ".utf8) + why + Array("; ^G asks again".utf8), .warning)
    case .limited: say("the list holds no more names: a pattern that picks fewer, or limits.keys", .warning)
    case .running, .paused, .done: break
    }
  }

  /// How to get at what the list left out.
  static let waysPastLimit =
    "--pattern GLOB reads only some, ^G in the filter (/) asks the server, limits.keys raises it"
}
