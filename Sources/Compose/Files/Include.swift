import YAML

/// Follows `include` (https://docs.docker.com/reference/compose-file/include/): other projects with paths and a `.env`
/// of their own, whose services become services of this one.
extension ComposeLoader {
  mutating func include(
    _ node: ComposeNode?, into draft: inout ComposeDraft, path: String, folder: String, _ variables: ComposeVariables,
    _ included: [String]
  ) {
    for item in node?.items ?? [] {
      let paths = (item["path"]?.items ?? (item.string == nil ? [] : [item])).compactMap(\.string)
      guard !paths.isEmpty else {
        draft.notes.append(item.complaint("'include' is \(item.kind) without 'path:'; expected the path of a file"))
        continue
      }
      if let remote = paths.first(where: ComposePath.isRemote) {
        draft.notes.append(item.complaint("'\(shown(remote))' is a remote file, which Keyglass does not fetch"))
        continue
      }
      let files = paths.map { ComposePath.join(folder, $0) }
      let trail = included + [path]
      if let again = files.first(where: trail.contains) {
        let circle = (trail.drop { $0 != again } + [again]).map { shown(ComposePath.name(of: $0)) }
        draft.notes.append(item.complaint("'include' goes in a circle: \(circle.joined(separator: " → "))"))
        continue
      }
      let itsFolder =
        item["project_directory"]?.string.map { ComposePath.join(folder, $0) } ?? ComposePath.folder(of: files[0])
      let scope = scope(of: item, folder: folder, itsFolder, variables, &draft)
      do throws(Complaint) {
        draft.include(try load(files, folder: itsFolder, variables: scope, included: trail))
      } catch {
        draft.notes.append(item.complaint("the included file cannot be used: \(error.shortDescription)"))
      }
    }
  }

  /// What variables stand for in it: what they stand for here, then what its own files say.
  private mutating func scope(
    of item: ComposeNode, folder: String, _ itsFolder: String, _ variables: ComposeVariables,
    _ draft: inout ComposeDraft
  ) -> ComposeVariables {
    var scope = variables
    let named = item["env_file"]?.items.compactMap(\.string).map { ComposePath.join(folder, $0) } ?? []
    for file in named.isEmpty ? [ComposePath.join(itsFolder, ".env")] : named {
      switch reader.read(file) {
      case .success(let bytes):
        let read = DotEnv(bytes, path: file, outer: variables)
        scope.add(read.variables)
        draft.notes += read.complaints
      case .failure(let failure):
        if !named.isEmpty { draft.notes.append(Complaint(file: file, message: "cannot be read: \(failure.text)")) }
      }
    }
    return scope
  }
}
