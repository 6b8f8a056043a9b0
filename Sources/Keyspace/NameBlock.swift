import CPlatform

/// Up to 65,536 names in ascending order without repeats: one arena and the offsets into it. Never changes, so runs,
/// snapshots and lists share it.
@safe final class NameBlock: Sendable {
  /// The most names of a block; what is learned later stands in columns of the same length.
  static let capacity = 65_536
  /// A block is closed once its arena has so many bytes, however few the names.
  static let arenaLimit = 16 << 20

  // Both are written before the initializer returns and never after it: any thread may read them.
  private nonisolated(unsafe) let arena: UnsafePointer<UInt8>
  /// One more than there are names: name `i` is `arena[offsets[i]..<offsets[i + 1]]`.
  private nonisolated(unsafe) let offsets: UnsafePointer<UInt32>
  let count: Int

  convenience init(arena: ArraySlice<UInt8>, offsets: ArraySlice<UInt32>) {
    precondition(offsets.first == 0 && offsets.last.map(Int.init) == arena.count)
    unsafe self.init(count: offsets.count - 1, bytes: arena.count) { bytes, starts in
      unsafe arena.withUnsafeBufferPointer { arena in
        if let source = arena.baseAddress { unsafe bytes.initialize(from: source, count: arena.count) }
      }
      unsafe offsets.withUnsafeBufferPointer { offsets in
        if let source = offsets.baseAddress { unsafe starts.initialize(from: source, count: offsets.count) }
      }
    }
  }

  /// - Parameters:
  ///   - bytes: the length of all names together.
  ///   - fill: writes all the names, and where each of them ends behind the 0 that is there.
  init(
    count: Int, bytes: Int,
    fill: (_ arena: UnsafeMutablePointer<UInt8>, _ offsets: UnsafeMutablePointer<UInt32>) -> Void
  ) {
    self.count = count
    // `nameWord` reads up to seven bytes more than there are.
    let arena = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes + 8)
    unsafe (arena + bytes).initialize(repeating: 0, count: 8)
    let offsets = UnsafeMutablePointer<UInt32>.allocate(capacity: count + 1)
    unsafe offsets.initialize(to: 0)
    unsafe fill(arena, offsets)
    precondition(unsafe Int(offsets[count]) == bytes)
    unsafe self.arena = UnsafePointer(arena)
    unsafe self.offsets = UnsafePointer(offsets)
  }

  deinit {
    unsafe arena.deallocate()
    unsafe offsets.deallocate()
  }

  static let empty = NameBlock(arena: [], offsets: [0])

  var residentBytes: Int { unsafe Int(offsets[count]) + 8 + (count + 1) * 4 + 64 }

  /// Where the names begin and where their offsets stand; valid as long as the block.
  var pointers: (arena: UnsafePointer<UInt8>, offsets: UnsafePointer<UInt32>) {
    unsafe (arena, offsets)
  }

  /// The names for reading in place; valid during the call only.
  @inline(__always)
  func withNames<Result>(_ body: (borrowing Names) -> Result) -> Result {
    withExtendedLifetime(self) {
      unsafe body(
        Names(
          arena: UnsafeBufferPointer(start: arena, count: Int(offsets[count])),
          offsets: UnsafeBufferPointer(start: offsets, count: count + 1)))
    }
  }

  func name(at index: Int) -> KeyName {
    unsafe withNames { unsafe KeyName($0[index]) }
  }
}

/// Borrowed access to a block's names.
@unsafe struct Names: ~Copyable {
  let arena: UnsafeBufferPointer<UInt8>
  let offsets: UnsafeBufferPointer<UInt32>

  @inline(__always) var count: Int { unsafe offsets.count - 1 }

  @inline(__always)
  func start(of index: Int) -> Int { unsafe Int(offsets[index]) }

  @inline(__always)
  subscript(index: Int) -> UnsafeBufferPointer<UInt8> {
    unsafe UnsafeBufferPointer(rebasing: arena[Int(offsets[index])..<Int(offsets[index + 1])])
  }

  /// The first index in `from...count` whose name is not before `name` (`past`: not before it and not an extension
  /// of it either). Looks near `from` first, so that short steps are cheap.
  func firstIndex(notBefore name: UnsafeBufferPointer<UInt8>, past: Bool = false, from: Int = 0) -> Int {
    var low = from
    var step = 1
    while unsafe low + step <= count && isBefore(low + step - 1, name, past: past) {
      low += step
      step *= 2
    }
    var high = unsafe min(low + step - 1, count)
    while low < high {
      let middle = (low + high) / 2
      if unsafe isBefore(middle, name, past: past) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Whether the name at `index` is before `name` (or, with `past`, before or an extension of it or itself).
  @inline(__always)
  func isBefore(_ index: Int, _ name: UnsafeBufferPointer<UInt8>, past: Bool) -> Bool {
    let own = unsafe self[index]
    if past {
      let shared = min(own.count, name.count)
      return unsafe kg_compare(own.baseAddress, shared, name.baseAddress, name.count) <= 0
    }
    return unsafe compareNames(own, name) < 0
  }
}

/// memcmp's order; the shorter of two names that begin alike comes first.
@inline(__always)
func compareNames(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int32 {
  unsafe kg_compare(left.baseAddress, left.count, right.baseAddress, right.count)
}
