extension CommandTable {
  /// "Did you mean": the nearest name for one that is unknown, also of a subcommand (`CONFIG GTE`); nil where nothing is
  /// near, or the name is known.
  package func suggestion(for name: String) -> String? {
    let words = name.utf8.split(whereSeparator: { LineSign.isBlank($0) }).map { AnyCase.upper($0) }
    guard let first = words.first else { return nil }
    guard words.count > 1 else {
      return specs[first] == nil ? nearest(to: first, among: names) : nil
    }
    guard
      let container = subcommands[first] != nil
        ? first : nearest(to: first, among: subcommands.keys.sorted()),
      let known = subcommands[container]
    else { return specs[first] == nil ? nearest(to: first, among: names) : nil }
    if known.contains(words[1]) { return container == first ? nil : container + " " + words[1] }
    return nearest(to: words[1], among: known).map { container + " " + $0 }
  }

  /// Names of up to four letters are near by one change, longer ones by two. Of equally near ones the first with the
  /// same first letter wins, else the first.
  private func nearest(to word: String, among known: [String]) -> String? {
    let typed = Array(word.utf8)
    guard !typed.isEmpty, typed.count <= 40 else { return nil }
    var best: (word: String, cost: Int)?
    for candidate in known {
      let letters = Array(candidate.utf8)
      let bound = typed.count > 4 ? 2 : 1
      guard abs(letters.count - typed.count) <= bound else { continue }
      let distance = EditDistance.between(typed, letters)
      guard distance <= bound, distance > 0 else { continue }
      let cost = distance * 2 + (letters.first == typed.first ? 0 : 1)
      if cost < best?.cost ?? .max { best = (candidate, cost) }
    }
    return best?.word
  }
}
