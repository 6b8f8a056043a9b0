import CYAML

/// libyaml's parser as Swift sees it: one event at a time, each with its place. Safe: the C parser never leaves it.
@safe struct YAMLEvents: ~Copyable {
  enum Kind: Equatable {
    case document
    case scalar(String, isPlain: Bool)
    case sequence
    case mapping
    /// Of a sequence or mapping.
    case end
    /// Stands for what was given this name before.
    case alias(String)
    case finished
    case other
  }

  struct Event {
    let kind: Kind
    let position: Position
    /// Such as `!override`, or `tag:yaml.org,2002:str` for `!!str`.
    let tag: String?
    /// The name that aliases may call it by.
    let anchor: String?
  }

  struct Failure: Error {
    let position: Position
    let problem: String
  }

  /// Made by `cyaml_open`, used by this value only, and closed when it goes.
  private let parser: OpaquePointer

  /// Copies the bytes; nil when there is no memory.
  init?(_ bytes: [UInt8]) {
    guard let opened = unsafe cyaml_open(bytes, bytes.count) else { return nil }
    unsafe parser = opened
  }

  deinit { unsafe cyaml_close(parser) }

  /// The next event. After `.finished` or a failure there is none.
  func next() -> Result<Event, Failure> {
    let event = unsafe cyaml_next(parser)
    let position = unsafe Position(line: Int(event.line) + 1, column: Int(event.column) + 1)
    // The pointer is valid until the next call, and the copy is made here.
    let text = unsafe String(decoding: UnsafeBufferPointer(start: event.text, count: event.length), as: UTF8.self)
    let kind: Kind
    switch unsafe event.kind {
    case CYAML_DOCUMENT: kind = .document
    case CYAML_SCALAR: kind = .scalar(text, isPlain: unsafe event.is_plain)
    case CYAML_SEQUENCE: kind = .sequence
    case CYAML_MAPPING: kind = .mapping
    case CYAML_END: kind = .end
    case CYAML_ALIAS: kind = .alias(unsafe Self.string(event.anchor) ?? "")
    case CYAML_FINISHED: kind = .finished
    case CYAML_FAILED:
      return .failure(Failure(position: position, problem: text))
    default: kind = .other
    }
    return .success(
      Event(
        kind: kind, position: position, tag: unsafe Self.string(event.tag), anchor: unsafe Self.string(event.anchor)))
  }

  private static func string(_ text: UnsafePointer<UInt8>?) -> String? {
    unsafe text.map { unsafe String(decodingCString: $0, as: UTF8.self) }
  }
}
