/// "Did you mean": the nearest known word.
package enum Suggestion {
  /// `; did you mean 'accent'?`, empty where nothing is near.
  package static func text(for word: String, among known: some Sequence<String>) -> String {
    nearest(to: word, among: known).map { "; did you mean '\($0)'?" } ?? ""
  }

  /// The nearest known word within a third of the word's letters (one at least), whatever its case; nil where none is.
  package static func nearest(to word: String, among known: some Sequence<String>) -> String? {
    let typed = word.lowercased()
    var best: (word: String, distance: Int)?
    let bound = max(1, word.count / 3)
    for candidate in known {
      let distance = distance(typed, candidate.lowercased())
      if distance <= bound, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word
  }

  /// The number of letters to put in, take out, change or swap with their neighbour. Words longer than any known one
  /// are not measured.
  package static func distance(_ first: String, _ second: String) -> Int {
    let (a, b) = (Array(first.utf8), Array(second.utf8))
    guard max(a.count, b.count) <= 64 else { return .max }
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for (row, letter) in a.enumerated() {
      var current = [row + 1]
      for (column, other) in b.enumerated() {
        var least = min(last[column + 1] + 1, current[column] + 1, last[column] + (letter == other ? 0 : 1))
        if row > 0, column > 0, letter == b[column - 1], a[row - 1] == other {
          least = min(least, beforeLast[column - 1] + 1)
        }
        current.append(least)
      }
      (beforeLast, last) = (last, current)
    }
    return last[b.count]
  }
}
