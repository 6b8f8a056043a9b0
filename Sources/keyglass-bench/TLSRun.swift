import Glibc
import Keyspace
import PrivateServer
import RedisClient
import RedisTLS
import Requests
import Store
import Values

/// One server on two ports, with TLS and without.
struct TLSRun {
  let plain: Endpoint
  let secured: Endpoint
  /// Seconds for reading the files and making the first context of the library.
  let preparation: Double
  private let server: PrivateServer
  private let folder: String

  private static let hash = "bench:hash"

  private static let group = ClientGroup.make()

  init(keys: Int) async throws {
    guard let security = TLSSupport.security else { throw Malfunction("this build has no TLS") }
    folder = try Self.makeFolder()
    let (certificate, key) = ("\(folder)/c.pem", "\(folder)/k.pem")
    try Self.run([
      "/usr/bin/openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=bench",
      "-addext",
      "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
    ])
    let (port, tlsPort) = (try Self.freePort(), try Self.freePort())
    server = try PrivateServer.start(
      seed: .empty, still: true,
      arguments: [
        "--bind", "127.0.0.1", "--port", String(port), "--tls-port", String(tlsPort), "--tls-cert-file", certificate,
        "--tls-key-file", key, "--tls-auth-clients", "no",
      ])
    plain = Endpoint(address: .tcp(host: "127.0.0.1", port: port))
    var settings = TLSSettings()
    settings.authorityFile = certificate
    var secured = Endpoint(address: .tcp(host: "127.0.0.1", port: tlsPort))
    secured.tls = settings
    self.secured = secured
    var socket = try ServerSocket(path: server.socketPath)
    try SampleKeys.fill(&socket, count: keys - 1)
    var batch = ServerBatch()
    batch.add(["HSET", Self.hash] + (0..<10_000).flatMap { ["field \($0)", "value \($0)"] })
    _ = try socket.send(batch)
    let start = ContinuousClock().now
    _ = try await security.prepare(settings, for: secured.address)
    preparation = start.duration(to: .now).seconds
  }

  func stop() {
    server.stop()
    try? Self.run(["/bin/rm", "-rf", folder])
  }

  /// Seconds for a hundred fields, wherever they stand, many times.
  func pages(at endpoint: Endpoint) async throws -> [Double] {
    var options = StoreOptions()
    options.security = TLSSupport.security
    let store = Store(endpoint: endpoint, options: options) { _ in }
    _ = try await store.connect()
    defer { Task { await store.shutdown() } }
    var seconds: [Double] = []
    for _ in 0..<200 {
      let start = ContinuousClock().now
      guard case .opened = await store.answer(.open(KeyName(Self.hash), pageLength: 100)) else {
        throw Malfunction("the hash was not opened")
      }
      seconds.append(start.duration(to: .now).seconds)
    }
    return seconds
  }

  /// Seconds until a connection is greeted.
  func connect(to endpoint: Endpoint) async throws -> Double {
    var options = ConnectionOptions()
    options.security = TLSSupport.security
    let start = ContinuousClock().now
    let connection = try await Connection.connect(to: endpoint, options: options, on: Self.group)
    let seconds = start.duration(to: .now).seconds
    connection.close()
    return seconds
  }

  private static func makeFolder() throws -> String {
    var path = Array("/tmp/kgbench-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&path) != nil else { throw Malfunction("no temporary folder") }
    return String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// A port of 127.0.0.1 that nobody listens on now.
  private static func freePort() throws -> Int {
    let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        guard unsafe bind(descriptor, generic, length) == 0 else { return false }
        return unsafe getsockname(descriptor, generic, &length) == 0
      }
    }
    guard isBound else { throw Malfunction("no free port") }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  private static func run(_ command: [String]) throws {
    let child = try ChildProcess(command, environment: ["PATH=/usr/bin:/bin"], descriptors: [nil, nil, nil])
    guard child.wait() == 0 else { throw Malfunction("\(command[0]) failed") }
  }
}
