import Keyspace
import Testing

@Suite("TTLs of many keys, as they are typed and shared out") struct BulkTTLInputTests {
  private func parse(_ text: String) -> BulkTTLInput? {
    if case .success(let input) = BulkTTLInput.parse(text, localOffset: { _ in 0 }) { input } else { nil }
  }

  private func mistake(_ text: String) -> String? {
    if case .failure(let mistake) = BulkTTLInput.parse(text, localOffset: { _ in 0 }) { mistake.text } else { nil }
  }

  @Test func whatOneKeyTakesManyTakeToo() {
    #expect(parse("90") == .same(.after(90_000)))
    #expect(parse("2h 30m") == .same(.after(9_000_000)))
    #expect(parse("none") == .same(.never))
    #expect(parse("+10m") == .same(.adding(600_000)))
    #expect(parse("@2026-12-31 23:59Z") == .same(.at(1_798_761_540_000)))
  }

  @Test func ranges() {
    #expect(parse("10m..20m") == .spread(600_000...1_200_000))
    #expect(parse(" 10m .. 20m ") == .spread(600_000...1_200_000))
    #expect(parse("600..1200") == .spread(600_000...1_200_000))
    #expect(parse("10m..10m") == .spread(600_000...600_000))
    #expect(parse("+0..10m") == .addingSpread(0...600_000))
    #expect(parse("+5m..10m") == .addingSpread(300_000...600_000))
    #expect(parse("+5m..+10m") == .addingSpread(300_000...600_000))
  }

  @Test(arguments: [
    ("20m..10m", "ends before it begins"), ("..10m", "both ends"), ("10m..", "both ends"), ("..", "both ends"),
    ("0..10m", "more than 0"), ("+0..0", "adds nothing"), ("5..10m", "unit at both ends"),
    ("5m..10", "unit at both ends"),
    ("+5..10m", "unit at both ends"), ("10m...20m", "is no TTL"), ("10m..20m..30m", "is no TTL"),
    ("none..10m", "is no TTL"), ("-5m..10m", "is no TTL"), ("1m..99999999999999999999d", "longer than any TTL"),
    ("", "10m..20m"), ("soon", "is no TTL"),
  ])
  func whatIsNoRange(text: String, words: String) {
    #expect(mistake(text)?.contains(words) == true, "\(mistake(text) ?? "taken")")
  }

  @Test func oneKeyTakesNoRange() {
    for text in ["10m..20m", "+0..10m", ".."] {
      guard case .failure(let mistake) = TTLInput.parse(text, localOffset: { _ in 0 }) else {
        Issue.record("\(text) is taken")
        continue
      }
      #expect(mistake.text.contains("a range spreads the TTLs of many keys"))
    }
  }

  @Test func sharesAreEvenFromEndToEnd() {
    let shares = (0..<5).map { NameSpread.share(of: 600...1_000, place: $0, count: 5) }
    #expect(shares == [600, 700, 800, 900, 1_000])
    #expect(NameSpread.share(of: 600...1_000, place: 0, count: 1) == 600)
    // Fewer values than names, and the longest range for the most names: within the ends, never back.
    for range in [Int64(5)...7, 1...9_000_000_000_000_000] {
      var last = range.lowerBound
      for place in 0..<100_000 {
        let share = NameSpread.share(of: range, place: place, count: 100_000)
        #expect(range.contains(share) && share >= last)
        last = share
      }
      #expect(last == range.upperBound)
    }
  }

  /// Names that follow one another get times that do not.
  @Test func theOrderIsTheSameAndFollowsNoNames() {
    let names = (0..<1_000).map { KeyName("session:\(1_000 + $0)") }
    let order = NameSpread.order(of: names)
    #expect(order.sorted() == Array(0..<1_000))
    let shuffled = names.shuffled()
    #expect(NameSpread.order(of: shuffled).map { shuffled[$0] } == order.map { names[$0] })
    // Of any hundred neighbours, some are in each tenth.
    var place = Array(repeating: 0, count: names.count)
    for (position, index) in order.enumerated() { place[index] = position }
    for start in stride(from: 0, to: 1_000, by: 100) {
      let tenths = Set(place[start..<start + 100].map { $0 / 100 })
      #expect(tenths.count >= 9)
    }
  }

  @Test func aHistogramCountsOnOneAxis() {
    var histogram = DeadlineHistogram(axis: 1_000...2_000, steps: 10)
    for time in [500, 1_000, 1_099, 1_100, 1_999, 2_000, 9_000] as [Int64] { histogram.add(.at(time)) }
    histogram.add(.persistent)
    histogram.add(.unknown)
    #expect(histogram.counts == [3, 1, 0, 0, 0, 0, 0, 0, 0, 3])
    #expect(histogram.none == 1)
    #expect(histogram.merged(by: 5) == [4, 3])
    #expect(histogram.merged(by: 4) == [4, 0, 3])
    var point = DeadlineHistogram(axis: 5...5, steps: 3)
    point.add(.at(.max))
    point.add(.at(.min))
    #expect(point.counts == [2, 0, 0])
  }
}

@Suite("The keys of a folder by their exact names") struct FolderKeysTests {
  private func index(_ names: [String], later: [String] = []) -> KeyIndex {
    var index = KeyIndex()
    index.insert(names.map { KeyName($0) })
    index.settle()
    index.insert(later.map { KeyName($0) })
    return index
  }

  private func keys(_ rows: RowList, under prefix: String, limit: Int = 100) -> [String] {
    rows.keys(under: KeyName(prefix), limit: limit).names.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  /// What a folder is called is no pattern, whatever it looks like.
  @Test func globsAreNames() {
    let names = [
      "a*b:1", "a*b:2", "aXb:1", "ab:1", "a*b", "[x]:1", "x:1", "[x]", "?:1", "y:1", "a\\*b:1", "*:1", "~s:1", "s:1",
    ]
    for later in [[], Array(names.suffix(7))] {
      let rows = RowList(
        index: index(names.filter { !later.contains($0) }, later: later), query: ListQuery(layout: .flat))
      #expect(keys(rows, under: "a*b:") == ["a*b:1", "a*b:2"])
      #expect(keys(rows, under: "[x]:") == ["[x]:1"])
      #expect(keys(rows, under: "?:") == ["?:1"])
      #expect(keys(rows, under: "*:") == ["*:1"])
      #expect(keys(rows, under: "a\\*b:") == ["a\\*b:1"])
      #expect(keys(rows, under: "~s:") == ["~s:1"])
      #expect(keys(rows, under: "none:") == [])
      #expect(keys(rows, under: "") == names.sorted())
    }
  }

  @Test func theFilterOfTheListHolds() {
    let names = (0..<50).map { "user:\($0)" } + ["user:x:7", "shop:7"]
    let rows = RowList(index: index(names), query: ListQuery(filter: NameFilter(text: Array("*7".utf8))))
    // In the tree too, in folders that are closed.
    #expect(keys(rows, under: "user:") == ["user:17", "user:27", "user:37", "user:47", "user:7", "user:x:7"])
    #expect(rows.keys(limit: 100).count == 7)
  }

  @Test func whatIsGoneIsNotThere() {
    var index = index(["a:1", "a:2", "a:3"])
    index.remove([KeyName("a:2")])
    #expect(keys(RowList(index: index, query: ListQuery(layout: .flat)), under: "a:") == ["a:1", "a:3"])
  }

  @Test func beyondTheLimitOnlyTheCountIsTold() {
    let rows = RowList(index: index((0..<20).map { "a:\($0)" }), query: ListQuery())
    let (names, count) = rows.keys(under: KeyName("a:"), limit: 19)
    #expect(names.isEmpty && count == 20)
    #expect(rows.keys(under: KeyName("a:"), limit: 20).names.count == 20)
  }

  @Test func theLastBytes() {
    let high = KeyName([0xff, 0xff])
    var index = KeyIndex()
    index.insert([KeyName([0xff]), high, KeyName([0xff, 0xff, 0x00]), KeyName([0x00]), KeyName([UInt8]())])
    let rows = RowList(index: index, query: ListQuery(layout: .flat))
    #expect(rows.keys(under: high, limit: 9).names == [high, KeyName([0xff, 0xff, 0x00])])
    #expect(rows.keys(under: KeyName([0x00]), limit: 9).names == [KeyName([0x00])])
    #expect(rows.keys(limit: 9).count == 5)
  }
}
