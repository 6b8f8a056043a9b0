/// Arguments that may be repeated.
extension ArgumentMatcher {
  /// So many as `numkeys` said, else as many as words are left for.
  mutating func several(_ argument: Argument, _ behind: Behind) -> [Argument] {
    var each = argument.once
    if !argument.repeatsToken, let token = argument.token {
      each.token = nil
      if isAtEnd { return [argument] }
      guard Argument.isToken(token, words[index]) else {
        getStuck()
        return []
      }
      take(.token)
    }
    let bound = count
    var again = argument
    again.token = each.token
    again.isOptional = true
    let inner = Behind(minimum: behind.minimum, follow: [each] + behind.follow)
    var taken = 0
    while !isOver, taken != bound {
      if taken > 0, bound == nil, !mayBegin(each, behind) { return [] }
      let before = index
      let due = element(each, inner)
      taken += 1
      if isStuck { return [] }
      if isAtEnd {
        guard let bound else { return due + [again] }
        again.isOptional = false
        again.isMultiple = bound - taken > 1
        return due + (taken < bound ? [again] : [])
      }
      if index == before { return [] }
    }
    if isAtEnd, taken == 0, bound != 0 {
      again.isOptional = false
      return [again]
    }
    if taken == bound { count = nil }
    return []
  }

  /// Whether the next word begins the argument once more.
  private mutating func mayBegin(_ each: Argument, _ behind: Behind) -> Bool {
    guard hasRoom(before: behind) else { return false }
    let word = words[index]
    if each.begins(withToken: word) { return true }
    return each.beginsWithValue && !behind.follow.begin(withToken: word)
  }

  /// Two required repetitions side by side: as many of the one as of the other.
  func pair(_ arguments: ArraySlice<Argument>) -> (Argument, Argument)? {
    guard let first = arguments.first, let second = arguments.dropFirst().first, !second.isOptional,
      first.isMultiple, second.isMultiple, second.token == nil, case .value = first.kind,
      case .value = second.kind
    else { return nil }
    return (first, second)
  }

  /// `key... id...`: the first half of the words, one more where they are odd, and the second half.
  mutating func halves(_ first: Argument, _ second: Argument, _ behind: Behind) -> [Argument] {
    if let token = first.token {
      if isAtEnd { return [first, second] }
      guard Argument.isToken(token, words[index]) else {
        getStuck()
        return []
      }
      take(.token)
    }
    var (more, others) = (first.withoutToken, second)
    let total = words.count - index - behind.minimum
    guard total > 0 else { return isAtEnd ? [more, others] : [] }
    isShiftable = true
    for place in 0..<total {
      if case .value(let name, let type) = (place < (total + 1) / 2 ? first : second).kind {
        value(name, type)
      }
    }
    more.isOptional = true
    others.isOptional = total.isMultiple(of: 2)
    return [more, others]
  }
}
