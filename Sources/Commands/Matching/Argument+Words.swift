extension Argument {
  /// The fewest words that it takes.
  var minimum: Int {
    if isOptional { return 0 }
    let own = token == nil ? 0 : 1
    return switch kind {
    case .value: own + 1
    case .token: own
    case .oneOf(let alternatives): own + (alternatives.map(\.once.minimum).min() ?? 0)
    case .block(let arguments): own + arguments.minimum
    }
  }

  /// How servers write the token that is an empty word: MIGRATE has it in place of a key.
  static let emptyToken = "\"\""

  /// Whether the word is the token, in any case.
  static func isToken(_ token: String, _ word: [UInt8]) -> Bool {
    word.isEmpty ? token == emptyToken : AnyCase.equal(word, token)
  }

  /// Whether a word may be the token it begins with; options before what is required count.
  func begins(withToken word: [UInt8]) -> Bool {
    if let token { return Argument.isToken(token, word) }
    return switch kind {
    case .value, .token: false
    case .oneOf(let alternatives): alternatives.contains { $0.begins(withToken: word) }
    case .block(let arguments): arguments.begin(withToken: word)
    }
  }

  /// Whether it may begin with a word that is no token.
  var beginsWithValue: Bool {
    guard token == nil else { return false }
    return switch kind {
    case .value: true
    case .token: false
    case .oneOf(let alternatives): alternatives.contains(where: \.beginsWithValue)
    case .block(let arguments): arguments.upToRequired.contains(where: \.beginsWithValue)
    }
  }

  /// What may come first of it: values, and tokens with what belongs to them.
  var firsts: [Argument] {
    if token != nil { return [self] }
    return switch kind {
    case .value, .token: [self]
    case .oneOf(let alternatives): alternatives.flatMap(\.firsts)
    case .block(let arguments): Argument.joined(arguments).map { [$0] } ?? arguments.firsts
    }
  }

  /// A block that begins with a token as one argument behind this token: `LIMIT offset count`.
  private static func joined(_ arguments: [Argument]) -> Argument? {
    guard let first = arguments.first, let token = first.token, !first.isOptional, !first.isMultiple
    else { return nil }
    return Argument(
      .block((first.kind == .token ? [] : [first.withoutToken]) + arguments.dropFirst()),
      token: token)
  }

  /// The same without the token, one time, required: what is due when the token was typed.
  var withoutToken: Argument {
    var argument = self
    argument.token = nil
    argument.isOptional = false
    argument.repeatsToken = false
    return argument
  }

  var once: Argument {
    var argument = self
    argument.isMultiple = false
    argument.isOptional = false
    argument.repeatsToken = false
    return argument
  }
}

extension Sequence<Argument> {
  var minimum: Int { reduce(0) { $0 + $1.minimum } }

  /// The arguments one of which comes next: options, and the first that is required.
  var upToRequired: [Argument] {
    var found: [Argument] = []
    for argument in self {
      found.append(argument)
      if argument.minimum > 0 { break }
    }
    return found
  }

  var firsts: [Argument] { upToRequired.flatMap(\.firsts) }

  func begin(withToken word: [UInt8]) -> Bool {
    for argument in self {
      if argument.begins(withToken: word) { return true }
      if argument.minimum > 0 { return false }
    }
    return false
  }
}
