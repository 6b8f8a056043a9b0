/// The clipboard of the machine that the terminal runs on, which OSC 52 reaches.
package enum Clipboard {
  /// Bytes that terminals take at once: more is cut by some of them and ignored by others.
  package static let limit = 74_994
}
