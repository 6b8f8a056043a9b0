/// Ranges of code points in one array: each entry begins with the first and the last, ascending.
enum RangeTable {
  /// Where the entry begins whose range holds the value; nil where none does.
  static func index(of value: UInt32, in table: [UInt32], entry: Int) -> Int? {
    guard value >= table[0] else { return nil }
    var low = 0
    var high = table.count / entry
    while low < high {
      let middle = (low + high) / 2
      if table[entry * middle + 1] < value { low = middle + 1 } else { high = middle }
    }
    return low < table.count / entry && table[entry * low] <= value ? entry * low : nil
  }
}
