/// Where an engine listens, and what that tells of the way to its containers.
package struct EngineAddress: Sendable, Equatable {
  /// Such as `unix:///var/run/docker.sock` or `tcp://10.0.0.5:2376`; nil: not known.
  package var text: String?

  package init(_ text: String?) { self.text = text }

  /// The machine that it runs on; nil: this one.
  package var remoteHost: String? {
    guard let text, let scheme = text.firstRange(of: "://") else { return nil }
    guard ["tcp", "ssh", "http", "https"].contains(text[..<scheme.lowerBound]) else { return nil }
    let authority = text[scheme.upperBound...].prefix { $0 != "/" }
    var host = authority.split(separator: "@").last ?? ""
    if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
      host = host[host.index(after: host.startIndex)..<end]
    } else if let colon = host.lastIndex(of: ":") {
      host = host[..<colon]
    }
    return ["", "localhost", "127.0.0.1", "::1"].contains(host) ? nil : String(host)
  }

  /// Why the addresses that containers have in their networks lead nowhere from here, in a few words; nil: they should
  /// lead there. Told by where the engine listens, so that there is a rest of doubt.
  package var networkObstacle: String? {
    #if os(Linux)
      if let remoteHost { return "the engine runs on \(remoteHost)" }
      guard let text else { return nil }
      for (folder, name) in Self.machines where text.contains(folder) {
        return "\(name) runs containers in a virtual machine"
      }
      // docs.docker.com/engine/security/rootless: $XDG_RUNTIME_DIR/docker.sock, in network namespaces of their own.
      if text.contains("/run/user/") { return "a rootless engine keeps its networks to itself" }
      return nil
    #else
      return "containers run in a virtual machine"
    #endif
  }

  /// Sockets in folders of their own below home (docs.docker.com/desktop, github.com/abiosoft/colima, …).
  private static let machines = [
    ("/.docker/desktop/", "Docker Desktop"), ("/.docker/run/", "Docker Desktop"),
    ("/.colima/", "Colima"), ("/.lima/", "Lima"), ("/.rd/", "Rancher Desktop"), ("/.orbstack/", "OrbStack"),
  ]
}
