extension CommandTable {
  /// The key names in a whole command, in order: by its arguments, else by the places that the server says.
  package func keys(of words: [[UInt8]]) -> [[UInt8]] { keyPlaces(in: words).map { words[$0] } }

  /// The numbers of the words that are key names.
  func keyPlaces(in words: [[UInt8]]) -> [Int] {
    guard let (spec, nameWords) = match(words) else { return [] }
    guard let arguments = spec.arguments else { return spec.keys.places(among: words.count) }
    let match = ArgumentMatch(words.dropFirst(nameWords), with: arguments)
    return match.roles.indices.filter { match.roles[$0].isKey }.map { $0 + nameWords }
  }
}

extension KeyPositions {
  func places(among count: Int) -> [Int] {
    let end = last < 0 ? count + last : min(last, count - 1)
    guard first > 0, step > 0, first <= end else { return [] }
    return Array(stride(from: first, through: end, by: step))
  }
}

extension ArgumentMatch.Role {
  var isKey: Bool {
    if case .value(_, .key) = self { return true }
    return false
  }
}
