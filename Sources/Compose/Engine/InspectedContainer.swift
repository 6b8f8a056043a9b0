/// What `docker inspect` says of a container, in the form that ``template`` makes it write.
struct InspectedContainer: Equatable {
  var container: ComposeContainer
  /// Made by `docker compose run`.
  var isOneOff: Bool

  /// A line a container, its fields between tabs. What may be any text comes as a JSON string, in which there are neither
  /// tabs nor line ends; addresses too, which newer versions print otherwise where there is none. Names are those of the
  /// client's own types (moby, `api/types/container`; podman, `libpod/define`), not of the engine's JSON: `.ID`, not `Id`.
  static let template = [
    "{{.ID}}", "{{json .Name}}", label("service"), label("container-number"), label("oneoff"), "{{.State.Status}}",
    "{{if .State.Health}}{{.State.Health.Status}}{{end}}", "{{.State.ExitCode}}", "{{.RestartCount}}",
    "{{json .State.Error}}", "{{json .Config.Image}}", "{{json .HostConfig.NetworkMode}}",
    "{{range .NetworkSettings.Networks}}{{json .IPAddress}} {{end}}",
    "{{range $port, $bindings := .NetworkSettings.Ports}}"
      + "{{range $bindings}}{{$port}}={{json .HostIP}}={{json .HostPort}} {{end}}{{end}}",
    label("project.working_dir"),
  ].joined(separator: "\t")

  private static func label(_ name: String) -> String {
    "{{json (index .Config.Labels \"com.docker.compose.\(name)\")}}"
  }

  /// Nil where `line` is not what the template writes.
  init?(line: ArraySlice<UInt8>) {
    let fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
    guard fields.count == 15 else { return nil }
    func plain(_ index: Int) -> String { String(decoding: fields[index], as: UTF8.self) }
    func quoted(_ index: Int) -> String? { JSONString.decoded(fields[index]) }
    let id = plain(0)
    guard !id.isEmpty, let name = quoted(1), let service = quoted(2), let number = quoted(3), let oneOff = quoted(4),
      let state = Self.state(plain(5)), let exitCode = Int(plain(7)), let restartCount = Int(plain(8)),
      let error = quoted(9), let image = quoted(10), let network = quoted(11),
      let addresses = Self.addresses(fields[12]), let published = Self.published(fields[13]),
      let folder = quoted(14)
    else { return nil }
    isOneOff = oneOff.lowercased() == "true"
    container = ComposeContainer(
      id: id, name: name.hasPrefix("/") ? String(name.dropFirst()) : name, service: service, number: Int(number) ?? 1,
      // `none` is a health check that is switched off.
      state: state, health: ComposeContainer.Health(rawValue: plain(6)), exitCode: exitCode,
      restartCount: restartCount, error: error, image: image, addresses: addresses, published: published,
      usesHostNetwork: network == "host",
      sharesNetworkOf: network.hasPrefix("container:") ? String(network.dropFirst("container:".count)) : nil,
      folder: folder)
  }

  private static func state(_ word: String) -> ComposeContainer.State? {
    switch word {
    // podman's own words (`libpod/define/containerstate.go`).
    case "configured", "initialized": .created
    case "stopping": .running
    case "stopped": .exited
    default: ComposeContainer.State(rawValue: word)
    }
  }

  private static func addresses(_ field: ArraySlice<UInt8>) -> [String]? {
    var addresses: [String] = []
    for literal in field.split(separator: UInt8(ascii: " ")) {
      guard let address = JSONString.decoded(literal) else { return nil }
      // One that is not connected has an empty one.
      if !address.isEmpty { addresses.append(address) }
    }
    return addresses
  }

  /// From `6379/tcp="127.0.0.1"="16399" …`; TCP only.
  private static func published(_ field: ArraySlice<UInt8>) -> [ComposeContainer.Published]? {
    var published: [ComposeContainer.Published] = []
    for binding in field.split(separator: UInt8(ascii: " ")) {
      let parts = binding.split(separator: UInt8(ascii: "="), omittingEmptySubsequences: false)
      guard parts.count == 3, let hostIP = JSONString.decoded(parts[1]), let hostPort = JSONString.decoded(parts[2])
      else { return nil }
      let port = String(decoding: parts[0], as: UTF8.self).split(separator: "/")
      guard port.count == 2, let inside = Int(port[0]) else { return nil }
      guard port[1] == "tcp", let outside = Int(hostPort), (1...65_535).contains(outside) else { continue }
      published.append(.init(containerPort: inside, hostIP: hostIP, hostPort: outside))
    }
    return published
  }
}

/// The one form of JSON that Go's `{{json}}` writes for a text.
enum JSONString {
  /// What a JSON string stands for; `null` is empty. Nil: it is no JSON string. Lone surrogates become U+FFFD.
  static func decoded(_ literal: ArraySlice<UInt8>) -> String? {
    if literal.elementsEqual("null".utf8) { return "" }
    guard literal.count >= 2, literal.first == UInt8(ascii: "\""), literal.last == UInt8(ascii: "\"") else {
      return nil
    }
    var rest = literal.dropFirst().dropLast()
    var units: [UInt8] = []
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""), 0..<0x20: return nil
      case UInt8(ascii: "\\"):
        guard let escape = rest.popFirst(), let scalar = unescaped(escape, &rest) else { return nil }
        units += Array(String(scalar).utf8)
      default: units.append(byte)
      }
    }
    return String(decoding: units, as: UTF8.self)
  }

  private static func unescaped(_ escape: UInt8, _ rest: inout ArraySlice<UInt8>) -> Unicode.Scalar? {
    switch escape {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(escape)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      guard let high = unit(&rest) else { return nil }
      guard (0xd800..<0xdc00).contains(high) else { return Unicode.Scalar(high) ?? "\u{fffd}" }
      var ahead = rest
      guard ahead.popFirst() == UInt8(ascii: "\\"), ahead.popFirst() == UInt8(ascii: "u"), let low = unit(&ahead),
        (0xdc00..<0xe000).contains(low)
      else { return "\u{fffd}" }
      rest = ahead
      return Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00))
    default: return nil
    }
  }

  private static func unit(_ rest: inout ArraySlice<UInt8>) -> UInt32? {
    let digits = rest.prefix(4)
    guard digits.count == 4, digits.first != UInt8(ascii: "+"), digits.first != UInt8(ascii: "-") else { return nil }
    rest = rest.dropFirst(4)
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
