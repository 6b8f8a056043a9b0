internal import RESP
internal import Requests

/// Asking the server for the names of one pattern. The scan waits meanwhile: the user wants these names now, and one SCAN
/// at a time is all that the server is to bear.
extension Store {
  /// Begins a search, in place of any other.
  func search(_ pattern: [UInt8]) async -> Answer {
    scan.searchRun += 1
    scan.search = ScanPass(pattern: pattern, count: options.scanCount)
    scan.progress.search = ServerSearch(pattern: pattern)
    let (run, epoch) = (scan.searchRun, epoch)
    await worker.beginSearch(generation: epoch)
    guard run == scan.searchRun else { return .done }
    publish(isPhaseEnd: true)
    if scan.isPaused { scan.progress.search?.phase = .paused } else { startSearch() }
    return .done
  }

  /// Gives the search up, and lets the scan go on.
  func endSearch() -> Answer {
    scan.progress.search = nil
    leaveSearch()
    return .done
  }

  /// Goes on after a pause.
  func resumeSearch() {
    guard scan.progress.search?.phase == .paused else { return }
    scan.progress.search?.phase = .running
    startSearch()
  }

  private func startSearch() {
    scan.searchRun += 1
    publish(isPhaseEnd: true)
    let (run, epoch) = (scan.searchRun, epoch)
    Task { await runSearch(run, epoch: epoch) }
  }

  /// What was asked for is answered, or will not be.
  private func finishSearch(_ phase: ServerSearch.Phase) {
    scan.progress.search?.phase = phase
    leaveSearch()
  }

  private func leaveSearch() {
    scan.searchRun += 1
    let wasSearching = scan.search != nil
    scan.search = nil
    publish(isPhaseEnd: true)
    if wasSearching, scan.progress.phase == .running, !scan.isPaused { startScan() }
  }

  private func isSearching(_ run: Int) -> Bool { run == scan.searchRun && !scan.isPaused && scan.search != nil }

  private func runSearch(_ run: Int, epoch: Int) async {
    while isSearching(run), var pass = scan.search {
      let page = await nextPage(of: &pass) { isSearching(run) }
      guard isSearching(run) else { return }
      scan.search = pass
      switch page {
      case .again: break
      case .unwanted: return finishSearch(.broken(why: Array("there is no connection any more".utf8)))
      case .otherServer: return finishSearch(.broken(why: Array("another server answers now".utf8)))
      case .refused(let reply):
        let refusal = Refusal(reply, to: .scan)
        if let refusal { denials.note(refusal, of: .scan) }
        return finishSearch(.broken(why: Array(reply.bytes.prefix(ScanState.troubleLength))))
      case .names(let names, let count, let rest):
        scan.progress.search?.visited = pass.visited
        let (status, found, isFull) = await worker.insertFound(names, generation: epoch)
        guard isSearching(run) else { return }
        scan.progress.search?.found = found
        take(status, epoch: epoch)
        if pass.cursor == 0 { return finishSearch(isFull ? .limited : .done) }
        if isFull { return finishSearch(.limited) }
        let isEndless = isEndless(&pass, count: count, known: found)
        scan.search = pass
        if isEndless { return finishSearch(.broken(why: Array(CursorWatch.complaint.utf8))) }
        publish(isPhaseEnd: false)
        if rest > 0 { try? await Task.sleep(for: .microseconds(rest)) }
      }
    }
  }
}
