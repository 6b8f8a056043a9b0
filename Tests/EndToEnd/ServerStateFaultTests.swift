import Glibc
import PrivateServer
import Synchronization
import TestSupport
import Testing

extension EndToEnd {
  /// Rows 17 to 19, 45 and 46 of the fault table as a user meets them. The rows that a script can make by itself (12, 20
  /// to 24) are `Scripts/fault-*.keys`.
  @Suite("Faults: what servers say") struct ServerStateFaultTests {
    private func play(_ script: String, on server: TestServer) throws {
      let program = try Keyglass()
      let path = try program.write(script, as: "s.keys")
      let result = try program.run(["-s", server.socketPath, "--script", path])
      #expect(result.status == 0, "\(result.output)")
    }

    /// Becomes busy when a script sets the key `go`.
    private func withBusyServer(_ lua: String, _ body: (TestServer) throws -> Void) throws {
      let server = try TestServer(["--lua-time-limit", "50"])
      try server.cli("SET", "k", "old")
      let blocker = WorkerThread {
        _ = Eventually.until { (try? server.cli("EXISTS", "go")) != "0" }
        _ = try? server.cli("EVAL", lua, "0")
      }
      defer {
        try? server.kill9()
        blocker.join()
      }
      try body(server)
    }

    @Test("fault 17: a server that loads its data", arguments: ["120x36", "80x24"]) func loading(size: String) throws {
      let folder = try TestFolder.make()
      defer { TestFolder.remove(folder) }
      let server = try TestServer.loading(6_000, from: folder)
      let names = try Keyglass().run(["ls", "-s", server.socketPath])
      #expect(names.status == 1 && names.lines == 1, "\(names.output)")
      #expect(
        try #/listing the keys: the server is loading its data \(\d+%.*\)\. It answers when that is done\./#
          .firstMatch(in: names.output) != nil, "\(names.output)")
      let reply = try Keyglass().run(["-s", server.socketPath, "exec", "GET", "key:1"])
      #expect(reply.status == 3 && reply.output.contains("LOADING"), "\(reply.output)")
      try play(
        """
        size \(size)
        wait-for db0 +loading its data.* \\d+%
        expect (?m)^│ +the server is loading its data
        expect the keys come by themselves when that is done
        expect-not STALE
        wait-for 30s all 6,000 keys
        wait-for db0 +6,000 keys
        expect-not loading
        quit
        """, on: server)
    }

    @Test("fault 18: a busy script: the form stays, and saves when it has ended", arguments: ["120x36", "80x24"])
    func busy(size: String) throws {
      try withBusyServer("while true do end") { server in
        try play(
          """
          size \(size)
          wait-for all 1 keys
          wait-idle
          key e End
          type er
          redis SET go 1
          wait-for \\[STALE\\] +busy with a script
          key Enter
          wait-for nothing was written: the server is busy with a script
          expect older
          expect ends one that has written
          redis SCRIPT KILL
          wait-for db0 +2 keys
          expect-not STALE
          expect-redis ^old$ GET k
          key Enter
          wait-for done
          expect-redis ^older$ GET k
          quit
          """, on: server)
      }
    }

    @Test("fault 18: SCRIPT KILL in the console ends it, after a question") func killedByHand() throws {
      try withBusyServer("while true do end") { server in
        try play(
          """
          size 120x36
          wait-for all 1 keys
          wait-idle
          redis SET go 1
          wait-for \\[STALE\\] +busy with a script
          key :
          type GET k
          key Enter
          wait-for BUSY
          expect SCRIPT KILL ends a script that has written nothing, whoever runs it
          type SCRIPT KILL
          key Enter
          wait-for Ends the script that runs now
          advance 1s
          key Tab Enter
          wait-for db0 +2 keys
          expect-not STALE
          type GET k
          key Enter
          wait-for "old"
          quit
          """, on: server)
      }
    }

    @Test("fault 19: a script that has written cannot be killed") func unkillable() throws {
      try withBusyServer("redis.call('set', 'w', '1') while true do end") { server in
        try play(
          """
          size 120x36
          wait-for all 1 keys
          wait-idle
          redis SET go 1
          wait-for \\[STALE\\] +busy with a script
          key :
          type SCRIPT KILL
          key Enter
          wait-for Ends the script that runs now
          advance 1s
          key Tab Enter
          wait-for UNKILLABLE
          expect Wait until it ends; SHUTDOWN NOSAVE would lose all that is not saved to disk
          quit
          """, on: server)
      }
    }

    /// What such a header announces is not there, and nothing is set aside for it.
    @Test(
      "fault 45: a hostile header",
      arguments: [
        "*4294967295\r\n", "%9223372036854775807\r\n", "$-5\r\n", "$536870912\r\n", "depth of a million",
        "a line of a gigabyte",
      ])
    func hostileHeader(header: String) throws {
      let server = try FakeServer { connection in
        while let command = connection.readCommand() {
          switch command.first {
          case "HELLO": guard connection.write("%1\r\n+proto\r\n:3\r\n") else { return }
          case "SCAN":
            switch header {
            case "depth of a million":
              guard connection.write(String(repeating: "*1\r\n", count: 1_000_000)) else { return }
            case "a line of a gigabyte":
              let part = [UInt8](repeating: 0x78, count: 1 << 20)
              var sent = connection.write("+")
              for _ in 0..<1_024 where sent { sent = connection.write(part) }
            // All that was announced never comes.
            default: guard connection.write(header), connection.readCommand() != nil else { return }
            }
            return
          default: guard connection.write("-ERR unknown command\r\n") else { return }
          }
        }
      }
      guard case .unix(let path) = server.address else { throw TestFailure("no socket") }
      // As little as the program takes at all.
      let running = try Running([
        "/bin/sh", "-c", "ulimit -v 1048576; exec timeout 60 \(try Keyglass.path()) ls -s \(path)",
      ])
      let peak = Mutex(0)
      let isOver = Mutex(false)
      let watch = WorkerThread {
        while !isOver.withLock({ $0 }) {
          let memory = Self.peakMemory(below: running.child.pid)
          peak.withLock { $0 = max($0, memory) }
          usleep(1_000)
        }
      }
      // Of the bulk string that is within the limit the rest is waited for.
      if header == "$536870912\r\n" {
        usleep(500_000)
        server.closeConnections()
      }
      let output = running.rest()
      let status = running.end()
      isOver.withLock { $0 = true }
      watch.join()
      #expect(status == 1, "\(status): \(output)")
      let expected = header == "$536870912\r\n" ? "it broke in the middle of a reply" : "the server sent "
      #expect(output.hasPrefix("keyglass: ") && output.contains(expected), "\(output)")
      let most = peak.withLock { $0 }
      #expect(most > 1_000 && most < 100_000, "\(most) KB")
    }

    /// The most memory that a program held so far, in KB: that of the last in a line of parents and children.
    private static func peakMemory(below process: Int32) -> Int {
      var process = process
      while let text = try? Run.output(["/bin/cat", "/proc/\(process)/task/\(process)/children"]).output,
        let child = Int32(text.split(separator: " ").first ?? "")
      {
        process = child
      }
      guard let status = try? Run.output(["/bin/cat", "/proc/\(process)/status"]).output,
        let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
      else { return 0 }
      return line.split(separator: " ").compactMap { Int($0) }.first ?? 0
    }

    @Test(
      "fault 46: another server listens there, and is sent nothing more",
      arguments: [
        ("HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n\r\n", "HTTP"), ("SSH-2.0-OpenSSH_9.2p1 Debian\r\n", "SSH"),
        ("\u{15}\u{3}\u{1}\u{0}\u{2}\u{2}\u{28}", "TLS"), ("220 mail ready\r\n", "220 m"),
      ])
    func notARedisServer(banner: String, name: String) throws {
      let after = Mutex<[UInt8]>([])
      let server = try FakeServer(.loopback(0)) { connection in
        guard !connection.read().isEmpty, connection.write(banner) else { return }
        while case let more = connection.read(), !more.isEmpty { after.withLock { $0 += more } }
      }
      defer { server.stop() }
      guard case .loopback(let port) = server.address else {
        Issue.record("no port")
        return
      }
      let result = try Keyglass().run(["ls", "-p", String(port)])
      #expect(result.status == 1 && result.lines == 1)
      #expect(
        result.output.hasPrefix("keyglass: not a Redis server: ") && result.output.contains(name), "\(result.output)")
      #expect(after.withLock { $0 } == [])
      #expect(server.acceptedCount <= 2, "each of its two connections, once")
    }
  }
}
