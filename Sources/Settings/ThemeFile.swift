import Canvas
import YAML

/// One theme file as it is written: names are not resolved before the files that it inherits from are known.
struct ThemeFile {
  struct Named {
    let text: String
    let position: Position
  }

  /// The looks of one role, colours still as text.
  struct Entry {
    let role: String
    var fg: Named?
    var bg: Named?
    var ansiFg: Named?
    var ansiBg: Named?
    var attributes: Attributes?
    var mono: Attributes?
  }

  let file: String
  var name: String?
  var inherits: Named?
  var background: Theme.Background?
  var palette: [String: Color] = [:]
  var entries: [Entry] = []
  var complaints: [Complaint] = []

  private static let keys = ["name", "inherits", "background", "palette", "roles"]
  private static let roleKeys = ["fg", "bg", "ansi", "attributes", "mono"]

  /// Reads the text of a file. Where it is no YAML at all, the theme is empty and the complaint says so.
  init(_ bytes: [UInt8], file: String) {
    self.file = file
    let (root, problems) = YAMLReader.read(bytes, file: file)
    complaints = problems
    guard let root else {
      if problems.isEmpty { complaints = [Complaint(file: file, message: "empty; expected name, palette and roles")] }
      return
    }
    var decoder = SettingsDecoder(file: file)
    for entry in decoder.mapping(root, expected: "keys such as 'name: dusk'") { read(entry, decoder: &decoder) }
    complaints += decoder.complaints
  }

  private mutating func read(_ entry: YAMLNode.Entry, decoder: inout SettingsDecoder) {
    switch entry.key {
    case "name":
      name = decoder.string(entry.value, expected: "the name of the theme")
    case "inherits":
      inherits = decoder.string(entry.value, expected: "the name of another theme")
        .map { Named(text: $0, position: entry.value.position) }
    case "background":
      let text = decoder.string(entry.value, expected: "dark or light")
      background = text.flatMap(Theme.Background.init)
      if text != nil, background == nil { decoder.complain(entry.value, expected: "dark or light") }
    case "palette":
      for color in decoder.mapping(entry.value, expected: "colours such as 'ember: \"#e06c50\"'") {
        guard let text = decoder.string(color.value, expected: ColorName.expected) else { continue }
        palette[color.key] = ColorName.fixed(text)
        if palette[color.key] == nil {
          decoder.complain(color.value.position, ColorName.complaint(text, palette: []))
        }
      }
    case "roles":
      for role in decoder.mapping(entry.value, expected: "roles such as 'accent: { fg: cyan }'") {
        readRole(role, decoder: &decoder)
      }
    default:
      decoder.unknownKey(entry, known: ThemeFile.keys)
    }
  }

  private mutating func readRole(_ role: YAMLNode.Entry, decoder: inout SettingsDecoder) {
    if !Role.isKnown(role.key) {
      let suggestion = Suggestion.text(for: role.key, among: Role.allCases.map(\.rawValue))
      decoder.complain(role.position, "unknown role '\(shown(role.key))'\(suggestion)")
    }
    var entry = Entry(role: role.key)
    for field in decoder.mapping(role.value, expected: "looks such as { fg: cyan, attributes: [bold] }") {
      switch field.key {
      case "fg": entry.fg = color(field.value, decoder: &decoder)
      case "bg": entry.bg = color(field.value, decoder: &decoder)
      case "ansi":
        // `ansi: red` is the text; `ansi: { fg: black, bg: white }` is both.
        guard case .mapping = field.value.content else {
          entry.ansiFg = color(field.value, decoder: &decoder)
          continue
        }
        for part in decoder.mapping(field.value, expected: "") {
          switch part.key {
          case "fg": entry.ansiFg = color(part.value, decoder: &decoder)
          case "bg": entry.ansiBg = color(part.value, decoder: &decoder)
          default: decoder.unknownKey(part, known: ["fg", "bg"])
          }
        }
      case "attributes": entry.attributes = attributes(field.value, decoder: &decoder)
      case "mono": entry.mono = attributes(field.value, decoder: &decoder)
      default: decoder.unknownKey(field, known: ThemeFile.roleKeys)
      }
    }
    entries.append(entry)
  }

  private func color(_ node: YAMLNode, decoder: inout SettingsDecoder) -> Named? {
    decoder.string(node, expected: ColorName.expected).map { Named(text: $0, position: node.position) }
  }

  private func attributes(_ node: YAMLNode, decoder: inout SettingsDecoder) -> Attributes? {
    let names = Attributes.named.map(\.name)
    let items: [YAMLNode]
    switch node.content {
    case .sequence(let list): items = list
    case .scalar: items = [node]
    case .mapping, .null:
      decoder.complain(node, expected: "a list such as [bold, underline]")
      return nil
    }
    var result: Attributes = []
    for item in items {
      guard let text = decoder.string(item, expected: names.joined(separator: ", ")) else { continue }
      if let known = Attributes.named.first(where: { $0.name == text }) {
        result.formUnion(known.attributes)
      } else {
        decoder.complain(
          item.position,
          "unknown attribute '\(shown(text))'\(Suggestion.text(for: text, among: names)); "
            + "expected \(names.joined(separator: ", "))")
      }
    }
    return result
  }
}
