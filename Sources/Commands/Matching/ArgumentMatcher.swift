/// Assigns words to arguments, from left to right and without going back.
///
/// Required arguments come in order. Options between two of them come in any order and are known by their tokens; an
/// optional value without a token takes a word only where enough words are left for what is required behind it.
/// `numkeys` says how many follow. Every step takes a word or an argument, so the work grows with the words.
struct ArgumentMatcher {
  /// What comes behind an argument, in its sequence and around it.
  struct Behind {
    /// Words that are required there.
    var minimum = 0
    /// What may follow directly.
    var follow: [Argument] = []

    func preceded(by rest: some Collection<Argument>) -> Behind {
      let own = rest.minimum
      return Behind(
        minimum: own + minimum, follow: own > 0 ? rest.upToRequired : Array(rest) + follow)
    }
  }

  let words: [[UInt8]]
  /// Repetitions and optional values take what they can, as if what is required behind them were not typed yet.
  let isGreedy: Bool
  var index = 0
  private(set) var roles: [ArgumentMatch.Role] = []
  private(set) var problem: ArgumentMatch.Problem?
  /// No argument takes the word at the index.
  var isStuck = false
  /// Where words ended a repetition because others are required behind it, one word more would change what they are.
  var isShiftable = false
  /// What was assigned so does not fit.
  private(set) var isDoubtful = false
  /// What `numkeys` said, for the argument directly behind it.
  var count: Int?

  init(words: [[UInt8]], isGreedy: Bool) {
    self.words = words
    self.isGreedy = isGreedy
  }

  var isAtEnd: Bool { index == words.count }
  /// Nothing more can be assigned.
  var isOver: Bool { isAtEnd || isStuck }

  /// What is due behind the last word; empty where a word did not fit.
  mutating func run(_ arguments: [Argument]) -> [Argument] {
    let due = sequence(arguments, Behind())
    if !isAtEnd { getStuck() }
    return isStuck ? [] : due
  }

  mutating func getStuck() {
    isStuck = true
    complain(.unexpected(word: index))
  }

  private mutating func complain(_ problem: ArgumentMatch.Problem) {
    if isShiftable {
      isDoubtful = true
    } else if self.problem == nil {
      self.problem = problem
    }
  }

  /// Whether enough words are left for an argument that need not be there.
  mutating func hasRoom(before behind: Behind) -> Bool {
    if isGreedy || words.count - index > behind.minimum { return true }
    isShiftable = true
    return false
  }

  mutating func take(_ role: ArgumentMatch.Role) {
    roles.append(role)
    index += 1
    count = nil
  }

  // Each of the following says what is due of its argument where the words end in it.

  private mutating func sequence(_ arguments: [Argument], _ behind: Behind) -> [Argument] {
    var place = 0
    while place < arguments.count {
      let due: [Argument]
      if arguments[place].isOptional {
        let end = arguments[place...].firstIndex { !$0.isOptional } ?? arguments.count
        due = options(Array(arguments[place..<end]), behind.preceded(by: arguments[end...]))
        place = end
      } else if count == nil, let (first, second) = pair(arguments[place...]) {
        place += 2
        due = halves(first, second, behind.preceded(by: arguments[place...]))
      } else {
        place += 1
        due = element(arguments[place - 1], behind.preceded(by: arguments[place...]))
      }
      if isStuck { return [] }
      if isAtEnd { return due + counted(arguments[place...]) }
    }
    return []
  }

  /// The arguments behind the last word, with what `numkeys` said of the first.
  private func counted(_ arguments: ArraySlice<Argument>) -> [Argument] {
    guard let count, var first = arguments.first, first.isMultiple else { return Array(arguments) }
    if count == 0 { return Array(arguments.dropFirst()) }
    first.isOptional = false
    first.isMultiple = count > 1
    return [first] + arguments.dropFirst()
  }

  /// A run of optional arguments.
  private mutating func options(_ run: [Argument], _ behind: Behind) -> [Argument] {
    var open = run
    if isAtEnd { return counted(run[...]) }
    while !isOver {
      let word = words[index]
      let option: Argument
      if let place = open.firstIndex(where: { $0.begins(withToken: word) }) {
        option = open[place]
        open.remove(at: place)
      } else if let again = run.first(where: { $0.begins(withToken: word) }) {
        // Servers mostly take an option twice; that it is wrong is not certain.
        option = again
      } else if let place = open.firstIndex(where: \.beginsWithValue),
        !behind.follow.begin(withToken: word)
      {
        if count == 0, open[place].isMultiple {
          open.remove(at: place)
          count = nil
          continue
        }
        guard hasRoom(before: behind) else { return open }
        option = open[place]
        open.remove(at: place)
      } else {
        return open
      }
      let before = index
      let due = element(option, Behind(minimum: behind.minimum, follow: open + behind.follow))
      if isStuck { return [] }
      if isAtEnd { return due + open }
      if index == before { return open }
    }
    return open
  }

  mutating func element(_ argument: Argument, _ behind: Behind) -> [Argument] {
    if argument.isMultiple { return several(argument, behind) }
    guard let token = argument.token else { return content(argument, behind) }
    if isAtEnd { return [argument.once] }
    guard Argument.isToken(token, words[index]) else {
      getStuck()
      return []
    }
    take(.token)
    return content(argument, behind)
  }

  private mutating func content(_ argument: Argument, _ behind: Behind) -> [Argument] {
    switch argument.kind {
    case .token: return []
    case .value(let name, let type):
      if isAtEnd { return [argument.withoutToken] }
      value(name, type)
      return []
    case .block(let arguments): return sequence(arguments, behind)
    case .oneOf(let alternatives):
      if isAtEnd { return [argument.withoutToken] }
      guard let chosen = alternative(of: alternatives) else {
        getStuck()
        return []
      }
      return element(chosen, behind)
    }
  }

  private func alternative(of alternatives: [Argument]) -> Argument? {
    let word = words[index]
    if let named = alternatives.first(where: { $0.begins(withToken: word) }) { return named }
    let values = alternatives.filter(\.beginsWithValue)
    return values.first { fits($0, word) } ?? values.first
  }

  private func fits(_ argument: Argument, _ word: [UInt8]) -> Bool {
    argument.firsts.contains { first in
      guard first.token == nil, case .value(_, let type) = first.kind else { return false }
      return type.accepts(word)
    }
  }

  mutating func value(_ name: String, _ type: Argument.ValueType) {
    let word = words[index]
    if !type.accepts(word) { complain(.wrongType(word: index, name: name, type: type)) }
    take(.value(name: name, type: type))
    // numkeys, numfields, numids …
    if type == .int, name.hasPrefix("num"), let said = Int(String(decoding: word, as: UTF8.self)),
      said >= 0
    {
      count = said
    }
  }
}
