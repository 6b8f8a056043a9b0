/// Reads the notation in which the built-in table holds arguments.
///
/// `EX seconds:int` is a value behind a token, `[…]` is optional, `{…}` a group, `|` stands between alternatives, `...`
/// behind an element says that it may be repeated. What begins with a lower-case letter is a value's name, with its
/// type behind a colon where that is no string; everything else is a token.
struct SyntaxReader {
  private enum Sign: Equatable {
    case word(Substring)
    case open(closedBy: UInt8)
    case close(UInt8)
    case bar
    case repeated
  }

  private let signs: [Sign]
  private var index = 0

  /// The arguments; nil where the text does not follow the notation.
  static func arguments(_ text: some StringProtocol) -> [Argument]? {
    var reader = SyntaxReader(signs: signs(of: Substring(text).utf8))
    guard let arguments = reader.sequence(), reader.index == reader.signs.count else { return nil }
    return arguments
  }

  private init(signs: [Sign]) { self.signs = signs }

  private static func signs(of text: Substring.UTF8View) -> [Sign] {
    var signs: [Sign] = []
    for part in text.split(separator: UInt8(ascii: " ")) {
      var rest = part
      while let first = rest.first {
        if rest.starts(with: repetition) {
          signs.append(.repeated)
          rest = rest.dropFirst(repetition.count)
        } else if let sign = bracket(first) {
          signs.append(sign)
          rest = rest.dropFirst()
        } else {
          let word = rest.prefix { bracket($0) == nil }
          rest = rest[word.endIndex...]
          let isRepeated =
            word.count > repetition.count && word.suffix(repetition.count).elementsEqual(repetition)
          signs.append(.word(Substring(isRepeated ? word.dropLast(repetition.count) : word)))
          if isRepeated { signs.append(.repeated) }
        }
      }
    }
    return signs
  }

  private static let repetition = Array("...".utf8)

  private static func bracket(_ byte: UInt8) -> Sign? {
    switch byte {
    case UInt8(ascii: "["): .open(closedBy: UInt8(ascii: "]"))
    case UInt8(ascii: "{"): .open(closedBy: UInt8(ascii: "}"))
    case UInt8(ascii: "]"), UInt8(ascii: "}"): .close(byte)
    case UInt8(ascii: "|"): .bar
    default: nil
    }
  }

  /// Elements up to a bar, a closing bracket or the end.
  private mutating func sequence() -> [Argument]? {
    var arguments: [Argument] = []
    // A token that may turn out to belong to the element behind it.
    var token: String?
    while index < signs.count {
      var argument: Argument
      switch signs[index] {
      case .bar, .close:
        if let token { arguments.append(Argument(.token, token: token)) }
        return arguments
      case .repeated: return nil
      case .open(let bracket):
        index += 1
        guard let group = group(closedBy: bracket) else { return nil }
        argument = group
      case .word(let word):
        index += 1
        argument = SyntaxReader.single(word)
      }
      if index < signs.count, signs[index] == .repeated {
        index += 1
        argument = SyntaxReader.repeated(argument)
      }
      if let before = token {
        token = nil
        if argument.token == nil, !argument.isOptional {
          argument.token = before
        } else {
          arguments.append(Argument(.token, token: before))
        }
      }
      if argument == Argument(.token, token: argument.token), let own = argument.token {
        token = own
      } else {
        arguments.append(argument)
      }
    }
    if let token { arguments.append(Argument(.token, token: token)) }
    return arguments
  }

  private mutating func group(closedBy bracket: UInt8) -> Argument? {
    var alternatives: [Argument] = []
    while true {
      guard let arguments = sequence(), !arguments.isEmpty, index < signs.count else { return nil }
      alternatives.append(arguments.count == 1 ? arguments[0] : Argument(.block(arguments)))
      index += 1
      switch signs[index - 1] {
      case .bar: continue
      case .close(bracket):
        var group = alternatives.count == 1 ? alternatives[0] : Argument(.oneOf(alternatives))
        if bracket == UInt8(ascii: "]") { group.isOptional = true }
        return group
      default: return nil
      }
    }
  }

  private static func single(_ word: Substring) -> Argument {
    guard let first = word.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first)
    else {
      return Argument(.token, token: String(word))
    }
    let colon = word.utf8.firstIndex(of: UInt8(ascii: ":"))
    let name = String(word[..<(colon ?? word.endIndex)])
    let type = colon.flatMap {
      Argument.ValueType(rawValue: String(word[word.utf8.index(after: $0)...]))
    }
    return Argument(.value(name: name, type: type ?? (name == "key" ? .key : .string)))
  }

  private static func repeated(_ argument: Argument) -> Argument {
    if argument.isMultiple { return Argument(.block([argument]), isMultiple: true) }
    var argument = argument
    argument.isMultiple = true
    argument.repeatsToken = argument.token != nil
    return argument
  }
}
