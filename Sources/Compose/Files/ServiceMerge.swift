import YAML

/// How what a later file, or a service that extends, says goes over what was before
/// (https://docs.docker.com/reference/compose-file/merge/): mappings are merged, lists joined, commands replaced.
/// Duplicates in `ports`, `volumes` and the like are settled when they are read.
struct ServiceMerge {
  /// What could not be merged; there the earlier stands.
  private(set) var notes: [Complaint] = []

  /// Replaced as a whole.
  private static let replaced: Set<String> = ["command", "entrypoint", "extends", "test"]
  /// `NAME=VALUE` in a list means the same as a mapping.
  private static let named: Set<String> = [
    "environment", "labels", "annotations", "sysctls", "args", "extra_hosts", "driver_opts",
  ]
  /// One text means the same as a list of it.
  private static let listed: Set<String> = [
    "env_file", "dns", "dns_opt", "dns_search", "tmpfs", "label_file", "profiles",
  ]
  /// Names in a list mean the same as a mapping without values.
  private static let keyed: Set<String> = ["depends_on", "networks", "models"]

  mutating func merge(_ base: ComposeNode, with over: ComposeNode) -> ComposeNode { merge(base, over, key: "") }

  private mutating func merge(_ base: ComposeNode, _ over: ComposeNode, key: String) -> ComposeNode {
    if over.tag == "!override" || Self.replaced.contains(key) { return over }
    let base = Self.canonical(base, key: key)
    let over = Self.canonical(over, key: key)
    switch (base.content, over.content) {
    case (_, .null): return base
    case (.null, _), (.scalar, .scalar): return over
    case (.mapping(let entries), .mapping(let more)):
      var merged = base
      merged.content = .mapping(merge(entries, more, isNamed: Self.named.contains(key)))
      return merged
    case (.sequence(let items), .sequence(let more)):
      var merged = base
      merged.content = .sequence(items + more)
      return merged
    default:
      let name = key.isEmpty ? "the service" : "'\(shown(key))'"
      notes.append(
        over.complaint(
          "\(name) is \(over.kind) here and \(base.kind) in \(ComposePath.name(of: base.place.file)); that stands"))
      return base
    }
  }

  /// - Parameter isNamed: a name without a value stands for what is known of it, in place of the value before.
  private mutating func merge(
    _ entries: [ComposeNode.Entry], _ more: [ComposeNode.Entry], isNamed: Bool
  ) -> [ComposeNode.Entry] {
    var merged = entries
    var indices: [String: Int] = [:]
    for (index, entry) in entries.enumerated() { indices[entry.key] = index }
    var removed: Set<String> = []
    for entry in more {
      if entry.value.tag == "!reset" {
        removed.insert(entry.key)
      } else if let index = indices[entry.key] {
        let value = isNamed ? entry.value : merge(merged[index].value, entry.value, key: entry.key)
        merged[index] = .init(key: entry.key, place: entry.place, value: value)
      } else {
        indices[entry.key] = merged.count
        merged.append(entry)
      }
    }
    return removed.isEmpty ? merged : merged.filter { !removed.contains($0.key) }
  }

  /// The one form of the several that mean the same.
  private static func canonical(_ node: ComposeNode, key: String) -> ComposeNode {
    var node = node
    switch node.content {
    case .sequence(let items) where named.contains(key):
      node.content = .mapping(items.compactMap(named(_:)))
    case .sequence(let items) where keyed.contains(key):
      node.content = .mapping(
        items.compactMap { item in
          item.string.map {
            .init(key: $0, place: item.place, value: ComposeNode(place: item.place, content: .null))
          }
        })
    case .scalar where listed.contains(key), .mapping where key == "env_file":
      node.content = .sequence([ComposeNode(place: node.place, content: node.content)])
    case .scalar where key == "build":
      let context = ComposeNode(place: node.place, content: node.content)
      node.content = .mapping([.init(key: "context", place: node.place, value: context)])
    default: break
    }
    return node
  }

  /// `NAME=VALUE`, or a name without a value.
  static func named(_ item: ComposeNode) -> ComposeNode.Entry? {
    guard let text = item.text else { return nil }
    guard let equals = text.text.utf8.firstIndex(of: UInt8(ascii: "=")) else {
      return .init(key: text.text, place: item.place, value: ComposeNode(place: item.place, content: .null))
    }
    let value = ComposeNode.Text(
      text: String(text.text[text.text.index(after: equals)...]), variables: text.variables)
    return .init(
      key: String(text.text[..<equals]), place: item.place,
      value: ComposeNode(place: item.place, content: .scalar(value)))
  }
}
