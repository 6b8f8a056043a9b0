/// What one place of the screen holds.
package struct Cell: Equatable, Sendable {
  package var glyph: Glyph
  package var role: Role
  private var flags: UInt8 = 0

  package init(_ glyph: Glyph = .blank, role: Role = .text) {
    self.glyph = glyph
    self.role = role
  }

  /// Whether the selection lies over the cell.
  package var isSelected: Bool {
    get { flags & 1 != 0 }
    set { flags = newValue ? flags | 1 : flags & ~1 }
  }

  /// Whether this is the right half of the wide glyph in the cell before it. Its own glyph is a blank.
  package internal(set) var isContinuation: Bool {
    get { flags & 2 != 0 }
    set { flags = newValue ? flags | 2 : flags & ~2 }
  }
}
