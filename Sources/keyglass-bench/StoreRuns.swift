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
    let session = try await StoreSession(endpoint)
    let keys = try await session.scan(isSweep: isSweep)
    guard try await session.rows(ListQuery()).count > 0 else { throw Malfunction("the index shows no rows") }
    await session.end()
    return keys
  }
}

/// A Store with what it tells.
struct StoreSession: Sendable {
  private let store: Store
  private let notices: AsyncStream<Notice>

  init(_ path: String) async throws { try await self.init(Endpoint(address: .unix(path: path))) }

  /// Connects.
  init(_ endpoint: Endpoint) async throws {
    let (notices, inlet) = AsyncStream.makeStream(of: Notice.self)
    self.notices = notices
    var options = StoreOptions()
    options.security = TLSSupport.security
    store = Store(endpoint: endpoint, options: options) { inlet.yield($0) }
    _ = try await store.connect()
  }

  func end() async { await store.shutdown() }

  /// Scans database 0. Returns the number of keys.
  func scan(isSweep: Bool = false) async throws -> Int {
    try await ask(.select(database: 0))
    if isSweep { try await ask(.sweep([.type, .deadline])) }
    return try await waitForScan(isSweep: isSweep)
  }

  /// Waits until the scan, and the sweep where there is one, are done. Returns the number of keys.
  ///
  /// - Parameter isRescan: a scan beside one that was done: its beginning has to be seen first.
  func waitForScan(isSweep: Bool = false, isRescan: Bool = false) async throws(Malfunction) -> Int {
    var hasBegun = !isRescan
    for await notice in notices {
      switch notice {
      case .scan(let progress):
        if progress.phase == .denied { throw Malfunction("the server denies SCAN") }
        if progress.phase == .running { hasBegun = true }
        if progress.phase == .done, hasBegun, !isSweep || progress.sweep?.known == progress.keys {
          return progress.keys
        }
      case .link(.lost(let loss)): throw Malfunction("the connection was lost: \(loss.why)")
      default: break
      }
    }
    throw Malfunction("the store fell silent")
  }

  func rows(_ query: ListQuery, _ part: ListPart = .current) async throws(Malfunction) -> RowList {
    guard case .rows(let rows, _) = try await ask(.rows(query, part)) else { throw Malfunction("no rows were told") }
    return rows
  }

  @discardableResult
  func ask(_ request: Request) async throws(Malfunction) -> Answer {
    let answer = await store.answer(request)
    if case .failed(let failure) = answer {
      throw Malfunction("\(failure.what): \(String(decoding: failure.why, as: UTF8.self))")
    }
    return answer
  }
}
