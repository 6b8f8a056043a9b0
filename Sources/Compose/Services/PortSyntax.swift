import YAML

/// Reads the forms of `ports` (https://docs.docker.com/reference/compose-file/services/#ports).
enum PortSyntax {
  struct Failure: Error {
    var why: String
  }

  /// Ports that one service may publish in all its ranges.
  static let limit = 65_535

  /// `3000`, `8000-8005:80-85`, `127.0.0.1::5000/udp`, `[::1]:6379:6379`, or a mapping with `target`.
  static func ports(_ node: ComposeNode) throws(Failure) -> [PublishedPort] {
    switch node.content {
    case .scalar(let text): return try short(text.text)
    case .mapping: return try long(node)
    case .sequence, .null: throw Failure(why: "\(node.kind) as a port; expected a text or a mapping")
    }
  }

  private static func short(_ text: String) throws(Failure) -> [PublishedPort] {
    let halves = text.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count <= 2 else { throw wrong(text) }
    let networkProtocol = try known(halves.count == 2 && !halves[1].isEmpty ? String(halves[1]) : "tcp")
    // Host addresses may hold colons themselves: the last two separate.
    var parts = halves[0].split(separator: ":", omittingEmptySubsequences: false)
    guard let container = try range(parts.removeLast(), text) else { throw wrong(text) }
    let host = parts.isEmpty ? nil : try range(parts.removeLast(), text)
    var address: Substring? = parts.isEmpty ? nil : Substring(parts.joined(separator: ":"))
    if let bracketed = address, bracketed.hasPrefix("["), bracketed.hasSuffix("]") {
      address = bracketed.dropFirst().dropLast()
    }
    return try expand(
      hostIP: address.flatMap { $0.isEmpty ? nil : String($0) }, host: host, container: container,
      networkProtocol, text)
  }

  private static func long(_ node: ComposeNode) throws(Failure) -> [PublishedPort] {
    guard let target = node["target"]?.string else { throw Failure(why: "a port without 'target:'; it is left out") }
    guard let container = try range(target[...], target) else { throw wrong(target) }
    let published = node["published"]?.string ?? ""
    let host = try range(published[...], published)
    let networkProtocol = try known(node["protocol"]?.string ?? "tcp")
    var address = node["host_ip"]?.string ?? ""
    if address.hasPrefix("["), address.hasSuffix("]") { address = String(address.dropFirst().dropLast()) }
    return try expand(
      hostIP: address.isEmpty ? nil : address, host: host, container: container, networkProtocol, published)
  }

  private static func known(_ name: String) throws(Failure) -> String {
    let name = name.lowercased()
    guard ["tcp", "udp", "sctp"].contains(name) else {
      throw Failure(why: "'\(shown(name))' is no protocol of a port; expected tcp or udp")
    }
    return name
  }

  private static func expand(
    hostIP: String?, host: ClosedRange<Int>?, container: ClosedRange<Int>, _ networkProtocol: String, _ text: String
  ) throws(Failure) -> [PublishedPort] {
    guard container.lowerBound > 0 else { throw wrong(text) }
    if let host, container.count > 1, host.count != container.count {
      throw Failure(why: "the two ranges of '\(shown(text))' are not equally long; it is left out")
    }
    return container.map { port in
      // The engine chooses one of a range for a single port; 0 is any.
      let hostPort: Int? =
        switch host {
        case nil: nil
        case let host? where host.count == container.count && host.lowerBound > 0:
          host.lowerBound + port - container.lowerBound
        default: nil
        }
      return PublishedPort(
        hostIP: hostIP, hostPort: hostPort, containerPort: port, networkProtocol: networkProtocol)
    }
  }

  /// Nil where there is nothing.
  static func range(_ part: Substring, _ text: String) throws(Failure) -> ClosedRange<Int>? {
    if part.isEmpty { return nil }
    let ends = part.split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count <= 2, let first = number(ends[0]), let last = number(ends[ends.count - 1]), first <= last else {
      throw wrong(text)
    }
    return first...last
  }

  static func number(_ text: some StringProtocol) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
      return nil
    }
    return Int(text).flatMap { $0 < 1 << 16 ? $0 : nil }
  }

  private static func wrong(_ text: String) -> Failure {
    Failure(why: "'\(shown(text))' is no port; expected such as '6380:6379'; it is left out")
  }
}
