import Canvas
import Keyspace
import Requests
import Values

@testable import Browser

extension Harness {
  /// The screen of a server that has been looked at for so many seconds.
  static func server(
    _ size: Size = Size(width: 120, height: 36), seconds: Int = 90, setup: Setup? = nil, isReplica: Bool = false
  ) -> Harness {
    var harness = Harness(
      ["a", "b"], size: size, setup: setup ?? Setup(endpointName: "10.2.0.14:6379", previewDelay: nil))
    harness.tell([("a", .string, nil), ("b", .string, nil)])
    harness.answer(.header, .server(facts(second: 0, isReplica: isReplica)))
    harness.press(.character("S"))
    for second in 1..<max(2, seconds) { harness.tellServer(second: second, isReplica: isReplica) }
    harness.forgetEffects()
    return harness
  }

  /// A second later INFO comes again.
  mutating func tellServer(second: Int, isReplica: Bool = false) {
    advance(1_000)
    answer(.header, .server(Self.facts(second: second, isReplica: isReplica)))
  }

  /// A busy server: waves of commands, and a burst of evictions.
  static func facts(second: Int, isReplica: Bool = false) -> ServerFacts {
    var facts = ServerFacts()
    let wave = abs(second % 40 - 20)
    (facts.product, facts.version, facts.role) = ("valkey", "9.1.2", isReplica ? "slave" : "master")
    facts.runID = "8f55896609274783542a8c94f04af726fb7933d3"
    (facts.keys, facts.volatileKeys) = (1_204_331, 902_114)
    facts.operationsPerSecond = 8_000 + 400 * wave
    (facts.usedMemory, facts.maxMemory) = (1_500_000_000 + 4_000_000 * second, 2_147_483_648)
    facts.keyspaceHits = 10_000 * second + 100 * wave * second
    facts.keyspaceMisses = 900 * second
    facts.expiredKeys = 38 * second
    facts.evictedKeys = second < 50 ? 0 : min(second - 50, 12) * 30
    facts.clients = 200 + wave
    facts.details = details(second: second, wave: wave, isReplica: isReplica)
    return facts
  }

  private static func details(second: Int, wave: Int, isReplica: Bool) -> ServerDetails {
    var details = ServerDetails()
    (details.process.mode, details.process.system) = ("standalone", "Linux 6.1.0-18-amd64 x86_64")
    (details.process.configFile, details.process.processID) = ("/etc/valkey/valkey.conf", 1_234)
    (details.process.port, details.process.uptime) = (6_379, 1_065_600 + second)
    (details.memory.peak, details.memory.resident) = (1_900_000_000, 1_800_000_000)
    (details.memory.dataset, details.memory.scripts, details.memory.clients) = (1_300_000_000, 66_560, 4_410_000)
    (details.memory.fragmentation, details.memory.policy) = (1.2, "allkeys-lru")
    (details.clients.blocked, details.clients.tracking, details.clients.limit) = (2, 1, 10_000)
    (details.clients.received, details.clients.rejected) = (88_412, 3)
    (details.traffic.input, details.traffic.output) = (1_200_000 + 10_000 * wave, 8_100_000 - 90_000 * wave)
    (details.persistence.sinceSave, details.persistence.saves) = (190 + second, 412)
    (details.persistence.changesSinceSave, details.persistence.hasSaveFailed) = (91_204, false)
    (details.persistence.isAppendOnly, details.persistence.hasAppendFailed) = (true, false)
    (details.processor.user, details.processor.system) = (4_000 + 0.3 * Double(second), 900 + 0.1 * Double(second))
    details.errors = [.init(code: "WRONGTYPE", count: 412), .init(code: "ERR", count: 37)]
    details.databases = [
      DatabaseFacts(number: 0, keys: 1_204_331, volatileKeys: 902_114, averageTTL: 2_460_000),
      DatabaseFacts(number: 3, keys: 48_112, volatileKeys: 0, averageTTL: nil),
    ]
    details.replication.offset = 5_000_000
    if isReplica {
      details.replication.primary = "10.2.0.13:6379"
      (details.replication.isLinkUp, details.replication.downFor) = (false, 12)
      details.replication.replicaCount = 0
    } else {
      details.replication.replicaCount = 2
      details.replication.replicas = [
        .init(address: "10.2.0.15:6379", state: "online", offset: 5_000_000, lag: 0),
        .init(address: "[2001:db8::15]:6379", state: "online", offset: 4_950_000, lag: 4),
      ]
    }
    return details
  }

  static let clients: ClientList = {
    var clients = (0..<40).map { number in
      var client = ClientFacts(id: 4_000 + number)
      client.address = Array("10.2.0.\(20 + number):5\(1_000 + number)".utf8)
      client.name = Array("worker-\(number)".utf8)
      client.user = Array("default".utf8)
      (client.database, client.age, client.idle) = (0, 90_000 - 700 * number, number)
      (client.flags, client.command) = (Array("N".utf8), Array((number % 3 == 0 ? "client|list" : "hgetall").utf8))
      client.memory = 20_000 * (number + 1)
      client.fields = [
        .init(name: "id", value: Array("\(client.id)".utf8)), .init(name: "addr", value: client.address),
        .init(name: "name", value: client.name), .init(name: "flags", value: client.flags),
      ]
      return client
    }
    clients[1].isOwn = true
    clients[1].name = Array("keyglass-rows".utf8)
    clients[2].name = Array("\u{1B}[2Jevil".utf8)
    clients[3].flags = Array("S".utf8)
    clients[3].fields[3].value = clients[3].flags
    return ClientList(clients: clients, count: 212)
  }()

  static let slowLog = SlowLog(
    commands: [
      .init(
        id: 12, time: Int(wall / 1_000) + 30, microseconds: 1_250_000,
        words: ["KEYS", "session:*"].map { Array($0.utf8) }, client: Array("10.2.0.21:51001".utf8),
        clientName: Array("worker-1".utf8)),
      .init(
        id: 11, time: Int(wall / 1_000) - 100_000, microseconds: 12_340,
        words: ["SET", "a\u{1}b", String(repeating: "x", count: 120)].map { Array($0.utf8) },
        client: Array("10.2.0.22:51002".utf8)),
      .init(id: 10, time: 1 << 53, microseconds: 950, words: [Array("DEL".utf8)]),
    ], count: 128)

  /// The page of the clients, read.
  mutating func showClients() {
    press(.tab)
    answer(.clients, .clients(Self.clients))
  }

  mutating func showSlowLog() {
    press(.backTab)
    answer(.slowLog, .slowLog(Self.slowLog))
  }
}
