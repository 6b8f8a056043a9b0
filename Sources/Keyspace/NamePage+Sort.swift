extension NamePage {
  /// A name's first eight bytes, so that most comparisons need no look at the name.
  private struct SortKey {
    var head: UInt64
    var index: UInt32
  }

  /// The names for which `isWanted`, sorted, each once, as a run.
  func run(where isWanted: (UnsafeBufferPointer<UInt8>) -> Bool) -> IndexRun {
    var builder = RunBuilder()
    unsafe arena.withUnsafeBufferPointer { arena in
      func name(_ index: UInt32) -> UnsafeBufferPointer<UInt8> {
        let start = index == 0 ? 0 : Int(ends[Int(index) - 1])
        return unsafe UnsafeBufferPointer(rebasing: arena[start..<Int(ends[Int(index)])])
      }
      var keys: [SortKey] = []
      keys.reserveCapacity(count)
      for index in 0..<UInt32(count) where unsafe isWanted(name(index)) {
        unsafe keys.append(SortKey(head: Self.head(name(index)), index: index))
      }
      keys.sort { left, right in
        left.head == right.head
          ? unsafe compareNames(name(left.index), name(right.index)) < 0 : left.head < right.head
      }
      var previous: UInt32?
      for key in keys {
        if let previous, unsafe compareNames(name(previous), name(key.index)) == 0 { continue }
        unsafe builder.append(name: name(key.index))
        previous = key.index
      }
    }
    return builder.finish()
  }

  /// Eight bytes as a number that orders as they do; shorter names are filled up with zeros.
  private static func head(_ name: UnsafeBufferPointer<UInt8>) -> UInt64 {
    if name.count >= 8 {
      return unsafe UInt64(bigEndian: UnsafeRawBufferPointer(name).loadUnaligned(as: UInt64.self))
    }
    var head: UInt64 = 0
    for i in name.indices { head = unsafe head << 8 | UInt64(name[i]) }
    return name.isEmpty ? 0 : head << UInt64(8 * (8 - name.count))
  }
}
