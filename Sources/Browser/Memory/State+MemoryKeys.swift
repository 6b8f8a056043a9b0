import Canvas
import Keyspace
import Requests

extension State {
  /// What an action does in the memory by prefix. False: the same as everywhere.
  mutating func performInMemory(_ action: Action) -> Bool {
    guard isMemoryShown else { return false }
    switch action {
    case .move(let move): moveInMemory(move)
    case .open: openInMemory()
    case .close: closeInMemory()
    case .layout: toggleMemoryLayout()
    case .readAll: askToReadAll()
    case .cancel: if list.marked.isEmpty { closeMemory() } else { list.marked = [] }
    case .leave: closeMemory()
    case .monitor:
      closeMemory()
      toggleMonitor()
    case .kinds, .sort, .zoom: say("memory counts all types, biggest first: q goes back to the list")
    case .markRange, .invertMarks: say("Space marks one key; V and * mark in the list")
    case .otherPane: say("Enter opens a folder or a key")
    case .previousKey: break
    default: return false
    }
    return true
  }

  /// Moves in whichever list is shown.
  mutating func moveInRows(_ move: Move) {
    if isMonitorShown { moveInMonitor(move) } else if isMemoryShown { moveInMemory(move) } else { moveInList(move) }
  }

  mutating func moveInMemory(_ move: Move) {
    guard var memory else { return }
    memory.isTouched = true
    memory.sought = nil
    memory.viewport.move(move, count: memory.rows?.count ?? 0, height: memoryHeight)
    memory.cursor = memory.cursorRow?.id
    self.memory = memory
  }

  /// Puts the cursor on a row, if there is one.
  private mutating func moveInMemory(to id: RowID) {
    if let position = memory?.rows?.position(of: id) { moveInMemory(row: position) }
  }

  private mutating func moveInMemory(row: Int) {
    guard var memory else { return }
    memory.isTouched = true
    memory.viewport.cursor = row
    memory.viewport.show(count: memory.rows?.count ?? 0, height: memoryHeight)
    memory.cursor = memory.cursorRow?.id
    self.memory = memory
  }

  private mutating func openInMemory() {
    guard let row = memory?.cursorRow else { return }
    switch row.id {
    case .key(let name):
      openValue(name)
      focus = .value
      resize(to: size)
    case .folder where row.isExpanded: moveInMemory(.down)
    case .folder(let prefix):
      memory?.query.expanded.insert(prefix)
      layOutMemoryAnew()
    }
  }

  private mutating func closeInMemory() {
    guard let row = memory?.cursorRow else { return }
    if case .folder(let prefix) = row.id, row.isExpanded {
      memory?.query.expanded.remove(prefix)
      layOutMemoryAnew()
    } else if row.labelStart > 0 {
      moveInMemory(to: .folder(KeyName(row.id.name.bytes[..<row.labelStart])))
    }
  }

  private mutating func toggleMemoryLayout() {
    guard var memory else { return }
    memory.query.layout = memory.query.layout == .tree ? .flat : .tree
    if let id = memory.cursor, !id.isFolder {
      memory.query.expand(above: id)
      memory.sought = id
    }
    self.memory = memory
    layOutMemoryAnew()
  }

  /// Asks for rows in another order or extent, and holds what is typed until they are there.
  private mutating func layOutMemoryAnew() {
    memory?.isTouched = true
    holdingSince = now
    askForMemoryRows()
  }

  /// A click: the row, and on the row that has the cursor what Enter and `h` do.
  mutating func clickInMemory(line: Int) {
    guard let memory, line >= 0, line < memoryHeight, memory.viewport.top + line < memory.rows?.count ?? 0 else {
      return
    }
    let row = memory.viewport.top + line
    if row != memory.viewport.cursor {
      moveInMemory(row: row)
    } else if memory.cursorRow?.isExpanded == true {
      closeInMemory()
    } else {
      openInMemory()
    }
  }

  // MARK: - Reading all

  /// `x`: the cost is said before.
  private mutating func askToReadAll() {
    guard let memory else { return }
    guard let sweep = list.scan.sweep, sweep.sampledFrom != nil, !memory.isExact else {
      say(isReadingSizes ? "every key is being read, no sample" : "every key was read: R reads again")
      return
    }
    let keys = list.scan.keys
    let rate = memory.speed.rate ?? ReadingSpeed.usual
    let cost =
      "\(Format.count(keys)) MEMORY USAGE, \(Self.duration(of: keys, at: rate)) at \(Format.count(rate)) a second"
    open(
      Dialog(
        title: "read the size of every key",
        lines: [
          Array(cost.utf8), Array("Paced as the sample was; p pauses it, leaving M stops it.".utf8),
        ],
        buttons: [.init("[Cancel]", .cancel), .init("[Read all]", .readAllSizes)], openedAt: now))
  }

  mutating func readAllSizes() {
    memory?.isExact = true
    askForSweep()
  }

  /// `about 40 s`, `about 2 min`.
  static func duration(of keys: Int, at rate: Int) -> String {
    let seconds = (keys + rate - 1) / max(1, rate)
    return seconds < 90 ? "about \(max(1, seconds)) s" : "about \(Format.count((seconds + 30) / 60)) min"
  }
}
