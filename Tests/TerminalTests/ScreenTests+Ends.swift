import Testing

/// However the program ends, the terminal is the shell's again. In the suite of the screen: one terminal at a time.
extension ScreenTests {
  @Test(arguments: [
    ("x", "SIG(ILL|TRAP)"), ("t", "SIG(ILL|TRAP)"), ("o", "SIGSEGV"), ("O", "SIGSEGV"), ("a", "SIGABRT"),
  ])
  func failsDecently(key: String, signal: String) async throws {
    let tmux = await Tmux()
    _ = await started(tmux)
    await tmux.send(key)
    let text = await tmux.wait(for: "\nsame\n")
    let line = try Regex("keyglass: internal error: \(signal)\\. The terminal was restored; please report it\\.\n")
    #expect(text.matches(of: line).count == 1)
    #expect(!text.contains("0x"), "no memory is shown")
    #expect(!text.contains("Crash"), "and no backtrace")
    await expectSane(tmux, status: 70)
  }

  @Test("a crash leaves a report: what was prepared, where it was, the last actions by name")
  func reportsAFailure() async throws {
    let tmux = await Tmux(width: 160)
    let folder = "\(tmux.folder)/state/reports"
    await tmux.type("KG_REPORTS=\(folder) check $H")
    await tmux.wait(for: "job on the first thread")
    for _ in 0..<40 { await tmux.send("j") }
    await tmux.send("Down", "x")
    let text = await tmux.wait(for: "\nsame\n")
    #expect(text.contains("The terminal was restored; please report it with the file \(folder)/crash-"))
    let report = await Tmux.output("cat \(folder)/crash-*.txt; stat -c '%a' \(folder) \(folder)/crash-*")
    #expect(report.hasPrefix("a host of the tests\nTERM=\\x1b[2J\nsignal: SIG"))
    #expect(report.contains(/at 0x[0-9a-f]+ of the program\nlast actions, oldest first:\n  action key/))
    #expect(report.matches(of: /\n  action/).count == 32, "the last of them, and no more")
    #expect(report.hasSuffix("700\n600\n"))
    await expectSane(tmux, status: 70)
  }

  @Test("a report that cannot be written is not promised")
  func reportsNothingWhereItCannot() async {
    let tmux = await Tmux()
    await tmux.type("KG_REPORTS=/proc/nowhere check $H")
    await tmux.wait(for: "job on the first thread")
    await tmux.send("a")
    #expect(await tmux.wait(for: "\nsame\n").contains("SIGABRT. The terminal was restored; please report it.\n"))
    await expectSane(tmux, status: 70)
  }

  @Test("no core dump, whatever the shell allows, and no debugger of another process")
  func leavesNoCore() async {
    let tmux = await Tmux()
    await tmux.type("ulimit -c unlimited; $H")
    await tmux.wait(for: "job on the first thread")
    let process = await Tmux.output("pgrep -P \(tmux.value("pane_pid"))").filter { $0 != "\n" }
    let limit = await Tmux.output("grep 'core file' /proc/\(process)/limits")
    #expect(limit.contains(/core file size\s+0\s/))
    await tmux.send("q")
  }

  @Test(
    "ended while $EDITOR runs, even by a crash: the editor goes, its files too, the terminal is the shell's",
    arguments: [("TERM", 143), ("HUP", 129), ("INT", 130), ("QUIT", 131), ("SEGV", 70), ("ABRT", 70)])
  func endsWithItsEditor(name: String, status: Int) async {
    let tmux = await Tmux()
    let editor = "\(tmux.folder)/editor"
    let script = """
      #!/bin/sh
      echo secret >"$1.swp"
      stty raw -echo
      echo $$ >\(tmux.folder)/told
      trap '' HUP INT QUIT
      exec sleep 100000

      """
    _ = await Tmux.output("printf '%s' \(Tmux.quoted(script)) >\(editor); chmod 700 \(editor)")
    await tmux.type("TMPDIR=\(tmux.folder) check $H \(editor)")
    await tmux.wait(for: "job on the first thread")
    await tmux.send("v")
    _ = await Tmux.output("until test -s \(tmux.folder)/told; do sleep 0.02; done")
    _ = await Tmux.output("pkill -\(name) -x TerminalHost -P \(tmux.value("pane_pid"))")
    await expectSane(tmux, status: status)
    let left = "ls -d \(tmux.folder)/keyglass-* 2>/dev/null; ps -o pid= $(cat \(tmux.folder)/told)"
    #expect(await Tmux.output(left) == "")
  }

  @Test(arguments: [
    ("TERM", 143), ("HUP", 129), ("INT", 130), ("QUIT", 131), ("USR1", 138), ("USR2", 140), ("XCPU", 152),
    ("ALRM", 142), ("SYS", 159),
  ])
  func endsBySignal(name: String, status: Int) async {
    let tmux = await Tmux()
    _ = await started(tmux)
    await tmux.kill(name)
    await expectSane(tmux, status: status)
  }

  @Test func endsBySignalWhenTheLoopHangs() async {
    let tmux = await Tmux()
    _ = await started(tmux)
    await tmux.send("h")
    await tmux.kill("TERM")
    await expectSane(tmux, status: 143)
  }

  /// Where the hang-up is ignored, as under nohup, the end of the input ends the program.
  @Test func endsWithItsTerminal() async {
    let tmux = await Tmux()
    await tmux.type("trap '' HUP; $H")
    await tmux.wait(for: "job on the first thread")
    let process = await Tmux.output("pgrep -P \(tmux.value("pane_pid"))").filter { $0 != "\n" }
    #expect(Int(process) != nil)
    await tmux.run("kill-server")
    #expect(await Tmux.output("timeout 10 tail --pid=\(process) -f /dev/null; echo $?") == "0\n")
  }
}
