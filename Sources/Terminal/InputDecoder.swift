import CTerminal
import Canvas

/// Makes events of what `wgetch` returns: bytes, and the key codes of ncurses above them.
///
/// ncurses has recognised the sequences of its terminfo entry. What is left is done here: UTF-8, Alt (an Escape with a
/// character or Backspace in the same burst), pastes, and sequences that nobody knows, which must not be taken for typed commands.
struct InputDecoder {
  /// The most bytes that are kept of a paste: 1 MB.
  static let pasteLimit = 1 << 20
  /// The most bytes of a string of the terminal: 4 KB. No reply that we ask for is longer.
  static let stringLimit = 4096

  /// Where in a sequence the input stands.
  private enum State: Equatable {
    case ground
    /// An Escape, so far alone.
    case escape
    /// Escape `[` or Escape `O`: a function key without a terminfo entry; `isEmpty` until a byte follows. `digits`: what
    /// follows, as a number.
    case control(introducer: UInt8, isEmpty: Bool, digits: Int = 0)
    /// Escape `[<`, or Escape `[M`: what the mouse did.
    case mouse(MouseReport)
    /// Escape `]`, `P`, `_` or `^`: a reply of the terminal, up to BEL or Escape `\`.
    case string(introducer: UInt8, count: Int, sawEscape: Bool)
    case paste
    /// What follows the limit of a paste, up to its end.
    case pasteRest
  }

  private var state = State.ground
  private var pasted: [UInt8] = []
  /// The bytes of a character that is not complete yet, and whether an Escape stood before it.
  private var partial: [UInt8] = []
  private var isAlt = false
  private(set) var events: [TerminalEvent] = []
  /// The terminal was asked to tell what the mouse does.
  var expectsMouse = false

  /// Whether a paste is under way: what comes now are its bytes, and no keys.
  var isInPaste: Bool { state == .paste || state == .pasteRest }

  /// Whether something has begun whose end has not come, and may never come.
  var isUnfinished: Bool { state != .ground }

  /// Ends what is unfinished, because nothing has come for a while: a paste is what there is of it.
  mutating func giveUp() {
    if state == .paste { endPaste() }
    state = .ground
  }

  /// Takes bytes of a paste without its end sign, and whether that sign has come behind them.
  mutating func feed(pasted bytes: ArraySlice<UInt8>, isComplete: Bool) {
    if state == .paste {
      pasted += bytes.prefix(InputDecoder.pasteLimit - pasted.count)
      if isComplete || pasted.count == InputDecoder.pasteLimit { endPaste() }
    }
    if isComplete { state = .ground }
  }

  private mutating func endPaste() {
    events.append(.paste(pasted))
    pasted = []
    state = .pasteRest
  }

  /// Takes a byte (0…255) or a key code.
  mutating func feed(_ code: Int32) {
    if let byte = UInt8(exactly: code) {
      feed(byte: byte)
    } else {
      feed(key: code)
    }
  }

  /// Says that nothing more is there to be read: an Escape that stands alone now is the Escape key.
  mutating func endBurst() {
    switch state {
    case .escape:
      events.append(.key(.escape))
      state = .ground
    case .control(let introducer, isEmpty: true, _), .string(let introducer, count: 0, _):
      events.append(.key(.alt(Character(Unicode.Scalar(introducer)))))
      state = .ground
    case .string(_, let count, _) where count > InputDecoder.stringLimit:
      // Here and not at the limit: what came in one piece with it was no more typed than the rest.
      state = .ground
    case .ground, .control, .mouse, .string, .paste, .pasteRest:
      break
    }
  }

  /// The events so far, once.
  mutating func takeEvents() -> [TerminalEvent] {
    defer { events = [] }
    return events
  }

  private mutating func feed(key code: Int32) {
    if code == KeySequences.pasteStart {
      state = .paste
      pasted = []
      partial = []
      return
    }
    let follows = state == .escape
    state = .ground
    partial = []
    if follows, code == KEY_BACKSPACE {
      events.append(.key(.altBackspace))
      return
    }
    if follows { events.append(.key(.escape)) }
    if let event = InputDecoder.event(forCode: code) { events.append(event) }
  }

  private mutating func feed(byte: UInt8) {
    switch state {
    case .paste, .pasteRest:
      feed(pasted: [byte], isComplete: false)
    case .ground:
      if byte == 0x1B {
        partial = []
        state = .escape
      } else {
        character(byte)
      }
    case .escape:
      switch byte {
      case 0x1B:
        events.append(.key(.escape))
      case UInt8(ascii: "["), UInt8(ascii: "O"):
        state = .control(introducer: byte, isEmpty: true)
      case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"):
        state = .string(introducer: byte, count: 0, sawEscape: false)
      case 0x08, 0x7F:
        state = .ground
        events.append(.key(.altBackspace))
      case 0x20..<0x7F, 0x80...0xFF:
        state = .ground
        isAlt = true
        character(byte)
      default:
        state = .ground
        events.append(.key(.escape))
        character(byte)
      }
    case .control(let introducer, _, let digits):
      switch byte {
      case 0x1B: state = .escape
      case UInt8(ascii: "<") where state == .control(introducer: UInt8(ascii: "["), isEmpty: true):
        state = .mouse(MouseReport(isNumeric: true))
      case UInt8(ascii: "M") where expectsMouse && state == .control(introducer: UInt8(ascii: "["), isEmpty: true):
        state = .mouse(MouseReport(isNumeric: false))
      case UInt8(ascii: "0")...UInt8(ascii: "9") where digits < 1_000:
        state = .control(introducer: introducer, isEmpty: false, digits: digits * 10 + Int(byte & 0x0F))
      case 0x20..<0x40: state = .control(introducer: introducer, isEmpty: false, digits: 10_000)
      case UInt8(ascii: "~") where digits == 200:
        // The start of a paste, in pieces that came too far apart for ncurses.
        feed(key: KeySequences.pasteStart)
      default: state = .ground
      }
    case .mouse(var report):
      switch report.take(byte) {
      case .more: state = .mouse(report)
      case .ended(let event):
        state = .ground
        if let event, expectsMouse { events.append(.mouse(event)) }
      }
    case .string(let introducer, let count, let sawEscape):
      if byte == 0x03 {
        // The user's way out: no terminal sends it inside a string.
        state = .ground
        events.append(.key(.control("c")))
        return
      }
      let ends = byte == 0x07 || (sawEscape && byte == UInt8(ascii: "\\"))
      state = ends ? .ground : .string(introducer: introducer, count: count + 1, sawEscape: byte == 0x1B)
    }
  }

  /// A byte of a typed character. Bytes that are not UTF-8 are dropped: no key sends them.
  private mutating func character(_ byte: UInt8) {
    let continues = byte & 0xC0 == 0x80
    if continues == partial.isEmpty {
      // Something was cut off, or begins in the middle.
      if !partial.isEmpty || continues { isAlt = false }
      partial = []
    }
    switch byte {
    case 0..<0x80:
      append(Unicode.Scalar(byte))
    case 0xC2...0xF4:
      partial = [byte]
    case 0x80..<0xC0 where !partial.isEmpty:
      partial.append(byte)
      if let text = String(validating: partial, as: UTF8.self), let scalar = text.unicodeScalars.first {
        partial = []
        append(scalar)
      } else if partial.count == 4 {
        partial = []
        isAlt = false
      }
    default:
      isAlt = false
    }
  }

  private mutating func append(_ scalar: Unicode.Scalar) {
    defer { isAlt = false }
    switch scalar.value {
    case 0x20..<0x7F, 0xA0...:
      let character = Character(scalar)
      events.append(.key(isAlt ? .alt(character) : .character(character)))
    case 0x80..<0xA0: break
    default: events.append(.key(InputDecoder.key(forControl: UInt8(scalar.value))))
    }
  }

  /// The key of a control byte, DEL included.
  private static func key(forControl byte: UInt8) -> Key {
    switch byte {
    case 0x00: .control(" ")
    case 0x08, 0x7F: .backspace
    case 0x09: .tab
    case 0x0D: .enter
    case 0x1B: .escape
    case 0x01...0x1A: .control(Character(Unicode.Scalar(byte + 0x60)))
    default: .control(Character(Unicode.Scalar(byte + 0x40)))
    }
  }

  private static func event(forCode code: Int32) -> TerminalEvent? {
    if code == KeySequences.focusIn { return .focus(true) }
    if code == KeySequences.focusOut { return .focus(false) }
    if (KEY_F0 + 1...KEY_F0 + 24).contains(code) { return .key(.function(Int(code - KEY_F0))) }
    return keys[code].map { .key($0) }
  }

  private static let keys: [Int32: Key] = [
    KEY_UP: .up, KEY_DOWN: .down, KEY_LEFT: .left, KEY_RIGHT: .right,
    KEY_SR: .shiftUp, KEY_SF: .shiftDown, KEY_SLEFT: .shiftLeft, KEY_SRIGHT: .shiftRight,
    KEY_HOME: .home, KEY_END: .end, KEY_A1: .home, KEY_C1: .end,
    KEY_PPAGE: .pageUp, KEY_NPAGE: .pageDown, KEY_A3: .pageUp, KEY_C3: .pageDown,
    KEY_ENTER: .enter, KEY_BTAB: .backTab, KEY_BACKSPACE: .backspace, KEY_DC: .delete, KEY_IC: .insert,
  ]
}
