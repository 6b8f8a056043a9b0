/// The names of one SCAN reply as they came: one arena, one end for each name. May hold a name twice.
package struct NamePage: Sendable {
  private(set) var arena: [UInt8] = []
  private(set) var ends: [UInt32] = []

  package init() {}

  package init(_ names: [KeyName]) {
    reserve(names: names.count, bytes: names.reduce(0) { $0 + $1.bytes.count })
    for name in names { append(name.bytes) }
  }

  package var count: Int { ends.count }
  package var isEmpty: Bool { ends.isEmpty }

  /// Room for so many more names and bytes: optional, saves copying.
  package mutating func reserve(names: Int, bytes: Int) {
    arena.reserveCapacity(arena.count + bytes)
    ends.reserveCapacity(ends.count + names)
  }

  /// Appends one name. False, and nothing appended, once the arena would pass 4 GiB (a full page).
  @discardableResult
  package mutating func append(_ name: some Collection<UInt8>) -> Bool {
    guard name.count <= Int(UInt32.max) - arena.count else { return false }
    arena.append(contentsOf: name)
    ends.append(UInt32(arena.count))
    return true
  }

  /// Appends one name from memory that is valid during the call. False as above.
  @discardableResult
  package mutating func append(_ name: UnsafeRawBufferPointer) -> Bool {
    guard name.count <= Int(UInt32.max) - arena.count else { return false }
    unsafe arena.append(contentsOf: name)
    ends.append(UInt32(arena.count))
    return true
  }
}
