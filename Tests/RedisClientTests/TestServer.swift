import Glibc
import RESP
import RedisClient
import Synchronization
import Testing

/// A redis-server of one test's own, on a Unix socket in a temporary folder. It ends with the object.
final class TestServer: Sendable {
  let folder: String
  private let arguments: [String]
  private let process = Mutex<pid_t>(0)

  var socket: String { folder + "/redis.sock" }
  var endpoint: Endpoint { Endpoint(address: .unix(path: socket)) }

  init(_ options: String...) async throws {
    var template = Array("/tmp/keyglass-test-XXXXXX".utf8CString)
    _ = try #require(mkdtemp(&template))
    folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    arguments =
      ["redis-server", "--port", "0", "--unixsocket", folder + "/redis.sock", "--save", "", "--dir", folder]
      + ["--logfile", folder + "/log"] + options
    try await start()
  }

  deinit {
    end()
    for name in ["redis.sock", "log"] { unlink(folder + "/" + name) }
    rmdir(folder)
  }

  /// Starts the server, again after `end`, and waits until it accepts connections.
  func start() async throws {
    unlink(socket)
    var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var id = pid_t()
    try #require(posix_spawnp(&id, "redis-server", nil, nil, &words, environ) == 0)
    process.withLock { $0 = id }
    while !isListening {
      try #require(waitpid(id, nil, WNOHANG) == 0, "redis-server did not start: \(arguments)")
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  /// The file of the socket is there before the server listens on it, so only a connection tells.
  private var isListening: Bool {
    let descriptor = Glibc.socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: socket.utf8) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
      }
    }
  }

  func signal(_ number: CInt) {
    _ = process.withLock { kill($0, number) }
  }

  func end() {
    process.withLock { id in
      guard id != 0 else { return }
      kill(id, SIGKILL)
      waitpid(id, nil, 0)
      id = 0
    }
  }
}

/// One command, for tests.
func command(_ words: String...) -> CommandBatch {
  var batch = CommandBatch()
  batch.add(words: words.map { Array($0.utf8) })
  return batch
}

extension Connection {
  func call(_ words: String...) async throws(ClientError) -> ReplyView {
    var batch = CommandBatch()
    batch.add(words: words.map { Array($0.utf8) })
    return try await send(batch)[0]
  }
}

/// The error that `body` throws.
func failure<Success>(_ body: () async throws(ClientError) -> Success) async -> ClientError? {
  do {
    _ = try await body()
    return nil
  } catch {
    return error
  }
}

/// Collects what a closure is told, and lets a test wait for it.
final class Recorder<Value: Sendable>: Sendable {
  private let values = Mutex<[Value]>([])

  func add(_ value: Value) {
    values.withLock { $0.append(value) }
  }

  var all: [Value] { values.withLock { $0 } }

  /// Waits until a value recorded at or after `start` fulfils `condition`. The test's time limit bounds it.
  @discardableResult
  func first(from start: Int = 0, where condition: (Value) -> Bool) async throws -> Value {
    while true {
      if let value = all.dropFirst(start).first(where: condition) { return value }
      try await Task.sleep(for: .milliseconds(5))
    }
  }
}
