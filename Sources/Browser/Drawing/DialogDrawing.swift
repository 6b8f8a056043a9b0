import Canvas
import Requests

extension Painter {
  mutating func draw(_ dialog: Dialog) {
    let width = editingWidth
    var box = EditingBox()
    for (position, line) in dialog.lines.enumerated() {
      guard !line.isEmpty else {
        box.add(text("(the empty name)", .textDim))
        continue
      }
      for (row, part) in outside(line, .text, cells: 4 * width).wrappedAtBlanks(to: width).prefix(4).enumerated() {
        box.lines.append(row == 0 && !dialog.details.contains(position) ? .text(part) : .detail(part))
      }
    }
    // What is about to be destroyed must not be taken for another.
    var doubted: [[UInt8]] = []
    for word in dialog.commands.flatMap({ $0.dropFirst() }) where !doubted.contains(word) {
      doubted.append(word)
      if let doubt = LookAlike.doubt(word, context: .value) { box.add(lookAlikeLine(doubt.words), width: width) }
    }
    box.addCommands(dialog.commands, width: width, limit: 2, ellipsis: glyphs.ellipsis)
    if !dialog.shellWords.isEmpty {
      box.lines.append(.rule(dialog.shellTitle))
      let line = Escape.display(Array(ShellWord.line(dialog.shellWords).utf8), context: .command, role: .accent)
      for part in line.wrapped(to: width) { box.lines.append(.text(part)) }
    }
    if dialog.more > 0 {
      box.lines.append(.detail(text("and \(Format.count(dialog.more)) more like these", .textDim)))
    }
    if let demanded = dialog.demanded {
      let label = text("type ", .warn) + outside(Array(demanded.utf8), .warn) + text(" to confirm: ", .warn)
      let (typed, cursor, _) = window(of: dialog.field, room: max(4, width - label.width))
      box.lines.append(.input(label + typed, cursor: label.width + cursor, isFocused: true))
    }
    box.addButtons(
      dialog.buttons.enumerated().map { (title: $1.title, isFocused: $0 == dialog.focus) }, width: width)
    draw(box, title: text(dialog.title, .danger), border: .danger)
  }
}
