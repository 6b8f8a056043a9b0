import Glibc
import Terminal
import Testing

/// `$EDITOR` with editors of our own. The environment stays as it is: it is that of all tests, and a folder in it for a
/// moment would be where others make theirs.
@Suite struct EditorProcessTests {
  /// Runs `script` as the editor (its file is `$2`) on `document`; also what the script wrote into `$KG_OUT`.
  private func edit(_ document: String, with script: String) throws -> (EditorProcess.Outcome, told: String) {
    try run(script) { program, base in
      let outcome = EditorProcess.edit(Array(document.utf8), errors: nil, editor: program, bases: [base])
      var left = ""
      if case .failed(_, let path?) = outcome { left = text(of: path) }
      return (outcome, text(of: base + "/out") + left)
    }
  }

  /// Makes a program of `script`, which gets an option first and the file second, for as long as `body` runs.
  private func run<Result>(_ script: String, _ body: (_ program: String, _ base: String) -> Result) throws -> Result {
    var folder = Array("/tmp/keyglass-test-XXXXXX".utf8CString)
    try #require(mkdtemp(&folder) != nil)
    let base = String(decoding: folder.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    defer { _ = system("rm -rf \(base)") }
    let program = base + "/program"
    let file = try #require(fopen(program, "w"))
    fputs("#!/bin/sh\nKG_OUT=\(base)/out\n\(script)\n", file)
    fclose(file)
    chmod(program, 0o700)
    return body("\(program) --option", base)
  }

  private func text(of path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 10_000)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  @Test func whatIsSavedComesBackAndTheFileIsGone() throws {
    let (outcome, told) = try edit(
      "one\n",
      with:
        "echo two >> \"$2\"; stat -c '%a' \"$2\" > $KG_OUT; stat -c '%a' \"$(dirname \"$2\")\" >> $KG_OUT; echo \"$2\" >> $KG_OUT"
    )
    #expect(outcome == .saved(Array("one\ntwo\n".utf8)))
    let lines = told.split(separator: "\n").map(String.init)
    #expect(lines.prefix(2) == ["600", "700"])
    #expect(access(lines[2], F_OK) != 0)
  }

  @Test func editorsThatReplaceTheFile() throws {
    let (outcome, _) = try edit("one", with: "printf new > \"$2.x\"; mv \"$2.x\" \"$2\"")
    #expect(outcome == .saved(Array("new".utf8)))
  }

  @Test func aFailingEditorLosesNothing() throws {
    let (outcome, kept) = try edit("one", with: "printf mine > \"$2\"; exit 3")
    guard case .failed(let why, .some) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(why.contains("status 3"))
    #expect(kept == "mine")
  }

  @Test func aFailingEditorThatChangedNothingLeavesNothing() throws {
    let (outcome, _) = try edit("one", with: "kill -9 $$")
    guard case .failed(let why, nil) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(why.contains("signal 9") || why.contains("137"))
  }

  @Test func aMissingEditor() {
    guard case .failed(let why, nil) = EditorProcess.edit([1], errors: nil, editor: "/nonexistent/editor") else {
      Issue.record("not failed")
      return
    }
    #expect(why.contains("not found"))
  }

  @Test func aTextThatIsTooLong() throws {
    let (outcome, _) = try edit("one", with: "head -c 9000000 /dev/zero > \"$2\"")
    guard case .failed(let why, .some) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(why.contains("longer than 8 MB"))
  }

  @Test func aPagerGetsTheDocumentAndLeavesNothing() throws {
    let (why, told) = try run("cat \"$2\" > $KG_OUT; stat -c ' %a' \"$2\" >> $KG_OUT; echo \"$2\" >> $KG_OUT") {
      pager, base in
      (EditorProcess.view(Array("one\ntwo".utf8), errors: nil, pager: pager, bases: [base]), text(of: base + "/out"))
    }
    #expect(why == nil)
    let lines = told.split(separator: "\n").map(String.init)
    #expect(lines.prefix(2) == ["one", "two 600"])
    #expect(access(lines[2], F_OK) != 0)
  }

  @Test func aPagerThatFails() throws {
    let (why, left) = try run("echo changed > \"$2\"; exit 4") { pager, base in
      let why = EditorProcess.view([0x61], errors: nil, pager: pager, bases: [base])
      return (why, system("ls -d \(base)/keyglass-* > /dev/null 2>&1"))
    }
    #expect(why?.hasSuffix("ended with status 4") == true)
    #expect(left != 0, "its folder is gone too")
    #expect(
      EditorProcess.view([0x61], errors: nil, pager: "/nonexistent/pager")
        == "'/nonexistent/pager' was not found: set PAGER")
    #expect(EditorProcess.view([0x61], errors: nil, pager: "true", bases: ["/nonexistent"])?.contains("folder") == true)
  }
}
