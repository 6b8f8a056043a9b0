/// What the shop's visitors do in a fifth of a second.
struct DemoVisitors {
  private var random = DemoRandom(seed: 7)
  private var step = 0
  /// The latest sessions; one of them goes on reading now and then, which moves its deadline.
  private var sessions: [String] = []

  mutating func next() -> ServerBatch {
    var batch = ServerBatch()
    step += 1
    let region = step % 2 == 0 ? "eu" : "us"
    let session = addDemoSession(
      region: region, seconds: random.seconds(from: 4, to: 120), to: &batch, using: &random)
    sessions.append(session)
    if sessions.count > 64 { sessions.removeFirst() }

    if step % 5 == 0 { batch.add("EXPIRE", random.pick(sessions), "90") }
    if step % 3 == 0 { batch.add("ZINCRBY", "leaderboard", String(1 + random.below(25)), username()) }
    if step % 4 == 0 { batch.add("INCR", "counter:visits:home") }
    if step % 7 == 0 {
      batch.add("SET", "lock:checkout:\(100 + random.below(60))", random.hex(16), "NX", "PX", "6000")
    }
    // As much goes out of the queue as comes in, in bursts.
    if step % 5 == 1 { batch.add("LPUSH", "queue:mail", demoMail(number: 48_213 + step, using: &random)) }
    if step % 15 == 0 { batch.add("RPOP", "queue:mail", "3") }
    if step % 10 == 0 {
      batch.add("INCR", "counter:orders")
      batch.add(demoOrder(id: "*", number: 48_213 + step / 10, using: &random))
    }
    return batch
  }

  private mutating func username() -> String { DemoShop.username(1 + random.below(DemoShop.customers)) }
}
