import Canvas
package import YAML

/// The file `config.yaml`. Whatever is wrong in it is complained about, and the default stands.
package enum ConfigFile {
  private static let keys = ["theme", "separator", "plain", "color", "mouse", "clipboard", "limits", "servers"]
  private static let limits = ["preview", "keys", "follow", "sweep", "stampede"]

  /// What is wrong with the URI of a server, and what was expected, without a word of the URI: there may be a password in
  /// it. Nil: nothing is.
  package typealias URICheck = (_ uri: String) -> String?

  /// Reads the file.
  ///
  /// - Parameters:
  ///   - isRequired: whether a missing file is worth a complaint: yes where the user named it.
  ///   - checkURI: judges what stands behind `uri:`.
  package static func load(
    path: String, isRequired: Bool, checkURI: URICheck = { _ in nil }
  ) -> (preferences: Preferences, complaints: [Complaint]) {
    switch SettingsFile.read(path) {
    case .success(let bytes):
      var (preferences, complaints) = decode(bytes, file: path, checkURI: checkURI)
      // Who can write there decides which programs run.
      if preferences.profiles.contains(where: { $0.passwordCommand != nil }) {
        complaints += SettingsFile.placesOthersMayWrite(path).map { place in
          Complaint(
            file: place,
            message: "others may write here, and password-command names programs to run; expected 'chmod go-w'")
        }
      }
      return (preferences, complaints)
    case .failure(.missing) where !isRequired: return (Preferences(), [])
    case .failure(let failure):
      return (Preferences(), [Complaint(file: path, message: failure.description)])
    }
  }

  /// Reads the text of the file; the name is for the complaints.
  package static func decode(
    _ bytes: [UInt8], file: String, checkURI: URICheck = { _ in nil }
  ) -> (preferences: Preferences, complaints: [Complaint]) {
    var preferences = Preferences()
    let (root, problems) = YAMLReader.read(bytes, file: file)
    guard let root else { return (preferences, problems) }
    var decoder = SettingsDecoder(file: file)
    for entry in decoder.mapping(root, expected: "keys such as 'theme: dark'") {
      if entry.key == "servers" {
        preferences.profiles = ProfileDecoder.profiles(entry.value, checkURI: checkURI, decoder: &decoder)
      } else {
        read(entry, into: &preferences, decoder: &decoder)
      }
    }
    return (preferences, problems + decoder.complaints)
  }

  private static func read(
    _ entry: YAMLNode.Entry, into preferences: inout Preferences, decoder: inout SettingsDecoder
  ) {
    switch entry.key {
    case "theme":
      preferences.theme = decoder.string(entry.value, expected: "the name of a theme") ?? preferences.theme
    case "separator":
      if let text = decoder.string(entry.value, expected: "the text between folders, such as \":\"") {
        preferences.separator = Escape.typed(text)
      }
    case "plain":
      preferences.isPlain = decoder.bool(entry.value) ?? preferences.isPlain
    case "color":
      preferences.usesColor = decoder.bool(entry.value) ?? preferences.usesColor
    case "mouse":
      preferences.usesMouse = decoder.bool(entry.value) ?? preferences.usesMouse
    case "clipboard":
      preferences.usesClipboard = decoder.bool(entry.value) ?? preferences.usesClipboard
    case "limits":
      for limit in decoder.mapping(entry.value, expected: "limits such as 'preview: 120ms'") {
        switch limit.key {
        case "preview": readPreview(limit.value, into: &preferences, decoder: &decoder)
        case "follow":
          preferences.followLimit =
            number(limit.value, 1...100_000, "names a second, from 1 to 100000", &decoder) ?? preferences.followLimit
        case "keys":
          preferences.keyLimit =
            number(limit.value, 1_000...2_000_000_000, "a number of keys, from 1000", &decoder) ?? preferences.keyLimit
        case "sweep":
          preferences.sweepLimit =
            number(limit.value, 1_000...1_000_000_000, "a number of keys, from 1000", &decoder)
            ?? preferences.sweepLimit
        case "stampede": readStampede(limit.value, into: &preferences, decoder: &decoder)
        default: decoder.unknownKey(limit, known: limits)
        }
      }
    default:
      decoder.unknownKey(entry, known: keys)
    }
  }

  private static func readPreview(
    _ node: YAMLNode, into preferences: inout Preferences, decoder: inout SettingsDecoder
  ) {
    guard case .scalar(let text) = node.content, text == "off" || milliseconds(text) != nil else {
      return decoder.complain(node, expected: "a time such as 120ms or 1s, at most 1m, or off")
    }
    preferences.previewDelay = milliseconds(text).map { .milliseconds($0) }
  }

  private static func number(
    _ node: YAMLNode, _ range: ClosedRange<Int>, _ expected: String, _ decoder: inout SettingsDecoder
  ) -> Int? {
    guard case .scalar(let text) = node.content, let number = Int(text), range.contains(number) else {
      decoder.complain(node, expected: expected)
      return nil
    }
    return number
  }

  private static func readStampede(
    _ node: YAMLNode, into preferences: inout Preferences, decoder: inout SettingsDecoder
  ) {
    guard case .scalar(let text) = node.content, text.last == "%", let percent = Double(text.dropLast()),
      (0.1...100).contains(percent)
    else { return decoder.complain(node, expected: "a share such as 8%, from 0.1% to 100%") }
    preferences.stampedeShare = percent / 100
  }

  /// A whole number of `ms`, `s` or `m`, up to a minute.
  private static func milliseconds(_ text: String) -> Int? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int(digits), number <= 60_000 else { return nil }
    let value: Int
    switch text.dropFirst(digits.count) {
    case "ms": value = number
    case "s": value = number * 1000
    case "m": value = number * 60_000
    default: return nil
    }
    return value <= 60_000 ? value : nil
  }
}
