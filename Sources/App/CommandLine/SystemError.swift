import Glibc

/// An errno, as text.
struct SystemError {
  let code: Int32

  static var current: SystemError { SystemError(code: errno) }

  /// As strerror says it, with a lower-case start: it stands in the middle of a line.
  var text: String {
    var buffer = [CChar](repeating: 0, count: 256)
    // The signature is POSIX's in Glibc's module: 0 and the text in the buffer.
    guard unsafe strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
    let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    let message = String(decoding: bytes, as: UTF8.self)
    return message.prefix(1).lowercased() + message.dropFirst()
  }
}
