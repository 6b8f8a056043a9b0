import CPlatform
import Keyspace

/// What the index itself takes, without a server. Runs in a process of its own: memory that was freed before would
/// hide growth.
struct IndexProbe {
  static let word = "--index-probe"

  let bytesPerKey: Double
  let nanosecondsPerKey: Double

  /// Builds an index from pages of 1000 names in the random order that SCAN has.
  static func run(names: Int) throws -> IndexProbe {
    let before = kg_memory_resident_bytes()
    let clock = ContinuousClock()
    var building = Duration.zero
    var index = KeyIndex()
    var name: [UInt8] = []
    var next = 0
    while next < names {
      // Names are made outside the time that counts.
      var page = NamePage()
      for _ in 0..<min(1000, names - next) {
        name.removeAll(keepingCapacity: true)
        SampleKeys.append(name: shuffled(next, of: names), to: &name)
        page.append(name)
        next += 1
      }
      building += clock.measure { index.insert(page) }
    }
    building += clock.measure { index.settle() }
    guard index.count == names else { throw Malfunction("the index holds \(index.count) of \(names) names") }
    let growth = kg_memory_resident_bytes() - before
    return IndexProbe(
      bytesPerKey: Double(growth) / Double(names), nanosecondsPerKey: building / .nanoseconds(1) / Double(names))
  }

  /// As one line, and back.
  var line: String { "\(bytesPerKey) \(nanosecondsPerKey)" }

  init(bytesPerKey: Double, nanosecondsPerKey: Double) {
    self.bytesPerKey = bytesPerKey
    self.nanosecondsPerKey = nanosecondsPerKey
  }

  init(line: String) throws(Malfunction) {
    let numbers = line.split(whereSeparator: \.isWhitespace).compactMap { Double(String($0)) }
    guard numbers.count == 2 else { throw Malfunction("the index probe printed '\(line)'") }
    self.init(bytesPerKey: numbers[0], nanosecondsPerKey: numbers[1])
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
