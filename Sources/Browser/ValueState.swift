package import Keyspace
package import Requests
package import Values

/// The value pane: which key, what was read of it, and how it is shown.
package struct ValueState: Sendable {
  /// The key the pane is about; nil when a folder or nothing is under the cursor.
  package var key: KeyName?
  package var opened: OpenedKey?
  package var content = Content.none
  /// One element opened out of a collection, or an answer about it; shown over the content.
  package var detail: Detail?
  package var failure: Failure?
  /// When the running read was asked for, monotonic ms.
  package var loadingSince: Int64?
  /// The connection was lost since this was read: it is not shown as true until it was read again.
  package var isStale = false
  /// The key changed on the server: its value is to be read again.
  var wantsReading = false
  /// Since this monotonic ms the server has told of changes that are not shown yet.
  var changedSince: Int64?
  /// What was different when it was read again.
  var changes = ValueChanges()
  /// How often in a row a push had it read again and nothing of it was different.
  var fruitless = 0
  /// ``State/session`` when it was read.
  var session = 1
  /// An edit of ours was carried out since it was read: the next one waits until it was read again, or it would find
  /// our own change in its way.
  var isOutdated = false
  /// A collection that is read anew, up to where the cursor is, while the old one is still shown.
  var renewal: Renewal?
  /// Where the cursor goes when the value was read again after an edit of ours.
  var follow: Followed?
  /// The rank of the member that the cursor goes to is being asked for.
  var isFollowing = false
  /// The window that was asked for last.
  var askedWindow: ValueWindow?
  /// When the value was last asked for from its beginning, monotonic ms.
  var askedAt: Int64?
  /// When a big hash or set was last read from its beginning to find what is new, monotonic ms.
  var begunAt: Int64?
  /// What was searched for in a string.
  package var search: [UInt8] = []
  /// Windows are being read until the search hits.
  package var isSearching = false
  /// The string is being read whole to be shown as JSON.
  var wantsJSON = false

  package init() {}

  package enum Content: Sendable, Equatable {
    case none
    case string(StringView)
    case collection(CollectionView)
    case opaque
  }

  package enum Detail: Sendable, Equatable {
    /// One element as a string, with what it is: `field ua`.
    case element(title: [UInt8], StringView)
    case entry(StreamPage.Entry, Viewport)
    /// The union of this set with another.
    case union(with: KeyName, members: [[UInt8]], Viewport)
    /// DUMP of the key, as hex.
    case dump(StringView)
  }
}
