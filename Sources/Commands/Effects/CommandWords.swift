/// The words of a command, read in any case.
struct CommandWords {
  let words: [[UInt8]]

  init(_ words: [[UInt8]]) { self.words = words }

  /// Upper case; empty where there is no such word.
  func upper(_ place: Int) -> String { place < words.count ? AnyCase.upper(words[place]) : "" }

  /// As it is shown in a question: nothing invisible in it.
  func shown(_ place: Int) -> String { place < words.count ? QuotedWord.text(words[place]) : "" }

  /// A rule of ACL SETUSER that adds or takes away a password, or its hash: `>p`, `<p`, `#h`, `!h`.
  func isPasswordRule(_ place: Int) -> Bool {
    guard place < words.count, let first = words[place].first else { return false }
    return [UInt8(ascii: ">"), UInt8(ascii: "<"), UInt8(ascii: "#"), UInt8(ascii: "!")].contains(first)
  }

  func number(_ place: Int) -> Int? {
    place < words.count ? Int(String(decoding: words[place], as: UTF8.self)) : nil
  }

  /// Every second word from there on, as the names among `name value` pairs.
  func everySecond(from place: Int) -> [Int] { Array(stride(from: place, to: words.count, by: 2)) }
}
