/// A word of a command line, with what is known of where it comes from.
struct ShellWord: Equatable {
  /// Something that has been put into it: a variable or a file.
  struct Part: Equatable {
    var bytes: [UInt8]
    var source: String
  }

  var bytes: [UInt8] = []
  var parts: [Part] = []
  /// Why it is not known whole; nil: it is.
  var unknown: String?

  init(_ bytes: [UInt8], parts: [Part] = [], unknown: String? = nil) {
    (self.bytes, self.parts, self.unknown) = (bytes, parts, unknown)
  }

  init(_ text: some StringProtocol) { bytes = Array(text.utf8) }

  init(_ text: ComposeNode.Text) {
    bytes = Array(text.text.utf8)
    parts = text.variables.map { Part(bytes: Array($0.value.utf8), source: $0.source) }
  }

  var string: String { String(decoding: bytes, as: UTF8.self) }

  /// The one thing that it is, such as `REDIS_PASSWORD in .env`; nil: it is written out, at least in part.
  var source: String? { parts.first { $0.bytes == bytes }?.source }
}
