extension DemoShop {
  static let customers = 200

  private static let firstNames = [
    "MARIE", "JONAS", "AISHA", "PEDRO", "YUKI", "ELENA", "TOMAS", "NADIA", "OLEG", "CHLOE", "MINH", "SOFIA",
    "LUCAS", "AMARA", "FELIX", "INGRID", "RAVI", "ZOE", "MATEO", "HANNA", "KOFI", "LEILA", "BRUNO", "FREYA",
    "DIEGO", "MIRA", "ANTON", "SADIA", "EMIL", "ROSA", "HUGO", "LINH", "OSCAR", "PRIYA", "STELLA", "IVAN",
    "CLARA", "NOAH", "TARA", "VICTOR",
  ]

  /// The name that customer `number` (from 1) signs in with.
  static func username(_ number: Int) -> String {
    let name = firstNames[(number - 1) % firstNames.count]
    let round = (number - 1) / firstNames.count
    return round == 0 ? name : "\(name)_\(round + 1)"
  }

  /// Users as hashes, the overlapping sets of the shop's two sites, rankings, carts and what is counted.
  mutating func addCustomers() {
    let countries = ["DE", "FR", "US", "ES", "JP", "KR", "BR", "SE"]
    for number in 1...Self.customers {
      let name = Self.username(number)
      // The first one stands in the manual.
      let age = number == 1 ? 20 : 18 + random.below(60)
      batch.add(
        "HSET", "user:\(number)", "username", name, "age", String(age), "email", "\(name.lowercased())@example.com",
        "country", random.pick(countries), "credit", "\(random.below(200)).\(10 + random.below(90))")
      let points = number == 1 ? "9001.5" : String(random.below(9000))
      batch.add("ZADD", "leaderboard", points, name)
      if number % 4 == 0 { batch.add("ZADD", "leaderboard:weekly", String(random.below(500)), name) }
      if number % 3 == 0 { batch.add("SADD", "users:newsletter", name) }
      batch.add("PFADD", "visitors:unique", name, random.hex(8))
      batch.add("SETBIT", "visits:today", String(number), number % 3 == 0 ? "0" : "1")
    }
    batch.add("EXPIRE", "leaderboard:weekly", "273600")
    batch.add("EXPIRE", "visits:today", "40000")
    batch.add(["SADD", "users"] + (1...120).map(Self.username))
    batch.add(["SADD", "users2"] + (80...Self.customers).map(Self.username))
    for _ in 0..<60 {
      let cart = "cart:\(1 + random.below(Self.customers))"
      for _ in 0...random.below(4) { batch.add("HSET", cart, sku(random.below(120)), String(1 + random.below(3))) }
      batch.add("EXPIRE", cart, String(random.seconds(from: 900, to: 604_800)))
    }
    for page in ["home", "search", "checkout", "help"] {
      batch.add("SET", "counter:visits:\(page)", String(1000 + random.below(900_000)))
    }
    batch.add("SET", "counter:orders", "48213")
  }

  /// Sessions of both regions, with deadlines from seconds to days, and what else a visitor leaves for a while.
  mutating func addSessions() {
    for number in 0..<600 {
      let region = number % 2 == 0 ? "eu" : "us"
      let seconds = random.seconds(from: 8, to: 1_200_000)
      addDemoSession(region: region, seconds: seconds, to: &batch, using: &random)
    }
    for _ in 0..<25 {
      let address = "10.\(random.below(8)).\(random.below(256)).\(random.below(256))"
      batch.add(
        "SET", "ratelimit:ip:\(address)", String(1 + random.below(60)), "EX", String(random.seconds(from: 5, to: 90)))
      batch.add(
        "SET", "reset:\(random.hex(24))", "user:\(1 + random.below(Self.customers))", "EX",
        String(random.seconds(from: 60, to: 900)))
    }
    for number in 0..<8 {
      batch.add("SET", "lock:checkout:\(100 + number)", random.hex(16), "PX", String(4000 + number * 5500))
    }
  }
}

/// One session: a hash for a signed-in customer, a JSON string for a guest. Returns its name.
@discardableResult
func addDemoSession(
  region: String, seconds: Int, to batch: inout ServerBatch, using random: inout DemoRandom
) -> String {
  let name = "session:\(region):\(random.hex(12))"
  let agent = random.pick(["Firefox/134", "Chrome/131", "Safari/18", "App/7.2 (Android)", "App/7.2 (iOS)"])
  if random.below(3) == 0 {
    batch.add("SET", name, #"{"guest":true,"agent":"\#(agent)","pages":\#(1 + random.below(20))}"#, "EX", "\(seconds)")
  } else {
    let user = 1 + random.below(DemoShop.customers)
    batch.add(
      "HSET", name, "user", "user:\(user)", "username", DemoShop.username(user), "agent", agent, "csrf", random.hex(16))
    batch.add("EXPIRE", name, String(seconds))
  }
  return name
}
