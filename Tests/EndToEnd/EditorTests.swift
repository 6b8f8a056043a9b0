import TestSupport
import Testing

/// `E` with editors of our own, against a real server: what the editor did not touch stays as it was.
@Suite("In $EDITOR", .serialized) struct EditorTests {
  /// Opens a string, presses `E`, then plays the rest.
  private func play(_ server: TestServer, editor: String, _ rest: String) throws -> Keyglass.Result {
    let program = try Keyglass(environment: ["EDITOR=\(editor)"])
    let script = "size 120x36\nkey O\ntype k\nkey Enter\nwait-idle\nkey E\nwait-idle\n\(rest)\nquit\n"
    return try program.run(["-s", server.socketPath, "--script", try program.write(script, as: "editor.keys")])
  }

  @Test(
    "row 8: JSON keeps number text, order, duplicate keys and whitespace",
    arguments: [
      (
        #"{"id": 12345678901234567890,  "a": [1, 2.50, 3e2], "a": null, "b" :2}"#, "s/\"b\" :2/\"b\" :3/", "\"b\" :2",
        "\"b\" :3"
      ),
      ("[1.0,\t1e400 , -0,0.1000]", "s/0.1000/0.2000/", "0.1000", "0.2000"),
    ])
  func jsonStaysAsItWas(value: String, edit: String, old: String, new: String) throws {
    let server = try TestServer()
    try server.cli("SET", "k", value, "PXAT", "4102444800123")
    let result = try play(server, editor: "sed -i '\(edit)'", "expect will run\nkey Enter\nwait-idle")
    #expect(result.status == 0, "\(result.output)")
    #expect(try server.cli("GET", "k") == value.replacing(old, with: new))
    #expect(try server.cli("PEXPIRETIME", "k") == "4102444800123")
  }

  @Test("row 9: a final newline that only the editor added is not written")
  func addedNewlinesAreDropped() throws {
    let server = try TestServer()
    try server.cli("SET", "k", "one")
    try server.cli("CONFIG", "RESETSTAT")
    let unchanged = try play(server, editor: #"printf '\n' >>"#, "expect unchanged: nothing was sent")
    #expect(unchanged.status == 0, "\(unchanged.output)")
    #expect(try server.cli("INFO", "commandstats").contains("cmdstat_eval") == false)
    let changed = try play(server, editor: "printf 'two\\n' >", "key Enter\nwait-idle\nexpect-redis ^3$ STRLEN k")
    #expect(changed.status == 0, "\(changed.output)")
    #expect(try server.cli("GET", "k") == "two")
    // One that was there stays.
    try server.cli("SET", "k", "one\n")
    let kept = try play(server, editor: "sed -i s/one/three/", "key Enter\nwait-idle")
    #expect(kept.status == 0, "\(kept.output)")
    #expect(try server.cli("GET", "k") == "three\n")
  }

  /// The pager gets the terminal and the value as it is shown, and gives the terminal back; its file is gone then.
  @Test func aPagerOfTheUsers() throws {
    let server = try TestServer()
    try server.cli("SET", "k", #"{"a":[1]}"#)
    let program = try Keyglass()
    let pager = try program.write(
      "#!/bin/sh\necho \"of $1\"; cat \"$1\"; test -t 0 && test -t 1 && echo on a terminal; read line\n", as: "pager")
    let terminal = try Tmux(
      [Keyglass.path(), "-s", server.socketPath, "--read-only"], environment: ["PAGER=/bin/sh \(pager)"])
    try terminal.waitFor("all 1 keys")
    try terminal.keys("Enter")
    try terminal.waitFor("\"a\"")
    try terminal.type("o")
    try terminal.waitFor("in $PAGER")
    try terminal.type("p")
    let screen = try terminal.waitFor("on a terminal")
    #expect(screen.contains("{\n  \"a\": [\n    1\n  ]\n}\n"))
    let path = try #require(screen.firstMatch(of: /of (\/\S+)/)?.1)
    #expect(try Run.output(["/usr/bin/stat", "-c", "%a", String(path)]).output == "600\n")
    try terminal.keys("Enter")
    try terminal.waitFor("╭─ Keys")
    #expect(try Run.output(["/usr/bin/stat", "-c", "%a", String(path)]).status != 0)
    try terminal.type("q")
    try terminal.type("q")
    try terminal.waitFor("[exit 0]")
    #expect(try terminal.modes() == terminal.modesAtStart())
  }

  /// The text is kept, and its place can be read whole.
  @Test func aFailingEditorLosesNothing() throws {
    let server = try TestServer()
    try server.cli("SET", "k", "old")
    let result = try play(
      server, editor: "f() { printf mine > \"$1\"; return 3; }; f",
      "size 80x24\nexpect ended with status 3\nexpect Your text is kept in\nexpect /value.txt\ndump\nkey Enter")
    #expect(result.status == 0, "\(result.output)")
    let path = try #require(result.output.firstMatch(of: /\/[^ ]*\/keyglass-[A-Za-z0-9]+\/value\.txt/)?.output)
    #expect(try Run.output(["/bin/cat", String(path)]).output == "mine")
    TestFolder.remove(String(path.split(separator: "/").dropLast().map { "/\($0)" }.joined()))
    #expect(try server.cli("GET", "k") == "old")
  }
}
