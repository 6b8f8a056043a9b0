/// What the files tell of a service that speaks Redis.
package struct ComposeRedis: Sendable, Equatable {
  package enum Product: String, Sendable, Equatable {
    case redis
    case valkey
    case keydb
    case dragonfly
    case redisStack = "redis-stack"
  }

  package var product: Product
  /// How that is known, such as `image bitnami/valkey:8.0` or `its command runs redis-server`; may hold any text.
  package var evidence: String
  /// The port in the container that speaks plain Redis; 0: none does.
  package var port = 6379
  /// The port in the container that speaks TLS; nil: none does.
  package var tlsPort: Int?
  /// Nil: the default user.
  package var user: [UInt8]?
  package var password: ComposePassword?
  /// A password is wanted and cannot be told from here, with the reason; nil: it is known, or none is wanted.
  package var missingPassword: String?

  package init(product: Product, evidence: String) { (self.product, self.evidence) = (product, evidence) }

  /// The port to connect to, and whether it speaks TLS.
  package var connection: (port: Int, usesTLS: Bool) { port == 0 ? (tlsPort ?? 0, true) : (port, false) }
}

/// A password that the files tell, never shown.
package struct ComposePassword: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
  package let bytes: [UInt8]
  /// Where it stands, such as `--requirepass in its command` or `REDIS_PASSWORD in .env`.
  package let source: String

  package init(_ bytes: [UInt8], source: String) { (self.bytes, self.source) = (bytes, source) }

  package var description: String { "password from \(source)" }
  package var customMirror: Mirror { Mirror(self, children: ["source": source]) }
}
