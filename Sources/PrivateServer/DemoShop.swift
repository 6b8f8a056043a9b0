import Glibc

/// The sample shop of `keyglass demo`: every type, every kind of deadline, and names that are hard to show.
///
/// The same at every start but for the wall time in stream ids. Written in a few pipelined batches.
struct DemoShop {
  var batch = ServerBatch()
  var random = DemoRandom(seed: 2_026)
  /// Milliseconds since 1970, now.
  let now: Int64

  init() {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    now = Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// Fills an empty server.
  static func fill(_ socket: inout ServerSocket) throws(PrivateServerError) {
    var shop = DemoShop()
    shop.addCustomers()
    shop.addSessions()
    shop.addCatalogue()
    try shop.flush(to: &socket)
    shop.addWork()
    shop.addOrders()
    shop.addCuriosities()
    shop.addOtherDatabases()
    try shop.flush(to: &socket)
    shop.addBigCollections()
    try shop.flush(to: &socket)
  }

  /// Sends what is gathered; a refused command is a mistake of ours and ends the start with its text.
  private mutating func flush(to socket: inout ServerSocket) throws(PrivateServerError) {
    for case .error(let text) in try socket.send(batch) {
      throw PrivateServerError(
        what: "cannot fill the sample shop", why: text, nextStep: "Use Redis 6.2 or newer, or Valkey")
    }
    batch = ServerBatch()
  }

  /// A list of 100,000 elements and a hash of 100,000 fields.
  private mutating func addBigCollections() {
    for thousand in 0..<100 {
      let numbers = (thousand * 1000)..<(thousand * 1000 + 1000)
      batch.add(["RPUSH", "big:list"] + numbers.map { "line \($0)" })
      batch.add(["HSET", "big:hash"] + numbers.flatMap { ["field:\($0)", "value \($0 &* 7919 % 100_003)"] })
    }
  }

  private mutating func addOtherDatabases() {
    batch.add("SELECT", "1")
    for number in 1...40 {
      batch.add(
        "HSET", "job:\(number)", "kind", random.pick(["thumbnail", "invoice", "reindex"]), "state",
        random.pick(["waiting", "running", "done"]), "attempts", String(random.below(4)))
      batch.add("ZADD", "schedule", String(now / 1000 + Int64(random.below(86_400))), "job:\(number)")
    }
    batch.add("SET", "worker:1:heartbeat", "alive", "EX", "45")
    batch.add("SET", "worker:2:heartbeat", "alive", "EX", "3600")
    batch.add("SELECT", "3")
    for host in ["web-1", "web-2", "db-1"] {
      for metric in ["cpu", "memory", "disk"] {
        batch.add(["RPUSH", "metrics:\(host):\(metric)"] + (0..<120).map { _ in String(random.below(100)) })
        batch.add("EXPIRE", "metrics:\(host):\(metric)", String(random.seconds(from: 600, to: 86_400)))
      }
    }
    batch.add("SELECT", "0")
  }
}
