import Canvas
import Testing

@testable import Browser

/// A server that is not verified (`--insecure`).
@Suite struct InsecureTests {
  private func harness(_ size: Size, writes: Bool) -> Harness {
    var setup = Setup(endpointName: "127.0.0.1:6380", isReadOnly: !writes)
    setup.isInsecure = true
    return Harness(["a", "b"], size: size, setup: setup)
  }

  @Test(arguments: [Size(width: 120, height: 36), Size(width: 80, height: 24), Size(width: 40, height: 12)])
  func rowOneSaysSo(size: Size) {
    let read = harness(size, writes: false)
    #expect(read.row("6380").contains("[RO]"))
    #expect(read.row("6380").contains("[INSECURE]"))
    let write = harness(size, writes: true)
    #expect(!write.row("6380").contains("[RO]"))
    #expect(write.row("6380").contains("[INSECURE]"))
    #expect(!Harness(["a"], size: size).row("6379").contains("INSECURE"))
  }

  @Test func theMarkIsADanger() throws {
    let frame = harness(Size(width: 120, height: 36), writes: true).frame()
    let row = Array(frame.row(0)).filter { $0.role == .danger }.flatMap { $0.glyph.drawn.map(String.init) }.joined()
    #expect(row.contains("INSECURE"), "\(row)")
  }

  @Test func anEditSaysWhatWouldAllowIt() {
    var setup = Setup(endpointName: "127.0.0.1:6380", isReadOnly: true)
    setup.readOnlyCause = "--insecure without --insecure-writes"
    var harness = Harness(["s:1"], size: Size(width: 80, height: 24), setup: setup)
    harness.type("t")
    #expect(harness.text.contains("--insecure without --insecure-writes"))
  }
}
