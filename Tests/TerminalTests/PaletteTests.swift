import CTerminal
import Canvas
import Testing

@testable import Terminal

@Suite struct PaletteTests {
  private static let theme = Theme(
    name: "test",
    rules: [
      "accent": .init(fg: .rgb(224, 108, 80), ansiFg: .ansi(9), mono: [.underline]),
      "danger": .init(fg: .rgb(0, 0, 3), bg: .indexed(231), ansiFg: .ansi(1), attributes: [.italic]),
      "ok": .init(fg: .indexed(74), ansiFg: .ansi(6)),
      "selection": .init(bg: .indexed(24), ansiBg: .ansi(4), mono: [.reverse]),
    ])

  /// A palette, and the pairs that it asked for.
  private final class Pairs {
    var asked: [[Int32]] = []
    var limit = 100

    func allocate(_ foreground: Int32, _ background: Int32) -> Int32 {
      asked.append([foreground, background])
      return asked.count <= limit ? Int32(asked.count) : -1
    }
  }

  private func palette(_ pairs: Pairs, _ colors: Palette.Colors) -> Palette {
    Palette(theme: PaletteTests.theme, colors: colors) { pairs.allocate($0, $1) }
  }

  private func cell(_ role: Role, selected: Bool = false) -> Cell {
    var cell = Cell(role: role)
    cell.isSelected = selected
    return cell
  }

  private let indexed = Palette.Colors(count: 256, firstDirect: nil, hasDefaults: true)

  @Test func asksForAPairOnce() {
    let pairs = Pairs()
    var palette = palette(pairs, indexed)
    for _ in 0..<3 { _ = palette.look(of: cell(.accent)) }
    #expect(pairs.asked.count == 1)
  }

  @Test func ordinaryTextNeedsNoPair() {
    let pairs = Pairs()
    var palette = palette(pairs, indexed)
    #expect(palette.look(of: cell(.text)) == Look(attributes: 0, pair: 0))
    #expect(pairs.asked.isEmpty)
  }

  @Test func findsTheNearestOf256() {
    let pairs = Pairs()
    var palette = palette(pairs, indexed)
    _ = palette.look(of: cell(.accent))
    _ = palette.look(of: cell(.danger))
    _ = palette.look(of: cell(.ok, selected: true))
    #expect(pairs.asked == [[167, -1], [16, 231], [74, 24]])
  }

  @Test func takesTheNamesOf16And8() {
    let sixteen = Pairs()
    var palette = palette(sixteen, Palette.Colors(count: 16, firstDirect: nil, hasDefaults: true))
    #expect(palette.look(of: cell(.accent)).attributes == 0)
    #expect(sixteen.asked == [[9, -1]])
    let eight = Pairs()
    palette = self.palette(eight, Palette.Colors(count: 8, firstDirect: nil, hasDefaults: false))
    #expect(palette.look(of: cell(.accent)).attributes == kg_bold, "bright red of eight colours is red in bold")
    _ = palette.look(of: cell(.ok, selected: true))
    #expect(eight.asked == [[1, 0], [6, 4]], "without default colours: white on black")
  }

  @Test func sends24BitsWhereTheEntryTakesThem() {
    let pairs = Pairs()
    var palette = palette(pairs, Palette.Colors(count: 1 << 24, firstDirect: 8, hasDefaults: true))
    _ = palette.look(of: cell(.accent))
    _ = palette.look(of: cell(.danger))
    #expect(pairs.asked == [[0xE0_6C50, -1], [8, 0xFF_FFFF]])
  }

  @Test func needsNoColour() {
    let pairs = Pairs()
    var palette = palette(pairs, .none)
    #expect(palette.look(of: cell(.accent)) == Look(attributes: kg_underline, pair: 0))
    #expect(palette.look(of: cell(.text, selected: true)) == Look(attributes: kg_reverse, pair: 0))
    #expect(pairs.asked.isEmpty)
  }

  @Test func goesOnWithoutPairs() {
    let pairs = Pairs()
    pairs.limit = 0
    var palette = palette(pairs, indexed)
    #expect(palette.look(of: cell(.danger)) == Look(attributes: kg_italic, pair: 0))
  }
}
