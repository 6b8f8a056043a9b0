import Canvas
import Foundation
import Testing

@testable import Browser

/// A screen as text and as roles, compared with the one that was recorded. `KEYGLASS_RECORD=1` records it anew.
enum Snapshot {
  static func check(_ harness: Harness, _ name: String, glyphs: GlyphSet = .unicode) throws {
    let frame = harness.frame(glyphs)
    let picture = (frame.trimmedRows() + ["--- roles"] + frame.roleRows()).joined(separator: "\n") + "\n"
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Snapshots/\(name)-\(harness.state.size.width)x\(harness.state.size.height).txt")
    if ProcessInfo.processInfo.environment["KEYGLASS_RECORD"] != nil {
      try picture.write(to: file, atomically: true, encoding: .utf8)
    }
    let expected = try String(contentsOf: file, encoding: .utf8)
    #expect(picture == expected, "\(name) looks different")
  }
}
