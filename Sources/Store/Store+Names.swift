internal import Keyspace
internal import Requests

extension Store {
  /// The exact names of keys in the index.
  func names(_ query: ListQuery, prefix: [UInt8], limit: Int) async throws(Failure) -> Answer {
    let epoch = epoch
    let (names, count, unknown) = await worker.names(query, prefix: KeyName(prefix), limit: limit)
    guard epoch == self.epoch else {
      throw Failure(
        kind: .superseded, what: "listing names", why: Array("another database was selected".utf8), nextStep: "")
    }
    // What was read for a pattern is all that there is of that.
    let isAsListed = scan.progress.listedPattern.map { NameFilter(text: $0) == query.filter } ?? true
    let isComplete = scan.progress.phase == .done && isAsListed && unknown == 0
    return .names(NameList(names: names, count: count, isComplete: isComplete))
  }
}

extension IndexWorker {
  /// The first names that begin with a prefix, in byte order.
  func names(from prefix: KeyName, limit: Int) -> [KeyName] {
    let rows = whileLending { RowList(index: index, query: ListQuery(), isCancelled: { Task.isCancelled }) }
    return rows.firstKeys(under: prefix, limit: limit)
  }

  /// The names, how many there are, and of how many keys of the database it is not known whether the query wants them.
  func names(_ query: ListQuery, prefix: KeyName, limit: Int) -> (names: [KeyName], count: Int, unknown: Int) {
    var query = query
    query.layout = .flat
    let rows = whileLending { RowList(index: index, query: query, isCancelled: { Task.isCancelled }) }
    let (names, count) = rows.keys(under: prefix, limit: limit)
    return (names, count, rows.unknownKeys)
  }
}
