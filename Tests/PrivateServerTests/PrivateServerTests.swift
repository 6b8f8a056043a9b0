import Glibc
import PrivateServer
import TestSupport
import Testing

@Suite struct PrivateServerTests {
  @Test func answersOnItsSocketAndNowhereElse() throws {
    let server = try PrivateServer.start(seed: .empty, still: true)
    defer { server.stop() }
    #expect(try ask(server, "PING") == "PONG")
    #expect(try ask(server, "CONFIG", "GET", "port") == "port\n0")
    #expect(try ask(server, "CONFIG", "GET", "save") == "save\n")
    #expect(try ask(server, "CONFIG", "GET", "appendonly") == "appendonly\nno")
    #expect(try ask(server, "DBSIZE") == "0")
    #expect(mode(server.folder) == 0o700)
    #expect(mode(server.socketPath) == 0o700)
  }

  @Test func stopEndsTheProcessAndRemovesTheFolder() throws {
    let server = try PrivateServer.start(seed: .empty, still: true)
    let process = try #require(server.processID)
    #expect(isRunning(process))
    server.stop()
    #expect(!isRunning(process))
    #expect(mode(server.folder) == nil)
    server.stop()
  }

  @Test func theLastReferenceEndsTheServer() throws {
    var server: PrivateServer? = try PrivateServer.start(seed: .empty, still: true)
    let process = try #require(server?.processID)
    server = nil
    #expect(!isRunning(process))
  }

  @Test func stopEndsAStoppedServerToo() throws {
    let server = try PrivateServer.start(seed: .empty, still: true)
    let process = try #require(server.processID)
    kill(process, SIGSTOP)
    server.stop()
    #expect(!isRunning(process))
    #expect(mode(server.folder) == nil)
  }

  @Test func aServerThatEndsByItselfLeavesNoFolder() throws {
    let server = try PrivateServer.start(seed: .empty, still: true)
    kill(try #require(server.processID), SIGKILL)
    #expect(Eventually.until { mode(server.folder) == nil })
    server.stop()
  }

  @Test func itsSessionIsNotOursAndItHoldsNothingOfOurs() throws {
    // A descriptor without O_CLOEXEC, as a careless library leaves it.
    let leak = open("/dev/zero", O_RDONLY)
    defer { close(leak) }
    let server = try PrivateServer.start(seed: .empty, still: true)
    defer { server.stop() }
    let process = try #require(server.processID)
    #expect(getsid(process) != getsid(0))
    #expect(getsid(process) != process, "the supervisor leads the session")
    let files = try Run.output(["/bin/ls", "-l", "/proc/\(process)/fd", "/proc/\(getsid(process))/fd"]).output
    #expect(files.contains("/dev/null"))
    #expect(!files.contains("/dev/zero"))
    #expect(!files.contains("/dev/pts") && !files.contains("/dev/tty"))
    let environment = try Run.output(["/bin/cat", "/proc/\(process)/environ"]).output
    #expect(environment.split(separator: "\0").allSatisfy { $0.contains(/^(PATH|HOME|LC_ALL|PWD)=/) })
  }

  @Test func wrongOptionsAreToldWithTheServersWords() throws {
    let error = #expect(throws: PrivateServerError.self) {
      try PrivateServer.start(seed: .empty, still: true, arguments: ["--no-such-option", "1"])
    }
    #expect(error?.description.hasPrefix("the private server did not start: ") == true)
    #expect(error?.why.contains("no-such-option") == true)
  }

  @Test func aMissingProgramIsTold() {
    #expect(throws: PrivateServerError.self) {
      try PrivateServer.start(seed: .empty, still: true, binary: "/nonexistent/redis-server")
    }
    let error = #expect(throws: PrivateServerError.self) { try ServerBinary.find(in: ["/nonexistent", "relative"]) }
    #expect(
      error?.description == """
        no redis-server or valkey-server found: neither is on PATH, in /usr/bin, /usr/local/bin or /usr/sbin. \
        Install one, e.g. 'apt-get install redis-server'.
        """)
  }

  @Test func theProgramIsFoundInTheOrderOfTheFolders() throws {
    let folder = try TestFolder.make()
    defer { TestFolder.remove(folder) }
    let valkey = "\(folder)/valkey-server"
    #expect(symlink("/bin/true", valkey) == 0)
    #expect(try ServerBinary.find(in: [folder, "/usr/bin"]) == valkey)
    #expect(symlink("/bin/true", "\(folder)/redis-server") == 0)
    #expect(try ServerBinary.find(in: [folder, "/usr/bin"]) == "\(folder)/redis-server")
  }
}

/// One command on a new connection.
func ask(_ server: PrivateServer, _ arguments: String...) throws -> String {
  var batch = ServerBatch()
  batch.add(arguments)
  var socket = try ServerSocket(path: server.socketPath)
  return try socket.send(batch)[0].text
}

/// The permission bits; nil when there is no such file.
func mode(_ path: String) -> UInt32? {
  var facts = stat()
  return lstat(path, &facts) == 0 ? facts.st_mode & 0o777 : nil
}

/// False for a process that is gone or only waits to be reaped.
func isRunning(_ process: Int32) -> Bool {
  guard let state = try? Run.output(["/bin/cat", "/proc/\(process)/stat"]), state.status == 0 else { return false }
  return !state.output.contains(") Z ")
}
