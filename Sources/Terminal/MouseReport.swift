import Canvas

/// What a terminal tells of the mouse, behind its introducer: `0;12;5M` in mode 1006, or three bytes in mode 1000 alone.
struct MouseReport: Equatable {
  enum Progress: Equatable {
    case more
    /// Nil: nothing that we act on, or no report at all.
    case ended(MouseEvent?)
  }

  /// Longer than any report.
  private static let longest = 24

  let isNumeric: Bool
  private var bytes: [UInt8] = []

  init(isNumeric: Bool) { self.isNumeric = isNumeric }

  mutating func take(_ byte: UInt8) -> Progress {
    guard isNumeric else {
      bytes.append(byte)
      // Each byte is 32 more than its number; a cell beyond 223 cannot be told.
      guard bytes.count == 3 else { return .more }
      let numbers = bytes.map { Int($0) - 32 }
      return .ended(MouseReport.event(code: numbers[0], x: numbers[1], y: numbers[2]))
    }
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ";"):
      bytes.append(byte)
      return bytes.count > MouseReport.longest ? .ended(nil) : .more
    case UInt8(ascii: "M"):
      let numbers = bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map {
        Int(String(decoding: $0, as: UTF8.self)) ?? -1
      }
      return .ended(numbers.count == 3 ? MouseReport.event(code: numbers[0], x: numbers[1], y: numbers[2]) : nil)
    default:
      // Also the release of a button, which ends in `m`.
      return .ended(nil)
    }
  }

  /// - Parameters:
  ///   - code: button, and the keys held with it; 64 and 65 are the wheel.
  ///   - x, y: the cell, counted from 1.
  private static func event(code: Int, x: Int, y: Int) -> MouseEvent? {
    guard x >= 1, y >= 1 else { return nil }
    switch code {
    case 0: return MouseEvent(.press, x: x - 1, y: y - 1)
    case 64: return MouseEvent(.wheelUp, x: x - 1, y: y - 1)
    case 65: return MouseEvent(.wheelDown, x: x - 1, y: y - 1)
    default: return nil
    }
  }
}
