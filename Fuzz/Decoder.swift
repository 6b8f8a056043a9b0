// libFuzzer target for RESPDecoder, compiled into one module with Sources/RESP (.ci/fuzz).

/// The first byte chooses limits that little input can reach, or those of the program, and whether attributes are kept;
/// the second where the input is cut. The rest is what a server sends.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDecoder(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let input = unsafe Array(UnsafeBufferPointer(start: data, count: count))
  guard input.count > 2 else { return 0 }
  let limits =
    input[0] & 1 == 0 ? RESPDecoder.Limits() : .init(depth: 4, bulk: 64, line: 32, elements: 16, total: 48)
  let fresh = RESPDecoder(limits: limits, keepsAttributes: input[0] & 2 != 0)
  let wire = Array(input[2...])

  let whole = read(wire, cutAt: [], fresh)
  check(read(wire, cutAt: Array(wire.indices), fresh) == whole, "byte by byte is not the same")
  let cuts = wire.count <= 64 ? Array(wire.indices) : [Int(input[1]) * wire.count / 256]
  for cut in cuts { check(read(wire, cutAt: [cut], fresh) == whole, "cut at \(cut) is not the same") }
  check(readOneByOne(wire, cutAt: cuts[cuts.count / 2], fresh) == whole, "taken one by one they are not the same")
  return 0
}

/// What a stream turned out to be: the replies that were complete, and whether it was RESP to its end.
private struct Reading: Equatable {
  var replies: [[Element]] = []
  var isBroken = false
}

private struct Element: Equatable {
  var kind: ReplyKind
  var count: Int
  var bytes: [UInt8]
}

/// Feeds the pieces and takes all replies at the end.
private func read(_ wire: [UInt8], cutAt cuts: [Int], _ fresh: RESPDecoder) -> Reading {
  var decoder = fresh
  var reading = Reading()
  var start = 0
  for end in cuts + [wire.count] where !reading.isBroken {
    do throws(RESPError) {
      try decoder.feed(wire.span.extracting(start..<end))
    } catch {
      reading.isBroken = true
      check(error.description.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }, "an error that shows what was sent")
    }
    start = end
    checkMemory(decoder, fed: end)
  }
  for reply in decoder.takeReplies() { reading.replies.append(elements(of: reply)) }
  return reading
}

/// As the connection does it: each reply is taken when it is complete, a push apart from the others.
private func readOneByOne(_ wire: [UInt8], cutAt cut: Int, _ fresh: RESPDecoder) -> Reading {
  var decoder = fresh
  var reading = Reading()
  do throws(RESPError) {
    for range in [0..<cut, cut..<wire.count] {
      var position = range.lowerBound
      while try decoder.next(wire.span.extracting(0..<range.upperBound), &position) {
        let taken = decoder.lastKind == .push ? decoder.takeLast() : decoder.takeReplies()
        check(taken.count == 1, "not the one reply that was complete")
        for reply in taken { reading.replies.append(elements(of: reply)) }
      }
    }
  } catch {
    reading.isBroken = true
  }
  check(decoder.count == 0, "a reply was left")
  return reading
}

/// Memory grows with what has arrived, never with what was announced; and one reply stays below its limits.
private func checkMemory(_ decoder: RESPDecoder, fed: Int) {
  check(decoder.arena.capacity <= 256 + 2 * fed, "an arena of \(decoder.arena.capacity) bytes for \(fed)")
  check(decoder.nodes.capacity <= 2 * (1025 + fed), "\(decoder.nodes.capacity) nodes for \(fed) bytes")
  check(decoder.stack.count <= decoder.limits.depth, "too deep")
  check(decoder.partialLine.count <= decoder.limits.line, "too long a line")
  check(decoder.nodes.count - decoder.completed.nodes <= decoder.limits.elements + 1, "too many elements")
  check(decoder.arena.count - decoder.completed.arena <= decoder.limits.bulk + decoder.limits.total, "too large")
}

/// Everything that a view tells, by each way of asking.
private func elements(of view: ReplyView) -> [Element] {
  var result = [Element(kind: view.kind, count: view.count, bytes: Array(view.bytes))]
  check(view.withBytes { $0.count } == view.bytes.count, "withBytes and bytes differ")
  check(view.element.kind != .attributed, "an attribute where the element was asked for")
  _ = (view.integer, view.double, view.string, view.errorCode, view.value(for: "key"))
  var payloads: [[UInt8]] = []
  view.withEachChildBytes { span in payloads.append(span.indices.map { span[$0] }) }
  check(payloads == view.children.map { Array($0.bytes) }, "the payloads are not the children's")
  check(view.pairs.reduce(0) { count, _ in count + 1 } == view.count / 2, "pairs are not half of the children")
  for (position, child) in view.children.enumerated() {
    if position == view.count - 1 { check(view[position].index == child.index, "the last child is another one") }
    result += elements(of: child)
  }
  return result
}

private func check(_ condition: Bool, _ what: @autoclosure () -> String) {
  if !condition { fatalError(what()) }
}
