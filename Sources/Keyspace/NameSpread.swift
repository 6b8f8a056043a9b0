/// Shares a range out among names: evenly, in an order of its own, which is always the same for the same names and does
/// not follow them, so that neighbours (which are often used together) do not stay together.
package enum NameSpread {
  /// Indices of the names in that order.
  package static func order(of names: [KeyName]) -> [Int] {
    let hashes = names.map { hash($0) }
    return names.indices.sorted { left, right in
      hashes[left] != hashes[right] ? hashes[left] < hashes[right] : names[left] < names[right]
    }
  }

  /// What the name at this place of so many gets: the first the lower end, the last the upper one.
  package static func share(of range: ClosedRange<Int64>, place: Int, count: Int) -> Int64 {
    let steps = Int64(count - 1)
    guard steps > 0 else { return range.lowerBound }
    let (step, rest) = (range.upperBound - range.lowerBound).quotientAndRemainder(dividingBy: steps)
    let place = Int64(place)
    return range.lowerBound + step * place + rest * place / steps
  }

  private static func hash(_ name: KeyName) -> UInt64 {
    unsafe name.bytes.withUnsafeBufferPointer { unsafe nameHash($0) }
  }
}
