import Keyspace
import Requests

/// How long the lists of an index take that is complete, as the screen asks for them.
struct ListRun {
  /// Until the first rows are there, and until all are, ms.
  struct Times {
    var first: [Double] = []
    var whole: [Double] = []
  }

  private(set) var flat = Times()
  private(set) var tree = Times()
  /// The tree with the folder open that holds most keys.
  private(set) var open = Times()
  /// A text that many names contain, and one that few do.
  private(set) var common = Times()
  private(set) var rare = Times()

  // Each text once: an answer may be made from the one before it.
  private static let commonTexts = ["profile", "session", "lines", "cache:page", "er"]
  private static let rareTexts = ["77777", "beefb", "4242:", "0ddba", "31415"]

  static func run(_ path: String) async throws -> ListRun {
    let session = try await StoreSession(path)
    _ = try await session.scan()
    var run = ListRun()
    for text in commonTexts { try await run.common.add(session, filter(text)) }
    for text in rareTexts { try await run.rare.add(session, filter(text)) }
    let folders = Set(NameShape.mixed.openFolders.map { KeyName($0) })
    for _ in 0..<5 {
      try await run.flat.add(session, ListQuery(layout: .flat))
      try await run.open.add(session, ListQuery(expanded: folders))
      try await run.tree.add(session, ListQuery())
    }
    await session.end()
    return run
  }

  private static func filter(_ text: String) -> ListQuery {
    ListQuery(layout: .flat, filter: NameFilter(text: Array(text.utf8)))
  }
}

extension ListRun.Times {
  /// Asks as long as the answer is a part.
  fileprivate mutating func add(_ session: StoreSession, _ query: ListQuery) async throws(Malfunction) {
    let clock = ContinuousClock()
    let start = clock.now
    var rows = try await session.rows(query, .first)
    first.append(start.duration(to: clock.now) / .milliseconds(1))
    while rows.isPartial { rows = try await session.rows(query, .rest) }
    whole.append(start.duration(to: clock.now) / .milliseconds(1))
  }
}
