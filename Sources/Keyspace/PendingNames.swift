/// Names as they come while a scan runs, each once, in no order: enough of them are sorted together.
struct PendingNames: Sendable {
  /// Names for one sorting, give or take a thousand: few enough for a processor's cache.
  static let capacity = 65_536
  /// Sorted early once the arena has so many bytes, however few the names.
  private static let arenaLimit = 16 << 20
  private static let spare = [UInt8](repeating: 0, count: 8)

  /// Ends with zeros that belong to no name: ``nameWord(_:length:at:)`` reads a little beyond the last one.
  private(set) var arena = Self.spare
  /// One more than there are names: name `i` is `arena[offsets[i]..<offsets[i + 1]]`.
  private(set) var offsets: [UInt32] = [0]
  /// A hash table with open addressing: 0, or a name's index plus one and above it 15 bits of its hash.
  private var slots: [UInt32] = []

  var count: Int { offsets.count - 1 }
  var isEmpty: Bool { count == 0 }
  var residentBytes: Int { arena.capacity + (offsets.capacity + slots.capacity) * 4 }

  /// Whether a thousand names of so many bytes may be added before the next sorting.
  func hasRoom(bytes: Int) -> Bool {
    count < Self.capacity && arena.count < Self.arenaLimit && bytes <= Int(UInt32.max) - arena.count
  }

  /// Appends names that are not there.
  /// - Parameters:
  ///   - first: the name of the page that the first hash belongs to.
  ///   - hashes: ``nameHash(_:)`` of names of the page.
  ///   - range: which of those names to append.
  mutating func append(_ page: NamePage, from first: Int, _ hashes: [UInt64], _ range: Range<Int>) {
    guard !range.isEmpty else { return }
    while 2 * (count + range.count) > slots.count { growTable() }
    for (place, hash) in hashes[range].enumerated() { enter(hash, index: count + place) }
    let names = first + range.lowerBound..<first + range.upperBound
    let bytes = page.bytes(of: names)
    arena.removeLast(Self.spare.count)
    let shift = arena.count - bytes.lowerBound
    arena.append(contentsOf: page.arena[bytes])
    arena.append(contentsOf: Self.spare)
    for end in page.ends[names] { offsets.append(UInt32(Int(end) + shift)) }
  }

  func contains(_ name: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Bool {
    guard !isEmpty else { return false }
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      if slots[slot] >> 17 == hash >> 49 {
        let index = Int(slots[slot] & 0x1FFFF) - 1
        if unsafe withName(at: index, { unsafe compareNames($0, name) == 0 }) { return true }
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    return false
  }

  /// A name for reading in place; valid during the call only.
  @inline(__always)
  func withName<Result>(at index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    unsafe arena.withUnsafeBufferPointer { arena in
      unsafe body(UnsafeBufferPointer(rebasing: arena[Int(offsets[index])..<Int(offsets[index + 1])]))
    }
  }

  /// Forgets the names but keeps their room.
  mutating func removeAll() {
    arena.removeAll(keepingCapacity: true)
    arena.append(contentsOf: Self.spare)
    offsets.removeAll(keepingCapacity: true)
    offsets.append(0)
    for i in slots.indices { slots[i] = 0 }
  }

  @inline(__always)
  private mutating func enter(_ hash: UInt64, index: Int) {
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
    slots[slot] = UInt32(truncatingIfNeeded: hash >> 49) << 17 | UInt32(index + 1)
  }

  private mutating func growTable() {
    slots = Array(repeating: 0, count: max(256, slots.count * 4))
    for index in 0..<count { enter(unsafe withName(at: index) { unsafe nameHash($0) }, index: index) }
  }
}
