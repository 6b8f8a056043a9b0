import TestSupport

@testable import Commands

/// Commands made from their own syntax.
struct RandomCommands {
  var random: Seeded
  private var words: [String] = []
  private var count: Int?

  init(seed: UInt64) { random = Seeded(state: seed) }

  /// The words behind the name, some of the options among them in any order.
  mutating func make(_ arguments: [Argument]) -> [String] {
    words = []
    count = nil
    sequence(arguments)
    return words
  }

  private mutating func sequence(_ arguments: [Argument]) {
    var place = 0
    while place < arguments.count {
      let end = arguments[place...].firstIndex { !$0.isOptional } ?? arguments.count
      if end > place {
        run(arguments[place..<end], isLast: end == arguments.count)
        place = end
      } else if place + 1 < arguments.count, arguments[place].isMultiple,
        arguments[place + 1].isMultiple,
        !arguments[place + 1].isOptional, count == nil
      {
        let halves = Int.random(in: 1...3, using: &random)
        if let token = arguments[place].token { words.append(token) }
        for half in arguments[place...place + 1] {
          for _ in 0..<halves { content(half.kind) }
        }
        place += 2
      } else {
        argument(arguments[place])
        place += 1
      }
    }
  }

  private mutating func run(_ options: ArraySlice<Argument>, isLast: Bool) {
    // What has no token stands in its place, behind those that have one.
    let named = options.filter { !$0.beginsWithValue }.shuffled(using: &random)
    let plain = options.filter(\.beginsWithValue)
    let order = count == nil ? named + plain : plain + named
    for option in order {
      if count != nil, option.isMultiple {
        argument(option)
      } else if Bool.random(using: &random) {
        argument(option)
      } else if option.beginsWithValue {
        return
      }
    }
  }

  private mutating func argument(_ argument: Argument) {
    if !argument.isMultiple {
      if let token = argument.token { words.append(token) }
      content(argument.kind)
      return
    }
    let times = count ?? Int.random(in: 1...3, using: &random)
    count = nil
    for time in 0..<times {
      if let token = argument.token, time == 0 || argument.repeatsToken { words.append(token) }
      content(argument.kind)
    }
  }

  private mutating func content(_ kind: Argument.Kind) {
    switch kind {
    case .token: break
    case .oneOf(let alternatives):
      let chosen = alternatives[Int.random(in: 0..<alternatives.count, using: &random)]
      argument(chosen)
    case .block(let arguments): sequence(arguments)
    case .value(let name, let type):
      count = nil
      switch type {
      case .key: words.append("k:\(words.count)")
      case .string, .pattern: words.append("v\(words.count)")
      case .double: words.append("1.5")
      case .time: words.append("1700000000")
      case .int:
        let number = Int.random(in: 1...3, using: &random)
        words.append(String(number))
        if name.hasPrefix("num") { count = number }
      }
    }
  }
}
