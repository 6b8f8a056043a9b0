import Browser
import Canvas
import YAML

/// `servers:` of the config file. Whatever is wrong with one of them is complained about, and the others stand.
enum ProfileDecoder {
  private static let keys = [
    "uri", "host", "port", "socket", "user", "db", "env", "read-only", "separator", "pattern", "password-command",
    "password-file", "tls",
  ]
  private static let tlsKeys = ["sni", "cacert", "cacertdir", "cert", "key", "insecure"]
  /// What a URI says, too.
  private static let parts = ["host", "port", "socket", "user", "db"]

  static func profiles(
    _ node: YAMLNode, checkURI: ConfigFile.URICheck, decoder: inout SettingsDecoder
  ) -> [Profile] {
    guard case .mapping(let entries) = node.content else {
      decoder.complain(node, expected: "servers such as 'cache: { host: cache.example.com }'")
      return []
    }
    var profiles: [Profile] = []
    for entry in entries {
      let known = decoder.complaints.count
      if entry.isRepeated {
        decoder.complain(
          entry.position, "'\(shown(entry.key))' stands here a second time; expected one server of each name")
        // Which of the two is meant nobody knows.
        if let index = profiles.firstIndex(where: { $0.name == entry.key }) {
          profiles[index].complaint = profiles[index].complaint ?? decoder.complaints.last
        }
        continue
      }
      var profile = Profile(name: entry.key)
      read(entry, into: &profile, checkURI: checkURI, decoder: &decoder)
      profile.complaint = decoder.complaints.dropFirst(known).first
      profiles.append(profile)
    }
    return profiles
  }

  private static func read(
    _ entry: YAMLNode.Entry, into profile: inout Profile, checkURI: ConfigFile.URICheck, decoder: inout SettingsDecoder
  ) {
    guard isName(entry.key) else {
      return decoder.complain(
        entry.position, "'\(shown(entry.key))'; expected a name of letters, digits, '-', '_' and '.'")
    }
    let fields = decoder.mapping(entry.value, expected: "a mapping such as { host: cache.example.com, port: 6379 }")
    for field in fields { readField(field, into: &profile, checkURI: checkURI, decoder: &decoder) }
    guard case .mapping = entry.value.content else { return }
    let names = fields.map(\.key)
    if names.contains("uri"), let part = fields.first(where: { parts.contains($0.key) }) {
      decoder.complain(part.position, "'\(part.key)' beside 'uri', which says it too; expected one of the two")
    }
    if names.contains("socket"), let part = fields.first(where: { $0.key == "host" || $0.key == "port" }) {
      decoder.complain(part.position, "'\(part.key)' beside 'socket'; expected one of the two")
    }
    if names.contains("password-command"), let file = fields.first(where: { $0.key == "password-file" }) {
      decoder.complain(file.position, "'password-file' beside 'password-command'; expected one of the two")
    }
    if !names.contains(where: ["uri", "host", "port", "socket"].contains) {
      decoder.complain(entry.position, "'\(entry.key)' is no place; expected uri, host, port or socket in it")
    }
  }

  private static func readField(
    _ field: YAMLNode.Entry, into profile: inout Profile, checkURI: ConfigFile.URICheck, decoder: inout SettingsDecoder
  ) {
    let value = field.value
    switch field.key {
    case "uri":
      profile.uri = uri(value, checkURI: checkURI, decoder: &decoder)
    case "host": profile.host = host(value, decoder: &decoder)
    case "port":
      profile.port = number(value, in: 1...65_535, expected: "a port from 1 to 65535", decoder: &decoder)
    case "socket": profile.socket = path(value, decoder: &decoder)
    case "user":
      profile.user = text(value, expected: "the name of an ACL user", decoder: &decoder)
    case "db":
      profile.database = number(
        value, in: 0...Int(Int32.max), expected: "the number of a database, from 0", decoder: &decoder)
    case "env":
      guard case .scalar(let name) = value.content, let stage = DeploymentStage(rawValue: name) else {
        // Whatever was meant: it may have been this.
        profile.stage = .prod
        return decoder.complain(value, expected: "prod, staging or dev")
      }
      profile.stage = stage
    case "read-only": profile.isReadOnly = decoder.bool(value) ?? false
    case "separator":
      profile.separator = decoder.string(value, expected: "the text between folders, such as \":\"")
        .map { Escape.typed($0) }
    case "pattern": profile.pattern = decoder.string(value, expected: "a filter, as behind /")
    case "password-command": profile.passwordCommand = command(value, decoder: &decoder)
    case "password-file": profile.passwordFile = path(value, decoder: &decoder)
    case "tls": profile.tls = tls(value, decoder: &decoder)
    case "password", "pass", "auth":
      decoder.complain(
        field.position, "'\(field.key)': no password is read from this file; expected password-command or password-file"
      )
    default: decoder.unknownKey(field, known: keys)
    }
  }

  /// It is typed behind an `@`, and may stand in a URI's place.
  private static func isName(_ text: String) -> Bool {
    !text.isEmpty
      && text.unicodeScalars.allSatisfy { scalar in
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil || "-_.".unicodeScalars.contains(scalar)
      }
  }

  /// What is wrong is told without the text: there may be a password in it.
  private static func uri(
    _ node: YAMLNode, checkURI: ConfigFile.URICheck, decoder: inout SettingsDecoder
  ) -> String? {
    guard let text = decoder.string(node, expected: "a URI such as redis://cache.example.com:6379/0") else {
      return nil
    }
    guard text.contains("://") else {
      decoder.complain(node.position, "no URI; expected one such as redis://cache.example.com:6379/0")
      return nil
    }
    if let mistake = checkURI(text) {
      decoder.complain(node.position, mistake)
      return nil
    }
    return text
  }

  /// A name or an address; of IPv6 the brackets may stay.
  private static func host(_ node: YAMLNode, decoder: inout SettingsDecoder) -> String? {
    let expected = "a host name or address, without a port"
    guard let text = decoder.string(node, expected: expected) else { return nil }
    let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
    let host = isBracketed ? String(text.dropFirst().dropLast()) : text
    let isPlain = host.unicodeScalars.allSatisfy {
      $0.value > 0x20 && $0.value != 0x7f && !"/@?#[]%".contains(Character($0))
    }
    let isIPv6 =
      host.prefix { $0 != "%" }.utf8.allSatisfy { "0123456789abcdefABCDEF:.".utf8.contains($0) }
      && host.utf8.count { $0 == UInt8(ascii: ":") } >= 2
    guard !host.isEmpty, isIPv6 || isPlain && !host.contains(":") && !isBracketed else {
      decoder.complain(node, expected: expected)
      return nil
    }
    return host
  }

  private static func number(
    _ node: YAMLNode, in range: ClosedRange<Int>, expected: String, decoder: inout SettingsDecoder
  ) -> Int? {
    guard case .scalar(let text) = node.content, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let number = Int(text), range.contains(number)
    else {
      decoder.complain(node, expected: expected)
      return nil
    }
    return number
  }

  private static func text(_ node: YAMLNode, expected: String, decoder: inout SettingsDecoder) -> String? {
    guard case .scalar(let text) = node.content, !text.isEmpty else {
      decoder.complain(node, expected: expected)
      return nil
    }
    return text
  }

  /// Where the program is started must not matter.
  private static func path(_ node: YAMLNode, decoder: inout SettingsDecoder) -> String? {
    let expected = "a path that begins with / or ~/"
    guard let text = text(node, expected: expected, decoder: &decoder) else { return nil }
    guard text.hasPrefix("/") || text.hasPrefix("~/"), !text.utf8.contains(0) else {
      decoder.complain(node, expected: expected)
      return nil
    }
    return text
  }

  /// The words are not repeated: a password may have been written in their place.
  private static func command(_ node: YAMLNode, decoder: inout SettingsDecoder) -> [String]? {
    let expected = "expected a list of words, such as [pass, show, redis/prod]; no shell reads it"
    guard case .sequence(let items) = node.content else {
      switch node.content {
      case .scalar: decoder.complain(node.position, "a text; write it as a list: \(expected)")
      case .sequence, .mapping, .null: decoder.complain(node.position, "\(node.kind); \(expected)")
      }
      return nil
    }
    var words: [String] = []
    for item in items {
      guard case .scalar(let word) = item.content, !word.utf8.contains(0) else {
        decoder.complain(item.position, "no word; \(expected)")
        return nil
      }
      words.append(word)
    }
    guard words.first?.isEmpty == false else {
      decoder.complain(node.position, "no program; \(expected)")
      return nil
    }
    return words
  }

  private static func tls(_ node: YAMLNode, decoder: inout SettingsDecoder) -> ProfileTLS? {
    guard case .mapping = node.content else {
      switch node.content {
      case .scalar("true"), .scalar("yes"), .scalar("on"): return ProfileTLS()
      case .scalar("false"), .scalar("no"), .scalar("off"): return nil
      default:
        decoder.complain(node, expected: "true, false, or a mapping such as { cacert: /etc/redis/ca.crt }")
        return nil
      }
    }
    var tls = ProfileTLS()
    for field in decoder.mapping(node, expected: "") {
      switch field.key {
      case "sni":
        tls.serverName = text(field.value, expected: "the name in the server's certificate", decoder: &decoder)
      case "cacert": tls.authorityFile = path(field.value, decoder: &decoder)
      case "cacertdir": tls.authorityFolder = path(field.value, decoder: &decoder)
      case "cert": tls.certificateFile = path(field.value, decoder: &decoder)
      case "key": tls.keyFile = path(field.value, decoder: &decoder)
      case "insecure": tls.verifiesServer = !(decoder.bool(field.value) ?? false)
      default: decoder.unknownKey(field, known: tlsKeys)
      }
    }
    return tls
  }
}
