import TestSupport
import Testing

@testable import Compose

/// Random values, put together of what their syntax makes something of, mean to Keyglass what they mean to Compose 2.
@Suite(.enabled(if: ComposeOracle.second != nil, "Docker Compose 2 is not here"))
struct ComposeOracleRandomTests {
  /// One form of value and the pieces it is made of.
  enum Form: String, CaseIterable, Sendable {
    case interpolation, command, port, dotenv, plain, quoted, override

    var pieces: [String] {
      switch self {
      case .interpolation:
        [
          "a", "b c", "$", "$$", "$A", "$EMPTY", "$NONE", "${A}", "${NONE}", "${A:-", "${NONE-", "${NONE:-",
          "${EMPTY:-",
          "${EMPTY-", "${A:+", "${NONE:+", "${EMPTY+", "}", "}", "}", "{", "x}", "\\", ":", "-", "_", "1", "ü", "\"",
        ]
      case .command:
        [
          "redis-server", "--requirepass", " ", " ", " ", "a", "b", "'", "'", "\"", "\"", "\\", "\\ ", "#", "$$x", "=",
          "ü", "\\\"", "\\'", "--port 7", "\t", ">", " >", "2>", "&&", ";", "|", "<", "`", "$$(", ")", "\\n", "\\t",
        ]
      case .port, .override: []
      case .dotenv:
        [
          "A", "B", "C=", "A=", "B=", "=", "x", "y z", " ", "\n", "\n", "\nB=", "\nC=", "\nexport A=", "\nA", "\nC\n",
          "'", "'", "\"",
          "\"", "#",
          " #", "$A", "${A}", "${B:-d}", "$C", "$D", "\nD=", "$$", "\\", "\\n", "\\\"", "\\'", "\\$", "\t", "\r\n", ":",
          ": ", "ü", "\\\\",
        ]
      case .plain:
        [
          "a", "b", ":", ": ", "#", " #", "-", "- ", "?", "&", "*", "'", "\"", "{", "}", "[", "]", ",", " ", "1",
          "0x1F",
          "1e3", "true", "null", "~", "0o17", "017", "1_000", ".5", "%", "@", "`", "|", ">", "=", "yes", "2024-01-01",
          "ü",
          "\\", "0", "7", "8", "e", "-", "+", ".", "_", "0b1", "E-7", "True", "FALSE", ".inf", "Null", ".NaN", "T1:2:3",
        ]
      case .quoted:
        [
          "a", " ", "\\n", "\\t", "\\x41", "\\u00fc", "\\\\", "\\\"", "\\/", "\\0", "\\e", "#", ": ", "'", "\\ ",
          "\n    ",
          "\n\n    ", "ü", "{", "\\\n    ", "\t", "\\N", "\\_", "\\U0001F600",
        ]
      }
    }

    func value(using random: inout Seeded) -> String {
      func one(of choices: [String]) -> String { choices.randomElement(using: &random) ?? "" }
      if self == .port {
        let host = one(of: ["", "", "6380:", "0:", ":", "7000-7001:", "7000-7003:", "7001-7000:", "a:"])
        let container = one(of: ["6379", "6379", "06379", "6379-6380", "1-4", "0", "65536", "", "x"])
        return one(of: ["", "", "127.0.0.1:", "[::1]:", "::1:", "localhost:", "0.0.0.0:"]) + host + container
          + one(of: ["", "", "/tcp", "/udp", "/TCP", "/sctp", "/x", "/"])
      }
      if self == .override {
        let services = (0..<2).map { _ in
          Self.keys.map { "    " + one(of: $0) }.filter { $0 != "    " }.joined(separator: "\n")
        }
        return services.joined(separator: Self.border)
      }
      return (0..<Int.random(in: 1...6, using: &random)).map { _ in one(of: pieces) }.joined()
    }

    /// What a file may say of a service, each or nothing.
    private static let keys = [
      ["", "image: redis", "image: valkey/valkey", "image: !reset null"],
      [
        "", "", "command: redis-server --port 7000", "command: [redis-server, --requirepass, a]", "command: []",
        "command: null", "command: !reset null", "command: !override [redis-server, --port, '7001']",
      ],
      [
        "", "", "", "entrypoint: redis-server", "entrypoint: [redis-server, --port, '7002']", "entrypoint: []",
        "entrypoint: !reset []",
      ],
      [
        "", "ports: ['6380:6379']", "ports: ['6380:6379', '127.0.0.1:6381:7000']", "ports: ['6379']",
        "ports: [{target: 6379, published: '6380'}]", "ports: !override ['6390:6379']", "ports: !reset []", "ports: []",
        "ports: [{target: 7000, published: '7000', host_ip: 127.0.0.1, protocol: tcp, mode: host}]",
        "ports: [6380:6379/udp]",
      ],
      [
        "", "environment: {A: one, B: two}", "environment: [A=three, C=four]", "environment: {A: null}",
        "environment: [A]",
        "environment: !reset null", "environment: !override {C: five}", "environment: [A=]", "environment: {A: ''}",
        "environment: {B: !reset null, C: six}",
      ],
      ["", "", "expose: ['7000']", "expose: [7001, 7000/tcp]", "expose: !override ['1']"],
      ["", "", "network_mode: host", "network_mode: bridge", "network_mode: none"],
      ["", "", "profiles: [a]", "profiles: [b]"],
    ]
    private static let border = "\n===\n"

    /// Files of a project that has it.
    func files(_ value: String) -> [String: String] {
      let service = "services:\n  cache:\n    image: redis\n"
      let single = "'" + value.replacing("'", with: "''") + "'"
      switch self {
      case .interpolation:
        return ["compose.yaml": service + "    environment:\n      V: \(single)\n      W: after\n"]
      case .override:
        let files = value.split(separator: Self.border, omittingEmptySubsequences: false).map {
          "services:\n  cache:\n\($0)\n"
        }
        return ["compose.yaml": files[0], "compose.override.yaml": files[1]]
      case .command: return ["compose.yaml": service + "    command: \(single)\n"]
      case .port: return ["compose.yaml": service + "    ports: [\(single)]\n"]
      case .dotenv:
        let entries = "    env_file: [first.env, its.env]\n    environment: [A, D=of the service]\n"
        return [
          "compose.yaml": service + entries, ".env": "A=of the project", "first.env": "B=first\nC=$B\nD=first",
          "its.env": value,
        ]
      case .plain: return ["compose.yaml": service + "    environment:\n      V: \(value)\n      W: after\n"]
      case .quoted: return ["compose.yaml": service + "    environment:\n      V: \"\(value)\"\n      W: after\n"]
      }
    }
  }

  static let variables = ["A": "value of a", "EMPTY": ""]

  @Test(arguments: Form.allCases)
  func `means the same`(form: Form) async throws {
    let oracle = try #require(ComposeOracle.second)
    let count = Campaign.isOn ? 1500 : 40
    let (compared, wrong) = try await Aside.run {
      var random = Seeded(state: 1)
      var compared = 0
      var wrong: [String] = []
      for _ in 0..<count {
        let value = form.value(using: &random)
        let folder = try TestFolder.make()
        defer { TestFolder.remove(folder) }
        for (name, text) in form.files(value) { try TestFolder.write(text, to: "\(folder)/\(name)") }
        let variables = form == .dotenv ? [:] : Self.variables
        // What Compose does not take needs to mean nothing.
        guard let theirs = try? oracle.facts(in: folder, variables: variables) else { continue }
        compared += 1
        let ours = try? ServiceFacts.all(file: nil, in: ComposeSurroundings(folder: folder, variables: variables))
        let differences = ours.map { $0["cache"]?.differences(from: theirs["cache"]) ?? ["no service"] } ?? ["unusable"]
        if !differences.isEmpty { wrong.append("\(value.debugDescription): \(differences.joined(separator: "; "))") }
      }
      return (compared, wrong)
    }
    #expect(wrong == [])
    #expect(compared > count / 5, "Compose took only \(compared) of \(count)")
  }
}
