import Canvas
import Keyspace
import Requests

extension State {
  /// What an action does in the monitor. False: the same as everywhere.
  mutating func performInMonitor(_ action: Action) -> Bool {
    guard isMonitorShown, let monitor else { return false }
    let isTimeline = monitor.pane == .timeline
    if monitorLayout.timeline == nil, action == .otherPane || isTimeline {
      self.monitor?.pane = .keys
      if action == .otherPane { say("no room for the timeline: it wants 60x18") }
      if action == .otherPane || action == .showTimelineAs { return true }
    }
    switch action {
    case .bucket(let move): moveBucket(move)
    case .scale(let step): changeScale(by: step)
    case .move(let move): if !isTimeline { moveInMonitor(move) }
    case .open: if isTimeline { self.monitor?.pane = .keys } else { openFromMonitor() }
    case .otherPane: self.monitor?.pane = isTimeline ? .keys : .timeline
    case .cancel: cancelInMonitor()
    case .leave: closeMonitor()
    case .showTimelineAs: showTimelineForms()
    case .ttl where isTimeline: editTTLOfBucket()
    case .delete where isTimeline, .mark where isTimeline, .markRange where isTimeline, .invertMarks where isTimeline:
      say("Tab goes to the keys: Space marks one, V a range, * all; d deletes")
    // There are no folders and no panes here.
    case .close, .previousKey: break
    case .kinds, .sort, .layout, .zoom: say("the monitor shows all types, by TTL: q goes back to the list")
    default: return false
    }
    return true
  }

  mutating func moveInMonitor(_ move: Move) {
    guard var monitor else { return }
    monitor.isTouched = true
    monitor.viewport.move(move, count: monitor.rows.count, height: monitorHeight)
    monitor.cursor = monitor.entry(at: monitor.viewport.cursor)
    self.monitor = monitor
  }

  /// `V` in the monitor.
  mutating func markRangeInMonitor() {
    guard let monitor, let order = monitor.order else { return }
    let last = list.lastMarked.flatMap { name in
      monitor.rows.count <= Self.markLimit ? monitor.rows.first { order[$0].name == name } : nil
    }
    guard let last else {
      say("mark the first key with Space, go to the last, then V")
      return
    }
    let current = monitor.rows.lowerBound + monitor.viewport.cursor
    for position in min(last, current)...max(last, current) where position < order.count {
      list.marked.insert(order[position].name)
    }
  }

  /// `*` in the monitor.
  mutating func invertMarksInMonitor() {
    guard let names = monitorNames(limit: Self.markLimit) else {
      say("too many keys: * inverts \(Format.count(Self.markLimit)) at most; choose a bucket first", .warning)
      return
    }
    list.marked.formSymmetricDifference(names)
  }

  private mutating func openFromMonitor() {
    guard let name = cursorKey else { return }
    openValue(name)
    focus = .value
    resize(to: size)
  }

  /// Esc: the bucket, the marks, then the monitor itself.
  private mutating func cancelInMonitor() {
    if monitor?.bucket != nil || monitor?.pane == .timeline {
      choose(bucket: nil)
      monitor?.pane = .keys
    } else if !list.marked.isEmpty {
      list.marked = []
    } else {
      closeMonitor()
    }
  }

  // MARK: - The timeline

  private mutating func choose(bucket: Range<Int64>?) {
    guard bucket != monitor?.bucket else { return }
    monitor?.bucket = bucket
    monitor?.viewport = Viewport()
    monitor?.isTouched = false
    refreshMonitor()
  }

  /// The first bucket to be chosen is the biggest stampede, else the first.
  private mutating func moveBucket(_ move: BucketMove) {
    guard let monitor, let timeline = monitor.timeline else { return }
    let last = timeline.counts.count - 1
    let current = monitor.bucket.flatMap { timeline.bucket(of: $0.lowerBound) }
    let first = monitor.stampede.flatMap { timeline.bucket(of: $0.range.lowerBound) } ?? 0
    let next =
      switch move {
      case .first: 0
      case .last: last
      case .previous: current.map { max(0, $0 - 1) } ?? first
      case .next: current.map { min(last, $0 + 1) } ?? first
      }
    choose(bucket: timeline.range(of: next))
  }

  private mutating func changeScale(by step: Int) {
    guard let monitor, let scale = ExpiryTimeline.Scale(rawValue: monitor.scale.rawValue + step) else { return }
    show(scale: scale)
  }

  mutating func show(scale: ExpiryTimeline.Scale) {
    monitor?.scale = scale
    choose(bucket: nil)
    refreshMonitor()
  }

  /// `o`: the forms of the timeline.
  private mutating func showTimelineForms() {
    guard let monitor else { return }
    let scales: [(Character, String, ExpiryTimeline.Scale)] = [
      ("s", "the next 60 s by second", .second), ("m", "the next hour by minute", .minute),
      ("h", "the next day by hour", .hour), ("d", "by day", .day),
    ]
    var items = scales.map { key, title, scale in
      Menu.Item(key: key, title: title, isChosen: monitor.scale == scale, choice: .timeline(scale))
    }
    items += [
      Menu.Item(key: "l", title: "linear", isChosen: !monitor.isLogarithmic, choice: .logarithmic(false)),
      Menu.Item(key: "g", title: "logarithmic", isChosen: monitor.isLogarithmic, choice: .logarithmic(true)),
    ]
    overlay = .menu(Menu(title: "show the timeline", items: items))
  }

  /// `t` on the timeline: the keys of the chosen bucket, else all that the monitor is about.
  private mutating func editTTLOfBucket() {
    guard let monitor, let order = monitor.order else { return }
    guard order.target.sample.isAll else {
      say("only a sample of the keys is known: narrow it (filter, folder), or raise limits.sweep", .warning)
      return
    }
    guard let names = monitorNames(limit: Self.bulkLimit) else {
      say(
        "at most \(Format.count(Self.bulkLimit)) keys at once, here are \(Format.count(monitor.rows.count)): "
          + (monitor.bucket == nil ? "choose a bucket" : "narrow it with /"),
        .warning)
      return
    }
    var words = Array("keys with a TTL".utf8)
    if let bucket = monitor.bucket {
      words = Array("keys that expire at \(monitor.scale.title(of: bucket, localOffset: setup.localOffset))".utf8)
      if let chosen = monitor.chosen, let folder = chosen.folder, folder.count < chosen.looked {
        words += Array(", \(folder.count * 100 / max(1, chosen.looked))% of ".utf8) + folder.prefix.bytes
      }
    }
    if !monitor.prefix.isEmpty { words += Array(" under ".utf8) + monitor.prefix }
    if !list.filter.isEmpty { words += Array(", filter ".utf8) + list.filter }
    editTTL(
      of: names, from: .list(words), isComplete: monitor.progress.phase == .done && list.isAllListed)
  }
}
