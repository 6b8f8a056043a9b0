import Keyspace
import Testing

@Test(arguments: [
  ("user", "xuserx", true), ("user", "USER:1", true), ("User", "user", false), ("User", "aUser", true),
  ("é", "café", true), ("", "anything", true), ("abc", "ab", false), ("9", "a9", true),
  ("\\*", "a*b", true), ("\\*", "ab", false), ("\\~a", "x~ay", true), ("a\\?b", "a?b", true), ("a\\?b", "axb", false),
  ("\\\\", "a\\b", true), ("a\\d", "A\\D", true), ("\\", "a\\b", true), ("]", "a]", true),
  ("user:*", "user:1", true), ("user:*", "xuser:1", false), ("user:*", "USER:1", false), ("*1", "user:1", true),
  ("user\\**", "user*1", true), ("user\\**", "userx1", false), ("u[st]er", "user", true), ("us", "us?", true),
  ("~uid", "User:Id", true), ("~UiD", "User:iD", true), ("~UiD", "user:id", false), ("~dua", "user:id", false),
  ("~", "x", true), ("*", "", true),
])
func filters(text: String, name: String, matches: Bool) {
  #expect(NameFilter(text: Array(text.utf8)).matches(KeyName(name)) == matches)
}

@Test func literalPrefixes() {
  #expect(NameFilter(text: Array("us\\*er:*x".utf8)).literalPrefix == Array("us*er:".utf8))
  #expect(NameFilter(text: Array("user".utf8)).literalPrefix.isEmpty)
}

/// The search over whole blocks finds what the rule applied to each name finds, also across names' borders.
@Test(arguments: [
  "ab", "AB", "aba", "b", "*ab*", "a*", "*ba", "*a?b*", "ab*ba", "~abab", "bbbbb", "[ab]a*", "*[^a]", "aaaaaaaaaaaa",
])
func blocksAreSearchedAsNames(text: String) {
  var random = Seeded(3)
  let letters = Array("abAB".utf8)
  let names = (0..<4000).map { _ in
    KeyName((0..<Int.random(in: 0...9, using: &random)).map { _ in random.pick(letters) })
  }
  var index = KeyIndex()
  for start in stride(from: 0, to: names.count, by: 500) { index.insert(NamePage(Array(names[start..<start + 500]))) }
  let filter = NameFilter(text: Array(text.utf8))
  let expected = Set(names).filter { filter.matches($0) }.sorted()
  let list = RowList(index: index, query: ListQuery(layout: .flat, filter: filter))
  #expect((0..<list.count).map { list[$0].id.name } == expected)
}
