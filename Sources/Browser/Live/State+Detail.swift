import Canvas
import Values

/// One element that is shown alone goes with the value that it is a part of.
extension State {
  /// What differs since the value was read before is marked, and the element that is shown alone is that of now.
  mutating func noteChanges(from previous: ValueState.Content) {
    let differs = value.changes.note(from: previous, to: value.content, at: now)
    if value.changedSince != nil { value.fruitless = differs ? 0 : value.fruitless + 1 }
    renewDetail(from: previous)
  }

  /// An element alone, as text, JSON or hex; an entry by its fields.
  func detail(of element: CollectionView.Element, at position: Int) -> ValueState.Detail {
    func alone(_ bytes: [UInt8], _ title: [UInt8]) -> ValueState.Detail {
      let page = StringPage(length: bytes.count, offset: 0, bytes: bytes)
      return .element(title: title, StringView(page: page, width: valueWidth))
    }
    return switch element {
    case .element(let bytes): alone(bytes, Array("element \(position)".utf8))
    case .field(let field): alone(field.value, Array("field ".utf8) + field.name)
    case .member(let bytes): alone(bytes, Array("member".utf8))
    case .scored(let entry): alone(entry.member, Array("member, score ".utf8) + entry.score)
    case .entry(let entry): .entry(entry, Viewport())
    }
  }

  private mutating func renewDetail(from previous: ValueState.Content) {
    guard let detail = value.detail, case .collection(let old) = previous, case .collection(let new) = value.content,
      let shown = old.element(at: old.viewport.cursor)
    else { return }
    switch detail {
    case .element, .entry: break
    case .dump, .union: return
    }
    let now = new.element(at: new.viewport.cursor)
    guard let now, now.name == shown.name else {
      value.detail = nil
      say("what was shown alone is gone", .warning)
      return
    }
    guard now != shown else { return }
    switch (detail, self.detail(of: now, at: new.viewport.cursor)) {
    case (.element(_, let before), .element(let title, let after)):
      value.detail = .element(title: title, after.placed(like: before))
    case (_, let fresh): value.detail = fresh
    }
  }
}

extension StringView {
  /// In the format, the lines and at the place of another reading of the same string.
  func placed(like old: StringView) -> StringView {
    var new = self
    if old.format != .json { _ = new.show(as: old.format) }
    if old.isWrapped != new.isWrapped { new.setWrapped(old.isWrapped) }
    new.column = old.column
    if old.topOffset < new.end || old.format == .hex { new.jump(to: old.topOffset) }
    if old.format == .json, new.format == .json { new.top = min(old.top, max(0, new.rowCount - 1)) }
    return new
  }
}
