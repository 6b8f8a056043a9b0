import PrivateServer
import RedisClient
import Requests
import Store
import TestSupport
import Testing
import Values

/// What the screen of the server shows: INFO's details, the clients, the slow log, and killing a client.
@Suite("The server at a glance", .serialized) struct ServerScreenTests {
  private static let binaries: [String?] = [nil] + OtherServers.binaries

  private func details(_ harness: Harness) async throws -> ServerDetails {
    guard case .server(let facts) = await harness.store.answer(.serverFacts), let details = facts.details else {
      throw TestFailure("no details")
    }
    return details
  }

  private func clients(_ harness: Harness, limit: Int = 1_000) async throws -> ClientList {
    let answer = await harness.store.answer(.clients(limit: limit))
    guard case .clients(let list) = answer else { throw TestFailure("no clients: \(answer)") }
    return list
  }

  private func slowLog(_ harness: Harness) async throws -> SlowLog {
    let answer = await harness.store.answer(.slowLog(limit: 128))
    guard case .slowLog(let log) = answer else { throw TestFailure("no slow log: \(answer)") }
    return log
  }

  private func kill(_ harness: Harness, _ id: Int, session: Int = 1) async -> Answer {
    await harness.store.answer(.killClient(id: id, session: session))
  }

  /// A connection of somebody else's.
  private func other(_ server: TestServer, name: String) throws -> (socket: Other, id: Int) {
    let other = try Other(server, name: name)
    guard case .integer(let id)? = try other.send("CLIENT", "ID") else { throw TestFailure("no CLIENT ID") }
    return (other, Int(id))
  }

  private final class Other {
    private var socket: ServerSocket

    init(_ server: TestServer, name: String) throws {
      socket = try ServerSocket(path: server.socketPath)
      _ = try send("CLIENT", "SETNAME", name)
    }

    func send(_ words: String...) throws -> ServerReply? {
      var batch = ServerBatch()
      batch.add(words)
      return try socket.send(batch).first
    }
  }

  @Test("INFO is read whole, on every server", arguments: binaries)
  func details(binary: String?) async throws {
    let server = try TestServer(binary: binary)
    try server.pipeline([
      ["SET", "a", "1"], ["SET", "b", "1", "EX", "1000"], ["LPUSH", "a", "x"], ["SELECT", "3"], ["SET", "c", "1"],
    ])
    let harness = try await Harness(server)
    let details = try await details(harness)
    #expect(details.process.mode == "standalone" && details.process.processID == server.processID.map(Int.init))
    #expect(details.process.port == 0 && details.process.uptime != nil && details.process.system.contains("Linux"))
    #expect(details.memory.peak ?? 0 > 0 && details.memory.resident ?? 0 > 0 && details.memory.policy == "noeviction")
    #expect(details.memory.fragmentation != nil && details.memory.scripts != nil && details.memory.dataset != nil)
    #expect(details.clients.limit ?? 0 > 0 && details.clients.received ?? 0 > 0 && details.clients.blocked == 0)
    #expect(details.persistence.changesSinceSave == 3 && details.persistence.hasSaveFailed == false)
    #expect(details.persistence.isAppendOnly == false && (0...600).contains(details.persistence.sinceSave ?? -1))
    #expect(details.replication.primary.isEmpty && details.replication.replicaCount == 0)
    #expect(details.processor.total != nil && details.traffic.input != nil && details.traffic.output != nil)
    #expect(details.databases.map(\.number) == [0, 3] && details.databases.map(\.keys) == [2, 1])
    #expect(details.databases.first?.volatileKeys == 1)
    #expect(details.errors.contains(ServerDetails.ErrorCount(code: "WRONGTYPE", count: 1)))
    // One INFO, and nothing else.
    #expect(harness.commands["CLIENT"] ?? 0 <= 1 && harness.commands["SLOWLOG"] == nil)
  }

  @Test("Its own connections are told from others, whatever those are called", arguments: binaries)
  func ownClients(binary: String?) async throws {
    let server = try TestServer(binary: binary)
    let (other, id) = try other(server, name: "keyglass-rows")
    let harness = try await Harness(server)
    try await harness.scan()
    let list = try await clients(harness)
    #expect(list.count == list.clients.count)
    let own = list.clients.filter(\.isOwn)
    #expect(own.count == 2 && Set(own.map(\.name)) == [Array("keyglass-rows".utf8), Array("keyglass-sweep".utf8)])
    let theirs = try #require(list.clients.first { $0.id == id })
    #expect(!theirs.isOwn && theirs.database == 0 && theirs.age != nil && theirs.idle != nil)
    #expect(String(decoding: theirs.address, as: UTF8.self).hasSuffix(":0"))
    #expect(String(decoding: theirs.user, as: UTF8.self) == "default" && theirs.flags.contains(UInt8(ascii: "U")))
    #expect(String(decoding: theirs.command, as: UTF8.self).hasPrefix("client") && theirs.memory ?? 0 > 0)
    #expect(theirs.fields.first?.name == "id")
    #expect(try other.send("PING") == .simple("PONG"))
  }

  @Test("Without HELLO the names tell: rather one too many than one too few")
  func ownByName() async throws {
    let server = try TestServer()
    let (first, twin) = try other(server, name: "keyglass-other")
    let (second, stranger) = try other(server, name: "worker")
    let harness = try await Harness(server, version: .resp2)
    try await harness.scan()
    let list = try await clients(harness)
    #expect(list.clients.filter(\.isOwn).count == 3)
    #expect(list.clients.first { $0.id == twin }?.isOwn == true)
    #expect(list.clients.first { $0.id == stranger }?.isOwn == false)
    for socket in [first, second] { #expect(try socket.send("PING") == .simple("PONG")) }
  }

  @Test("Only the first are told of many, and how many there are")
  func manyClients() async throws {
    let server = try TestServer()
    let others = try (0..<20).map { try other(server, name: "worker-\($0)") }
    let harness = try await Harness(server)
    let list = try await clients(harness, limit: 5)
    #expect(list.clients.count == 5 && list.count >= others.count + 1)
    #expect(list.clients.map(\.id) == list.clients.map(\.id).sorted())
  }

  @Test("A client is killed by its id, and none is where it has gone", arguments: binaries)
  func kills(binary: String?) async throws {
    let server = try TestServer(binary: binary)
    let (victim, id) = try other(server, name: "victim")
    let (bystander, _) = try other(server, name: "bystander")
    let harness = try await Harness(server)
    let answer = await kill(harness, id)
    guard case .killed(id, .killed) = answer else { throw TestFailure("\(answer)") }
    #expect(throws: (any Error).self) { try victim.send("PING") }
    #expect(try bystander.send("PING") == .simple("PONG"))
    #expect(try await !clients(harness).clients.contains { $0.id == id })
    guard case .killed(id, .gone) = await kill(harness, id) else { throw TestFailure("it was there") }
  }

  @Test("Its own connection is not killed, nor anyone in read-only mode or over another connection")
  func killsNot() async throws {
    let server = try TestServer()
    let (victim, id) = try other(server, name: "victim")
    let harness = try await Harness(server)
    try await harness.scan()
    for own in try await clients(harness).clients where own.isOwn {
      #expect(try await harness.failure(.killClient(id: own.id, session: 1)).kind == .server)
    }
    let old = try await harness.failure(.killClient(id: id, session: 0))
    #expect(String(decoding: old.why, as: UTF8.self).contains("made anew"))
    let careful = try await Harness(server, isReadOnly: true)
    let refused = try await careful.failure(.killClient(id: id, session: 1))
    #expect(String(decoding: refused.why, as: UTF8.self).contains("read-only"))
    #expect(try victim.send("PING") == .simple("PONG"))
    // The lists are read there too.
    #expect(try await clients(careful).clients.contains { $0.id == id })
    _ = try await slowLog(careful)
    #expect(try !server.cli("INFO", "commandstats").contains("client|kill"))
  }

  @Test("The slow log tells commands, newest first, and no secrets", arguments: binaries)
  func slowCommands(binary: String?) async throws {
    let server = try TestServer(["--slowlog-log-slower-than", "0"], binary: binary)
    let (other, _) = try other(server, name: "worker")
    _ = try other.send("SET", "key", "a\u{1}b")
    _ = try other.send("CONFIG", "SET", "masterauth", "hunter2marker")
    let harness = try await Harness(server)
    let log = try await slowLog(harness)
    let words = log.commands.map { $0.words.map { String(decoding: $0, as: UTF8.self) } }
    let set = try #require(log.commands.first { $0.words.first == Array("SET".utf8) })
    #expect(set.words.last == Array("a\u{1}b".utf8) && set.clientName == Array("worker".utf8))
    #expect(!set.client.isEmpty && set.time > 1_600_000_000)
    #expect(log.commands.map(\.id) == log.commands.map(\.id).sorted(by: >))
    #expect(log.count ?? 0 >= log.commands.count)
    #expect(!words.joined().contains { $0.contains("hunter2marker") })
  }

  @Test("What a user may not run is denied with its rule, once, and the rest goes on")
  func denied() async throws {
    let server = try TestServer.withUser("+@all", "-client|list", "-client|kill", "-slowlog")
    let harness = try await Harness(server, user: "limited", password: "pw")
    for _ in 0..<3 {
      #expect(
        try await harness.failure(.clients(limit: 10)).kind
          == .denied(Denial(command: "CLIENT LIST", missingRule: "+client|list")))
      #expect(
        try await harness.failure(.slowLog(limit: 10)).kind
          == .denied(Denial(command: "SLOWLOG GET", missingRule: "+slowlog|get")))
    }
    #expect(harness.commands["SLOWLOG"] == 2)
    #expect(
      try await harness.failure(.killClient(id: 1, session: 1)).kind
        == .denied(Denial(command: "CLIENT KILL", missingRule: "+client|kill")))
    _ = try await details(harness)
    // The count alone may be denied.
    try server.cli("ACL", "SETUSER", "other", "on", ">pw", "~*", "+@all", "-slowlog|len")
    let other = try await Harness(server, user: "other", password: "pw")
    #expect(try await slowLog(other).count == nil)
  }

  @Test("What the server does not have is said to be missing")
  func renamed() async throws {
    let server = try TestServer(["CLIENT", "SLOWLOG", "INFO"].flatMap { ["--rename-command", $0, ""] })
    let harness = try await Harness(server)
    #expect(
      try await harness.failure(.clients(limit: 10)).kind
        == .denied(Denial(command: "CLIENT LIST", missingRule: nil)))
    #expect(
      try await harness.failure(.slowLog(limit: 10)).kind == .denied(Denial(command: "SLOWLOG GET", missingRule: nil)))
    #expect(
      try await harness.failure(.killClient(id: 1, session: 1)).kind
        == .denied(Denial(command: "CLIENT KILL", missingRule: nil)))
    guard case .server(let facts) = await harness.store.answer(.serverFacts) else { throw TestFailure("no facts") }
    #expect(facts.details == nil && facts.infoDenial == Denial(command: "INFO", missingRule: nil))
    #expect(facts.keys == 0 && !facts.version.isEmpty)
  }

  @Test("A primary and its replica tell of each other")
  func replication() async throws {
    let primary = try TestServer(tcp: true)
    let port = try #require(primary.port)
    let replica = try TestServer(["--replicaof", "127.0.0.1 \(port)", "--repl-diskless-sync-delay", "0"], tcp: true)
    let (first, second) = (try await Harness(primary), try await Harness(replica))
    var told = ServerDetails.Replication()
    #expect(
      await eventually {
        guard let details = try? await details(second) else { return false }
        told = details.replication
        return told.isLinkUp == true
      })
    #expect(told.primary == "127.0.0.1:\(port)" && told.offset != nil)
    var theirs = ServerDetails.Replication()
    #expect(
      await eventually {
        guard let details = try? await details(first) else { return false }
        theirs = details.replication
        return theirs.replicas.first?.state == "online"
      })
    #expect(theirs.replicaCount == 1 && theirs.primary.isEmpty)
    #expect(theirs.replicas.first?.address == replica.port.map { "127.0.0.1:\($0)" })
    #expect(theirs.replicas.first?.offset != nil)
    #expect(try await clients(first).clients.contains { $0.flags.contains(UInt8(ascii: "S")) })
  }

  // MARK: - What no server should say

  @Test(
    "Numbers that cannot be are not told",
    arguments: ["nan", "inf", "-inf", "-1", "1e300", "18446744073709551616", "x", ""])
  func hostileNumbers(_ number: String) {
    let names = [
      "uptime_in_seconds", "process_id", "tcp_port", "used_memory_peak", "mem_fragmentation_ratio", "maxclients",
      "rdb_last_save_time", "server_time_usec", "instantaneous_input_kbps", "instantaneous_output_kbps",
      "used_cpu_user", "used_cpu_sys", "master_last_io_seconds_ago", "connected_slaves", "slave_repl_offset",
    ]
    let info = InfoText(
      names.map { "\($0):\(number)" }.joined(separator: "\r\n")
        + "\r\nerrorstat_ERR:count=\(number)\r\nslave0:ip=h,port=1,state=online,offset=\(number),lag=\(number)\r\n")
    let details = info.details(serverTime: .max)
    #expect(details.process.uptime == nil && details.process.processID == nil && details.memory.peak == nil)
    #expect(details.memory.fragmentation == nil && details.traffic.input == nil && details.processor.total == nil)
    #expect(details.errors.isEmpty && details.replication.replicas.first?.offset == nil)
  }

  @Test func hugeNumbersAreCut() {
    let most = "9223372036854775807"
    let details = InfoText(
      "used_memory_peak:\(most)\r\nrdb_last_save_time:\(most)\r\ninstantaneous_input_kbps:9007199254740992\r\n"
        + "uptime_in_seconds:\(most)\r\nerrorstat_A:count=\(most)\r\nmaster_host:::1\r\nmaster_port:7\r\n"
    ).details(serverTime: 0)
    #expect(details.memory.peak == 1 << 53 && details.process.uptime == 1 << 53 && details.traffic.input == 1 << 53)
    #expect(details.persistence.sinceSave == 0 && details.replication.primary == "[::1]:7")
  }

  /// Lines as no server writes them, and a path with blanks in it.
  @Test func hostileClients() async throws {
    let lines = [
      "id=7 addr=/tmp/a dir/x=y s:0 laddr=/tmp/b name= age=3 idle=-1 flags=N db=9223372036854775807 cmd=get user=",
      "id=-1 addr=a", "garbage", "", "id=", "id=99999999999999999999 name=big", " id=8 name=\u{1B}[2J tot-mem=x",
    ]
    let text = lines.joined(separator: "\n") + "\n"
    let harness = try await FakeHarness { words in
      words.prefix(2) == ["CLIENT", "LIST"] ? "$\(text.utf8.count)\r\n\(text)\r\n" : nil
    }
    let answer = await harness.store.answer(.clients(limit: 100))
    guard case .clients(let list) = answer else { throw TestFailure("\(answer)") }
    #expect(list.clients.map(\.id) == [7, 8] && list.count == 6)
    #expect(
      list.clients[0].address == Array("/tmp/a dir/x=y s:0".utf8) || list.clients[0].address.starts(with: "/tmp".utf8))
    #expect(list.clients[0].idle == nil && list.clients[0].age == 3 && list.clients[0].database == 1 << 53)
    #expect(list.clients[1].name == Array("\u{1B}[2J".utf8) && list.clients[1].memory == nil)
  }

  @Test(arguments: ["*0\r\n", "$-1\r\n", ":5\r\n", "*2\r\n:1\r\n*0\r\n", "+OK\r\n"])
  func hostileSlowLog(_ reply: String) async throws {
    let harness = try await FakeHarness { words in
      words.prefix(2) == ["SLOWLOG", "GET"] ? reply : words.prefix(2) == ["SLOWLOG", "LEN"] ? ":-4\r\n" : nil
    }
    switch await harness.store.answer(.slowLog(limit: 128)) {
    case .slowLog(let log): #expect(log.commands.isEmpty && log.count == nil && reply.first == "*")
    case .failed: #expect(reply.first != "*")
    case let answer: Issue.record("\(answer)")
    }
  }

  /// A server that keeps nothing out of its slow log.
  @Test func secretsOfTheSlowLogStayHere() async throws {
    let entry =
      "*6\r\n:1\r\n:1700000000\r\n:25\r\n"
      + FakeHarness.array("CONFIG", "SET", "requirepass", "hunter2") + "$1\r\na\r\n$0\r\n\r\n"
    let login = "*4\r\n:0\r\n:1700000000\r\n:25\r\n" + FakeHarness.array("AUTH", "me", "hunter2")
    let harness = try await FakeHarness { words in
      words.prefix(2) == ["SLOWLOG", "GET"] ? "*2\r\n" + entry + login : nil
    }
    guard case .slowLog(let log) = await harness.store.answer(.slowLog(limit: 128)) else {
      throw TestFailure("no slow log")
    }
    #expect(log.commands.count == 2)
    #expect(!log.commands.flatMap(\.words).contains(Array("hunter2".utf8)))
    #expect(log.commands[0].words.last == Array("***".utf8))
  }
}
