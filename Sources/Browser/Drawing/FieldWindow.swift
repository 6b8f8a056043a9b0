import Canvas

extension Painter {
  /// The part of the cursor's line that has room: the character under the cursor is always whole in it, and a wide one
  /// that is cut by an edge is a blank.
  ///
  /// - Parameter secrets: UTF-8 offsets in the line of what is not to be shown.
  /// - Returns: also the cursor's cell in it, and the cells that are hidden at the left.
  func window(
    of field: TextField, room: Int, masking secrets: [Range<Int>] = []
  ) -> (shown: DisplayText, cursor: Int, hidden: Int) {
    // What is typed is text under the escape rule already: nothing is doubled, nothing invisible gets through.
    let (line, before) = field.currentLine
    let column = DisplayText(masked(before, secrets)).width
    let text = DisplayText(masked(line, secrets), role: .input)
    let under = DisplayText(line[before.endIndex...].prefix(1)).elements.first?.glyph.width ?? 1
    let hidden = max(0, column + under - room)
    return (text.dropFirst(cells: hidden).prefix(cells: room), column - hidden, hidden)
  }

  /// Stands for a character of a secret.
  var maskSign: String { state.setup.isASCII ? "*" : "\u{2022}" }

  /// The text with a sign for each character of a secret.
  func masked(_ text: Substring, _ secrets: [Range<Int>]) -> Substring {
    guard !secrets.isEmpty else { return text }
    var shown = ""
    var offset = 0
    for character in text {
      let isSecret = secrets.contains { $0.contains(offset) }
      shown += isSecret ? maskSign : String(character)
      offset += character.utf8.count
    }
    return shown[...]
  }
}
