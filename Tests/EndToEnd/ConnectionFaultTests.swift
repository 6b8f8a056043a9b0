import Glibc
import TestSupport
import Testing

extension EndToEnd {
  /// Rows 1, 4, 8 and 10 of the fault table as a user meets them: the server or the network goes away and comes back.
  @Suite("Faults: the connection") struct ConnectionFaultTests {
    @Test("fault 1: a killed server is told with its reason, and the cursor is where it was when it is back")
    func killedServer() throws {
      let server = try FaultSession.server()
      let session = try FaultSession(server: server, size: Tmux.Size(columns: 80, rows: 24))
      let terminal = session.terminal
      try session.go(to: .list)
      try terminal.type("v")
      try terminal.waitFor("other:2")
      try terminal.keys("Down", "Down")
      try terminal.waitFor("the cursor on the third key") { Self.cursorRow($0).contains("other:2") }
      try server.kill9()
      let shown = try terminal.waitFor("next try in")
      #expect(shown.contains("cannot connect to") && shown.contains("[STALE]"))
      try terminal.waitFor("[STALE] as of")
      // What is loaded can be read.
      try terminal.keys("Up")
      try terminal.waitFor("the cursor on the second key") { Self.cursorRow($0).contains("other:1") }
      try server.restart()
      try server.pipeline([["SET", "k", "new"], ["SET", "other:1", "new"], ["SET", "other:2", "new"]])
      try terminal.type("R")
      try terminal.waitFor("server restarted (run id changed)")
      try terminal.waitFor("all of it read again") { !$0.contains("[STALE]") && $0.contains("all 3 keys") }
      #expect(Self.cursorRow(try terminal.capture()).contains("other:1"))
      try terminal.keys("Q")
      try session.expectSane(status: 0)
    }

    @Test("fault 4: a stopped server is told, the first ^C gives it up, and quitting does not wait")
    func stoppedServer() throws {
      let server = try FaultSession.server()
      let session = try FaultSession(server: server)
      let terminal = session.terminal
      try session.go(to: .list)
      try server.pause()
      try terminal.waitFor("no answer for")
      try terminal.keys("C-c")
      try terminal.waitFor("connecting again")
      try server.resume()
      try terminal.waitFor("connected again") { !$0.contains("[STALE]") && $0.contains("all 3 keys") }
      try server.pause()
      try terminal.waitFor("no answer for")
      try terminal.keys("Q")
      try session.expectSane(status: 0)
      try server.resume()
    }

    @Test("fault 8: a reset during an edit leaves the text, and what is saved is asked about")
    func resetDuringAnEdit() throws {
      let server = try FaultSession.server()
      let proxy = try FaultProxy(to: .unix(server.socketPath), listening: .loopback(0))
      let session = try FaultSession(server: server, at: proxy.address)
      let terminal = session.terminal
      try session.go(to: .list)
      try session.press("e", until: "[Save]")
      try terminal.type(" typed")
      try terminal.waitFor("a value typed")
      proxy.closeConnections(reset: true)
      // A new connection, and the edit is of the one before.
      #expect(Eventually.until { proxy.acceptedCount >= 4 })
      try terminal.waitFor("the text") { $0.contains("a value typed") && !$0.contains("[STALE]") }
      try terminal.keys("Enter")
      try terminal.waitFor("what became of it") { $0.contains("connection") && $0.contains("a value typed") }
      #expect(try server.cli("GET", "k") == "a value")
    }

    @Test("fault 10: connections that end again and again leave no socket behind")
    func noLeaks() throws {
      let server = try FaultSession.server()
      let session = try FaultSession(server: server)
      try session.go(to: .list)
      let process = try session.processID()
      func descriptors() throws -> Int {
        try Run.output(["/bin/ls", "/proc/\(process)/fd"]).output.split(separator: "\n").count
      }
      /// Both connections are there, and the one for rows is another than `old`.
      func connections() throws -> [String] {
        let list = try server.cli("CLIENT", "LIST").split(whereSeparator: \.isNewline)
        return list.filter { $0.contains(" name=keyglass-") }.compactMap {
          $0.split(separator: " ").first.map(String.init)
        }
      }
      func breakAll() throws {
        let old = Set(try connections())
        try server.cli("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        #expect(
          try Eventually.until {
            let new = try connections()
            return new.count == 2 && old.isDisjoint(with: new)
          })
      }
      #expect(try Eventually.until { try connections().count == 2 })
      // What is opened once and for all is open after the first.
      for _ in 0..<3 { try breakAll() }
      let before = try descriptors()
      for _ in 0..<(Campaign.isOn ? 200 : 12) { try breakAll() }
      #expect(try Eventually.until { try descriptors() <= before }, "\(before) before")
    }

    private static func cursorRow(_ screen: String) -> String {
      screen.split(separator: "\n").first { $0.hasPrefix("│▌") || $0.hasPrefix("▌") || $0.contains("▌") }.map(
        String.init)
        ?? ""
    }
  }
}
