import Values

extension ValueState.Detail {
  /// The same, scrolled.
  func moved(_ move: Move, height: Int) -> ValueState.Detail {
    switch self {
    case .element(let title, var view):
      view.scroll(move, height: height)
      return .element(title: title, view)
    case .dump(var view):
      view.scroll(move, height: height)
      return .dump(view)
    case .entry(let entry, var viewport):
      viewport.scroll(move, count: entry.fields.count, height: height)
      return .entry(entry, viewport)
    case .union(let other, let members, var viewport):
      viewport.move(move, count: members.count, height: height)
      return .union(with: other, members: members, viewport)
    }
  }
}
