import YAML

/// The files of a container that are known here: mounted ones, `configs` and `secrets`, and what a Dockerfile copies.
struct ContainerFiles {
  struct Unknown: Error, Equatable {
    var why: String
  }

  enum Source: Equatable {
    /// A file or folder of this machine.
    case host(String)
    /// What the Compose file says itself.
    case content([UInt8], name: String)
    /// Why it is not known.
    case unknown(String)
  }

  /// By the path in the container.
  private(set) var mounts: [(target: String, source: Source)] = []

  mutating func add(_ source: Source, at target: String) {
    mounts.append((ComposePath.join("/", target), source))
  }

  /// What is at a path: of several mounts above it the nearest, of those at one place the last.
  func source(of path: String) -> Source? {
    var best: (length: Int, source: Source)?
    for mount in mounts {
      guard let rest = ComposePath.below(mount.target, path) else { continue }
      if let best, best.length > mount.target.utf8.count { continue }
      switch mount.source {
      case .host(let folder):
        best = (mount.target.utf8.count, .host(rest.isEmpty ? folder : ComposePath.join(folder, rest)))
      case .content where !rest.isEmpty: continue
      default: best = (mount.target.utf8.count, mount.source)
      }
    }
    return best?.source
  }

  /// - Returns: the bytes, and how they are called for the user.
  func read(
    _ path: String, _ reader: inout ComposeFileReader
  ) -> Result<(bytes: [UInt8], name: String), Unknown> {
    switch source(of: path) {
    case nil: return .failure(Unknown(why: "'\(shown(path))' is in the image"))
    case .unknown(let why): return .failure(Unknown(why: why))
    case .content(let bytes, let name): return .success((bytes, name))
    case .host(let file):
      switch reader.read(file) {
      case .success(let bytes): return .success((bytes, ComposePath.name(of: file)))
      case .failure(let failure):
        return .failure(Unknown(why: "'\(shown(ComposePath.name(of: file)))' cannot be read: \(failure.text)"))
      }
    }
  }
}

extension ContainerFiles {
  /// - Parameter node: the service's mapping.
  mutating func read(_ node: ComposeNode, project: ComposeDraft, variables: ComposeVariables, home: String?) {
    for item in node["volumes"]?.items ?? [] { volume(item, project: project, home: home) }
    for item in node["configs"]?.items ?? [] {
      shared(item, section: "configs", defaultFolder: "/", project: project, variables, home)
    }
    for item in node["secrets"]?.items ?? [] {
      shared(item, section: "secrets", defaultFolder: "/run/secrets", project: project, variables, home)
    }
  }

  private mutating func volume(_ item: ComposeNode, project: ComposeDraft, home: String?) {
    let source: String
    let target: String
    var isBind = false
    if let text = item.string {
      let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      guard parts.count >= 2 else { return add(.unknown("a volume holds it"), at: text) }
      (source, target) = (parts[0], parts[1])
      isBind = [".", "/", "~"].contains { source.hasPrefix($0) }
    } else {
      guard let place = item["target"]?.string else { return }
      (source, target) = (item["source"]?.string ?? item["src"]?.string ?? "", place)
      isBind = item["type"]?.string == "bind"
    }
    if isBind {
      add(.host(ComposePath.join(item.place.folder, source, home: home)), at: target)
    } else if let device = Self.boundFolder(project.sections["volumes"]?[source]) {
      add(.host(ComposePath.join(item.place.folder, device, home: home)), at: target)
    } else {
      add(.unknown("the volume '\(shown(source))' holds it"), at: target)
    }
  }

  /// A named volume may stand for a folder (`driver_opts: {type: none, o: bind, device: …}`).
  private static func boundFolder(_ volume: ComposeNode?) -> String? {
    guard let options = volume?["driver_opts"], options["o"]?.string?.contains("bind") == true else { return nil }
    return options["device"]?.string
  }

  private mutating func shared(
    _ item: ComposeNode, section: String, defaultFolder: String, project: ComposeDraft, _ variables: ComposeVariables,
    _ home: String?
  ) {
    guard let name = item.string ?? item["source"]?.string else { return }
    let target = item["target"]?.string ?? name
    let kind = section.dropLast()
    add(
      Self.shared(project.sections[section]?[name], kind: "\(kind)", name: name, variables, home),
      at: ComposePath.join(defaultFolder, target))
  }

  private static func shared(
    _ node: ComposeNode?, kind: String, name: String, _ variables: ComposeVariables, _ home: String?
  ) -> Source {
    guard let node else { return .unknown("the \(kind) '\(shown(name))' is not in the file") }
    if let file = node["file"]?.string { return .host(ComposePath.join(node.place.folder, file, home: home)) }
    if let content = node["content"]?.string {
      return .content(Array(content.utf8), name: "the \(kind) \(shown(name))")
    }
    if let variable = node["environment"]?.string {
      guard let known = variables[variable] else {
        return .unknown("the \(kind) '\(shown(name))' is in the variable \(shown(variable)), which has no value here")
      }
      return .content(Array(known.value.utf8), name: known.source)
    }
    return .unknown("the \(kind) '\(shown(name))' is not in the files")
  }
}
