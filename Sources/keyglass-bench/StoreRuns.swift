import Keyspace
import RedisClient
import RedisTLS
import Requests
import Store

/// What Keyglass does with a server: its own Store, from connecting to a list that can be browsed.
enum StoreRuns {
  /// Scans all names into the index and asks for the first rows. Returns the number of keys.
  static func names(_ path: String) async throws -> Int {
    try await names(at: Endpoint(address: .unix(path: path)))
  }

  static func names(at endpoint: Endpoint) async throws -> Int {
    try await scan(endpoint, isSweep: false)
  }

  /// The same with type and deadline of every key.
  static func facts(_ path: String) async throws -> Int {
    try await scan(Endpoint(address: .unix(path: path)), isSweep: true)
  }

  private static func scan(_ endpoint: Endpoint, isSweep: Bool) async throws -> Int {
    let (notices, inlet) = AsyncStream.makeStream(of: Notice.self)
    var options = StoreOptions()
    options.security = TLSSupport.security
    let store = Store(endpoint: endpoint, options: options) { inlet.yield($0) }
    _ = try await store.connect()
    try await ask(store, .select(database: 0))
    if isSweep { try await ask(store, .sweep([.type, .deadline])) }
    let keys = try await end(of: notices, isSweep: isSweep)
    guard case .rows(let rows, _) = try await ask(store, .rows(ListQuery())), rows.count > 0 else {
      throw Malfunction("the index shows no rows")
    }
    await store.shutdown()
    return keys
  }

  /// Waits until the scan, and the sweep where there is one, are done. Returns the number of keys.
  private static func end(of notices: AsyncStream<Notice>, isSweep: Bool) async throws(Malfunction) -> Int {
    for await notice in notices {
      switch notice {
      case .scan(let progress):
        if progress.phase == .denied { throw Malfunction("the server denies SCAN") }
        if progress.phase == .done, !isSweep || progress.sweep?.known == progress.keys { return progress.keys }
      case .link(.lost(let loss)): throw Malfunction("the connection was lost: \(loss.why)")
      default: break
      }
    }
    throw Malfunction("the store fell silent")
  }

  @discardableResult
  private static func ask(_ store: Store, _ request: Request) async throws(Malfunction) -> Answer {
    let answer = await store.answer(request)
    if case .failed(let failure) = answer {
      throw Malfunction("\(failure.what): \(String(decoding: failure.why, as: UTF8.self))")
    }
    return answer
  }
}
