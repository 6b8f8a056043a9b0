import Foundation
import TestSupport
import Testing
import YAML

@testable import Compose

/// Files that no one would write: each is read to an end, and never ends the program.
@Suite struct ComposeHostileTests {
  private static func text(_ fixture: String, _ file: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: "\(FixtureProject.root)/\(fixture)/\(file)")))
  }

  private static func find(_ bytes: [UInt8], in folder: String) throws -> ComposeProject? {
    try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/compose.yaml"))
    return try? ComposeProject.find(file: nil, in: ComposeSurroundings(folder: folder))
  }

  private static let texts = [
    ("shell", "docker-compose.yml"), ("access-rules", "compose.yaml"), ("all-keys", "compose.yaml"),
    ("builds", "compose.yaml"), ("configs", "compose.yaml"), ("extends-wrong", "compose.yaml"),
    ("interpolation", "compose.yaml"), ("products", "compose.yaml"), ("ports-wrong", "compose.yaml"),
  ]

  @Test func `every beginning of a file is read to an end`() throws {
    let folder = try TestFolder.make()
    defer { TestFolder.remove(folder) }
    let bytes = try Self.text("shell", "docker-compose.yml")
    for count in 0...bytes.count { _ = try Self.find(Array(bytes.prefix(count)), in: folder) }
  }

  @Test(arguments: texts.map(\.0)) func `files with wrong bytes in them are read to an end`(name: String) throws {
    let folder = try TestFolder.make()
    defer { TestFolder.remove(folder) }
    let file = try #require(Self.texts.first { $0.0 == name })
    let original = try Self.text(name, file.1)
    var random = Seeded(state: UInt64(name.utf8.reduce(0) { $0 + Int($1) }))
    let pieces =
      HostileBytes.strings
      + ["${", "}", "$$", ":-", "!reset ", "'", "\"", "\n", ": ", "- ", "&a ", "*a", "<<: "].map { Array($0.utf8) }
    for _ in 0..<100 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        if Bool.random(using: &random), let piece = pieces.randomElement(using: &random) {
          bytes.insert(contentsOf: piece, at: place)
        } else {
          bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...20, using: &random)))
        }
      }
      _ = try Self.find(bytes, in: folder)
    }
  }

  @Test func `text for a shell, a Dockerfile and settings may be anything`() throws {
    var random = Seeded(state: 10)
    let pieces =
      [
        "$", "${", "}", "$(", ")", "`", "'", "\"", "\\", "\n", " ", ";", "&&", ":-", ":+", "?", "=", "#", "<", ">",
        "redis-server", "--requirepass", "x", "$A", "$@", "$1", "sh -c ", "cat /f", "echo", "FROM redis", "ENV A=b",
        "COPY a /b", "CMD [\"", "ARG x", "<<EOF", "EXPOSE 1", "user a on >b", "\\x4", "include /f", "export ",
      ].map { Array($0.utf8) } + HostileBytes.strings.prefix(300)
    let file: (String) -> Result<(bytes: [UInt8], name: String), ContainerFiles.Unknown> = { _ in
      .success((Array("include /f\nsh /f\n$(cat /f)".utf8), "f"))
    }
    for _ in 0..<3000 {
      let bytes = (0..<Int.random(in: 0...40, using: &random)).flatMap { _ in
        pieces.randomElement(using: &random) ?? []
      }
      let text = String(decoding: bytes, as: UTF8.self)
      _ = ShellWords.split(text)
      _ = try? CommandText(.init(text: text))
      _ = Interpolation.apply(to: text) { $0 == "A" ? Variable(name: $0, value: "a", origin: .environment) : nil }
      _ = DotEnv(bytes, path: "/.env", outer: ComposeVariables(environment: [:]))
      _ = Dockerfile(bytes, arguments: [:]).stage(nil)
      var configuration = RedisConfiguration()
      configuration.apply(RedisConfigFile.directives(bytes, file: "f"), read: file)
      _ = configuration.login(read: file)
      var command = ServerCommand(
        .init(variable: { $0 == "A" ? .init(value: "a b", source: "") : nil }, file: file))
      _ = command.find(in: [ShellWord("sh"), ShellWord("-c"), ShellWord(bytes)])
    }
  }

  @Test func `a long row of services that extend each other ends`() throws {
    let folder = try TestFolder.make()
    defer { TestFolder.remove(folder) }
    var text = "services:\n  s0: {image: redis}\n"
    for index in 1..<900 { text += "  s\(index): {extends: s\(index - 1), environment: {V\(index): x}}\n" }
    text += "  last: {extends: s899}\n"
    let project = try #require(try Self.find(Array(text.utf8), in: folder))
    #expect(project.services.count == 901)
    #expect(project.service(named: "s50")?.flaw == nil)
    // Those above it are resolved already when it comes to the last, so that no row is deep.
    #expect(project.service(named: "s899")?.image == "redis")

    let backwards =
      "services:\n" + (0..<900).map { "  s\($0): {extends: s\($0 + 1)}\n" }.joined() + "  s900: {image: redis}\n"
    let other = try #require(try Self.find(Array(backwards.utf8), in: folder))
    #expect(other.service(named: "s0")?.flaw?.message.contains("more than 64 services") == true)
    #expect(other.service(named: "s899")?.image == "redis")
  }

  @Test func `many services that extend a large one end`() throws {
    let folder = try TestFolder.make()
    defer { TestFolder.remove(folder) }
    var text = "services:\n  base:\n    image: redis\n    environment:\n"
    for index in 0..<20_000 { text += "      V\(index): x\n" }
    for index in 0..<500 { text += "  s\(index): {extends: base}\n" }
    let project = try #require(try Self.find(Array(text.utf8), in: folder))
    #expect(project.services.count == 501)
    #expect(project.service(named: "s499")?.flaw?.message.contains("larger than Keyglass reads") == true)
  }

  @Test func `variables that stand for a great deal are not followed to the end`() throws {
    let folder = try TestFolder.make()
    defer { TestFolder.remove(folder) }
    var dotEnv = "V0=xxxxxxxxxxxxxxxx\n"
    for index in 1..<60 { dotEnv += "V\(index)=$V\(index - 1)$V\(index - 1)\n" }
    try Data(dotEnv.utf8).write(to: URL(fileURLWithPath: "\(folder)/.env"))
    let text =
      "services:\n" + (0..<900).map { "  s\($0): {image: '\(String(repeating: "$V18", count: 200))'}\n" }.joined()
    let project = try #require(try Self.find(Array(text.utf8), in: folder))
    #expect(project.services.count == 900)
    #expect(project.services.allSatisfy { ($0.image ?? "").utf8.count <= 2 << 20 })
  }

  @Test func `scripts and settings that name each other many times end`() {
    let script = Array(String(repeating: "/f.sh\nsh /f.sh\n", count: 5000).utf8)
    var command = ServerCommand(.init(variable: { _ in nil }, file: { _ in .success((script, "f.sh")) }))
    #expect(command.find(in: [ShellWord("/f.sh")]) == .script("/f.sh", arguments: []))
    let settings = Array(String(repeating: "include f\n", count: 5000).utf8)
    var configuration = RedisConfiguration()
    configuration.include("f") { _ in .success((settings, "f")) }
    #expect(configuration.port == 6379)
  }

  @Test func `open braces in each other end`() throws {
    let deep = String(repeating: "${A:-", count: 100_000)
    let outcome = Interpolation.apply(to: deep) { _ in nil }
    #expect(outcome.malformed != nil)
    var command = ServerCommand(.init(variable: { _ in nil }, file: { _ in .failure(.init(why: "")) }))
    #expect(command.find(in: ["sh", "-c", "redis-server --requirepass " + deep].map { ShellWord($0) }) != .nothing)
    let parentheses = String(repeating: "$(", count: 100_000)
    _ = command.find(in: ["sh", "-c", parentheses].map { ShellWord($0) })
  }

  @Test func `what is no small regular file is not read`() throws {
    let folder = try TestFolder.make()
    defer { TestFolder.remove(folder) }
    #expect(mkfifo("\(folder)/pipe", 0o600) == 0)
    try Data(repeating: UInt8(ascii: "#"), count: 1 << 20 + 1).write(to: URL(fileURLWithPath: "\(folder)/large"))
    #expect(symlink("loop", "\(folder)/loop") == 0)
    var reader = ComposeFileReader()
    #expect(reader.read("\(folder)/pipe") == .failure(.notRegular))
    #expect(reader.read("/dev/zero") == .failure(.notRegular))
    #expect(reader.read(folder) == .failure(.notRegular))
    #expect(reader.read("\(folder)/large") == .failure(.tooLarge))
    #expect(reader.read("\(folder)/loop") == .failure(.system(ELOOP)))
    #expect(reader.read("\(folder)/a\u{0}b") == .failure(.missing))
    let text = "services: {cache: {image: redis, env_file: [pipe, large, /dev/zero], build: {dockerfile: pipe}}}"
    let project = try #require(try Self.find(Array(text.utf8), in: folder))
    #expect(project.services.first?.notes.count == 4)
  }

  @Test func `a file that is a pipe is told, not waited for`() throws {
    let folder = try TestFolder.make()
    defer { TestFolder.remove(folder) }
    #expect(mkfifo("\(folder)/compose.yaml", 0o600) == 0)
    #expect(
      throws: ComposeFileError.unusable(
        Complaint(file: "\(folder)/compose.yaml", message: "cannot be read: it is not a file"))
    ) { try ComposeProject.find(file: nil, in: ComposeSurroundings(folder: folder)) }
  }

  @Test func `more files than a project may have are told`() throws {
    let folder = try TestFolder.make()
    defer { TestFolder.remove(folder) }
    for index in 0..<80 {
      let text = "include: ['\(index + 1).yaml']\nservices: {s\(index): {image: redis}}\n"
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(index).yaml"))
    }
    let project = try ComposeProject.find(file: "0.yaml", in: ComposeSurroundings(folder: folder))
    #expect(project.services.count == ComposeLoader.fileLimit)
    #expect(project.notes.contains { $0.message.contains("more than 64 Compose files") })
  }
}
