import Canvas
import Keyspace
import Requests
import Values

@testable import Browser

/// One key `k` of 60 bytes without a TTL, opened with a page of its value.
extension Harness {
  static func opened(_ type: KeyType, _ page: ValuePage) -> Harness {
    var harness = Harness(["k"])
    harness.tell([("k", type, nil)])
    harness.press(.enter)
    harness.answer(.value, .opened(openedKey(type, page)))
    return harness
  }

  static func openedKey(_ type: KeyType, _ page: ValuePage) -> OpenedKey {
    OpenedKey(facts: openedFacts(type), inspection: KeyInspection(name: KeyName("k")), page: page, clock: clock)
  }

  static func openedFacts(_ type: KeyType) -> KeyFacts {
    KeyFacts(name: KeyName("k"), type: .known(type), deadline: .known(.persistent), size: .known(60))
  }

  /// A page of the fields `f…` with the values `v…`.
  static func fields(_ range: Range<Int>, of total: Int, next: UInt64) -> ValuePage {
    .hash(
      HashPage(
        length: total, fields: range.map { .init(name: Array("f\($0)".utf8), value: Array("v\($0)".utf8)) },
        next: next))
  }

  var collection: CollectionView? {
    if case .collection(let view) = state.value.content { view } else { nil }
  }
}
