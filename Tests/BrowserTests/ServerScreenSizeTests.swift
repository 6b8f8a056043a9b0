import Canvas
import Requests
import Testing

@testable import Browser

@Suite("The screen of the server at every size")
struct ServerScreenSizeTests {
  @Test("Every size is drawn whole, on every page, and scrolls to its end")
  func sizes() {
    var sizes = [(300, 100), (120, 36), (80, 24), (60, 15), (56, 20), (76, 30), (40, 10), (41, 12)]
    for width in 0...12 { for height in 0...12 { sizes.append((width, height)) } }
    for isPlain in [false, true] {
      for (width, height) in sizes {
        var harness = Harness.server(
          Size(width: width, height: height), seconds: 40,
          setup: Setup(endpointName: "x", isPlain: isPlain, previewDelay: nil))
        let glyphs: GlyphSet = isPlain ? .ascii : .unicode
        harness.press(.end, .pageUp, .home, .pageDown, .end)
        _ = harness.frame(glyphs)
        harness.showClients()
        harness.press(.end)
        _ = harness.frame(glyphs)
        harness.press(.enter)
        _ = harness.frame(glyphs)
        harness.press(.escape, .tab)
        harness.answer(.slowLog, .slowLog(Harness.slowLog))
        harness.press(.end, .enter)
        _ = harness.frame(glyphs)
        harness.press(.escape)
        harness.type(":")
        _ = harness.frame(glyphs)
      }
    }
  }

  @Test("On a narrow screen the blocks stand below each other, and the last is reached")
  func narrow() {
    var harness = Harness.server(Size(width: 60, height: 15))
    #expect(harness.row("commands").contains("k/s"))
    #expect(!harness.text.contains("db3"))
    harness.press(.end)
    #expect(harness.text.contains("db3"))
  }

  static let pictureSizes = [Size(width: 120, height: 36), Size(width: 80, height: 24), Size(width: 60, height: 15)]

  @Test(arguments: pictureSizes)
  func pictures(size: Size) throws {
    var harness = Harness.server(size)
    try Snapshot.check(harness, "server")
    harness.showClients()
    harness.type("jj")
    try Snapshot.check(harness, "server-clients")
    harness.type("x")
    try Snapshot.check(harness, "server-kill")
    harness.advance(200)
    harness.press(.escape, .tab)
    harness.answer(.slowLog, .slowLog(Harness.slowLog))
    try Snapshot.check(harness, "server-slow-log")
  }

  @Test(arguments: pictureSizes)
  func plain(size: Size) throws {
    let harness = Harness.server(size, setup: Setup(endpointName: "10.2.0.14:6379", isPlain: true, previewDelay: nil))
    try Snapshot.check(harness, "server-plain", glyphs: .ascii)
  }
}
