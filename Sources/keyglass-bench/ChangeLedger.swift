import App
import Synchronization

/// When the changes of some keys were written, told by a push, and shown: all by one clock.
final class ChangeLedger: Sendable {
  struct Latencies: Sendable {
    /// Milliseconds from writing each change until a frame shows it, or a later one of the same key.
    var fromWrite: [Double] = []
    /// Milliseconds from a push until a frame shows more of its key than before.
    var fromPush: [Double] = []
  }

  private struct Key {
    var pending: [(number: Int64, writtenAt: Int64)] = []
    var pushedAt: Int64?
    var shown: Int64 = 0
  }

  private struct Book {
    var keys: [Key]
    var latencies: [Latencies]
  }

  private let book: Mutex<Book>

  init(keys: Int) {
    book = Mutex(
      Book(keys: Array(repeating: Key(), count: keys), latencies: Array(repeating: Latencies(), count: keys)))
  }

  func write(_ key: Int, number: Int64) {
    let now = Trace.nanoseconds
    book.withLock { $0.keys[key].pending.append((number, now)) }
  }

  func push(_ keys: [Int]) {
    let now = Trace.nanoseconds
    book.withLock { book in
      for key in keys where book.keys[key].pushedAt == nil { book.keys[key].pushedAt = now }
    }
  }

  /// A frame shows, of each key, the change of this number.
  func show(_ numbers: [(key: Int, number: Int64)]) {
    let now = Trace.nanoseconds
    book.withLock { book in
      for (key, number) in numbers where number > book.keys[key].shown {
        book.keys[key].shown = number
        let shown = book.keys[key].pending.prefix { $0.number <= number }
        book.keys[key].pending.removeFirst(shown.count)
        book.latencies[key].fromWrite += shown.map { Double(now - $0.writtenAt) / 1e6 }
        if let pushedAt = book.keys[key].pushedAt { book.latencies[key].fromPush.append(Double(now - pushedAt) / 1e6) }
        book.keys[key].pushedAt = nil
      }
    }
  }

  /// Changes that no frame has shown yet.
  var pending: Int { book.withLock { $0.keys.reduce(0) { $0 + $1.pending.count } } }

  /// What was measured of these keys since the last call.
  func take(_ keys: Range<Int>) -> Latencies {
    book.withLock { book in
      var all = Latencies()
      for key in keys {
        all.fromWrite += book.latencies[key].fromWrite
        all.fromPush += book.latencies[key].fromPush
        book.latencies[key] = Latencies()
      }
      return all
    }
  }
}
