extension KeyIndex {
  /// Adds names of a page while there are fewer keys than `limit`.
  ///
  /// - Returns: whether a name was left out. Names that are there already never are.
  package mutating func insert(_ page: NamePage, upTo limit: Int) -> Bool {
    if page.count <= limit - count {
      insert(page)
      return false
    }
    // One at a time: how many of them are new shows only as they go in.
    for position in 0..<page.count {
      let name = unsafe page.withName(at: position) { unsafe KeyName($0) }
      if count < limit {
        insert([name])
      } else if !contains(name) {
        return true
      }
    }
    return false
  }
}
