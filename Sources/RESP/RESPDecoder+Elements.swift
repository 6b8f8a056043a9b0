/// What a line means, and how elements end.
extension RESPDecoder {
  static func isType(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "$"), UInt8(ascii: "*"): true
    case UInt8(ascii: "_"), UInt8(ascii: ","), UInt8(ascii: "#"), UInt8(ascii: "("), UInt8(ascii: "!"): true
    case UInt8(ascii: "="), UInt8(ascii: "~"), UInt8(ascii: "%"), UInt8(ascii: ">"), UInt8(ascii: "|"): true
    default: false
    }
  }

  /// Takes a line without its LF. Returns whether it completed a top-level reply.
  mutating func readElement(_ line: Span<UInt8>) throws(RESPError) -> Bool {
    guard !line.isEmpty, Self.isType(line[0]) else { throw .unknownType(line.isEmpty ? 10 : line[0]) }
    guard line[line.count - 1] == UInt8(ascii: "\r") else { throw .badTerminator }
    let text = line.extracting(1..<line.count - 1)
    switch line[0] {
    case UInt8(ascii: "$"): return try beginBulk(.bulkString, text, canBeNull: true)
    case UInt8(ascii: "*"): return try beginAggregate(.array, text, canBeNull: true)
    case UInt8(ascii: ":"): return try addScalar(.integer, text, isValid: Decimal.int64(text) != nil)
    case UInt8(ascii: "+"): return try addScalar(.simpleString, text, isValid: true)
    case UInt8(ascii: "-"): return try addScalar(.error, text, isValid: true)
    case UInt8(ascii: "_"): return try addScalar(.null, text, isValid: text.isEmpty)
    case UInt8(ascii: ","): return try addScalar(.double, text, isValid: Decimal.looksLikeDouble(text))
    case UInt8(ascii: "("): return try addScalar(.bigNumber, text, isValid: Decimal.isBigNumber(text))
    case UInt8(ascii: "#"):
      let isValid = text.count == 1 && (text[0] == UInt8(ascii: "t") || text[0] == UInt8(ascii: "f"))
      return try addScalar(.boolean, text, isValid: isValid)
    case UInt8(ascii: "!"): return try beginBulk(.error, text, canBeNull: false)
    case UInt8(ascii: "="): return try beginBulk(.verbatim, text, canBeNull: false)
    case UInt8(ascii: "~"): return try beginAggregate(.set, text, canBeNull: false)
    case UInt8(ascii: "%"): return try beginAggregate(.map, text, canBeNull: false)
    case UInt8(ascii: ">"):
      guard isTopLevel else { throw .nestedPush }
      return try beginAggregate(.push, text, canBeNull: false)
    default: return try beginAttribute(text)
    }
  }

  /// The string whose payload and terminator have been read is the last node.
  mutating func completeBulk() throws(RESPError) -> Bool {
    let node = nodes.count - 1
    if nodes[node].kind == .verbatim {
      // Three characters of format and a colon stand before the text.
      guard arena[nodes[node].offset + 3] == UInt8(ascii: ":") else { throw .badScalar(.verbatim) }
      nodes[node].offset += 4
      nodes[node].length -= 4
    }
    return completeElement(node)
  }

  private mutating func addScalar(
    _ kind: ReplyKind, _ text: Span<UInt8>, isValid: Bool
  ) throws(RESPError) -> Bool {
    guard isValid else { throw .badScalar(kind) }
    try charge(payload: text.count)
    let node = appendNode(kind, length: text.count)
    append(text)
    return completeElement(node)
  }

  private mutating func beginBulk(
    _ kind: ReplyKind, _ text: Span<UInt8>, canBeNull: Bool
  ) throws(RESPError) -> Bool {
    guard let length = try length(text, canBeNull: canBeNull) else {
      return completeElement(appendNode(.null, length: 0))
    }
    guard length <= limits.bulk else { throw .bulkTooLong(limit: limits.bulk) }
    guard kind != .verbatim || length >= 4 else { throw .badScalar(.verbatim) }
    try charge(payload: length)
    _ = appendNode(kind, length: length)
    reading = length == 0 ? .terminator(isHalfRead: false) : .bulk(remaining: length)
    return false
  }

  private mutating func beginAggregate(
    _ kind: ReplyKind, _ text: Span<UInt8>, canBeNull: Bool
  ) throws(RESPError) -> Bool {
    guard let length = try length(text, canBeNull: canBeNull) else {
      return completeElement(appendNode(.null, length: 0))
    }
    let children = try charge(elements: length, each: kind == .map ? 2 : 1)
    if nodes.isEmpty { nodes.reserveCapacity(1 + min(children, 1024)) }
    let node = appendNode(kind, length: children)
    guard children > 0 else { return completeElement(node) }
    try push(Frame(node: node, remaining: children, attributeArena: nil))
    return false
  }

  private mutating func beginAttribute(_ text: Span<UInt8>) throws(RESPError) -> Bool {
    let length = try length(text, canBeNull: false) ?? 0
    let children = try charge(elements: length, each: 2)
    guard children > 0 else { return false }
    guard keepsAttributes else {
      try push(Frame(node: nodes.count, remaining: children, attributeArena: arena.count))
      return false
    }
    // It takes the place of the element that it is about, which becomes its last child.
    let element = try charge(elements: 1, each: 1)
    let node = appendNode(.attributed, length: children + element)
    try push(Frame(node: node, remaining: children + element, attributeArena: nil))
    return false
  }

  /// Whether what comes next is a whole reply, or one of which only attributes have been read.
  private var isTopLevel: Bool {
    stack.allSatisfy { $0.remaining == 1 && $0.attributeArena == nil && nodes[$0.node].kind == .attributed }
  }

  private mutating func push(_ frame: Frame) throws(RESPError) {
    guard stack.count < limits.depth else { throw .tooDeep(limit: limits.depth) }
    stack.append(frame)
  }

  private mutating func appendNode(_ kind: ReplyKind, length: Int) -> Int {
    // The limits keep every length below 2^32.
    let length = UInt32(truncatingIfNeeded: length)
    nodes.append(Replies.Node(offset: arena.count, length: length, span: 1, kind: kind))
    return nodes.count - 1
  }

  /// Closes every aggregate whose last child just ended. Returns whether that ended a top-level reply.
  private mutating func completeElement(_ element: Int) -> Bool {
    var element = element
    while let last = stack.indices.last {
      stack[last].remaining -= 1
      guard stack[last].remaining == 0 else { return false }
      let frame = stack.removeLast()
      if let start = frame.attributeArena {
        // An attribute is about the element that follows; it is dropped and counts as no child.
        nodes.removeSubrange(frame.node...)
        arena.removeSubrange(start...)
        return false
      }
      nodes[frame.node].span = UInt32(truncatingIfNeeded: nodes.count - frame.node)
      element = frame.node
    }
    roots.append(element)
    previous = completed
    completed = Mark(nodes: nodes.count, arena: arena.count)
    elements = 0
    payload = 0
    largest = 0
    return true
  }

  /// A length or count: digits, or `-1` for null where the type has one (nil).
  private func length(_ text: Span<UInt8>, canBeNull: Bool) throws(RESPError) -> Int? {
    if !text.isEmpty, text[0] == UInt8(ascii: "?") { throw .streamed }
    guard let value = Decimal.int64(text), text[0] != UInt8(ascii: "+") else { throw .badLength }
    if canBeNull, value == -1 { return nil }
    guard value >= 0 else { throw .badLength }
    return Int(value)
  }

  /// Counts children against the limit, before any of them has arrived.
  private mutating func charge(elements count: Int, each: Int) throws(RESPError) -> Int {
    guard count <= (limits.elements - elements) / each else { throw .tooManyElements(limit: limits.elements) }
    elements += count * each
    return count * each
  }

  private mutating func charge(payload bytes: Int) throws(RESPError) {
    payload += bytes
    largest = max(largest, bytes)
    guard payload - largest <= limits.total else { throw .replyTooLarge(limit: limits.total) }
  }
}
