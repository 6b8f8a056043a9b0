/// What the name of an image says of what is in it.
struct ImageName: Equatable {
  /// Without registry, tag and digest, such as `["bitnami", "redis"]`.
  let path: [String]
  /// Without the digest, for messages.
  let text: String

  init(_ reference: String) {
    let text = reference.prefix { $0 != "@" }
    var path = text.split(separator: "/").map(String.init)
    if let last = path.popLast() { path.append(String(last.prefix { $0 != ":" })) }
    self.path = path.map { $0.lowercased() }
    self.text = String(text)
  }

  private var name: String { path.last ?? "" }

  /// Images whose scripts configure the server from the environment (REDIS_PASSWORD and the like).
  var isBitnami: Bool { path.dropLast().contains { $0.hasPrefix("bitnami") } }

  /// Redis Sentinel, which speaks another dialect.
  var isSentinel: Bool { ["redis-sentinel", "valkey-sentinel"].contains(name) }

  /// Nil: the name does not say that it speaks Redis.
  var product: ComposeRedis.Product? {
    switch name {
    case "redis": .redis
    case "valkey", "valkey-bundle": .valkey
    case "redis-cluster" where isBitnami: .redis
    case "valkey-cluster" where isBitnami: .valkey
    case "keydb": .keydb
    // Another project of that name hands out files.
    case _ where name.hasPrefix("dragonfly") && path.dropLast().last == "dragonflydb":
      name == "dragonfly" || name.hasPrefix("dragonfly-weekly") ? .dragonfly : nil
    case "redis-stack", "redis-stack-server": .redisStack
    case "rejson", "redisearch", "redistimeseries", "rebloom", "redisgraph", "redismod":
      path.dropLast().last == "redislabs" ? .redis : nil
    default: nil
    }
  }
}
