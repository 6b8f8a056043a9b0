/// The replies to a batch, in order: one arena of payload bytes and one flat array of nodes.
///
/// However many elements the replies have, there is no object and no String for any of them. Copying is cheap: the
/// storage is immutable and shared.
package struct Replies: Sendable {
  /// One element, in document order. Its children are the nodes that follow it.
  struct Node: Sendable {
    /// Where the payload begins in the arena.
    var offset: Int
    /// Bytes of payload of a scalar; number of direct children of an aggregate.
    var length: UInt32
    /// Nodes of this element and everything inside it: the distance to its next sibling.
    var span: UInt32
    var kind: ReplyKind
  }

  /// Immutable, so that views can share it without a copy and across threads.
  final class Storage: Sendable {
    let arena: [UInt8]
    let nodes: [Node]
    /// The node of each top-level reply.
    let roots: [Int]

    init(arena: [UInt8], nodes: [Node], roots: [Int]) {
      self.arena = arena
      self.nodes = nodes
      self.roots = roots
    }
  }

  let storage: Storage

  init(arena: [UInt8], nodes: [Node], roots: [Int]) {
    storage = Storage(arena: arena, nodes: nodes, roots: roots)
  }

  init(storage: Storage) { self.storage = storage }

  /// No replies.
  package init() {
    self.init(arena: [], nodes: [], roots: [])
  }

  /// Every complete reply in `bytes`; what follows the last one is left out.
  ///
  /// - Throws: `RESPError` where the bytes are no RESP.
  package init(
    parsing bytes: [UInt8], limits: RESPDecoder.Limits = .init(), keepsAttributes: Bool = false
  ) throws(RESPError) {
    var decoder = RESPDecoder(limits: limits, keepsAttributes: keepsAttributes)
    try decoder.feed(bytes)
    self = decoder.takeReplies()
  }

  /// The place of what the node at `place` is about, behind all its attributes.
  static func element(of place: Int, in nodes: [Node]) -> Int {
    var place = place
    while nodes[place].kind == .attributed {
      var child = place + 1
      for _ in 1..<nodes[place].length { child += Int(nodes[child].span) }
      place = child
    }
    return place
  }

  /// Bytes of memory that the payloads and nodes hold.
  package var residentBytes: Int {
    storage.arena.count + storage.nodes.count * MemoryLayout<Node>.stride
  }
}

extension Replies: RandomAccessCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { storage.roots.count }

  /// The reply to the command at `position` of the batch.
  package subscript(position: Int) -> ReplyView {
    ReplyView(storage: storage, index: storage.roots[position])
  }
}
