import YAML

/// A service while its files are put together: not yet typed.
struct ServiceDraft {
  var name: String
  /// Its mapping, or what stands in the place of one.
  var node: ComposeNode
  var notes: [Complaint] = []
  var flaw: Complaint?
  /// What variables stand for where it is written; those of an included project may be others.
  var variables: ComposeVariables

  /// As it is with what a later file says of it.
  mutating func add(_ later: ServiceDraft) {
    var merge = ServiceMerge()
    node = merge.merge(node, with: later.node)
    notes += later.notes + merge.notes
    flaw = flaw ?? later.flaw
  }
}

/// What one or several Compose files say, put together.
struct ComposeDraft {
  /// Sections whose entries a service refers to by name.
  static let shared: Set<String> = ["volumes", "configs", "secrets"]

  private(set) var services: [ServiceDraft] = []
  private var indices: [String: Int] = [:]
  /// Services that it takes away from those before (`!reset`).
  private var removed: Set<String> = []
  /// `volumes`, `configs`, `secrets`.
  private(set) var sections: [String: [String: ComposeNode]] = [:]
  /// Top-level `name`.
  var name: ComposeNode?
  var includes: ComposeNode?
  var notes: [Complaint] = []

  func service(named name: String) -> ServiceDraft? { indices[name].map { services[$0] } }

  mutating func remove(_ name: String) {
    removed.insert(name)
    guard indices[name] != nil else { return }
    services.removeAll { $0.name == name }
    indices = .init(uniqueKeysWithValues: services.enumerated().map { ($1.name, $0) })
  }

  mutating func replace(_ service: ServiceDraft) {
    if let index = indices[service.name] { services[index] = service }
  }

  mutating func add(_ service: ServiceDraft) {
    if let index = indices[service.name] {
      services[index].add(service)
    } else {
      indices[service.name] = services.count
      services.append(service)
    }
  }

  mutating func add(_ value: ComposeNode, named name: String, to section: String) {
    guard let base = sections[section]?[name] else {
      sections[section, default: [:]][name] = value
      return
    }
    var merge = ServiceMerge()
    sections[section]?[name] = merge.merge(base, with: value)
    notes += merge.notes
  }

  /// A later file of the same project.
  mutating func add(_ later: ComposeDraft) {
    for name in later.removed { remove(name) }
    for service in later.services { add(service) }
    for (section, entries) in later.sections {
      for (name, value) in entries { add(value, named: name, to: section) }
    }
    name = later.name ?? name
    notes += later.notes
  }

  /// Another project that this one includes: what both have is the includer's.
  mutating func include(_ other: ComposeDraft) {
    for service in other.services {
      if indices[service.name] == nil {
        add(service)
      } else {
        notes.append(
          service.node.complaint("the included service '\(shown(service.name))' is here already; that one stands"))
      }
    }
    for (section, entries) in other.sections {
      for (name, value) in entries where sections[section]?[name] == nil { add(value, named: name, to: section) }
    }
    notes += other.notes
  }
}
