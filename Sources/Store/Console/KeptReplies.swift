internal import RESP
internal import Requests

/// Replies that the console shows, by the number of their entry. What the screen shows of them it asks for line by line,
/// so that however big they are the screen holds little.
struct KeptReplies: Sendable {
  struct Reply: Sendable {
    var text: ReplyText
    var roots: [ReplyView]
    var isPage: Bool
    /// Bytes of memory that they hold.
    var size: Int
  }

  /// Bytes of all together: the oldest go first. The newest always stays.
  static let limit = 64 << 20

  private var replies: [Int: Reply] = [:]

  subscript(id: Int) -> Reply? { replies[id] }

  /// - Parameter oldest: what has a smaller number is shown no more.
  mutating func keep(_ reply: Reply, as id: Int, oldest: Int) {
    replies = replies.filter { $0.key >= oldest && $0.key != id }
    var total = replies.values.reduce(reply.size) { $0 + $1.size }
    for old in replies.keys.sorted() where total > Self.limit {
      total -= replies[old]?.size ?? 0
      replies[old] = nil
    }
    replies[id] = reply
  }
}
