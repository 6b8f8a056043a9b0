/// What a server's settings say of how to come in, the later over the earlier.
struct RedisConfiguration {
  var port = 6379
  var tlsPort: Int?
  /// Dragonfly: its port speaks TLS.
  var isAllTLS = false
  /// Of the default user, where no rule says otherwise.
  private(set) var requirepass = AccessRules.Login()
  private(set) var rules = AccessRules()
  /// Why not all settings are known.
  var unknown: String?
  private var aclFile: (path: ShellWord, source: String)?
  /// Files that files name, in each other.
  private static let depthLimit = 8
  private static let limit = 20_000
  private static let fileLimit = 32

  private var count = 0
  private var files = 0

  mutating func set(password: AccessRules.Password?) {
    let password = password.flatMap { $0.bytes.isEmpty ? nil : $0 }
    requirepass = .init(password: password)
  }

  mutating func set(missing: String) { requirepass = .init(missing: missing) }

  /// - Parameter read: the bytes of a file in the container.
  mutating func apply(
    _ directives: [RedisDirective], depth: Int = 0,
    read: (String) -> Result<(bytes: [UInt8], name: String), ContainerFiles.Unknown>
  ) {
    for directive in directives {
      count += 1
      guard count <= Self.limit else { return }
      let value = directive.values.first
      switch directive.name {
      case "port": if let port = value.flatMap({ PortSyntax.number($0.string) }) { self.port = port }
      case "tls-port": tlsPort = value.flatMap { PortSyntax.number($0.string) }.flatMap { $0 == 0 ? nil : $0 }
      case "tls": isAllTLS = !["false", "no", "0"].contains(value?.string ?? "true")
      case "requirepass":
        if let unknown = value?.unknown {
          set(missing: unknown)
        } else {
          set(password: value.map { .init(bytes: $0.bytes, source: Self.source($0, directive)) })
        }
      case "user": rules.add(directive.values, source: directive.source)
      case "aclfile": aclFile = value.map { ($0, directive.source) }
      case "include", "flagfile":
        guard let path = value?.string, depth < Self.depthLimit else { continue }
        include(path, depth: depth, isFlags: directive.name == "flagfile", read: read)
      default: break
      }
    }
  }

  private static func source(_ word: ShellWord, _ directive: RedisDirective) -> String {
    word.source ?? directive.source
  }

  mutating func include(
    _ path: String, depth: Int = 0, isFlags: Bool = false,
    read: (String) -> Result<(bytes: [UInt8], name: String), ContainerFiles.Unknown>
  ) {
    guard files < Self.fileLimit else { return }
    files += 1
    switch read(path) {
    case .success(let file):
      let directives =
        isFlags
        ? RedisArguments.flags(
          file.bytes.split(separator: 10).filter { $0.first != UInt8(ascii: "#") }.map { ShellWord(Array($0)) },
          file.name)
        : RedisConfigFile.directives(file.bytes, file: file.name)
      apply(directives, depth: depth + 1, read: read)
    case .failure(let unknown): self.unknown = self.unknown ?? unknown.why
    }
  }

  /// How to come in, once all is read.
  mutating func login(
    read: (String) -> Result<(bytes: [UInt8], name: String), ContainerFiles.Unknown>
  ) -> AccessRules.Login {
    if let (path, _) = aclFile, !path.bytes.isEmpty {
      switch read(path.string) {
      case .success(let file):
        rules = AccessRules()
        for directive in RedisConfigFile.directives(file.bytes, file: file.name) where directive.name == "user" {
          rules.add(directive.values, source: "the ACL of \(file.name)")
        }
        // With an ACL file `requirepass` counts for nothing (redis.conf).
        return rules.login(requirepass: .init())
      case .failure(let unknown): return .init(missing: "its ACL file is not known: \(unknown.why)")
      }
    }
    return rules.login(requirepass: requirepass)
  }
}
