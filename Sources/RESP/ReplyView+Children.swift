/// What is inside an array, map, set or push, or belongs to an attributed reply.
extension ReplyView {
  /// Number of children. A map counts its keys and its values: two for each pair; so does an attributed reply, and its
  /// element. 0 for scalars and null.
  package var count: Int { kind.isAggregate ? Int(storage.nodes[index].length) : 0 }

  /// The child at `position`. Constant time where no earlier child has children itself.
  package subscript(position: Int) -> ReplyView {
    precondition(position >= 0 && position < count, "child index out of range")
    let node = storage.nodes[index]
    if node.span == node.length + 1 { return ReplyView(storage: storage, index: index + 1 + position) }
    var child = index + 1
    for _ in 0..<position { child += Int(storage.nodes[child].span) }
    return ReplyView(storage: storage, index: child)
  }

  /// Whether no child has children itself, so that each is found in constant time.
  package var isFlat: Bool { storage.nodes[index].span == storage.nodes[index].length + 1 }

  /// Whether a child is of this kind. Time grows with the number of children.
  package func hasChild(of kind: ReplyKind) -> Bool {
    let nodes = storage.nodes
    var child = index + 1
    for _ in 0..<count {
      if nodes[child].kind == kind { return true }
      child += Int(nodes[child].span)
    }
    return false
  }

  /// The children in order; those of a map are key, value, key, value …
  package var children: Children { Children(storage: storage, place: index + 1, remaining: count) }

  package struct Children: Sequence, IteratorProtocol, Sendable {
    let storage: Replies.Storage
    var place: Int
    package private(set) var remaining: Int

    package var underestimatedCount: Int { remaining }

    package mutating func next() -> ReplyView? {
      guard remaining > 0 else { return nil }
      let view = ReplyView(storage: storage, index: place)
      remaining -= 1
      place += Int(storage.nodes[place].span)
      return view
    }

    /// Leaves out the next `count`, none of which may have children, in constant time.
    package mutating func skipScalars(_ count: Int) {
      precondition(count >= 0 && count <= remaining, "more children than there are")
      remaining -= count
      place += count
    }
  }

  /// The pairs of a RESP3 map or attribute, or of the flat array that RESP2 sends in its place. An odd last element is
  /// left out.
  package var pairs: Pairs { Pairs(children: children) }

  package struct Pairs: Sequence, IteratorProtocol, Sendable {
    var children: Children

    package mutating func next() -> (key: ReplyView, value: ReplyView)? {
      guard let key = children.next(), let value = children.next() else { return nil }
      return (key, value)
    }
  }

  /// The value of a field of a map, or of the flat array that RESP2 sends in its place; nil where there is none.
  package func value(for field: String) -> ReplyView? {
    pairs.first { pair in
      field.utf8.elementsEqual(pair.key.bytes)
    }?.value
  }

  /// Calls `body` with the payload of each child in order, without a reference count or a copy: for pages of names.
  /// The payload of null and of aggregates is empty.
  package func withEachChildBytes(_ body: (Span<UInt8>) -> Void) {
    let payloads = storage.arena
    let arena = payloads.span
    let nodes = storage.nodes
    var child = index + 1
    for _ in 0..<count {
      let node = nodes[child]
      let end = node.kind.isAggregate ? node.offset : node.offset + Int(node.length)
      body(arena.extracting(node.offset..<end))
      child += Int(node.span)
    }
  }
}
