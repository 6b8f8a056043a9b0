import Requests

extension CollectionView {
  /// What stands around an element of a list. Nil where nothing does, or nothing is known of it: a list of one element
  /// can only be told apart by that element.
  func context(at index: Int) -> ListContext? {
    // At the tail others may push: what comes behind the last element does not move it.
    let wanted = [index - 1, index + 1].filter { $0 >= 0 && $0 < total }
    let neighbours: [ListContext.Neighbour] = wanted.compactMap {
      guard case .element(let value)? = element(at: $0) else { return nil }
      return ListContext.Neighbour(index: $0, value: value)
    }
    guard !neighbours.isEmpty else { return nil }
    // Where one is not loaded, the length alone decides.
    return ListContext(length: total, neighbours: neighbours.count == wanted.count ? neighbours : [])
  }
}
