/// A colour as a theme names it.
package enum Color: Hashable, Sendable {
  /// The terminal's own foreground or background.
  case `default`
  /// One of the 16 colours of the terminal's palette.
  case ansi(UInt8)
  /// One of the 256 colours; 16…255 look the same everywhere.
  case indexed(UInt8)
  case rgb(UInt8, UInt8, UInt8)

  /// The names of the 16 colours, by number. `gray` and `grey` are 8 too.
  package static let ansiNames = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
    "bright-black", "bright-red", "bright-green", "bright-yellow", "bright-blue", "bright-magenta", "bright-cyan",
    "bright-white",
  ]

  /// Red, green and blue, where they are known: not for the terminal's own palette.
  package var components: (red: UInt8, green: UInt8, blue: UInt8)? {
    switch self {
    case .default, .ansi: return nil
    case .rgb(let red, let green, let blue): return (red, green, blue)
    case .indexed(let number):
      switch number {
      case 0..<16: return nil
      case 16..<232:
        let cube = number - 16
        return (Color.cubeLevels[Int(cube / 36)], Color.cubeLevels[Int(cube / 6 % 6)], Color.cubeLevels[Int(cube % 6)])
      default:
        let level = 8 + 10 * (number - 232)
        return (level, level, level)
      }
    }
  }

  /// The nearest of the 240 fixed colours of a 256-colour terminal; other kinds of colour stay as they are.
  package var nearestIndexed: Color {
    guard case .rgb(let red, let green, let blue) = self else { return self }
    var best: (number: UInt8, distance: Int) = (16, .max)
    for number in UInt8(16)...255 {
      guard let other = Color.indexed(number).components else { continue }
      let distance = Color.distance((red, green, blue), other)
      if distance < best.distance { best = (number, distance) }
    }
    return .indexed(best.number)
  }

  /// The steps of the 6×6×6 cube of xterm.
  private static let cubeLevels: [UInt8] = [0, 95, 135, 175, 215, 255]

  /// The "redmean" distance: weights the channels about as the eye does, in whole numbers.
  private static func distance(
    _ first: (red: UInt8, green: UInt8, blue: UInt8), _ second: (red: UInt8, green: UInt8, blue: UInt8)
  ) -> Int {
    let mean = (Int(first.red) + Int(second.red)) / 2
    let red = Int(first.red) - Int(second.red)
    let green = Int(first.green) - Int(second.green)
    let blue = Int(first.blue) - Int(second.blue)
    return ((512 + mean) * red * red) >> 8 + 4 * green * green + ((767 - mean) * blue * blue) >> 8
  }
}

/// How many colours a terminal shows.
package enum ColorDepth: Int, Comparable, Sendable {
  case mono
  case ansi
  case indexed
  case direct

  package static func < (left: ColorDepth, right: ColorDepth) -> Bool { left.rawValue < right.rawValue }
}
