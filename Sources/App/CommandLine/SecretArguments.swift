/// Where passwords stand in the argument vector, so that they can be overwritten before `ps` shows them for long.
package enum SecretArguments {
  /// Ranges of bytes to overwrite, by argument index (index 0 is the program's name).
  ///
  /// Covered are `-a PW`, `-aPW`, `--pass PW`, `--pass=PW`, and the password of any URI, as an option's value or as a
  /// word. Like the parser, an option that takes a value takes the next argument whatever it looks like.
  package static func ranges(in arguments: [[UInt8]]) -> [(argument: Int, bytes: Range<Int>)] {
    var found: [(argument: Int, bytes: Range<Int>)] = []
    var index = 1
    while index < arguments.count {
      let argument = arguments[index]
      if argument == Array("--pass".utf8) {
        if index + 1 < arguments.count { found.append((index + 1, 0..<arguments[index + 1].count)) }
        index += 1
      } else if argument.starts(with: "--pass=".utf8) {
        found.append((index, 7..<argument.count))
      } else if let letter = passwordLetter(in: argument) {
        if letter + 1 < argument.count {
          found.append((index, letter + 1..<argument.count))
        } else if index + 1 < arguments.count {
          index += 1
          found.append((index, 0..<arguments[index].count))
        }
      } else if let password = passwordRange(inURI: argument) {
        found.append((index, password))
      }
      index += 1
    }
    return found.filter { !$0.bytes.isEmpty }
  }

  /// Where `a` stands in `-aPW`, also behind letters without a value of their own: `-2a PW`.
  private static func passwordLetter(in argument: [UInt8]) -> Int? {
    guard argument.first == UInt8(ascii: "-") else { return nil }
    let letter = argument.dropFirst().firstIndex { !"23cx".utf8.contains($0) }
    return letter.flatMap { argument[$0] == UInt8(ascii: "a") ? $0 : nil }
  }

  /// The bytes between the first `:` and the last `@` of the authority; as in redis-cli, what stands there without a
  /// colon is the password.
  private static func passwordRange(inURI argument: [UInt8]) -> Range<Int>? {
    let mark = Array("://".utf8)
    guard let scheme = argument.indices.first(where: { argument[$0...].starts(with: mark) }) else { return nil }
    let start = scheme + mark.count
    let end = argument[start...].firstIndex(of: UInt8(ascii: "/")) ?? argument.count
    guard let at = argument[start..<end].lastIndex(of: UInt8(ascii: "@")) else { return nil }
    let colon = argument[start..<at].firstIndex(of: UInt8(ascii: ":"))
    return (colon.map { $0 + 1 } ?? start)..<at
  }
}
