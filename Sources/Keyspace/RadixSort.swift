/// Orders numbers and what belongs to them, digit by digit from the lowest (radix sort): equal ones stay in their order.
enum RadixSort {
  private static let digitBits: UInt64 = 11
  /// So few are sooner compared with one another.
  private static let smallCount = 512

  static func sort(_ values: inout [Int64], _ references: inout [UInt32]) {
    guard let lowest = values.min(), let highest = values.max(), lowest < highest else { return }
    guard values.count > smallCount else { return sortFew(&values, &references) }
    let range = UInt64(bitPattern: highest &- lowest)
    var (otherValues, otherReferences) = (values, references)
    var shift: UInt64 = 0
    while shift < 64, range >> shift > 0 {
      distribute(
        values.span, references.span, into: otherValues.mutableSpan, otherReferences.mutableSpan, lowest: lowest,
        shift: shift)
      swap(&values, &otherValues)
      swap(&references, &otherReferences)
      shift += digitBits
    }
  }

  private static func sortFew(_ values: inout [Int64], _ references: inout [UInt32]) {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    values = order.map { [values] in values[$0] }
    references = order.map { [references] in references[$0] }
  }

  private static func distribute(
    _ values: Span<Int64>, _ references: Span<UInt32>, into newValues: consuming MutableSpan<Int64>,
    _ newReferences: consuming MutableSpan<UInt32>, lowest: Int64, shift: UInt64
  ) {
    let mask: UInt64 = 1 << digitBits - 1
    var places = [Int](repeating: 0, count: 1 << Int(digitBits))
    for index in values.indices { places[Int(UInt64(bitPattern: values[index] &- lowest) >> shift & mask)] += 1 }
    var sum = 0
    for digit in places.indices { (places[digit], sum) = (sum, sum + places[digit]) }
    for index in values.indices {
      let digit = Int(UInt64(bitPattern: values[index] &- lowest) >> shift & mask)
      newValues[places[digit]] = values[index]
      newReferences[places[digit]] = references[index]
      places[digit] += 1
    }
  }
}
