/// Decodes RESP2 and RESP3 as it arrives, in pieces cut anywhere, and never looks at a byte twice.
///
/// Completed replies gather until `takeReplies` hands them over. Attributes are read and dropped, unless they are asked
/// for. After an error every further call throws the same error, because the position in the stream is lost.
///
/// Source: the RESP specification, redis.io/docs/latest/develop/reference/protocol-spec.
package struct RESPDecoder: Sendable {
  /// What the next byte belongs to.
  enum Reading {
    /// A line, of which `partialLine` is the beginning.
    case line
    /// The payload of a string; its node is the last one.
    case bulk(remaining: Int)
    /// The CR LF behind the payload of a string.
    case terminator(isHalfRead: Bool)
  }

  /// An aggregate that still lacks children.
  struct Frame {
    /// The aggregate's node; of an attribute that is to be dropped, which has none, the node that will follow it.
    var node: Int
    var remaining: Int
    /// For an attribute that is to be dropped, where its payloads begin in the arena; else nil.
    var attributeArena: Int?
  }

  /// A place between two top-level replies.
  struct Mark {
    var nodes = 0
    var arena = 0
  }

  let limits: Limits
  /// Whether an element with an attribute becomes an `attributed` one; what has begun goes on as it began.
  package var keepsAttributes: Bool
  var reading = Reading.line
  var partialLine: [UInt8] = []
  var stack: [Frame] = []

  var arena: [UInt8] = []
  var nodes: [Replies.Node] = []
  var roots: [Int] = []

  /// The end of the last complete reply, and of the one before it.
  var completed = Mark()
  var previous = Mark()

  /// Counted against the limits, for the reply that is being read.
  var elements = 0
  var payload = 0
  var largest = 0

  private var failure: RESPError?
  /// The arena of the next batch is likely to need what the last one did.
  private var arenaHint = 0

  package init(limits: Limits = Limits(), keepsAttributes: Bool = false) {
    self.limits = limits
    self.keepsAttributes = keepsAttributes
  }

  /// Number of complete replies that wait for `takeReplies`.
  package var count: Int { roots.count }

  /// The kind of the newest complete reply, whatever its attributes; nil where none waits.
  package var lastKind: ReplyKind? { roots.last.map { nodes[Replies.element(of: $0, in: nodes)].kind } }

  /// Whether a reply has begun and not ended.
  package var isMidReply: Bool {
    guard case .line = reading else { return true }
    return !stack.isEmpty || !partialLine.isEmpty
  }

  /// Reads all of `bytes`.
  package mutating func feed(_ bytes: Span<UInt8>) throws(RESPError) {
    var position = 0
    while try next(bytes, &position) {}
  }

  /// Reads all of `bytes`.
  package mutating func feed(_ bytes: [UInt8]) throws(RESPError) {
    try feed(bytes.span)
  }

  /// Reads on from `position` until a top-level reply is complete (true) or the bytes are used up (false).
  package mutating func next(_ bytes: Span<UInt8>, _ position: inout Int) throws(RESPError) -> Bool {
    if let failure { throw failure }
    do throws(RESPError) {
      while position < bytes.count {
        if try step(bytes, &position) { return true }
      }
      return false
    } catch {
      failure = error
      throw error
    }
  }

  /// Hands over all complete replies. A reply that is still being read stays.
  package mutating func takeReplies() -> Replies {
    arenaHint = min(completed.arena, 64 << 10)
    let taken: Replies
    if nodes.count == completed.nodes {
      taken = Replies(arena: arena, nodes: nodes, roots: roots)
      arena = []
      nodes = []
    } else {
      taken = Replies(
        arena: Array(arena[..<completed.arena]), nodes: Array(nodes[..<completed.nodes]), roots: roots)
      dropFirst(completed)
    }
    roots = []
    completed = Mark()
    previous = Mark()
    return taken
  }

  /// Hands over only the newest complete reply. To be called right after `next` returned true: for push frames, which
  /// belong to no command.
  package mutating func takeLast() -> Replies {
    guard let root = roots.popLast() else { return Replies() }
    let tail = nodes[root...].map { node in
      var node = node
      node.offset -= previous.arena
      return node
    }
    let taken = Replies(arena: Array(arena[previous.arena...]), nodes: tail, roots: [0])
    nodes.removeSubrange(previous.nodes...)
    arena.removeSubrange(previous.arena...)
    completed = previous
    return taken
  }

  private mutating func dropFirst(_ mark: Mark) {
    arena.removeSubrange(..<mark.arena)
    nodes.removeSubrange(..<mark.nodes)
    for position in nodes.indices { nodes[position].offset -= mark.arena }
    for position in stack.indices {
      stack[position].node -= mark.nodes
      stack[position].attributeArena = stack[position].attributeArena.map { $0 - mark.arena }
    }
  }

  private mutating func step(_ bytes: Span<UInt8>, _ position: inout Int) throws(RESPError) -> Bool {
    switch reading {
    case .line:
      return try readLine(bytes, &position)
    case .bulk(let remaining):
      let end = position + min(remaining, bytes.count - position)
      append(bytes.extracting(position..<end))
      let missing = remaining - (end - position)
      position = end
      reading = missing == 0 ? .terminator(isHalfRead: false) : .bulk(remaining: missing)
      return false
    case .terminator(let isHalfRead):
      guard bytes[position] == UInt8(ascii: isHalfRead ? "\n" : "\r") else { throw .badTerminator }
      position += 1
      guard isHalfRead else {
        reading = .terminator(isHalfRead: true)
        return false
      }
      reading = .line
      return try completeBulk()
    }
  }

  private mutating func readLine(_ bytes: Span<UInt8>, _ position: inout Int) throws(RESPError) -> Bool {
    var end = position
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
    let length = partialLine.count + end - position
    guard length <= limits.line else { throw .lineTooLong(limit: limits.line) }
    if end < bytes.count, partialLine.isEmpty {
      let line = bytes.extracting(position..<end)
      position = end + 1
      return try readElement(line)
    }
    for index in position..<end { partialLine.append(bytes[index]) }
    if let type = partialLine.first, !Self.isType(type) { throw .unknownType(type) }
    guard end < bytes.count else {
      position = end
      return false
    }
    position = end + 1
    let line = partialLine
    partialLine = []
    return try readElement(line.span)
  }

  mutating func append(_ bytes: Span<UInt8>) {
    if arena.isEmpty, arenaHint > 0 { arena.reserveCapacity(arenaHint) }
    unsafe bytes.withUnsafeBufferPointer { unsafe arena.append(contentsOf: $0) }
  }
}
