/// How well names answer a fuzzy text (`~`): of all ways to find its bytes in the name in this order, the best one counts.
/// Bytes in a row are better than apart; at the start of a word (behind a separator, at a capital letter or a number)
/// better than within one; then those that begin earlier, then the shorter name. What is equal after that stands in byte
/// order. The same name and text always give the same score.
///
/// Names are bytes: a character of many bytes may be matched by some of them.
struct FuzzyScorer {
  private let wanted: [UInt8]
  private let ignoresCase: Bool
  private let classes = ByteClass.table
  private let bonusTable = ByteClass.bonusTable(unit: Self.unit)
  // What belongs to one name, in rooms that are kept for the next one.
  private var bytes: [UInt8] = []
  private var bonuses: [Int32] = []
  private var row: [Int32] = []
  /// Where the text's bytes stand at the earliest.
  private var earliest: [Int]
  /// Behind the last place where the last of them stands.
  private var end = 0

  /// - Parameter wanted: not empty; without capital letters where the case is ignored.
  init(_ wanted: [UInt8], ignoresCase: Bool) {
    self.wanted = wanted
    self.ignoresCase = ignoresCase
    earliest = Array(repeating: 0, count: wanted.count)
  }

  // MARK: - Weights

  /// Of a byte that is there.
  private static let found: Int32 = 16 * unit
  /// Of one that follows the one before.
  private static let inRow: Int32 = 8 * unit
  /// Of bytes left out between two: the first, and each of the others.
  private static let firstGap: Int32 = 3 * unit
  private static let moreGap: Int32 = 1 * unit
  /// One point; where a match begins counts less than that, up to this place.
  private static let unit: Int32 = 64
  /// Less than any score, and far enough from overflow.
  private static let none: Int32 = .min / 2
  /// Names and texts beyond this (the product of their bytes) are matched as they come, and stand behind the others.
  private static let mostCells = 1 << 17
  private static let mostBytes = 4_096

  // MARK: - Scores

  /// Higher is better; 0 for a name that the text is not in. The name's length decides in the lowest ten bits.
  mutating func score(_ name: UnsafeBufferPointer<UInt8>) -> UInt32 {
    let shortness = UInt32(1_023 - min(1_022, name.count))
    guard unsafe prepare(name) else { return 0 }
    guard isAligned else { return shortness }
    var best = Self.none
    for step in wanted.indices { best = advance(step) }
    // So that the worst of all is above those that are not aligned.
    let points = max(1, min(best + Int32(Self.mostBytes) * Self.unit, (1 << 22) - 1))
    return UInt32(points) << 10 | shortness
  }

  /// The places of the text's bytes in the name, ascending, one for each: those that made the score. Empty where the text
  /// is not in it.
  mutating func places(in name: UnsafeBufferPointer<UInt8>) -> [Int] {
    guard unsafe prepare(name) else { return [] }
    guard isAligned else { return earliest }
    var rows: [[Int32]] = []
    for step in wanted.indices {
      _ = advance(step)
      rows.append(row)
    }
    let last = rows.count - 1
    var place = earliest[last]
    for other in earliest[last]..<end where rows[last][other] > rows[last][place] { place = other }
    var places = [place]
    for step in stride(from: last, to: 0, by: -1) {
      place = before(place, score: rows[step][place], in: rows[step - 1], from: earliest[step - 1])
      places.append(place)
    }
    return places.reversed()
  }

  private var isAligned: Bool { end <= Self.mostBytes && end * wanted.count <= Self.mostCells }

  /// Where the byte before stood for this one to have this score.
  private func before(_ place: Int, score: Int32, in row: [Int32], from first: Int) -> Int {
    if row[place - 1] + max(Self.inRow, bonuses[place]) + Self.found == score { return place - 1 }
    var cost = Self.firstGap
    for other in stride(from: place - 2, through: first, by: -1) {
      if row[other] - cost + bonuses[place] + Self.found == score { return other }
      cost += Self.moreGap
    }
    return place - 1
  }

  /// From the scores of all places for the bytes before this one of the text (`row`) to those for this one, of which the
  /// best is returned.
  private mutating func advance(_ step: Int) -> Int32 {
    let byte = wanted[step]
    let first = earliest[max(0, step - 1)]
    let end = end
    var best = Self.none
    unsafe row.withUnsafeMutableBufferPointer { row in
      unsafe bytes.withUnsafeBufferPointer { bytes in
        unsafe bonuses.withUnsafeBufferPointer { bonuses in
          guard step > 0 else {
            for place in first..<end {
              let isFound = unsafe bytes[place] == byte
              let score =
                unsafe isFound
                ? Self.found &+ 2 &* bonuses[place] &- Int32(truncatingIfNeeded: min(place, 63)) : Self.none
              unsafe row[place] = score
              best = max(best, score)
            }
            return
          }
          var before = unsafe row[first]
          var apart = Self.none
          for place in first + 1..<end {
            let old = unsafe row[place]
            var score = Self.none
            if unsafe bytes[place] == byte {
              let bonus = unsafe bonuses[place]
              score = Self.found &+ max(before &+ max(Self.inRow, bonus), apart &+ bonus)
              best = max(best, score)
            }
            unsafe row[place] = score
            apart = max(apart &- Self.moreGap, before &- Self.firstGap)
            before = old
          }
        }
      }
    }
    return best
  }

  /// Takes in a name. False: the text is not in it.
  private mutating func prepare(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    if bytes.count < name.count {
      bytes = Array(repeating: 0, count: name.count)
      bonuses = Array(repeating: 0, count: name.count)
      row = Array(repeating: 0, count: name.count)
    }
    var met = 0
    let count = wanted.count
    unsafe bytes.withUnsafeMutableBufferPointer { bytes in
      unsafe wanted.withUnsafeBufferPointer { wanted in
        for place in name.indices {
          let byte = unsafe ignoresCase ? NameFilter.lowercase(name[place]) : name[place]
          unsafe bytes[place] = byte
          if unsafe met < count && byte == wanted[met] {
            earliest[met] = place
            met += 1
          }
        }
      }
    }
    guard met == count else { return false }
    end = name.count
    while bytes[end - 1] != wanted[count - 1] { end -= 1 }
    let first = earliest[0]
    unsafe bonuses.withUnsafeMutableBufferPointer { bonuses in
      unsafe classes.withUnsafeBufferPointer { classes in
        unsafe bonusTable.withUnsafeBufferPointer { table in
          var before = unsafe first > 0 ? classes[Int(name[first - 1])] : ByteClass.separator.rawValue
          for place in first..<end {
            let kind = unsafe classes[Int(name[place])]
            unsafe bonuses[place] = table[Int(before << 3 | kind)]
            before = kind
          }
        }
      }
    }
    return true
  }
}

/// What a byte is for the words of a name.
private enum ByteClass: UInt8, CaseIterable {
  case small, capital, digit, separator, other

  init(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"): self = .small
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): self = .capital
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self = .digit
    case 0x80...: self = .other
    default: self = .separator
    }
  }

  /// The class of each byte, as its number.
  static var table: [UInt8] { (UInt8.min...UInt8.max).map { Self($0).rawValue } }

  /// Points for a match at a byte of the class (lowest three bits) behind one of another (three bits above).
  static func bonusTable(unit: Int32) -> [Int32] {
    var table: [Int32] = Array(repeating: 0, count: 64)
    for before in allCases {
      for kind in allCases { table[Int(before.rawValue << 3 | kind.rawValue)] = kind.bonus(after: before) * unit }
    }
    return table
  }

  /// Whether a word starts here, in points.
  private func bonus(after before: Self) -> Int32 {
    if self == .separator { return 4 }
    if before == .separator { return 9 }
    if self == .capital, before != .capital { return 7 }
    if self == .digit, before != .digit { return 6 }
    return 0
  }
}
