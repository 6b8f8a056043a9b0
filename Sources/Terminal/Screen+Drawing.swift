import CTerminal
package import Canvas

extension Screen {
  /// Shows a frame: rows that differ from the frame before are put into curses, which sends what differs of them.
  /// Everything leaves in one write; the frame that is shown already sends nothing.
  package func draw(_ frame: Frame) -> FlushStatistics {
    if shown?.size != frame.size {
      unsafe werase(kg_screen())
      shown = nil
    }
    // A single column stays blank: for its last cell ncurses reads the cell before the first where the terminal lets no
    // cell be written without wrapping (TERM=screen), and sends what lies there in memory.
    let rows = frame.size.width > 1 ? min(frame.size.height, Int(kg_rows())) : 0
    for y in 0..<rows where shown?.row(y) != frame.row(y) {
      painter.paint(frame.row(y), at: y, palette: &palette)
    }
    // The rows have moved the cursor. Without a place of its own it stays where it was, not to cost a motion.
    let cursor = frame.cursor ?? shown?.cursor
    unsafe wmove(kg_screen(), Int32(cursor?.y ?? 0), Int32(cursor?.x ?? 0))
    shown = frame
    shown?.cursor = cursor
    kg_hold()
    let isVisible = frame.cursor?.visible ?? false
    if isCursorVisible != isVisible {
      curs_set(isVisible ? 1 : 0)
      isCursorVisible = isVisible
    }
    unsafe wnoutrefresh(kg_screen())
    doupdate()
    let flush = kg_release(synchronizesUpdates)
    return FlushStatistics(bytes: flush.bytes, writes: Int(flush.writes))
  }
}
