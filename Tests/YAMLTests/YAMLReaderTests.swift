import Testing

@testable import YAML

/// What Compose files have over what people write for Keyglass itself.
@Suite struct YAMLReaderTests {
  private func read(_ text: String, as dialect: YAMLDialect = .full) -> (root: YAMLNode?, complaints: [String]) {
    let result = YAMLReader.documents(Array(text.utf8), file: "f.yml", as: dialect)
    return (result.roots.first, result.complaints.map(\.description))
  }

  /// The node as text of one line, sorted as it stands.
  private func flat(_ node: YAMLNode?) -> String {
    switch node?.content {
    case nil: "nil"
    case .null: "~"
    case .scalar(let text): text
    case .sequence(let items): "[" + items.map(flat).joined(separator: " ") + "]"
    case .mapping(let entries): "{" + entries.map { "\($0.key):\(flat($0.value))" }.joined(separator: " ") + "}"
    }
  }

  @Test(arguments: [
    ("a: &x 1\nb: *x", "{a:1 b:1}"),
    ("a: &x [1, 2]\nb: {c: *x}", "{a:[1 2] b:{c:[1 2]}}"),
    ("d: &d {a: 1, b: 2}\ns:\n  <<: *d\n  b: 3", "{d:{a:1 b:2} s:{b:3 a:1}}"),
    ("p: &p {a: 1}\nq: &q {a: 2, c: 3}\ns:\n  <<: [*p, *q]", "{p:{a:1} q:{a:2 c:3} s:{a:1 c:3}}"),
    ("p: &p {a: 1}\nq: &q {<<: *p, b: 2}\ns: {<<: *q}", "{p:{a:1} q:{b:2 a:1} s:{b:2 a:1}}"),
    ("a: &x 1\nb: &x 2\nc: *x", "{a:1 b:2 c:2}"),
    ("a: {<<: {b: 1}}", "{a:{b:1}}"),
  ])
  func `aliases and merge keys stand for what they name`(text: String, expected: String) {
    let (root, complaints) = read(text)
    #expect(flat(root) == expected)
    #expect(complaints.isEmpty)
  }

  @Test func `a file may have several documents, and those with nothing in them are none`() {
    let text = "---\na: 1\n---\n# nothing\n---\nb: 2\n...\n"
    let result = YAMLReader.documents(Array(text.utf8), file: "f.yml", as: .full)
    #expect(result.roots.map(flat) == ["{a:1}", "{b:2}"])
    #expect(result.complaints.isEmpty)
    let plain = YAMLReader.documents(Array(text.utf8), file: "f.yml", as: .plain)
    #expect(plain.roots.isEmpty)
    #expect(plain.complaints.map(\.description) == ["f.yml:3:1: a second document; expected one"])
  }

  @Test func `tags stay with their node`() {
    let (root, _) = read("a: !override [1]\nb: !reset null\nc: !!str 5\nd: 1")
    guard case .mapping(let entries)? = root?.content else {
      Issue.record("no mapping")
      return
    }
    #expect(entries.map(\.value.tag) == ["!override", "!reset", "tag:yaml.org,2002:str", nil])
  }

  @Test(arguments: [
    ("a: *x", "f.yml:1:4: the alias '*x' stands for nothing; expected '&x' before it"),
    ("a: &x\n  b: *x", "f.yml:2:6: the alias '*x' stands for nothing; expected '&x' before it"),
    ("a:\n  <<: 5", "f.yml:2:7: '5' behind '<<'; expected a mapping, or a list of them"),
    ("a:\n  <<: [5]", "f.yml:2:8: '5' behind '<<'; expected a mapping, or a list of them"),
  ])
  func `what stands for nothing is complained about`(text: String, expected: String) {
    let (root, complaints) = read(text)
    #expect(root == nil)
    #expect(complaints == [expected])
  }

  @Test func `a few lines cannot stand for gigabytes`() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...12 {
      text += "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
    }
    let (root, complaints) = read(text)
    #expect(root == nil)
    #expect(complaints.count == 1 && complaints[0].contains("more than 100,000 values"))
  }

  @Test func `aliases in each other are no deeper than anything else`() {
    var text = "a0: &a0 [x]\n"
    for level in 1...40 { text += "a\(level): &a\(level) [*a\(level - 1)]\n" }
    let (root, complaints) = read(text)
    #expect(root == nil)
    #expect(complaints.count == 1 && complaints[0].contains("more than 32 levels deep"))
  }

  @Test func `the plain dialect refuses all of it`() {
    for text in ["a: &x 1\nb: *x", "a: !override [1]", "a: {<<: {b: *y}}"] {
      #expect(read(text, as: .plain).root == nil)
    }
  }
}
