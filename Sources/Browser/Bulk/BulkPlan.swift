package import Keyspace
package import Requests

/// What a text makes of the TTLs of many keys.
package struct BulkPlan: Sendable, Equatable {
  /// The text says no TTL, or none that these keys can have: why.
  package private(set) var mistake: String?
  /// What was typed.
  package let text: String
  /// What each key's TTL is to be, in the order of the keys; nil: it stays as it is. Empty with a mistake.
  package private(set) var changes: [Expiry?] = []
  /// How many of them change.
  package private(set) var count = 0
  /// Keys without a TTL, to which nothing can be added, or from which none can be taken away.
  package private(set) var staying = 0
  /// It adds to the TTL that is there.
  package private(set) var adds = false
  /// Deadlines now and afterwards, on one axis that begins at `serverTime`; nil with a mistake.
  package private(set) var before: DeadlineHistogram
  package private(set) var after: DeadlineHistogram?
  /// Server time when it was worked out, ms.
  package let serverTime: Int64

  /// Steps of the histograms: they can be merged in twos, threes, fours and so on where there is less room.
  package static let steps = 48

  /// - Parameters:
  ///   - order: indices of the keys that are there, in the order in which a range is shared out.
  ///   - localOffset: as `TTLInput.parse(_:localOffset:)` wants it.
  init(
    _ text: String, keys: [BulkTTL.Finding], order: [Int], serverTime: Int64, localOffset: (Int64) -> Int64
  ) {
    self.text = text
    self.serverTime = serverTime
    let now = serverTime
    before = DeadlineHistogram(axis: now...now, steps: 1)
    guard !order.isEmpty else {
      mistake =
        keys.contains(.unreadable)
        ? "this user may not read their types and TTLs: nothing can be written"
        : "none of these keys is there any more"
      return
    }
    switch BulkTTLInput.parse(text, localOffset: localOffset) {
    case .failure(let why): mistake = why.text
    case .success(let input):
      mistake = work(input, keys: keys, order: order)
      if mistake != nil { (changes, count) = ([], 0) }
    }
    draw(keys)
  }

  /// Returns what is wrong.
  private mutating func work(_ input: BulkTTLInput, keys: [BulkTTL.Finding], order: [Int]) -> String? {
    changes = Array(repeating: nil, count: keys.count)
    func isVolatile(_ index: Int) -> Bool {
      if case .present(_, .at) = keys[index] { true } else { false }
    }
    switch input {
    case .same(.never):
      staying = order.count - order.count(where: isVolatile)
      for index in order where isVolatile(index) { set(.never, at: index) }
    case .same(.after(let time)): for index in order { set(.after(time), at: index) }
    case .same(.at(let time)):
      guard time > serverTime else {
        return "that time has passed: the keys would be gone at once. d deletes them, and can be taken back"
      }
      for index in order { set(.at(time), at: index) }
    case .spread(let range):
      for (place, index) in order.enumerated() {
        set(.after(NameSpread.share(of: range, place: place, count: order.count)), at: index)
      }
    case .same(.adding(let time)): return add(time...time, to: order.filter(isVolatile), of: order.count, keys)
    case .addingSpread(let range): return add(range, to: order.filter(isVolatile), of: order.count, keys)
    }
    return nil
  }

  private mutating func add(
    _ range: ClosedRange<Int64>, to order: [Int], of all: Int, _ keys: [BulkTTL.Finding]
  ) -> String? {
    adds = true
    staying = all - order.count
    if order.isEmpty { return "none of them has a TTL to add to: type 10m, not +10m" }
    for (place, index) in order.enumerated() {
      guard case .present(_, .at(let old)) = keys[index] else { continue }
      let (sum, isTooLong) = old.addingReportingOverflow(
        NameSpread.share(of: range, place: place, count: order.count))
      if isTooLong { return "that is longer than any TTL can be" }
      set(.at(sum), at: index)
    }
    return nil
  }

  private mutating func set(_ expiry: Expiry, at index: Int) {
    changes[index] = expiry
    count += 1
  }

  // MARK: - Histograms

  private mutating func draw(_ keys: [BulkTTL.Finding]) {
    var end = serverTime
    for (index, key) in keys.enumerated() {
      guard case .present(_, let deadline) = key else { continue }
      if case .at(let time) = deadline { end = max(end, time) }
      if !changes.isEmpty, case .at(let time) = self.deadline(at: index, from: deadline) { end = max(end, time) }
    }
    let axis = serverTime...end
    before = DeadlineHistogram(axis: axis, steps: Self.steps)
    var after = DeadlineHistogram(axis: axis, steps: Self.steps)
    for (index, key) in keys.enumerated() {
      guard case .present(_, let deadline) = key else { continue }
      before.add(deadline)
      if !changes.isEmpty { after.add(self.deadline(at: index, from: deadline)) }
    }
    self.after = changes.isEmpty ? nil : after
  }

  /// The deadline of a key afterwards, as if all were done when the plan was made.
  package func deadline(at index: Int, from deadline: Deadline) -> Deadline {
    guard !changes.isEmpty, let change = changes[index] else { return deadline }
    switch change {
    case .never: return .persistent
    case .after(let time): return .at(serverTime.addingReportingOverflow(time).overflow ? .max : serverTime + time)
    case .at(let time): return .at(time)
    }
  }
}

extension Edit {
  /// The same TTL for a key that was given another one (`now`) meanwhile: guarded by that, and added to it where it was
  /// added. nil: there is nothing to do any more, or nothing to add to, or it is not known what it is now.
  func following(_ now: Deadline, adds: Bool) -> Edit? {
    guard case .expiry(let from, var to) = change, now != .unknown else { return nil }
    if to == .never, now == .persistent { return nil }
    if adds, case .at(let old)? = from, case .at(let time) = to {
      guard case .at(let new) = now else { return nil }
      let (sum, isTooLong) = new.addingReportingOverflow(time - old)
      if isTooLong { return nil }
      to = .at(sum)
    }
    var edit = self
    edit.change = .expiry(from: now, to: to)
    return edit
  }
}
