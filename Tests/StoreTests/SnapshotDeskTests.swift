import Keyspace
import Requests
import Synchronization
import TestSupport
import Testing

@testable import Store

@Suite("Lists that do not wait for the work on the index") struct SnapshotDeskTests {
  private static func snapshot(_ names: [String], _ version: Int) -> SnapshotDesk.Snapshot {
    var index = KeyIndex()
    index.insert(names.map { KeyName($0) })
    index.gather()
    return SnapshotDesk.Snapshot(index: index.gathered(), version: version)
  }

  @Test func whatIsPublishedAnswersAtOnce() async {
    let desk = SnapshotDesk()
    desk.publish(Self.snapshot(["a"], 3))
    let found = await desk.snapshot(.soonest) { Issue.record("nobody needs to be called") }
    #expect(found?.version == 3 && found?.index.count == 1)
  }

  /// A merge begins after the question: the answer does not wait for its end.
  @Test func aMergeThatBeginsAnswers() async {
    let desk = SnapshotDesk()
    let found = await desk.snapshot(.soonest) { desk.publish(Self.snapshot(["a"], 4)) }
    #expect(found?.version == 4)
    #expect(desk.wish == nil)
  }

  /// Who wants the index as it is waits for the merge.
  @Test func theCurrentIndexIsWaitedFor() async {
    let desk = SnapshotDesk()
    let found = await desk.snapshot(.current) {
      desk.publish(Self.snapshot(["a"], 4))
      desk.serve(Self.snapshot(["a"], 4), isCurrent: false)
      #expect(desk.wish == .current)
      desk.withdraw()
      desk.serve(Self.snapshot(["a", "b"], 5), isCurrent: true)
    }
    #expect(found?.version == 5 && found?.index.count == 2)
    #expect(desk.wish == nil)
  }

  /// The last thing that happens to a question nobody answers.
  @Test(arguments: [SnapshotDesk.Wish.soonest, .current])
  func aCancelledQuestionEnds(wish: SnapshotDesk.Wish) async {
    let desk = SnapshotDesk()
    let asked = Mutex(false)
    let task = Task { await desk.snapshot(wish) { asked.withLock { $0 = true } } }
    #expect(await eventually { asked.withLock { $0 } })
    task.cancel()
    #expect(await task.value == nil)
    #expect(desk.wish == nil)
    // Cancelled before it asked.
    let late = Task {
      await withCheckedContinuation { continuation in Task { continuation.resume() } }
      return await desk.snapshot(wish) {}
    }
    late.cancel()
    #expect(await late.value == nil)
    #expect(desk.wish == nil)
  }

  /// The worker is busy for as long as the test wants: who asks meanwhile gets the index as it was gathered last.
  @Test func listsAskedDuringLongWork() async throws {
    let worker = IndexWorker()
    await worker.grow(["a", "b"])
    let before = try #require(await worker.snapshot(.current))
    await worker.grow(["c"])
    let hold = AsyncStream<Void>.makeStream()
    let release = Mutex(false)
    let work = Task {
      await worker.work {
        hold.continuation.yield()
        while !release.withLock({ $0 }) {}
      }
    }
    for await _ in hold.stream { break }
    let meanwhile = try #require(await worker.snapshot(.soonest))
    #expect(meanwhile.version >= before.version)
    let maker = ListMaker(partsFrom: .max)
    let query = ListQuery(layout: .flat)
    let made = try #require(await maker.list(query, of: meanwhile, mayBePart: true))
    #expect(made.rows.count >= 2 && made.version == meanwhile.version)
    // One that wants the current index waits, and can still be cancelled.
    let waiting = Task { await worker.snapshot(.current) }
    #expect(await eventually { worker.desk.wish == .current })
    waiting.cancel()
    #expect(await waiting.value == nil)
    let current = Task { await worker.snapshot(.current) }
    #expect(await eventually { worker.desk.wish == .current })
    release.withLock { $0 = true }
    let after = try #require(await current.value)
    #expect(after.version > before.version && after.index.count == 3)
    await work.value
  }

  /// Whatever is asked for and whatever happens in between: versions never go back, and no name that was there leaves.
  @Test func versionsNeverGoBack() async throws {
    let worker = IndexWorker()
    let maker = ListMaker(partsFrom: 1)
    var (version, count) = (0, 0)
    for round in 0..<60 {
      await worker.grow((0..<5_000).map { "k:\(round):\($0)" })
      let wish: SnapshotDesk.Wish = round % 7 == 6 ? .current : .soonest
      let snapshot = try #require(await worker.snapshot(wish))
      #expect(snapshot.version >= version && snapshot.index.count >= count)
      if wish == .current { #expect(snapshot.index.count == (round + 1) * 5_000) }
      let made = try #require(await maker.list(ListQuery(), of: snapshot, mayBePart: true))
      #expect(made.version == snapshot.version && made.rows.totalKeys == snapshot.index.count)
      (version, count) = (snapshot.version, snapshot.index.count)
    }
    _ = await worker.finish(generation: 0)
    #expect(try #require(await worker.snapshot(.soonest)).index.count == 300_000)
  }

  // MARK: - Parts

  @Test func firstRowsThenAll() async throws {
    var index = KeyIndex()
    index.insert(NamePage((0..<200_000).map { KeyName("k:\($0)") }))
    index.settle()
    let snapshot = SnapshotDesk.Snapshot(index: index, version: 9)
    let maker = ListMaker(partsFrom: 100_000)
    let query = ListQuery(layout: .flat, filter: NameFilter(text: [0x37]))
    let whole = RowList(index: index, query: query)
    let first = try #require(await maker.list(query, of: snapshot, mayBePart: true))
    #expect(first.rows.isPartial && first.rows.count >= 1_000 && first.rows.count < whole.count)
    #expect((0..<first.rows.count).allSatisfy { first.rows[$0] == whole[$0] })
    // Of another list there is no rest.
    #expect(await maker.rest(of: ListQuery(layout: .flat)) == nil)
    let rest = try #require(await maker.rest(of: query))
    #expect(!rest.rows.isPartial && rest.rows.count == whole.count && rest.version == 9)
    #expect(await maker.rest(of: query) == nil)
    // Not asked for in parts, and without a filter: whole.
    #expect(await maker.list(ListQuery(layout: .flat), of: snapshot, mayBePart: true)?.rows.isPartial == false)
    #expect(await maker.list(query, of: snapshot, mayBePart: false)?.rows.isPartial == false)
  }

  @Test func aCancelledListEndsAndIsForgotten() async throws {
    var index = KeyIndex()
    index.insert(NamePage((0..<200_000).map { KeyName("k:\($0)") }))
    index.settle()
    let snapshot = SnapshotDesk.Snapshot(index: index, version: 9)
    let maker = ListMaker(partsFrom: .max)
    let query = ListQuery(layout: .flat, filter: NameFilter(text: [0x37]))
    let task = Task {
      await withCheckedContinuation { continuation in Task { continuation.resume() } }
      return await maker.list(query, of: snapshot, mayBePart: false)
    }
    task.cancel()
    #expect(await task.value == nil)
    #expect(await maker.list(query, of: snapshot, mayBePart: false)?.rows.isPartial == false)
  }

  @Test func aStoreTellsTheFirstRowsBeforeTheOthers() async throws {
    let server = try TestServer()
    try server.populate(150_000)
    let harness = try await Harness(server, partialListsFrom: 1)
    try await harness.scan()
    let query = ListQuery(layout: .flat, filter: NameFilter(text: Array("key:".utf8)))
    guard case .rows(let first, let version) = await harness.store.answer(.rows(query, .first)) else {
      throw TestFailure("no rows")
    }
    #expect(first.isPartial && first.count < 150_000)
    guard case .rows(let rest, version) = await harness.store.answer(.rows(query, .rest)) else {
      throw TestFailure("no rows")
    }
    #expect(!rest.isPartial && rest.count == 150_000)
    #expect(try await harness.names(query).count == 150_000)
  }
}

extension IndexWorker {
  fileprivate func grow(_ names: [String]) {
    insert(NamePage(names.map { KeyName($0) }))
  }

  fileprivate func work(_ body: @Sendable () -> Void) {
    whileLending(body)
  }
}
