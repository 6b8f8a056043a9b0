import Requests

extension CollectionView {
  /// Bytes of a neighbour that is sent to be compared.
  private static let longestNeighbour = 1 << 16

  /// What stands around an element of a list. Nil where nothing does, or nothing is known of it: a list of one element
  /// can only be told apart by that element.
  func context(at index: Int) -> ListContext? {
    // At the tail others may push: what comes behind the last element does not move it.
    let wanted = [index - 1, index + 1].filter { $0 >= 0 && $0 < total }
    let neighbours: [ListContext.Neighbour] = wanted.compactMap {
      guard case .element(let value)? = element(at: $0), value.count <= Self.longestNeighbour else { return nil }
      return ListContext.Neighbour(index: $0, value: value)
    }
    guard !neighbours.isEmpty else { return nil }
    let own = element(at: index)
    let hasEqual = elements.lazy.filter { $0 == own }.prefix(2).count > 1
    // Where one is not loaded, the length alone decides.
    return ListContext(
      length: total, neighbours: neighbours.count == wanted.count ? neighbours : [], hasEqual: hasEqual)
  }
}
