import Glibc
import PrivateServer
import TestSupport
import Testing

/// A child process starts the server, as `keyglass demo` does; see Tests/DemoHost.
@Suite struct WatchdogTests {
  private struct Host {
    let running: Running
    let socketPath: String
    let server: Int32

    init(_ arguments: String...) throws {
      // Without Swift's own crash report, after which a SIGSEGV that another process sent would be over.
      running = try Running(
        [try TestFolder.executable("DemoHost")] + arguments,
        environment: Run.currentEnvironment + ["SWIFT_BACKTRACE=enable=no"])
      let words = try #require(running.line()).split(separator: " ")
      try #require(words.count == 2, "\(words)")
      socketPath = String(words[0])
      server = try #require(Int32(words[1]))
    }

    var folder: String { String(socketPath.dropLast("/redis.sock".count)) }
  }

  @Test(arguments: [SIGKILL, SIGSEGV, SIGHUP, SIGTERM])
  func anyDeathOfTheProgramEndsTheServer(signal: CInt) throws {
    let host = try Host()
    #expect(isRunning(host.server))
    host.running.child.signal(signal)
    host.running.end()
    #expect(Eventually.until { !isRunning(host.server) })
    #expect(Eventually.until { mode(host.folder) == nil })
  }

  @Test func theServerOutlivesTheThreadThatStartedIt() async throws {
    let host = try Host("thread")
    defer {
      host.running.child.signal(SIGKILL)
      host.running.end()
    }
    // A minute in a campaign, because that is when it used to die; long enough to see a signal otherwise.
    let seconds = getenv("KEYGLASS_CAMPAIGN") == nil ? 1 : 60
    try await Task.sleep(for: .seconds(seconds))
    var socket = try ServerSocket(path: host.socketPath)
    var ping = ServerBatch()
    ping.add("PING")
    #expect(try socket.send(ping) == [.simple("PONG")])
  }

  @Test func afterItsThreadIsGoneTheServerStillEndsWithTheProgram() throws {
    let host = try Host("thread")
    host.running.child.signal(SIGKILL)
    host.running.end()
    #expect(Eventually.until { !isRunning(host.server) })
  }

  @Test func killingTheSupervisorLeavesNothingBehind() throws {
    let server = try PrivateServer.start(seed: .empty, still: true)
    let process = try #require(server.processID)
    kill(getsid(process), SIGKILL)
    #expect(isRunning(process))
    server.stop()
    #expect(Eventually.until { !isRunning(process) })
    #expect(mode(server.folder) == nil)
  }
}
