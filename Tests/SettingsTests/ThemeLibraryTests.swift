import Canvas
import Glibc
import Testing
import YAML

@testable import Settings

@Suite struct ThemeLibraryTests {
  private func load(_ name: String, _ files: [String: String]) throws -> (theme: Theme, complaints: [String]) {
    let folder = try TemporaryFolder()
    for (name, text) in files { _ = try folder.write(name + ".yaml", text) }
    let result = ThemeLibrary.load(name, userFolder: folder.path)
    let prefix = folder.path + "/"
    return (
      result.theme,
      result.complaints.map { complaint in
        let text = complaint.description
        return text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
      }
    )
  }

  // MARK: - Built-in themes

  @Test(arguments: ["terminal", "dark", "light"])
  func builtInThemesAreClean(name: String) {
    let (theme, complaints) = ThemeLibrary.load(name, userFolder: nil)
    #expect(complaints.isEmpty)
    #expect(theme.name == name)
    for depth in [ColorDepth.mono, .ansi, .indexed, .direct] {
      let plain = theme.style(for: .text).resolved(for: depth)
      #expect(theme.style(for: .text, isSelected: true).resolved(for: depth) != plain, "selection shows")
      #expect(theme.style(for: .danger).resolved(for: depth) != plain)
      #expect(theme.style(for: .ttlUrgent).resolved(for: depth) != plain)
    }
  }

  @Test func builtInThemesAreTheFilesInThemes() throws {
    let folder = String(#filePath).split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/Themes"
    let stream = try #require(opendir(folder))
    defer { closedir(stream) }
    var names: Set<String> = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".yaml") { names.insert(String(name.dropLast(5))) }
    }
    #expect(names == Set(ThemeLibrary.builtIn.map(\.name)))
    for (name, bytes) in ThemeLibrary.builtIn {
      #expect(try SettingsFile.read("\(folder)/\(name).yaml").get() == bytes, "\(name)")
    }
  }

  @Test func terminalUsesOnlyThePaletteOfTheTerminal() {
    let theme = ThemeLibrary.load("terminal", userFolder: nil).theme
    for role in Role.allCases {
      for isSelected in [false, true] {
        let style = theme.style(for: role, isSelected: isSelected)
        #expect(style.bg == .default)
        #expect(style.fg == style.ansiFg, "\(role.rawValue)")
        if case .ansi = style.fg { continue }
        #expect(style.fg == .default)
      }
    }
  }

  /// Text is readable: 4.5:1, selected or not. Lines and empty bars are no text.
  @Test(arguments: ["dark", "light"])
  func contrast(name: String) throws {
    let theme = ThemeLibrary.load(name, userFolder: nil).theme
    let noText: Set<Role> = [.border, .cursor, .barEmpty, .barFill, .barWarn, .barDanger, .graph]
    for role in Role.allCases where !noText.contains(role) {
      for isSelected in [false, true] {
        let style = theme.style(for: role, isSelected: isSelected)
        let ratio = contrastRatio(try #require(style.fg.components), try #require(style.bg.components))
        #expect(ratio >= 4.5, "\(role.rawValue) \(isSelected) \(ratio)")
      }
    }
  }

  private func contrastRatio(
    _ first: (red: UInt8, green: UInt8, blue: UInt8), _ second: (red: UInt8, green: UInt8, blue: UInt8)
  ) -> Double {
    func luminance(_ color: (red: UInt8, green: UInt8, blue: UInt8)) -> Double {
      func linear(_ value: UInt8) -> Double {
        let part = Double(value) / 255
        return part <= 0.03928 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
      }
      return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue)
    }
    let (one, two) = (luminance(first), luminance(second))
    return (max(one, two) + 0.05) / (min(one, two) + 0.05)
  }

  // MARK: - Themes of the user

  @Test func userTheme() throws {
    let (theme, complaints) = try load(
      "dusk",
      [
        "dusk": """
        name: dusk
        inherits: dark
        background: dark
        palette:
          ember: "#e06c50"
          leaf: "#0f0"
        roles:
          accent:   { fg: ember, ansi: red }
          danger:   { fg: "#ff5555", ansi: red, attributes: [bold], mono: [bold, reverse] }
          type.hsh: { fg: 74, ansi: cyan }
          bar:      { ansi: { fg: green, bg: default } }
        """
      ])
    #expect(complaints.isEmpty)
    #expect(theme.name == "dusk")
    #expect(theme.background == .dark)
    #expect(theme.style(for: .accent).fg == .rgb(0xE0, 0x6C, 0x50))
    #expect(theme.style(for: .accent).ansiFg == .ansi(1))
    #expect(theme.style(for: .accent).bg == .rgb(0x1E, 0x1E, 0x2E))
    #expect(theme.style(for: .danger).mono == [.bold, .reverse])
    #expect(theme.style(for: .typeHsh).fg == .indexed(74))
    // The palette of the heir colours the roles of its ancestor.
    #expect(theme.style(for: .typeStr).fg == .rgb(0, 255, 0))
  }

  @Test func userThemeGoesOverTheBuiltInOne() throws {
    let (theme, complaints) = try load(
      "dark", ["dark": "name: mine\ninherits: dark\nroles: {accent: {fg: red}}\n"])
    #expect(complaints.isEmpty)
    #expect(theme.name == "mine")
    #expect(theme.style(for: .accent).fg == .ansi(1))
    #expect(theme.style(for: .warn).fg == .rgb(0xD1, 0x8F, 0x52))
  }

  static let accented: [Role] = [.accent, .borderFocus, .titleFocus, .footerKey, .cursor, .dialogBorder]

  @Test("one colour recolours all that is accented", arguments: ["dark", "light"])
  func accentOfThePalette(ancestor: String) throws {
    let (theme, complaints) = try load(
      "mine", ["mine": "inherits: \(ancestor)\npalette: { accent: \"#e06c50\" }\n"])
    #expect(complaints.isEmpty)
    for role in Self.accented { #expect(theme.style(for: role).fg == .rgb(0xE0, 0x6C, 0x50), "\(role.rawValue)") }
  }

  @Test("and so does the role", arguments: ["terminal", "dark", "light"])
  func accentOfTheRole(ancestor: String) throws {
    let (theme, complaints) = try load(
      "mine", ["mine": "inherits: \(ancestor)\nroles:\n  accent: { fg: \"#e06c50\", ansi: red }\n"])
    #expect(complaints.isEmpty)
    for role in Self.accented {
      #expect(theme.style(for: role).fg == .rgb(0xE0, 0x6C, 0x50), "\(role.rawValue)")
      #expect(theme.style(for: role).ansiFg == .ansi(1), "\(role.rawValue)")
    }
  }

  @Test("green stays green in 256 colours", arguments: ["dark", "light"])
  func greens(name: String) throws {
    let theme = ThemeLibrary.load(name, userFolder: nil).theme
    for role in [Role.ok, .barFill, .typeStr, .jsonString] {
      let color = try #require(theme.style(for: role).resolved(for: .indexed).fg.components)
      #expect(color.green > color.red && color.green > color.blue, "\(role.rawValue)")
    }
  }

  /// Each complaint names the place of the `#`, and the rest of the file stands.
  @Test(arguments: [
    ("inherits: dark\nroles:\n  accent: { fg: #ff0000 }\n  warn: { fg: red }\n", [":3:17"]),
    ("inherits: dark\nroles:\n  warn: { fg: red }\n  accent: { fg: #ff0000 }", [":4:17"]),
    ("inherits: dark\nroles:\n  warn: { fg: red }\n  accent: { fg: #ff0000 }\n\n\n", [":4:17"]),
    ("inherits: dark\nroles:\n  accent: { fg: #ff0000 }\n\n  # a comment\n\n  warn: { fg: red }\n", [":3:17"]),
    (
      "inherits: dark\nroles:\n  ok: { fg: #f00 }\n  warn: { fg: red }\n  danger: { bg: #00ff00, ansi: red }\n",
      [":3:13", ":5:17"]
    ),
    ("inherits: dark\npalette: { x: #ff0000 }\nroles:\n  warn: { fg: red }\n", [":2:15"]),
  ])
  func goesOnAfterAnUnquotedColour(text: String, places: [String]) throws {
    let (theme, complaints) = try load("t", ["t": text])
    #expect(complaints == places.map { "t.yaml\($0): \(YAMLSource.commentMessage)" })
    #expect(theme.background == .dark)
    #expect(theme.style(for: .warn).fg == .ansi(1))
    #expect(theme.style(for: .accent).fg == .rgb(0x42, 0xB3, 0xC2))
  }

  private static let sixteen = Color.ansiNames.joined(separator: ", ")

  static let wrong: [(text: String, complaint: String)] = [
    ("roles: {acent: {fg: red}}", ":1:9: unknown role 'acent'; did you mean 'accent'?"),
    ("roles: {accent: {fg: rde}}", ":1:22: unknown colour 'rde'; did you mean 'red'?"),
    (
      "palette:\n  ember: \"#e06c50\"\nroles:\n  accent: {fg: embre}",
      ":4:16: unknown colour 'embre'; did you mean 'ember'?"
    ),
    ("roles: {accent: {fg: ff5555}}", ":1:22: unknown colour 'ff5555'; did you mean \"#ff5555\"?"),
    (
      "roles: {accent: {fg: 256}}",
      ":1:22: unknown colour '256'; "
        + "expected a colour: \"#rrggbb\", 0 to 255, a name such as red, or one of the palette"
    ),
    (
      "roles: {accent: {ansi: 74}}",
      ":1:24: '74' is not one of the terminal's 16 colours; expected \(sixteen), default"
    ),
    (
      "roles: {accent: {fgg: red}}",
      ":1:18: unknown key 'fgg'; did you mean 'fg'?; expected fg, bg, ansi, attributes, mono"
    ),
    (
      "roles: {accent: {mono: [blod]}}",
      ":1:25: unknown attribute 'blod'; did you mean 'bold'?; expected bold, dim, italic, underline, reverse"
    ),
    (
      "roles: {accent: red}",
      ":1:17: 'red'; expected looks such as { fg: cyan, attributes: [bold] }"
    ),
    ("roles:\n  accent:\n    fg: #ff5555\n", ":3:9: \(YAMLSource.commentMessage)"),
    (
      "roles:\n  accent: { fg: #ff5555, ansi: red }\n  warn: { fg: red }\n",
      ":2:17: \(YAMLSource.commentMessage)"
    ),
    ("palette:\n  ember: #e06c50\n", ":2:10: \(YAMLSource.commentMessage)"),
    ("background: purple", ":1:13: 'purple'; expected dark or light"),
    (
      "inherits: drak",
      ":1:11: no theme 'drak'; did you mean 'dark'?; expected terminal, dark, light, or a file in themes/"
    ),
    ("inherits: ../secret", ":1:11: '../secret' is not the name of a theme"),
    ("inherits: t", ":1:11: 't' inherits from itself"),
    ("", ": empty; expected name, palette and roles"),
  ]

  @Test(arguments: wrong)
  func complains(text: String, complaint: String) throws {
    let (theme, complaints) = try load("t", ["t": text])
    #expect(complaints == ["t.yaml" + complaint])
    // Whatever is wrong, the theme is whole.
    #expect(theme.style(for: .text, isSelected: true).attributes.contains(.reverse))
  }

  @Test func circlesEnd() throws {
    let (_, complaints) = try load("a", ["a": "inherits: b", "b": "\ninherits: a"])
    #expect(complaints == ["b.yaml:2:11: 'a' inherits from itself"])
    var chain: [String: String] = [:]
    for number in 0..<12 { chain["t\(number)"] = "inherits: t\(number + 1)" }
    #expect(try load("t0", chain).complaints == ["t7.yaml:1:11: more than 8 themes inherit from each other"])
  }

  @Test func unknownThemeIsTheTerminal() {
    let (theme, complaints) = ThemeLibrary.load("lihgt", userFolder: "/nowhere")
    #expect(
      complaints.map(\.description)
        == ["theme: no theme 'lihgt'; did you mean 'light'?; expected terminal, dark, light, or a file in themes/"])
    #expect(theme.name == "terminal")
  }

  @Test func suggestions() {
    #expect(Suggestion.distance("kitten", "sitting") == 3)
    #expect(Suggestion.distance("abcd", "abdc") == 1)
    #expect(Suggestion.distance("", "ab") == 2)
    #expect(Suggestion.text(for: "xyz", among: ["dark"]) == "")
    #expect(Suggestion.text(for: String(repeating: "a", count: 1_000_000), among: ["dark"]) == "")
  }
}
