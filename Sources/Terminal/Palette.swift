import CTerminal
import Canvas

/// What curses needs to show a cell: attributes and a colour pair.
struct Look: Equatable {
  var attributes: attr_t
  var pair: Int32
}

/// Makes looks of roles. Colour pairs are allocated when first needed and kept.
struct Palette {
  /// The numbers that a terminal's terminfo entry takes as colours.
  struct Colors: Equatable {
    var depth: ColorDepth
    /// How many of the 16 named colours there are: 16 or 8. The bright half of 8 is the dark half in bold.
    var named: Int
    /// Whether −1 is the terminal's own colour; else white on black stands for it.
    var hasDefaults: Bool
    /// The first number that is red, green and blue; nil where none is.
    var firstDirect: Int32?

    static let none = Colors(depth: .mono, named: 8, hasDefaults: false, firstDirect: nil)

    /// What a terminal has that shows `count` colours, of which those from `firstDirect` on are 24-bit colours.
    init(count: Int, firstDirect: Int32?, hasDefaults: Bool) {
      let depth: ColorDepth = firstDirect != nil ? .direct : count >= 256 ? .indexed : count >= 8 ? .ansi : .mono
      let named = (firstDirect ?? Int32(clamping: count)) >= 16 ? 16 : 8
      self.init(depth: depth, named: named, hasDefaults: hasDefaults, firstDirect: firstDirect)
    }

    private init(depth: ColorDepth, named: Int, hasDefaults: Bool, firstDirect: Int32?) {
      self.depth = depth
      self.named = named
      self.hasDefaults = hasDefaults
      self.firstDirect = firstDirect
    }

    /// The number of a colour that `Style.resolved(for:)` gave for this depth, and whether bold makes it up.
    func number(of color: Color, isForeground: Bool) -> (number: Int32, needsBold: Bool) {
      switch color {
      case .default:
        return (hasDefaults ? -1 : isForeground ? 7 : 0, false)
      case .ansi(let name):
        let isBright = name >= named
        return (Int32(isBright ? name - 8 : name), isBright && isForeground)
      case .indexed(let index) where index < 16:
        return number(of: .ansi(index), isForeground: isForeground)
      case .indexed(let index):
        guard depth == .direct, index >= firstDirect ?? 256, let rgb = color.components else {
          return (Int32(index), false)
        }
        return (direct(rgb.red, rgb.green, rgb.blue), false)
      case .rgb(let red, let green, let blue):
        return (direct(red, green, blue), false)
      }
    }

    /// A 24-bit colour; the darkest blues would be names or indexes, and are drawn as the darkest green beside them.
    private func direct(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Int32 {
      max(firstDirect ?? 0, Int32(red) << 16 | Int32(green) << 8 | Int32(blue))
    }
  }

  let colors: Colors
  /// Gives a pair for two colour numbers, or a negative number when there are no more.
  private let allocate: (_ foreground: Int32, _ background: Int32) -> Int32
  private let theme: Theme
  /// By role code, two for each: plain and selected.
  private var looks: [Look?]

  init(theme: Theme, colors: Colors, allocate: @escaping (Int32, Int32) -> Int32) {
    self.theme = theme
    self.colors = colors
    self.allocate = allocate
    looks = Array(repeating: nil, count: 128 * 2)
  }

  mutating func look(of cell: Cell) -> Look {
    let index = Int(cell.role.code) * 2 + (cell.isSelected ? 1 : 0)
    if let known = looks[index] { return known }
    let style = theme.style(for: cell.role, isSelected: cell.isSelected).resolved(for: colors.depth)
    var attributes = style.attributes
    var pair: Int32 = 0
    if colors.depth != .mono, style.fg != .default || style.bg != .default {
      let foreground = colors.number(of: style.fg, isForeground: true)
      let background = colors.number(of: style.bg, isForeground: false)
      if foreground.needsBold { attributes.insert(.bold) }
      pair = max(0, allocate(foreground.number, background.number))
    }
    let look = Look(attributes: Palette.bits(of: attributes), pair: pair)
    looks[index] = look
    return look
  }

  private static func bits(of attributes: Attributes) -> attr_t {
    var bits: attr_t = 0
    if attributes.contains(.bold) { bits |= kg_bold }
    if attributes.contains(.dim) { bits |= kg_dim }
    if attributes.contains(.italic) { bits |= kg_italic }
    if attributes.contains(.underline) { bits |= kg_underline }
    if attributes.contains(.reverse) { bits |= kg_reverse }
    return bits
  }
}
