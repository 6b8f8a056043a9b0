internal import RESP
internal import Values

extension ValuePlan {
  /// The page that the replies tell; nil when the server's reply has another form than the command's.
  ///
  /// `limit`: as given to `ask`. Where the length itself is denied, what was read is the least it can be.
  func page(from response: Response, reply: ReplyView, limit: Int) -> ValuePage? {
    let length = Self.lengthCommand(of: type).flatMap { response[$0]?.integer }.map { Int($0) }
    switch window {
    case .bytes(let offset, _):
      guard !reply.kind.isAggregate else { return nil }
      let start = max(0, offset)
      let bytes = Array(reply.bytes)
      return .string(StringPage(length: length ?? start + bytes.count, offset: start, bytes: bytes))
    case .elements(let start, _):
      guard reply.kind.isAggregate else { return nil }
      let elements = reply.children.map { Array($0.bytes) }
      return .list(
        ListPage(length: length ?? max(0, start) + elements.count, start: max(0, start), elements: elements))
    case .fields:
      guard let (next, items) = scanned(reply) else { return nil }
      let fields = items.pairs.map { HashPage.Field(name: Array($0.key.bytes), value: Array($0.value.bytes)) }
      return .hash(HashPage(length: length ?? fields.count, fields: fields, next: next))
    case .members:
      guard let (next, items) = scanned(reply) else { return nil }
      let members = items.children.map { Array($0.bytes) }
      return .set(SetPage(length: length ?? members.count, members: members, next: next))
    case .ranks(let start, _, let reverse):
      guard reply.kind.isAggregate else { return nil }
      let entries = scored(reply)
      return .sortedSet(
        SortedSetPage(
          length: length ?? max(0, start) + entries.count, start: max(0, start), reverse: reverse, entries: entries))
    case .entries(_, let count):
      guard reply.kind.isAggregate else { return nil }
      var entries = reply.children.compactMap(entry)
      let shown = min(max(1, count), limit)
      let reachedEnd = entries.count <= shown
      if !reachedEnd { entries.removeLast(entries.count - shown) }
      return .stream(
        StreamPage(
          length: length ?? entries.count, entries: entries, groups: groups(response), reachedEnd: reachedEnd))
    }
  }

  /// The cursor and the elements of an HSCAN or SSCAN reply.
  private func scanned(_ reply: ReplyView) -> (next: UInt64, items: ReplyView)? {
    guard reply.count == 2, let next = UInt64(reply[0].string), reply[1].kind.isAggregate else { return nil }
    return (next, reply[1])
  }

  /// RESP3 sends pairs, RESP2 one flat list. The score's bytes stay as they came.
  private func scored(_ reply: ReplyView) -> [SortedSetPage.Entry] {
    guard reply.count > 0, reply[0].kind.isAggregate else {
      return reply.pairs.map { SortedSetPage.Entry(member: Array($0.key.bytes), score: Array($0.value.bytes)) }
    }
    return reply.children.compactMap { pair in
      guard pair.count == 2 else { return nil }
      return SortedSetPage.Entry(member: Array(pair[0].bytes), score: Array(pair[1].bytes))
    }
  }

  private func entry(_ reply: ReplyView) -> StreamPage.Entry? {
    guard reply.count == 2, let id = StreamID(reply[0].string) else { return nil }
    // The fields are null for an entry that was deleted but is still in a group's list.
    return StreamPage.Entry(id: id, fields: reply[1].pairs.map { (Array($0.key.bytes), Array($0.value.bytes)) })
  }

  private func groups(_ response: Response) -> Fact<[StreamPage.Group]> {
    response.fact(.xInfoGroups) { reply in
      guard reply.kind.isAggregate else { return nil }
      return reply.children.map { group in
        func number(_ field: String) -> Int? { group.value(for: field)?.integer.map { Int($0) } }
        return StreamPage.Group(
          name: group.value(for: "name").map { Array($0.bytes) } ?? [], consumers: number("consumers") ?? 0,
          pending: number("pending") ?? 0, lastDelivered: group.value(for: "last-delivered-id")?.string ?? "",
          lag: number("lag"))
      }
    }
  }
}
