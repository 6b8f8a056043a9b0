import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Compose

@Suite("Running a command") struct ComposeProcessTests {
  /// What a command wrote, for a test to look at meanwhile.
  private final class Heard: Sendable {
    private let batches = Mutex<[[[UInt8]]]>([])

    func take(_ lines: [[UInt8]]) { batches.withLock { $0.append(lines) } }

    var lines: [String] { batches.withLock { $0 }.flatMap { $0 }.map { String(decoding: $0, as: UTF8.self) } }
    var count: Int { batches.withLock { $0.count } }
  }

  private static func run(
    _ fake: FakeTools, _ words: [String] = ["docker"], heard: Heard,
    patience: ComposeProcess.Patience = .init(interrupt: .seconds(60), terminate: .seconds(60))
  ) async -> ComposeProcess.End {
    await ComposeProcess.start(
      words: words, folder: fake.folder, environment: fake.environment, patience: patience
    ) { heard.take($0) }
  }

  @Test func `standard output and error come in their order, and the end with its status`() async throws {
    let fake = try FakeTools()
    let heard = Heard()
    try fake.add("docker", "echo one; echo two >&2; echo three; printf 'four \"%s\"' \"$2\" >&2; exit 3")
    #expect(await Self.run(fake, ["docker", "x", "a b;$(id)"], heard: heard) == .exited(status: 3))
    #expect(heard.lines == ["one", "two", "three", "four \"a b;$(id)\""])
  }

  @Test func `it runs in the folder, without input, with the environment and in a session of its own`() async throws {
    let fake = try FakeTools()
    let heard = Heard()
    try fake.add(
      "docker", "/bin/pwd; echo \"$PWD\"; read -r x || echo none; echo \"$COLOUR\"; echo $$; echo $PPID; /bin/sleep 0.2"
    )
    var environment = fake.environment
    environment["COLOUR"] = "blau"
    environment["1ST"] = "refused by Subprocess"
    let session = Mutex<pid_t>(0)
    let end = await ComposeProcess.start(words: ["docker"], folder: fake.folder, environment: environment) { lines in
      heard.take(lines)
      if let last = heard.lines.dropLast().last, let id = pid_t(last) { session.withLock { $0 = getsid(id) } }
    }
    #expect(end == .exited(status: 0))
    #expect(heard.lines.prefix(4) == [fake.folder, fake.folder, "none", "blau"])
    #expect(session.withLock { String($0) } == heard.lines[4])
    #expect(pid_t(heard.lines[5]) == getpid())
  }

  @Test func `what cannot be started says why`() async throws {
    let fake = try FakeTools()
    let heard = Heard()
    #expect(await Self.run(fake, heard: heard) == .notStarted(why: "docker is not in PATH"))
    try fake.add("docker", "exit 0")
    let gone = await ComposeProcess.start(words: ["docker"], folder: "/nonexistent/x", environment: fake.environment) {
      _ in
    }
    #expect(gone == .notStarted(why: "the folder /nonexistent/x cannot be entered: No such file or directory"))
  }

  @Test func `an end by a signal`() async throws {
    let fake = try FakeTools()
    try fake.add("docker", "echo going; kill -TERM $$")
    let heard = Heard()
    #expect(await Self.run(fake, heard: heard) == .signalled(15))
    #expect(heard.lines == ["going"])
  }

  @Test func `a flood comes whole, in order and in few batches`() async throws {
    let fake = try FakeTools()
    try fake.add("docker", "exec /usr/bin/seq 1 200000")
    let heard = Heard()
    #expect(await Self.run(fake, heard: heard) == .exited(status: 0))
    #expect(heard.lines == (1...200_000).map(String.init))
    #expect(heard.count < 2000)
  }

  @Test func `lines that trickle come in batches too`() async throws {
    let fake = try FakeTools()
    try fake.add("docker", "i=0; while [ $i -lt 3000 ]; do echo $i; i=$((i+1)); done")
    let heard = Heard()
    #expect(await Self.run(fake, heard: heard) == .exited(status: 0))
    #expect(heard.lines.count == 3000)
    #expect(heard.count < 1000)
  }

  @Test func `a slow reader makes the command wait`() async throws {
    let fake = try FakeTools()
    try fake.add("docker", "/usr/bin/seq 1 100000; echo done > $HERE/written")
    let (gate, opener) = AsyncStream.makeStream(of: Void.self)
    let heard = Heard()
    let run = Task {
      await ComposeProcess.start(words: ["docker"], folder: fake.folder, environment: fake.environment) { lines in
        heard.take(lines)
        if heard.count == 1 { for await _ in gate { break } }
      }
    }
    #expect(await eventually { heard.count == 1 })
    try await Task.sleep(for: .milliseconds(300))
    #expect(heard.count == 1)
    #expect(fake.read("written") == nil)
    opener.yield()
    #expect(await run.value == .exited(status: 0))
    #expect(heard.lines.count == 100_000)
  }

  @Test func `a question without a line end is heard while the command waits`() async throws {
    let fake = try FakeTools()
    try fake.add("docker", "printf 'sure? '; while [ ! -e $HERE/go ]; do /bin/sleep 0.02; done; echo yes")
    let heard = Heard()
    let run = Task { await Self.run(fake, heard: heard) }
    #expect(await eventually { heard.lines == ["sure? "] })
    try fake.write("", to: "go")
    #expect(await run.value == .exited(status: 0))
    #expect(heard.lines == ["sure? ", "yes"])
  }

  @Test func `cancel interrupts as ^C does, and the last words are heard`() async throws {
    let fake = try FakeTools()
    try fake.add("docker", "trap 'echo stopping; exit 0' INT; echo up; while :; do /bin/sleep 0.05; done")
    let heard = Heard()
    let run = Task { await Self.run(fake, heard: heard) }
    #expect(await eventually { heard.lines == ["up"] })
    run.cancel()
    #expect(await run.value == .cancelled)
    #expect(heard.lines == ["up", "stopping"])
  }

  @Test(arguments: ["trap '' INT", "trap '' INT TERM", "trap 'echo never' INT; trap '' TERM"])
  func `what ignores the interrupt is ended all the same`(traps: String) async throws {
    let fake = try FakeTools()
    try fake.add("docker", "\(traps); echo $$; while :; do /bin/sleep 0.05; done")
    let heard = Heard()
    let run = Task {
      await Self.run(fake, heard: heard, patience: .init(interrupt: .milliseconds(200), terminate: .milliseconds(200)))
    }
    #expect(await eventually { !heard.lines.isEmpty })
    run.cancel()
    #expect(await run.value == .cancelled)
    #expect(!isRunning(try #require(pid_t(heard.lines[0]))))
  }

  @Test func `cancel reaches what the command has started, also where that outlives it`() async throws {
    let fake = try FakeTools()
    try fake.add("child", "trap '' INT; echo $$ > $HERE/child; while :; do /bin/sleep 0.05; done")
    try fake.add("docker", "$HERE/child & trap 'exit 1' INT; while :; do /bin/sleep 0.05; done")
    let run = Task {
      await Self.run(fake, heard: Heard(), patience: .init(interrupt: .milliseconds(300), terminate: .seconds(60)))
    }
    #expect(await eventually { fake.process("child") != nil })
    let child = try #require(fake.process("child"))
    run.cancel()
    #expect(await run.value == .cancelled)
    #expect(!isRunning(child))
  }

  @Test func `cancelled at any moment, it returns and leaves nothing`() async throws {
    let fake = try FakeTools()
    try fake.add("docker", "echo $$ >> $HERE/all; echo up; /bin/sleep 600")
    for round in 0..<60 {
      // Of SIGINT in the moment in which it forks dash takes no notice.
      let run = Task {
        await Self.run(fake, heard: Heard(), patience: .init(interrupt: .milliseconds(200), terminate: .seconds(60)))
      }
      try await Task.sleep(for: .microseconds(round * 400))
      run.cancel()
      #expect(await run.value == .cancelled)
    }
    let all = (fake.read("all") ?? "").split(separator: "\n").compactMap { pid_t($0) }
    #expect(!all.isEmpty && !all.contains(where: isRunning))
  }

  @Test func `cancelled before it began, nothing runs`() async throws {
    let fake = try FakeTools()
    try fake.add("docker", "echo > $HERE/ran")
    let run = Task {
      try? await Task.sleep(for: .seconds(600))
      return await Self.run(fake, heard: Heard())
    }
    run.cancel()
    #expect(await run.value == .cancelled)
    #expect(fake.read("ran") == nil)
  }

  @Test(arguments: ["/bin/sleep 600", "/usr/bin/yes"])
  func `what holds the output open after the end of the command does not hold the run`(child: String) async throws {
    let fake = try FakeTools()
    try fake.add("docker", "\(child) & echo $! > $HERE/child; echo started; exit 0")
    let heard = Heard()
    #expect(await Self.run(fake, heard: heard) == .exited(status: 0))
    #expect(heard.lines.contains("started"))
    if let child = fake.process("child") { kill(child, SIGKILL) }
  }
}
