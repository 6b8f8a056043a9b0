import Canvas
import Requests
import Testing

@testable import Browser

@Suite("Console: on every screen") struct ConsoleFrameTests {
  private static let widths = [1, 2, 7, 39, 40, 41, 59, 60, 79, 80, 99, 100, 101, 200, 300]
  private static let heights = [1, 2, 9, 10, 11, 14, 15, 16, 17, 24, 50, 100]

  @Test("from 1x1 to 300x100 a frame is whole, in each state", arguments: ConsoleScene.allCases)
  func everySize(scene: ConsoleScene) {
    var harness = scene.harness(size: Size(width: 80, height: 24))
    for width in Self.widths {
      for height in Self.heights {
        harness.send(.resize(Size(width: width, height: height)))
        // Both sets of signs take turns.
        let frame = harness.frame((width + height) % 2 == 0 ? .unicode : .ascii)
        #expect(frame.size == Size(width: width, height: height))
      }
    }
  }

  @Test("in a low or narrow window the line is still there, and its cursor in it", arguments: ConsoleScene.allCases)
  func smallest(scene: ConsoleScene) {
    for (width, height) in [(40, 10), (41, 11), (60, 15), (300, 10), (40, 100)] {
      let harness = scene.harness(size: Size(width: width, height: height))
      let frame = harness.frame()
      guard harness.state.console.focus == .input, harness.state.overlay == nil else { continue }
      guard let cursor = frame.cursor else {
        Issue.record("no cursor")
        continue
      }
      #expect(cursor.visible)
      #expect(cursor.y >= height - 1 - harness.state.consoleInputHeight && cursor.y < height - 1, "\(width)x\(height)")
    }
  }

  @Test("with --plain everything is ASCII, whatever came", arguments: ConsoleScene.allCases)
  func plain(scene: ConsoleScene) {
    var setup = Setup(endpointName: "127.0.0.1:6379", isPlain: true, previewDelay: nil)
    setup.charset = .ascii
    for size in [Size(width: 40, height: 10), Size(width: 80, height: 24), Size(width: 120, height: 36)] {
      let frame = scene.harness(size: size, setup: setup).frame(.ascii)
      let text = frame.trimmedRows().joined(separator: "\n")
      #expect(text.utf8.allSatisfy { $0 == 0x0A || (0x20..<0x7F).contains($0) }, "\(text)")
    }
  }

  @Test("nothing that a server sends is more than text", arguments: ConsoleScene.allCases)
  func hostile(scene: ConsoleScene) {
    let text = scene.harness(size: Size(width: 120, height: 36)).text
    for hidden in ["\u{1b}", "\u{7}", "\u{202e}", "\u{0}"] { #expect(!text.contains(hidden)) }
  }
}
