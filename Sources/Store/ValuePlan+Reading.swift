internal import Keyspace
internal import RESP
internal import Values

extension ValuePlan {
  /// The page that the replies tell; nil when the server's reply has another form than the command's.
  ///
  /// `limit`: as given to `ask`. Where the length itself is denied, what was read is the least it can be.
  func page(from response: Response, reply: ReplyView, limit: Int) -> ValuePage? {
    let told = Self.lengthCommand(of: type).flatMap { response[$0]?.quantity }
    let asked = asked(limit: limit)
    switch window {
    case .bytes:
      guard !reply.kind.isAggregate else { return nil }
      let bytes = Array(reply.bytes.prefix(asked))
      return .string(
        StringPage(length: length(told, read: bytes.count, asked: asked), offset: start, bytes: bytes))
    case .elements:
      guard reply.kind.isAggregate else { return nil }
      let elements = reply.children.prefix(asked).map { Array($0.bytes) }
      return .list(
        ListPage(length: length(told, read: elements.count, asked: asked), start: start, elements: elements))
    case .fields(let cursor, _):
      guard let (next, items) = scanned(reply, from: cursor) else { return nil }
      let fields = items.pairs.map { HashPage.Field(name: Array($0.key.bytes), value: Array($0.value.bytes)) }
      return .hash(HashPage(length: told ?? fields.count, fields: fields, next: next))
    case .members(let cursor):
      guard let (next, items) = scanned(reply, from: cursor) else { return nil }
      let members = items.children.map { Array($0.bytes) }
      return .set(SetPage(length: told ?? members.count, members: members, next: next))
    case .named(let names):
      guard reply.kind.isAggregate, reply.count == names.count else { return nil }
      var page = NamedPage(length: told ?? 0, there: [], gone: [])
      for (name, reply) in zip(names, reply.children) {
        if type == .hash ? reply.isNull : reply.integer == 0 {
          page.gone.append(name)
        } else {
          page.there.append(HashPage.Field(name: name, value: type == .hash ? Array(reply.bytes) : []))
        }
      }
      page.length = max(page.length, page.there.count)
      return .named(page)
    case .ranks(_, _, let reverse):
      guard reply.kind.isAggregate else { return nil }
      let entries = Array(scored(reply).prefix(asked))
      return .sortedSet(
        SortedSetPage(
          length: length(told, read: entries.count, asked: asked), start: start, reverse: reverse, entries: entries))
    case .entries(let position, let count):
      guard reply.kind.isAggregate else { return nil }
      let all = reply.children.compactMap(entry)
      let onward = position.onward(all.map(\.id))
      let entries = Array(all.prefix(min(onward, max(1, count), limit)))
      let reachedEnd = all.count < asked || onward < all.count
      return .stream(
        StreamPage(
          length: told ?? entries.count, entries: entries, groups: groups(response), reachedEnd: reachedEnd))
    }
  }

  /// The length to go by: as told, unless the window shows that it ends before or goes on beyond. What does not come
  /// is not there (it may have gone meanwhile), else a view would ask for it for ever.
  private func length(_ told: Int?, read: Int, asked: Int) -> Int {
    let end = start + read
    guard let told else { return end }
    if read == 0 { return min(told, start) }
    return read < asked ? end : max(told, end)
  }

  /// The cursor and the elements of an HSCAN or SSCAN reply. A cursor that is the one sent leads nowhere: the end.
  private func scanned(_ reply: ReplyView, from cursor: UInt64) -> (next: UInt64, items: ReplyView)? {
    guard reply.count == 2, let next = UInt64(reply[0].string), reply[1].kind.isAggregate else { return nil }
    return (next == cursor ? 0 : next, reply[1])
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
        func number(_ field: String) -> Int? { group.value(for: field)?.quantity }
        return StreamPage.Group(
          name: group.value(for: "name").map { Array($0.bytes) } ?? [], consumers: number("consumers") ?? 0,
          pending: number("pending") ?? 0, lastDelivered: group.value(for: "last-delivered-id")?.string ?? "",
          lag: number("lag"))
      }
    }
  }
}

extension StreamPosition {
  /// How many of `ids`, from the first, lie each beyond the one before in the direction read. A server that does not
  /// keep to that would be asked for the same entries for ever.
  fileprivate func onward(_ ids: [StreamID]) -> Int {
    var last: StreamID?
    let isForward: Bool
    switch self {
    case .first: isForward = true
    case .last: isForward = false
    case .after(let id): (last, isForward) = (id, true)
    case .before(let id): (last, isForward) = (id, false)
    }
    for (position, id) in ids.enumerated() {
      if let last, isForward ? id <= last : id >= last { return position }
      last = id
    }
    return ids.count
  }
}
