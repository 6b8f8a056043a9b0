import Glibc

/// The system's text for an errno value, e.g. "No space left on device".
func systemText(_ code: Int32) -> String {
  var buffer = [CChar](repeating: 0, count: 256)
  // The POSIX form of strerror_r fills the buffer and ends it with a zero.
  guard unsafe strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
  return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// The value of an environment variable; nil when unset or empty.
func environmentValue(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  let text = unsafe String(cString: value)
  return text.isEmpty ? nil : text
}
