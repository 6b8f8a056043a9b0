import RESP
import Requests
import TestSupport
import Testing

@testable import Store

@Suite("Replies as lines") struct ReplyTextTests {
  @Test(
    "the layout is that of redis-cli on a terminal",
    arguments: [
      ("+OK\r\n", ["OK"]), ("-ERR no\r\n", ["(error) ERR no"]), ("_\r\n", ["(nil)"]), (":3\r\n", ["(integer) 3"]),
      (",3.141\r\n", ["(double) 3.141"]), ("#t\r\n#f\r\n", ["(true)", "(false)"]), ("(12\r\n", ["(big number) 12"]),
      ("$3\r\na\nb\r\n", ["\"a\nb\""]), ("$0\r\n\r\n", ["\"\""]), ("=8\r\ntxt:a\r\nb\r\n", ["a", "b"]),
      ("=6\r\ntxt:a\n\r\n", ["a", ""]), ("=4\r\ntxt:\r\n", [""]),
      ("*0\r\n%0\r\n~0\r\n", ["(empty array)", "(empty hash)", "(empty set)"]),
      ("*2\r\n:1\r\n*2\r\n:2\r\n*0\r\n", ["1) (integer) 1", "2) 1) (integer) 2", "   2) (empty array)"]),
      ("~1\r\n$1\r\na\r\n", ["1~ \"a\""]),
      (
        "%2\r\n$1\r\na\r\n*2\r\n:1\r\n:2\r\n$1\r\nb\r\n%1\r\n+x\r\n:3\r\n",
        ["1# \"a\" => ", "   1) (integer) 1", "   2) (integer) 2", "2# \"b\" => 1# x => (integer) 3"]
      ),
      (
        "%2\r\n*2\r\n:1\r\n:2\r\n:3\r\n*1\r\n%1\r\n+x\r\n:1\r\n*2\r\n:1\r\n:2\r\n",
        [
          "1# 1) (integer) 1", "   2) (integer) 2 => (integer) 3", "2# 1) 1# x => (integer) 1 => ",
          "   1) (integer) 1", "   2) (integer) 2",
        ]
      ),
      ("*2\r\n=7\r\ntxt:a\nb\r\n:1\r\n", ["1) a", "b", "2) (integer) 1"]),
      ("%1\r\n+k\r\n=7\r\ntxt:a\nb\r\n", ["1# k => a", "b"]),
      ("|1\r\n+ttl\r\n:3\r\n$1\r\nv\r\n", ["|# ttl => (integer) 3", "\"v\""]),
      (
        "*2\r\n|2\r\n+a\r\n:1\r\n+b\r\n*2\r\n:1\r\n:2\r\n*2\r\n:7\r\n:8\r\n:9\r\n",
        [
          "1) |# a => (integer) 1", "   |# b => ", "      1) (integer) 1", "      2) (integer) 2",
          "   1) (integer) 7", "   2) (integer) 8", "2) (integer) 9",
        ]
      ),
      (
        "%1\r\n+k\r\n|1\r\n+a\r\n:1\r\n:5\r\n",
        ["1# k => ", "   |# a => (integer) 1", "   (integer) 5"]
      ),
    ])
  func layout(wire: String, lines: [String]) throws {
    let text = ReplyText(try replies(Array(wire.utf8)), isPage: false)
    #expect(text.lines(0..<100).map(plain) == lines)
    #expect(text.lineCount == lines.count)
  }

  @Test func numbersAreAsWideAsTheLast() throws {
    let wire = "*10\r\n" + String(repeating: "*1\r\n:0\r\n", count: 9) + "*2\r\n:1\r\n:2\r\n"
    let text = ReplyText(try replies(Array(wire.utf8)), isPage: false)
    #expect(text.lines(0..<1).map(plain) == [" 1) 1) (integer) 0"])
    #expect(text.lines(9..<11).map(plain) == ["10) 1) (integer) 1", "    2) (integer) 2"])
  }

  @Test("a page is its lines as they are, and its error without a sign; a list is none")
  func page() throws {
    let wire = "$10\r\n# a\r\nb:1\r\n\r\n-ERR x\r\n*1\r\n$1\r\na\r\n$0\r\n\r\n"
    let text = ReplyText(try replies(Array(wire.utf8)), isPage: true)
    #expect(text.lines(0..<9).map(plain) == ["# a", "b:1", "ERR x", "1) \"a\""])
    #expect(text.lines(1..<2) == [ReplyLine(parts: [.init(.text, Array("b:1".utf8))])])
  }

  @Test func partsHaveRolesAndAreCut() throws {
    let wire = "*2\r\n$5\r\nab\"cd\r\n|1\r\n+ttl\r\n:30\r\n:12345\r\n"
    let text = ReplyText(try replies(Array(wire.utf8)), isPage: false)
    #expect(
      text.lines(0..<9, longest: 3) == [
        ReplyLine(parts: [.init(sign: "1) "), .init(.string, Array("ab\"".utf8), isQuoted: true, omitted: 2)]),
        ReplyLine(parts: [
          .init(sign: "2) "), .init(.attribute, Array("|# ".utf8)), .init(.attribute, Array("ttl".utf8)),
          .init(.attribute, Array(" => ".utf8)), .init(.attribute, Array("(integer) ".utf8)),
          .init(.attribute, Array("30".utf8)),
        ]),
        ReplyLine(parts: [.init(sign: "   (integer) "), .init(.number, Array("123".utf8), omitted: 2)]),
      ])
  }

  @Test("any range of any reply is a part of the whole, laid out by another program", arguments: 0..<40)
  func ranges(seed: Int) throws {
    var random = Seeded(state: UInt64(seed))
    let size = [3, 30, 3000][seed % 3]
    let trees = (0..<Int.random(in: 1...4, using: &random)).map { _ in Tree.random(size: size, using: &random) }
    let wire = trees.flatMap { Array($0.wire.utf8) }
    let expected = trees.flatMap { $0.lines }
    let text = ReplyText(try replies(wire), isPage: false)
    #expect(text.lineCount == expected.count)
    #expect(text.lines(0..<expected.count).map(plain) == expected)
    for _ in 0..<50 {
      let start = Int.random(in: 0...expected.count, using: &random)
      let end = min(expected.count, start + Int.random(in: 0...30, using: &random))
      #expect(text.lines(start..<end).map(plain) == Array(expected[start..<end]), "\(start)..<\(end)")
    }
    for needle in ["7", "k1", "x", "line", "none"] {
      let found = expected.indices.filter { expected[$0].contains(needle) && !isSign(needle, in: expected[$0]) }
      for _ in 0..<10 {
        let line = Int.random(in: 0...expected.count, using: &random)
        let bytes = Array(needle.utf8)
        let (next, previous) = (found.first { $0 >= line }, found.last { $0 <= line })
        #expect(text.firstLine(containing: bytes, from: line, forward: true) == next, "\(needle) from \(line)")
        #expect(text.firstLine(containing: bytes, from: line, forward: false) == previous, "\(needle) to \(line)")
      }
    }
  }

  @Test func searchIgnoresTheCaseOfALowerCaseNeedle() throws {
    let text = ReplyText(try replies(Array("*4\r\n+Alpha\r\n$1\r\nb\r\n-ERR alpha\r\n:7\r\n".utf8)), isPage: false)
    func find(_ needle: String, from line: Int, forward: Bool = true) -> Int? {
      text.firstLine(containing: Array(needle.utf8), from: line, forward: forward)
    }
    #expect(find("alpha", from: 0) == 0)
    #expect(find("alpha", from: 1) == 2)
    #expect(find("Alpha", from: 1) == nil)
    #expect(find("alpha", from: 9, forward: false) == 2)
    #expect(find("alpha", from: 1, forward: false) == 0)
    #expect(find("error", from: 0) == nil)
    #expect(find("1)", from: 0) == nil)
    #expect(find("", from: 0) == nil)
    #expect(find("7", from: -5) == 3)
  }

  @Test("a long flat reply keeps no places, a long nested one few")
  func memory() throws {
    func names(_ count: Int) -> String { (0..<count).map { "$\("\($0)".count)\r\n\($0)\r\n" }.joined() }
    let scan = "*2\r\n$1\r\n0\r\n*100000\r\n" + names(100_000)
    let flat = ReplyText(try replies(Array(scan.utf8)), isPage: false)
    #expect(flat.lineCount == 100_001)
    #expect(flat.lines(100_000..<100_001).map(plain) == ["   100000) \"99999\""])
    #expect(flat.firstLine(containing: Array("99999".utf8), from: 0, forward: true) == 100_000)
    #expect(flat.firstLine(containing: Array("77".utf8), from: 100_000, forward: false) == 99978)
    let nested = "*50000\r\n" + String(repeating: "*2\r\n+a\r\n+b\r\n", count: 50_000)
    let text = ReplyText(try replies(Array(nested.utf8)), isPage: false)
    #expect(text.lineCount == 100_000)
    #expect(text.lines(99_998..<100_000).map(plain) == ["50000) 1) a", "       2) b"])
    #expect(flat.checkpoints.count <= 3)
    #expect(text.checkpoints.count < 250)
  }
}

private func replies(_ wire: [UInt8]) throws -> [ReplyView] {
  Array(try Replies(parsing: wire, limits: .init(depth: 200), keepsAttributes: true))
}

private func plain(_ line: ReplyLine) -> String {
  line.parts.map { part in
    let text = String(decoding: part.bytes, as: UTF8.self)
    return part.isQuoted ? "\"\(text)\"" : text
  }.joined()
}

/// Of the needles of the test only a digit can stand in a number that is ours.
private func isSign(_ needle: String, in line: String) -> Bool {
  needle == "7" && !Tree.valuesWithSeven.contains { line.contains($0) }
}

/// A reply, laid out without any laziness.
private indirect enum Tree {
  case scalar(wire: String, text: String)
  case text([String])
  case list(mark: String, wire: String, empty: String, [Tree])
  case map([(Tree, Tree)])
  case attributed([(Tree, Tree)], Tree)

  /// What a value with this digit looks like.
  static let valuesWithSeven = ["(integer) 7", "\"k7"]

  var wire: String {
    switch self {
    case .scalar(let wire, _): wire
    case .text(let lines):
      "=\(lines.joined(separator: "\n").utf8.count + 4)\r\ntxt:\(lines.joined(separator: "\n"))\r\n"
    case .list(_, let wire, _, let children): "\(wire)\(children.count)\r\n" + children.map(\.wire).joined()
    case .map(let pairs): "%\(pairs.count)\r\n" + pairs.map { $0.wire + $1.wire }.joined()
    case .attributed(let pairs, let tree):
      "|\(pairs.count)\r\n" + pairs.map { $0.wire + $1.wire }.joined() + tree.wire
    }
  }

  var lines: [String] { layout.map(Self.bare) }

  /// Lines with a mark before those that no margin moves: redis-cli leaves the lines of a text where they are.
  private var layout: [String] {
    switch self {
    case .scalar(_, let text): return [text]
    case .text(let lines): return lines.enumerated().map { $0.offset == 0 ? $0.element : "\u{1}" + $0.element }
    case .list(let mark, _, let empty, let children):
      if children.isEmpty { return [empty] }
      return children.enumerated().flatMap { position, child in
        Self.indented(child.layout, by: Self.head(position, of: children.count, mark))
      }
    case .map(let pairs):
      if pairs.isEmpty { return ["(empty hash)"] }
      return pairs.enumerated().flatMap { position, pair in
        Self.indented(Self.pair(pair.0, pair.1), by: Self.head(position, of: pairs.count, "# "))
      }
    case .attributed(let pairs, let tree):
      return pairs.flatMap { Self.indented(Self.pair($0.0, $0.1), by: "|# ") } + tree.layout
    }
  }

  private static func bare(_ line: String) -> String { line.hasPrefix("\u{1}") ? String(line.dropFirst()) : line }

  private static func head(_ position: Int, of count: Int, _ mark: String) -> String {
    let number = "\(position + 1)"
    return String(repeating: " ", count: "\(count)".count - number.count) + number + mark
  }

  private static func indented(_ lines: [String], by head: String) -> [String] {
    lines.enumerated().map { position, line in
      if position == 0 { return head + line }
      return line.hasPrefix("\u{1}") ? line : String(repeating: " ", count: head.count) + line
    }
  }

  private static func pair(_ key: Tree, _ value: Tree) -> [String] {
    var lines = key.layout
    lines[lines.count - 1] += " => "
    guard value.isBeside else { return lines + value.layout }
    let beside = value.layout
    lines[lines.count - 1] += beside[0]
    return lines + beside.dropFirst()
  }

  private var isBeside: Bool {
    switch self {
    case .scalar, .text: true
    case .list(_, _, _, let children): children.count <= 1 && children.allSatisfy(\.isBeside)
    case .map(let pairs): pairs.count <= 1 && pairs.allSatisfy { $0.0.isBeside && $0.1.isBeside }
    case .attributed: false
    }
  }

  static func random(size: Int, depth: Int = 0, using random: inout Seeded) -> Tree {
    let kind = Int.random(in: 0..<(depth > 6 || size <= 1 ? 6 : 14), using: &random)
    switch kind {
    case 0: return .scalar(wire: "_\r\n", text: "(nil)")
    case 1:
      let number = Int.random(in: 0...9, using: &random)
      return .scalar(wire: ":\(number)\r\n", text: "(integer) \(number)")
    case 2: return .scalar(wire: "+OK\r\n", text: "OK")
    case 3: return .text((0..<Int.random(in: 1...3, using: &random)).map { "line \($0)" })
    case 4: return .scalar(wire: "#t\r\n", text: "(true)")
    case 5:
      let number = Int.random(in: 0...9, using: &random)
      return .scalar(wire: "$3\r\nk\(number)x\r\n", text: "\"k\(number)x\"")
    case 6, 7, 8, 9:
      let count = Int.random(in: 0...size, using: &random)
      let isFlat = Bool.random(using: &random)
      let children = (0..<count).map { _ in
        Tree.random(size: isFlat ? 1 : size / max(1, count), depth: depth + 1, using: &random)
      }
      let marks = [(") ", "*", "(empty array)"), ("~ ", "~", "(empty set)")]
      let (mark, wire, empty) = marks[kind % 2]
      return .list(mark: mark, wire: wire, empty: empty, children)
    case 10, 11, 12: return .map(pairs(0...max(1, size / 2), size: size, depth, &random))
    default:
      return .attributed(
        pairs(1...2, size: min(size, 6), depth, &random), Tree.random(size: size, depth: depth + 1, using: &random))
    }
  }

  private static func pairs(
    _ counts: ClosedRange<Int>, size: Int, _ depth: Int, _ random: inout Seeded
  ) -> [(Tree, Tree)] {
    let count = Int.random(in: counts, using: &random)
    return (0..<count).map { _ in
      let isPlain = Int.random(in: 0..<5, using: &random) > 0
      return (
        Tree.random(size: isPlain ? 1 : 4, depth: depth + 1, using: &random),
        Tree.random(size: size / max(1, count), depth: depth + 1, using: &random)
      )
    }
  }
}
