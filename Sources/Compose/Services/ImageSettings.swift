import YAML

/// What the scripts of an image make of its environment before they start the server. The official images of Redis
/// and KeyDB make nothing of it.
struct ImageSettings {
  let imageName: String
  private let product: ComposeRedis.Product
  private let isBitnami: Bool
  private let environment: ServiceEnvironment

  init(_ product: ComposeRedis.Product, _ image: ImageName?, _ environment: ServiceEnvironment) {
    (self.product, self.environment) = (product, environment)
    imageName = shown(image?.path.joined(separator: "/") ?? "of this service")
    isBitnami = image?.isBitnami ?? false
  }

  /// A variable with a password configures the server.
  var readsEnvironment: Bool { isBitnami || product == .dragonfly }

  /// Bitnami's scripts know the same variables by the name of each product.
  private var prefix: String {
    switch product {
    case .valkey: "VALKEY_"
    case .keydb: "KEYDB_"
    default: "REDIS_"
    }
  }

  /// - Parameter startsItself: the server is started by the image's own script, not called by its name.
  func apply(
    to configuration: inout RedisConfiguration, startsItself: Bool,
    read: (String) -> Result<(bytes: [UInt8], name: String), ContainerFiles.Unknown>
  ) {
    if isBitnami {
      if startsItself { bitnami(&configuration, read: read) }
    } else if product == .dragonfly {
      dragonfly(&configuration, read: read)
    } else if startsItself, product == .redisStack, case .success = read("/redis-stack.conf") {
      configuration.include("/redis-stack.conf", read: read)
    }
  }

  /// Behind the server's own command line: `REDIS_ARGS` of Redis Stack, `VALKEY_EXTRA_FLAGS`, Bitnami's extra flags.
  func extraDirectives(startsItself: Bool) -> [RedisDirective] {
    let name: String? =
      switch product {
      case _ where isBitnami: startsItself ? "\(prefix)EXTRA_FLAGS" : nil
      case .redisStack: startsItself ? "REDIS_ARGS" : nil
      case .valkey: "VALKEY_EXTRA_FLAGS"
      default: nil
      }
    guard let name, let value = environment.text(name) else { return [] }
    let words = value.value.split(whereSeparator: \.isWhitespace).map { ShellWord($0) }
    return RedisArguments.read([ShellWord("")] + words, name).directives
  }

  /// https://github.com/bitnami/containers/tree/main/bitnami/redis#configuration
  private func bitnami(
    _ configuration: inout RedisConfiguration,
    read: (String) -> Result<(bytes: [UInt8], name: String), ContainerFiles.Unknown>
  ) {
    let folder = "/opt/bitnami/\(product == .valkey ? "valkey" : product == .keydb ? "keydb" : "redis")"
    let file = product == .valkey ? "valkey.conf" : product == .keydb ? "keydb.conf" : "redis.conf"
    if case .success = read("\(folder)/etc/\(file)") { configuration.include("\(folder)/etc/\(file)", read: read) }
    var named: Int?
    if let port = number("PORT_NUMBER") { (configuration.port, named) = (port, port) }
    if isYes("TLS_ENABLED") {
      let tls = number("TLS_PORT_NUMBER") ?? number("TLS_PORT") ?? 6379
      configuration.tlsPort = tls
      // Both on one port: the plain one goes.
      if named ?? 6379 == tls { configuration.port = 0 }
    }
    if let path = environment.text("\(prefix)PASSWORD_FILE") {
      switch read(path.value) {
      case .success(let file):
        var bytes = file.bytes
        while bytes.last == 10 || bytes.last == 13 { bytes.removeLast() }
        configuration.set(password: .init(bytes: bytes, source: file.name))
      case .failure(let unknown): configuration.set(missing: unknown.why)
      }
    } else if let password = environment.text("\(prefix)PASSWORD") {
      configuration.set(password: .init(bytes: Array(password.value.utf8), source: password.source))
    }
    if let path = environment.text("\(prefix)ACLFILE") {
      configuration.apply(
        [RedisDirective(name: "aclfile", values: [ShellWord(path.value)], source: path.source)], read: read)
    }
    let mounted = "\(folder)/mounted-etc"
    if case .success = read("\(mounted)/\(file)") {
      // It stands in the place of what the scripts make of the environment.
      configuration = RedisConfiguration()
      configuration.include("\(mounted)/\(file)", read: read)
    }
    if case .success = read("\(mounted)/overrides.conf") {
      configuration.include("\(mounted)/overrides.conf", read: read)
    }
  }

  /// https://www.dragonflydb.io/docs/managing-dragonfly/flags: every flag is also a variable with DFLY_ before it.
  private func dragonfly(
    _ configuration: inout RedisConfiguration,
    read: (String) -> Result<(bytes: [UInt8], name: String), ContainerFiles.Unknown>
  ) {
    for (variable, flag) in [
      ("DFLY_PASSWORD", "requirepass"), ("DFLY_requirepass", "requirepass"), ("DFLY_port", "port"), ("DFLY_tls", "tls"),
      ("DFLY_aclfile", "aclfile"), ("DFLY_flagfile", "flagfile"),
    ] {
      guard let value = environment.text(variable) else { continue }
      configuration.apply(
        [RedisDirective(name: flag, values: [ShellWord(value.value)], source: value.source)], read: read)
    }
  }

  private func number(_ name: String) -> Int? {
    environment.text(prefix + name).flatMap { PortSyntax.number($0.value) }
  }

  private func isYes(_ name: String) -> Bool {
    ["yes", "true", "1"].contains(environment.text(prefix + name)?.value.lowercased() ?? "")
  }
}
