package import Canvas
package import YAML

/// The themes: those in the user's folder, and those built in.
package enum ThemeLibrary {
  /// The files of the folder Themes that are part of the binary, by theme name.
  package static let builtIn: [(name: String, bytes: [UInt8])] = [
    ("terminal", PackageResources.terminal_yaml), ("dark", PackageResources.dark_yaml),
    ("light", PackageResources.light_yaml),
  ]

  /// How many themes may inherit from each other.
  private static let longestChain = 8

  /// Reads a theme and all that it inherits from. What none of them says comes from the built-in `terminal`, so that a
  /// theme of three lines is whole, and a broken one still shows the selection.
  ///
  /// - Parameter userFolder: its `NAME.yaml` wins over a built-in theme of that name, and may inherit from it.
  /// - Returns: the theme, with the defaults in place of whatever is complained about.
  package static func load(_ name: String, userFolder: String?) -> (theme: Theme, complaints: [Complaint]) {
    var chain: [ThemeFile] = []
    var complaints: [Complaint] = []
    var wanted: ThemeFile.Named? = ThemeFile.Named(text: name, position: Position(line: 1, column: 1))
    while let next = wanted {
      let asking = chain.last.map { (file: $0.file, position: next.position) }
      switch open(next.text, userFolder: userFolder, except: chain.map(\.file)) {
      case .success(let file) where chain.count < longestChain:
        chain.append(file)
        complaints += file.complaints
        wanted = file.inherits
      case .success:
        let message = "more than \(longestChain) themes inherit from each other"
        complaints.append(Complaint(file: asking?.file ?? "theme", position: asking?.position, message: message))
        wanted = nil
      case .failure(let failure):
        complaints.append(
          Complaint(file: asking?.file ?? "theme", position: asking?.position, message: failure.message))
        wanted = nil
      }
    }
    if !chain.contains(where: { $0.file == defaultFile }) {
      chain.append(ThemeFile(PackageResources.terminal_yaml, file: defaultFile))
    }
    return (theme(of: chain, complaints: &complaints), complaints)
  }

  private static let defaultFile = "built-in terminal.yaml"

  // MARK: - Finding files

  private struct Failure: Error {
    let message: String
  }

  /// The theme of that name that is not in the chain yet: a user's `dark` may inherit from the built-in `dark`.
  private static func open(
    _ name: String, userFolder: String?, except used: [String]
  ) -> Result<ThemeFile, Failure> {
    // The name becomes part of a path.
    guard !name.isEmpty, name.utf8.count <= 64, !name.hasPrefix("."),
      !name.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == 0 })
    else {
      return .failure(Failure(message: "'\(shown(name))' is not the name of a theme"))
    }
    var isInUse = false
    if let userFolder {
      let path = "\(userFolder)/\(name).yaml"
      isInUse = used.contains(path)
      if !isInUse {
        switch SettingsFile.read(path) {
        case .success(let bytes): return .success(ThemeFile(bytes, file: path))
        case .failure(.missing): break
        case .failure(let failure): return .failure(Failure(message: "\(shown(path)): \(failure)"))
        }
      }
    }
    if let found = builtIn.first(where: { $0.name == name }) {
      let file = "built-in \(name).yaml"
      if !used.contains(file) { return .success(ThemeFile(found.bytes, file: file)) }
      isInUse = true
    }
    if isInUse { return .failure(Failure(message: "'\(shown(name))' inherits from itself")) }
    let suggestion = Suggestion.text(for: name, among: builtIn.map(\.name))
    let expected = builtIn.map(\.name).joined(separator: ", ")
    return .failure(
      Failure(message: "no theme '\(shown(name))'\(suggestion); expected \(expected), or a file in themes/"))
  }

  // MARK: - Resolving

  /// Lays the files over each other, the first in front.
  private static func theme(of chain: [ThemeFile], complaints: inout [Complaint]) -> Theme {
    var palette: [String: Color] = [:]
    for file in chain.reversed() { palette.merge(file.palette) { _, heir in heir } }
    var rules: [String: Theme.Rule] = [:]
    for file in chain.reversed() {
      for entry in file.entries {
        let rule = rule(of: entry, palette: palette, file: file.file, complaints: &complaints)
        rules[entry.role] = rules[entry.role].map { Theme.merge(rule, over: $0) } ?? rule
      }
    }
    let background = chain.lazy.compactMap(\.background).first ?? .any
    let name = chain.lazy.compactMap(\.name).first ?? "terminal"
    return Theme(name: name, background: background, rules: rules)
  }

  private static func rule(
    of entry: ThemeFile.Entry, palette: [String: Color], file: String, complaints: inout [Complaint]
  ) -> Theme.Rule {
    func color(_ named: ThemeFile.Named?) -> Color? {
      guard let named else { return nil }
      if let color = palette[named.text] ?? ColorName.fixed(named.text) { return color }
      complaints.append(
        Complaint(
          file: file, position: named.position,
          message: ColorName.complaint(named.text, palette: palette.keys.sorted())))
      return nil
    }
    func terminalColor(_ named: ThemeFile.Named?) -> Color? {
      guard let named else { return nil }
      switch ColorName.fixed(named.text) {
      case .default?, .ansi?:
        return ColorName.fixed(named.text)
      case .indexed?, .rgb?, nil:
        let names = Color.ansiNames + ["default"]
        complaints.append(
          Complaint(
            file: file, position: named.position,
            message: "'\(shown(named.text))' is not one of the terminal's 16 colours"
              + "\(Suggestion.text(for: named.text, among: names)); expected \(names.joined(separator: ", "))"))
        return nil
      }
    }
    return Theme.Rule(
      fg: color(entry.fg), bg: color(entry.bg), ansiFg: terminalColor(entry.ansiFg),
      ansiBg: terminalColor(entry.ansiBg), attributes: entry.attributes, mono: entry.mono)
  }
}
