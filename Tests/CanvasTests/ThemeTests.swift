import Testing

@testable import Canvas

@Suite struct ThemeTests {
  @Test func rolesHaveUniqueNamesAndLetters() {
    #expect(Set(Role.allCases.map(\.rawValue)).count == Role.allCases.count)
    #expect(Set(Role.allCases.map(\.letter)).count == Role.allCases.count)
    #expect(Role.allCases.allSatisfy { $0.code > 0x20 && $0.code < 0x7F })
    #expect(Role(rawValue: "type.hsh") == .typeHsh)
    #expect(Role(rawValue: "bar.danger") == .barDanger)
    #expect(Role.isKnown("type"))
    #expect(Role.isKnown("ttl.due"))
    #expect(!Role.isKnown("typ"))
    #expect(!Role.isKnown(""))
  }

  @Test func fallsBackByLongestPrefix() {
    let theme = Theme(
      name: "test", background: .dark,
      rules: [
        "text": Theme.Rule(fg: .rgb(1, 1, 1), bg: .rgb(2, 2, 2), ansiFg: .ansi(7)),
        "type": Theme.Rule(fg: .indexed(74), attributes: .bold),
        "type.hsh": Theme.Rule(fg: .ansi(6)),
      ])
    #expect(
      theme.style(for: .typeHsh)
        == Style(fg: .ansi(6), bg: .rgb(2, 2, 2), attributes: .bold, ansiFg: .ansi(6), ansiBg: .default))
    #expect(theme.style(for: .typeStr).fg == .indexed(74))
    // 74 has no place among the 16: the next in the chain has.
    #expect(theme.style(for: .typeStr).ansiFg == .ansi(7))
    #expect(theme.style(for: .typeStr).attributes == .bold)
    #expect(theme.style(for: .danger).fg == .rgb(1, 1, 1))
    #expect(theme.style(for: .textDim).bg == .rgb(2, 2, 2))
  }

  @Test func heirKeepsWhatItDoesNotSay() {
    let merged = Theme.merge(
      Theme.Rule(fg: .rgb(1, 2, 3)), over: Theme.Rule(fg: .ansi(6), attributes: .bold, mono: .reverse))
    #expect(merged == Theme.Rule(fg: .rgb(1, 2, 3), ansiFg: .ansi(6), attributes: .bold, mono: .reverse))
    let named = Theme.merge(Theme.Rule(fg: .ansi(1)), over: Theme.Rule(fg: .ansi(6), ansiFg: .ansi(6)))
    #expect(named.ansiFg == .ansi(1))
  }

  @Test func selectionByReverseTakesTheColour() {
    let theme = Theme(
      name: "test",
      rules: [
        "selection": Theme.Rule(attributes: .reverse, mono: .reverse),
        "danger": Theme.Rule(fg: .ansi(1), attributes: [.bold, .dim]),
      ])
    let style = theme.style(for: .danger, isSelected: true)
    #expect(style.fg == .default)
    #expect(style.attributes == [.bold, .reverse])
    #expect(theme.style(for: .danger, isSelected: false) == theme.style(for: .danger))
  }

  @Test func cursorSignKeepsItsColour() {
    let cursor = Theme.Rule(fg: .ansi(6), mono: .bold)
    let reverse = Theme(name: "test", rules: ["selection": Theme.Rule(attributes: .reverse), "cursor": cursor])
    #expect(reverse.style(for: .cursor, isSelected: true) == reverse.style(for: .cursor))
    let colour = Theme(
      name: "test", rules: ["selection": Theme.Rule(fg: .ansi(0), bg: .ansi(7), mono: .reverse), "cursor": cursor])
    let style = colour.style(for: .cursor, isSelected: true)
    #expect(style.fg == .ansi(6))
    #expect(style.bg == .ansi(7))
    #expect(style.mono == .bold)
  }

  /// Reversed, a full block would be painted in the background colour.
  @Test(arguments: [Role.barFill, .barWarn, .barDanger, .barEmpty, .graph])
  func barsAreNotReversed(role: Role) {
    let theme = Theme(
      name: "test",
      rules: [
        "selection": Theme.Rule(attributes: .reverse, mono: .reverse), role.rawValue: Theme.Rule(fg: .ansi(2)),
      ])
    #expect(theme.style(for: role, isSelected: true) == theme.style(for: role))
    let colour = Theme(name: "test", rules: ["selection": Theme.Rule(bg: .ansi(7), mono: .reverse)])
    #expect(colour.style(for: role, isSelected: true).mono == [])
    #expect(Theme.mono.style(for: role, isSelected: true) == Theme.mono.style(for: role))
  }

  @Test(arguments: [Role.borderFocus, .titleFocus, .footerKey, .cursor, .dialogBorder])
  func accentGoesBeforeThePrefix(role: Role) {
    let rules = [
      "accent": Theme.Rule(fg: .ansi(3), mono: .bold), "border": Theme.Rule(fg: .ansi(1)),
      "title": Theme.Rule(fg: .ansi(1)), "footer": Theme.Rule(fg: .ansi(1)), "dialog": Theme.Rule(fg: .ansi(1)),
    ]
    #expect(Theme(name: "test", rules: rules).style(for: role).fg == .ansi(3))
    let own = rules.merging([role.rawValue: Theme.Rule(fg: .ansi(2))]) { $1 }
    #expect(Theme(name: "test", rules: own).style(for: role).fg == .ansi(2))
    let none = rules.filter { $0.key != "accent" }
    #expect(Theme(name: "test", rules: none).style(for: role).fg == (role == .cursor ? .default : .ansi(1)))
  }

  @Test func selectionByColour() {
    let light: Color = .rgb(200, 200, 200)
    let fixed = Theme(
      name: "test",
      rules: [
        "selection": Theme.Rule(fg: .rgb(0, 0, 0), bg: light), "danger": Theme.Rule(fg: .ansi(1)),
        "bar.fill": Theme.Rule(fg: .ansi(2)),
      ])
    #expect(fixed.style(for: .danger, isSelected: true).fg == .rgb(0, 0, 0))
    #expect(fixed.style(for: .barFill, isSelected: true).fg == .ansi(2))
    #expect(fixed.style(for: .barFill, isSelected: true).bg == light)
    let open = Theme(
      name: "test", rules: ["selection": Theme.Rule(bg: light), "danger": Theme.Rule(fg: .ansi(1))])
    #expect(open.style(for: .danger, isSelected: true).fg == .ansi(1))
    #expect(open.style(for: .danger, isSelected: true).bg == light)
  }

  @Test func colourDepth() {
    let style = Style(
      fg: .rgb(0x5F, 0xAF, 0xD7), bg: .rgb(0x1E, 0x1E, 0x2E), attributes: .bold, ansiFg: .ansi(6), mono: .reverse)
    #expect(style.resolved(for: .direct) == (.rgb(0x5F, 0xAF, 0xD7), .rgb(0x1E, 0x1E, 0x2E), .bold))
    #expect(style.resolved(for: .indexed) == (.indexed(74), .indexed(235), .bold))
    #expect(style.resolved(for: .ansi) == (.ansi(6), .default, .bold))
    #expect(style.resolved(for: .mono) == (.default, .default, .reverse))
    #expect(Color.rgb(0, 0, 0).nearestIndexed == .indexed(16))
    #expect(Color.rgb(255, 255, 255).nearestIndexed == .indexed(231))
    #expect(Color.rgb(128, 128, 128).nearestIndexed == .indexed(244))
    #expect(Color.ansi(3).nearestIndexed == .ansi(3))
  }

  @Test func monoShowsTheSelection() {
    #expect(Theme.mono.style(for: .text, isSelected: true).mono.contains(.reverse))
    #expect(Theme.mono.style(for: .text, isSelected: false).mono.isEmpty)
  }
}

@Suite struct GeometryTests {
  @Test func splitsCoverTheWhole() {
    let rect = Rect(x: 2, y: 3, width: 10, height: 4)
    #expect(rect.split(left: 4).left == Rect(x: 2, y: 3, width: 4, height: 4))
    #expect(rect.split(left: 4).right == Rect(x: 6, y: 3, width: 6, height: 4))
    #expect(rect.split(right: 3).right == Rect(x: 9, y: 3, width: 3, height: 4))
    #expect(rect.split(right: 3).left == Rect(x: 2, y: 3, width: 7, height: 4))
    #expect(rect.split(top: 1).bottom == Rect(x: 2, y: 4, width: 10, height: 3))
    #expect(rect.split(bottom: 1).bottom == Rect(x: 2, y: 6, width: 10, height: 1))
    #expect(rect.split(left: 99).right.isEmpty)
    #expect(rect.split(top: -1).top.isEmpty)
    #expect(rect.split(top: -1).bottom == rect)
    #expect(rect.inset() == Rect(x: 3, y: 4, width: 8, height: 2))
    #expect(Rect(x: 0, y: 0, width: 1, height: 1).inset().isEmpty)
    #expect(rect.centered(Size(width: 4, height: 2)) == Rect(x: 5, y: 4, width: 4, height: 2))
    #expect(rect.centered(Size(width: 40, height: 20)) == rect)
    #expect(rect.intersection(Rect(x: 0, y: 0, width: 3, height: 9)) == Rect(x: 2, y: 3, width: 1, height: 4))
    #expect(rect.intersection(Rect(x: 50, y: 0, width: 3, height: 9)).isEmpty)
    #expect(rect.contains(x: 11, y: 6))
    #expect(!rect.contains(x: 12, y: 6))
  }
}
