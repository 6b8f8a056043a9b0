import YAML

/// Follows `extends` (https://docs.docker.com/reference/compose-file/services/#extends): a service takes what another
/// says, of the same file or of another, and what it says itself goes over it.
struct Extends {
  /// Services that extend each other in a row.
  private static let depthLimit = 64

  private struct Link: Equatable {
    var path: String
    var service: String
  }

  private let own: ComposeDraft
  /// Other files, by path.
  private var others: [String: Result<ComposeDraft, Complaint>] = [:]
  private var done: [String: ServiceDraft] = [:]

  /// - Parameter own: the file whose services are to be resolved.
  init(_ own: ComposeDraft) { self.own = own }

  mutating func resolved(_ service: ServiceDraft, _ loader: inout ComposeLoader) -> ServiceDraft {
    resolved(service, trail: [Link(path: service.node.place.file, service: service.name)], &loader)
  }

  private mutating func resolved(
    _ service: ServiceDraft, trail: [Link], _ loader: inout ComposeLoader
  ) -> ServiceDraft {
    guard let extends = service.node["extends"], extends.content != .null else { return service }
    let key = "\(service.node.place.file)\u{0}\(service.name)"
    if let done = done[key] { return done }
    var result = service
    do throws(Complaint) {
      let base = try base(of: service, extends, trail: trail, &loader)
      guard loader.allows(base.node.size + service.node.size) else {
        throw extends.complaint("what it extends makes the project larger than Keyglass reads")
      }
      var merge = ServiceMerge()
      result.node = merge.merge(base.node, with: service.node)
      result.notes = base.notes + service.notes + merge.notes
      result.flaw = service.flaw ?? base.flaw
      done[key] = result
    } catch {
      result.flaw = service.flaw ?? error
    }
    return result
  }

  private mutating func base(
    of service: ServiceDraft, _ extends: ComposeNode, trail: [Link], _ loader: inout ComposeLoader
  ) throws(Complaint) -> ServiceDraft {
    guard let name = extends.string ?? extends["service"]?.string else {
      throw extends.complaint("'extends' is \(extends.kind) without 'service:'; expected the name of a service")
    }
    let place = service.node.place
    let path = extends["file"]?.string.map { ComposePath.join(place.folder, $0) } ?? place.file
    if let file = extends["file"]?.string, ComposePath.isRemote(file) {
      throw extends.complaint("'extends' names a remote file, which Keyglass does not fetch")
    }
    let link = Link(path: path, service: name)
    if let start = trail.firstIndex(of: link) {
      let circle = (trail[start...] + [link]).map { shown($0.service) }.joined(separator: " → ")
      throw extends.complaint("'extends' goes in a circle: \(circle)")
    }
    guard trail.count < Self.depthLimit else {
      throw extends.complaint("more than \(Self.depthLimit) services that extend each other in a row")
    }
    let file = try draft(path, extends, &loader, variables: service.variables)
    guard let base = file.service(named: name) else {
      throw extends.complaint("it extends '\(shown(name))', which is no service of \(ComposePath.name(of: path))")
    }
    guard base.node.entries != nil else {
      throw extends.complaint("it extends '\(shown(name))', which is \(base.node.kind); expected a mapping")
    }
    return resolved(base, trail: trail + [link], &loader)
  }

  private mutating func draft(
    _ path: String, _ extends: ComposeNode, _ loader: inout ComposeLoader, variables: ComposeVariables
  ) throws(Complaint) -> ComposeDraft {
    if path == own.services.first?.node.place.file { return own }
    let result: Result<ComposeDraft, Complaint>
    if let known = others[path] {
      result = known
    } else {
      do throws(Complaint) {
        result = .success(try loader.document(path, folder: ComposePath.folder(of: path), variables))
      } catch {
        result = .failure(error)
      }
      others[path] = result
    }
    switch result {
    case .success(let draft): return draft
    case .failure(let complaint):
      throw extends.complaint("the file that it extends cannot be used: \(complaint.shortDescription)")
    }
  }
}
