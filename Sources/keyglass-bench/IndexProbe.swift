import CPlatform
import Keyspace

/// What the index itself takes, without a server. Runs in a process of its own: memory that was freed before would
/// hide growth.
struct IndexProbe {
  static let word = "--index-probe"

  /// Resident growth, names included, and the bytes of the names themselves.
  var bytesPerKey = 0.0
  var nameLength = 0.0
  var nanosecondsPerKey = 0.0
  /// Lists, ms: of the closed tree, of the tree with the folder open that holds most keys, of the first matches of a
  /// filter and of all.
  var closedTree = 0.0
  var openTree = 0.0
  var firstMatches = 0.0
  var allMatches = 0.0

  /// Builds an index from pages of 1000 names in the random order that SCAN has, and asks it for lists.
  static func run(names: Int, shape: NameShape) throws -> IndexProbe {
    var probe = IndexProbe()
    let before = kg_memory_resident_bytes()
    let clock = ContinuousClock()
    var building = Duration.zero
    var index = KeyIndex()
    var name: [UInt8] = []
    var (next, bytes) = (0, 0)
    while next < names {
      // Names are made outside the time that counts.
      var page = NamePage()
      for _ in 0..<min(1000, names - next) {
        name.removeAll(keepingCapacity: true)
        shape.append(name: shuffled(next, of: names), to: &name)
        page.append(name)
        bytes += name.count
        next += 1
      }
      building += clock.measure { index.insert(page) }
    }
    building += clock.measure { index.settle() }
    guard index.count == names else { throw Malfunction("the index holds \(index.count) of \(names) names") }
    probe.bytesPerKey = Double(kg_memory_resident_bytes() - before) / Double(names)
    probe.nameLength = Double(bytes) / Double(names)
    probe.nanosecondsPerKey = building / .nanoseconds(1) / Double(names)
    probe.measureLists(index, shape)
    return probe
  }

  private mutating func measureLists(_ index: KeyIndex, _ shape: NameShape) {
    let open = ListQuery(expanded: Set(shape.openFolders.map { KeyName($0) }))
    let filter = ListQuery(layout: .flat, filter: NameFilter(text: Array(shape.needle.utf8)))
    closedTree = Self.median { RowList(index: index, query: ListQuery()) }
    openTree = Self.median { RowList(index: index, query: open) }
    firstMatches = Self.median { RowList(index: index, query: filter, stopAfter: 200) }
    allMatches = Self.median { RowList(index: index, query: filter) }
  }

  /// Of five lists, ms.
  private static func median(_ list: () -> RowList) -> Double {
    let times = (0..<5).map { _ in ContinuousClock().measure { _ = list() } / .milliseconds(1) }
    return Measured.median(times)
  }

  private static var fields: [WritableKeyPath<IndexProbe, Double>] {
    [\.bytesPerKey, \.nameLength, \.nanosecondsPerKey, \.closedTree, \.openTree, \.firstMatches, \.allMatches]
  }

  /// As numbers, and back.
  var numbers: [Double] { Self.fields.map { self[keyPath: $0] } }

  private init() {}

  init(_ numbers: [Double]) throws(Malfunction) {
    guard numbers.count == Self.fields.count else { throw Malfunction("the index probe printed \(numbers)") }
    for (field, number) in zip(Self.fields, numbers) { self[keyPath: field] = number }
  }

  /// A number below `count` for each number below `count`, in an order without a pattern that sorting could use.
  private static func shuffled(_ number: Int, of count: Int) -> Int {
    // A step that shares no divisor with `count` visits every number once.
    var step = count / 2 + count / 9 + 1
    while gcd(step, count) != 1 { step += 1 }
    return (number * step) % count
  }

  private static func gcd(_ a: Int, _ b: Int) -> Int { b == 0 ? a : gcd(b, a % b) }
}
