internal import Keyspace
internal import RESP
internal import Requests
internal import Values

/// Names that were pushed are asked about before they are shown: each once a batch, the server left alone between.
extension Store {
  /// Names wait, or too many came.
  func takeFollowedNames(_ id: Int) async {
    guard let following, following.id == id else { return }
    if let excess = following.keys.excess { return await endFollowing(excess) }
    guard !following.isVerifying else { return }
    self.following?.isVerifying = true
    Task { await verify(following) }
  }

  /// Asks about the names that wait, in batches, until none does.
  private func verify(_ following: Following) async {
    while isCurrent(following) {
      let names = following.keys.take(Following.batchLength)
      guard !names.isEmpty else {
        // Nothing was awaited since: a name that comes now wakes again.
        self.following?.isVerifying = false
        return
      }
      let epoch = epoch
      let now = MonotonicClock.now()
      let unseen = names.filter { !shown.hold($0, at: now) }
      do throws(Failure) {
        let facts =
          unseen.isEmpty
          ? [] : try await readFacts(of: unseen, withSize: false, withClock: !clock.isKnown, on: following.link)
        guard isCurrent(following) else { return }
        if let denial = denials[.type] {
          return await endFollowing(.refused(Self.followingDenied(denial, .type)))
        }
        await learn(facts, of: following, epoch: epoch)
      } catch {
        following.keys.putBack(names)
        // It may be loading its data.
        if case .server = error.kind { try? await Task.sleep(for: Following.retryInterval) }
      }
      try? await Task.sleep(for: Following.pause)
    }
  }

  /// Hands facts to the index in their order, and waits for it only where it is far behind.
  private func learn(_ facts: [KeyFacts], of following: Following, epoch: Int) async {
    self.following?.departed.remove(facts.filter(\.isThere).map(\.name))
    let before = self.following?.learning.last
    self.following?.learning.append(
      Task {
        await before?.value
        await takeFollowed(facts, epoch: epoch)
      })
    guard let learning = self.following?.learning, learning.count > Following.batchesAhead else { return }
    await learning[0].value
    if isCurrent(following) { self.following?.learning.removeFirst() }
  }

  /// The index learns what is there; what is not will leave it.
  private func takeFollowed(_ facts: [KeyFacts], epoch: Int) async {
    // Before a scan has seen all names, one that is not known need not be new.
    let isKnown = scan.progress.phase == .done || scan.progress.isRescan
    let (status, appeared, vanished) = await worker.learnFollowed(
      facts, showsFacts: self.facts.shapesRows, generation: epoch)
    // It may have ended meanwhile: what was read is true all the same, unless the database is another.
    guard epoch == self.epoch else { return }
    take(status, epoch: epoch)
    if isKnown, !appeared.isEmpty { notify(.appeared(appeared)) }
    guard following != nil else {
      _ = await forget(vanished)
      return
    }
    following?.departed.add(vanished, at: MonotonicClock.now())
    // What was behind in the queue may be gone, and this may be there again.
    following?.departed.remove(facts.filter(\.isThere).map(\.name))
  }

  /// Takes out of the index what `take` takes of the names that are gone.
  func forgetDeparted(_ take: (inout DepartedNames) -> [KeyName]) async {
    guard var departed = following?.departed else { return }
    let names = take(&departed)
    following?.departed = departed
    if !names.isEmpty, !isShutDown { _ = await forget(names) }
  }
}

extension KeyFacts {
  /// The server has named its type or its deadline.
  var isThere: Bool { !isGone && (type.value != nil || (deadline.value ?? .unknown) != .unknown) }
}
