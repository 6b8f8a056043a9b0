/// Names and tokens, which are ASCII and count the same in upper and lower case.
enum AnyCase {
  static func upper(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte - 0x20 : byte
  }

  static func lower(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 0x20 : byte
  }

  /// Upper case of the ASCII letters.
  static func upper(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: bytes.map { upper($0) }, as: UTF8.self)
  }

  static func lower(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: bytes.map { lower($0) }, as: UTF8.self)
  }

  static func equal(_ word: some Collection<UInt8>, _ name: String) -> Bool {
    word.count == name.utf8.count && begins(name, with: word)
  }

  static func begins(_ name: String, with prefix: some Collection<UInt8>) -> Bool {
    let name = name.utf8
    guard prefix.count <= name.count else { return false }
    return zip(name, prefix).allSatisfy { upper($0) == upper($1) }
  }
}
