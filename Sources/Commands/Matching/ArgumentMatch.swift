/// The words behind a command's name, each assigned to the argument that it is.
struct ArgumentMatch: Sendable, Equatable {
  enum Role: Sendable, Equatable {
    case token
    case value(name: String, type: Argument.ValueType)
  }

  enum Problem: Sendable, Equatable {
    /// No argument takes the word at this place.
    case unexpected(word: Int)
    /// The word is not of its argument's type.
    case wrongType(word: Int, name: String, type: Argument.ValueType)
  }

  /// One for each word that was assigned, in order.
  var roles: [Role] = []
  /// What may, or has to, stand behind the words: a group that was begun without the part that is there.
  var due: [Argument] = []
  /// Only what stays wrong whatever is typed behind it.
  var problem: Problem?
  /// Whether every word found its place.
  var isWhole = true
  /// Whether the last words may turn out to be others when one more is typed, as the timeout of BLPOP a key.
  var mayShift = false

  /// - Parameter words: those behind the name.
  init(_ words: some Collection<[UInt8]>, with arguments: [Argument]) {
    let words = Array(words)
    var matcher = ArgumentMatcher(words: words, isGreedy: false)
    due = matcher.run(arguments)
    if matcher.isDoubtful {
      // `BLPOP a b`: what is no timeout is a key, and the timeout is still due.
      var greedy = ArgumentMatcher(words: words, isGreedy: true)
      let due = greedy.run(arguments)
      if greedy.roles.count == words.count, greedy.problem == nil {
        (matcher, self.due) = (greedy, due)
      }
    }
    roles = matcher.roles
    problem = matcher.problem
    isWhole = roles.count == words.count
    mayShift = matcher.isShiftable
  }
}
