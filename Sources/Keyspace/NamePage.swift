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

  /// Where the bytes of some names stand in the arena.
  func bytes(of names: Range<Int>) -> Range<Int> {
    guard !names.isEmpty else { return 0..<0 }
    return start(of: names.lowerBound)..<Int(ends[names.upperBound - 1])
  }

  /// A name for reading in place; valid during the call only.
  func withName<Result>(at index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    unsafe arena.withUnsafeBufferPointer { arena in
      unsafe body(UnsafeBufferPointer(rebasing: arena[start(of: index)..<Int(ends[index])]))
    }
  }

  /// ``nameHash(_:)`` of some names.
  func hashes(of names: Range<Int>) -> [UInt64] {
    unsafe arena.withUnsafeBufferPointer { arena in
      var start = names.isEmpty ? 0 : start(of: names.lowerBound)
      return names.map { index in
        defer { start = Int(ends[index]) }
        return unsafe nameHash(UnsafeBufferPointer(rebasing: arena[start..<Int(ends[index])]))
      }
    }
  }

  /// The names, each copied out.
  package var names: some Sequence<KeyName> {
    (0..<count).lazy.map { index in unsafe self.withName(at: index) { unsafe KeyName($0) } }
  }

  private func start(of index: Int) -> Int { index == 0 ? 0 : Int(ends[index - 1]) }
}
