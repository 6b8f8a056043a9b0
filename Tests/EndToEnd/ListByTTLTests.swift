import PrivateServer
import TestSupport
import Testing

extension EndToEnd {
  /// `ls --ttl` and `ls --histogram` beside what a naive program makes of SCAN and PEXPIRETIME.
  @Suite("ls by TTL") struct ListByTTL {
    private let server: TestServer
    private let program: Keyglass

    init() throws {
      server = try TestServer()
      program = try Keyglass(environment: ["TZ=Asia/Kolkata"])
    }

    private func run(_ arguments: String...) throws -> Keyglass.Result {
      try program.run(["ls", "-s", server.socketPath] + arguments)
    }

    /// Every key of the server with its deadline; nil: none.
    private func deadlines() throws -> [String: Int64?] {
      var names: Set<String> = []
      var cursor = "0"
      repeat {
        let lines = try server.cli("SCAN", cursor, "COUNT", "100").split(separator: "\n").map(String.init)
        names.formUnion(lines.dropFirst())
        cursor = lines[0]
      } while cursor != "0"
      var all: [String: Int64?] = [:]
      for (name, reply) in zip(names, try server.pipeline(names.map { ["PEXPIRETIME", $0] })) {
        let time = try #require(Int64(reply.text))
        all[name] = .some(time < 0 ? nil : time)
      }
      return all
    }

    private func populate() throws {
      var batch = (0..<250).map { ["SET", "session:eu:\($0)", "x", "PX", "40000"] }
      batch += (0..<600).map { ["SET", "cache:\($0)", "x", "PX", String(60_000 + $0 * $0 * 37)] }
      batch += (0..<300).map { ["SET", "page:\($0)", "x", "PX", String(300_000_000 + $0 * 10_000_000)] }
      batch += (0..<120).map { ["SET", "user:\($0)", "x"] } + [["SET", "alone", "x"], ["SET", "app.x:y", "x"]]
      try server.pipeline(batch)
    }

    @Test("the histogram counts what a naive program counts, at every scale", arguments: [[], ["-2"]])
    func histogram(options: [String]) throws {
      try populate()
      let known = try deadlines()
      let result = try program.run(["ls", "-s", server.socketPath, "--histogram", "--json"] + options)
      #expect(result.status == 0 && result.lines == 1, "\(result.output)")
      let json = result.output
      let now = try number("server_time_ms", in: json)
      let left = known.values.compactMap { $0.map { $0 - now } }.filter { $0 > 0 }
      #expect(try number("keys", in: json) == known.count)
      var classes: [(String, Range<Int64>)] = [("lt_10s", 0..<10_000), ("lt_1m", 10_000..<60_000)]
      classes += [("lt_1h", 60_000..<3_600_000), ("lt_1d", 3_600_000..<86_400_000), ("gt_1d", 86_400_000..<(.max))]
      for (name, range) in classes {
        #expect(try number(name, in: json) == left.count { range.contains($0) }, "\(name)")
      }
      #expect(try number("none", in: json) == 122)
      for (scale, length, buckets) in [
        ("second", 1_000, 60), ("minute", 60_000, 60), ("hour", 3_600_000, 24), ("day", 86_400_000, 30),
      ] as [(String, Int64, Int)] {
        let (start, counts) = try timeline(scale, in: json)
        #expect(start <= now && now < start + length)
        // Days begin at midnight in India, 5 h 30 min ahead.
        #expect((start + (scale == "day" ? 19_800_000 : 0)) % length == 0)
        var naive = [Int](repeating: 0, count: buckets)
        for deadline in left.map({ $0 + now }) {
          let bucket = Int((deadline - start) / length)
          if bucket < buckets { naive[bucket] += 1 } else if scale == "day" { naive[buckets - 1] += 1 }
        }
        #expect(counts == naive, "\(scale)")
      }
      let folders =
        #""without_ttl":[{"prefix":"user:","count":120},{"prefix":"","count":1},{"prefix":"app.x:","count":1}]"#
      #expect(json.contains(folders), "\(json)")
    }

    @Test("peaks have their folder, and --separator says what a folder is")
    func stampedes() throws {
      let deadline = try #require(Int64(try server.cli("TIME").split(separator: "\n").first ?? "")) + 7_200
      try server.pipeline((0..<50).map { ["SET", "web/eu/\($0)", "x", "EXAT", String(deadline)] })
      try server.pipeline((0..<7).map { ["SET", "cfg/\($0)", "x"] })
      let json = try run("--histogram", "--json", "--separator", "/").output
      #expect(json.contains(#""count":50,"prefix":"web/eu/","prefix_count":50,"densest_at_ms":"#), "\(json)")
      #expect(json.contains(#""densest_ms":60000,"densest_count":50,"sample":50}]"#), "\(json)")
      #expect(json.contains(#""without_ttl":[{"prefix":"cfg/","count":7}]"#), "\(json)")
      let text = try run("--histogram", "--separator", "/").output
      #expect(text.contains(": 50 keys in one hour, 50 of them at "), "\(text)")
      #expect(text.contains(", 100% in web/eu/\n"), "\(text)")
      #expect(text.contains("None in the next 60 s.\n"))
      #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test("a pattern and a condition choose what is counted")
    func chosen() throws {
      try populate()
      let known = try deadlines()
      let json = try run("page:?", "--histogram", "--json").output
      #expect(try number("keys", in: json) == 10)
      let long = try run("--histogram", "--json", "--ttl", ">2d", "--ttl", "<40d").output
      let now = try number("server_time_ms", in: long)
      let naive = known.values.count { $0.map { (172_800_001..<3_456_000_000).contains($0 - now) } ?? false }
      #expect(try number("keys", in: long) == naive && naive == 300)
      #expect(try number("none", in: try run("--histogram", "--json", "--ttl", "none").output) == 122)
    }

    @Test("--ttl lists the keys that meet it, in every format")
    func listing() throws {
      try server.pipeline([
        ["SET", "soon", "x", "EX", "300"], ["SET", "later", "x", "EX", "7200"], ["HSET", "kept", "f", "x"],
        ["SET", "a*b", "x", "EX", "300"], ["SET", "\u{1b}[31m\nforged", "x", "EX", "300"],
      ])
      func names(_ arguments: String...) throws -> [String] {
        try program.run(["ls", "-s", server.socketPath] + arguments).output.split(separator: "\n").map(String.init)
          .sorted()
      }
      #expect(try names("--ttl", "<10m") == [#"\x1b[31m\x0aforged"#, "a*b", "soon"])
      #expect(try names(#"a\*b"#, "--ttl", "<10m") == ["a*b"])
      #expect(try names("--ttl", ">10m", "--ttl", "<1d") == ["later"])
      #expect(try names("--ttl", "none", "-2") == ["kept"])
      #expect(try names("--ttl", ">2d").isEmpty)
      let long = try run("--ttl", "none", "--long").output
      #expect(long.hasPrefix("HSH           -") && long.hasSuffix("  kept\n"), "\(long)")
      let json = try run("--ttl", ">10m", "--json").output
      #expect(try #/^\{"key":"later","type":"string","ttl_ms":[0-9]{7},"size":[0-9]+\}\n$/#.firstMatch(in: json) != nil)
    }

    @Test("what may not be read is said, with the rule that is missing")
    func denied() throws {
      try server.pipeline([
        ["SET", "mine", "x", "EX", "300"], ["SET", "yours", "x", "EX", "300"],
        ["ACL", "SETUSER", "none", "on", ">pw", "~*", "+@all", "-pttl", "-pexpiretime"],
        ["ACL", "SETUSER", "some", "on", ">pw", "~mine", "+@all"],
      ])
      let limited = try Keyglass(environment: ["REDISCLI_AUTH=pw"])
      func run(_ user: String, _ arguments: String...) throws -> Keyglass.Result {
        try limited.run(["ls", "-s", server.socketPath, "--user", user] + arguments)
      }
      let line = "keyglass: reading the deadlines of keys: this user may not run PTTL. Ask for the rule +pttl.\n"
      for arguments in [["--ttl", "<1h"], ["--histogram"], ["--histogram", "--json"], ["--long", "--ttl", "none"]] {
        let result = try limited.run(["ls", "-s", server.socketPath, "--user", "none"] + arguments)
        #expect(result.output == line && result.status == 1)
      }
      let some = try run("some", "--ttl", "<1h")
      let key =
        "keyglass: reading the deadline of a key: not covered by this user's key patterns. "
        + "Ask for a rule %R~PATTERN that covers the name.\n"
      #expect(some.output == "mine\n" + key && some.status == 1)
      let histogram = try run("some", "--histogram", "--json")
      #expect(histogram.output.contains(#""unread":1}"#) && histogram.output.hasSuffix(key) && histogram.status == 1)
      #expect(try run("some", "--histogram", "mine").status == 0)
    }

    @Test("wrong usage is told before a server is asked")
    func usage() throws {
      for arguments in [["--ttl", "soon"], ["--ttl", "<0"], ["--histogram", "--long"], ["--ttl"]] {
        let result = try Keyglass().run(["ls", "-s", "/nowhere"] + arguments)
        #expect(result.status == 2 && result.lines == 1, "\(result.output)")
      }
    }

    @Test("with --plain, and on a terminal without UTF-8, it is drawn in ASCII; it fits in 80 columns")
    func ascii() throws {
      try populate()
      let plain = try run("--histogram", "--plain").output
      #expect(plain.utf8.allSatisfy { $0 < 0x80 } && plain.contains("###"))
      let command = [try Keyglass.path(), "ls", "-s", server.socketPath, "--histogram"]
      let size = Tmux.Size(columns: 80, rows: 50)
      let bare = try Tmux(["/usr/bin/env", "LC_ALL=C"] + command, size: size).waitFor("[exit 0]")
      #expect(bare.utf8.allSatisfy { $0 < 0x80 } && bare.contains("###"))
      let drawn = try Tmux(command, size: size).waitFor("[exit 0]")
      #expect(drawn.contains("███") && drawn.contains("Next 24 h by hour: "), "\(drawn)")
      #expect(!drawn.contains("keys read"))
    }

    // MARK: - JSON

    private func number(_ name: String, in json: String) throws -> Int64 {
      let match = try #require(try Regex("\"\(name)\":([0-9]+)[,}]").firstMatch(in: json), "\(name)")
      return try #require(Int64(match[1].substring ?? ""))
    }

    private func timeline(_ scale: String, in json: String) throws -> (start: Int64, counts: [Int]) {
      let pattern = "\"\(scale)\":\\{\"start_ms\":([0-9]+),\"bucket_ms\":[0-9]+,\"counts\":\\[([0-9,]+)\\]\\}"
      let match = try #require(try Regex(pattern).firstMatch(in: json), "\(scale)")
      let counts = (match[2].substring ?? "").split(separator: ",").compactMap { Int($0) }
      return (try #require(Int64(match[1].substring ?? "")), counts)
    }
  }
}
