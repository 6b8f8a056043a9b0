/// One value beside each name of a block, made when the first one is known.
struct FactColumn<Value: Equatable & Sendable>: Sendable {
  /// Empty, or one a name; while a block is being built there may be fewer.
  private(set) var values: [Value] = []
  /// Stands where nothing is known.
  let unknown: Value

  init(unknown: Value) { self.unknown = unknown }

  @inline(__always)
  subscript(index: Int) -> Value { index < values.count ? values[index] : unknown }

  /// - Parameter count: names of the block.
  @inline(__always)
  mutating func set(_ value: Value, at index: Int, of count: Int) {
    if values.count < count {
      if value == unknown { return }
      pad(to: count)
    }
    values[index] = value
  }

  /// While a block is being built: the value of the name at `index`, the last so far.
  mutating func append(_ value: Value, at index: Int) {
    guard value != unknown else { return }
    pad(to: index)
    values.append(value)
  }

  /// The values of the first `count` names, which leave.
  mutating func removeFirst(_ count: Int) -> FactColumn {
    var first = FactColumn(unknown: unknown)
    guard !values.isEmpty else { return first }
    let taken = min(count, values.count)
    first.values = Array(values[..<taken])
    first.pad(to: count)
    values.removeFirst(taken)
    return first
  }

  private mutating func pad(to count: Int) {
    guard values.count < count else { return }
    values.reserveCapacity(count)
    values.append(contentsOf: repeatElement(unknown, count: count - values.count))
  }

  var residentBytes: Int { values.capacity * MemoryLayout<Value>.stride }
}
