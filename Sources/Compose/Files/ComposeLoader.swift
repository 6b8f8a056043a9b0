import YAML

/// Puts the files of one project together: each with what it extends and includes, the later over the earlier.
struct ComposeLoader {
  /// Compose files that are read for one project, and values in all services together after they are put together.
  static let fileLimit = 64
  static let sizeLimit = 1_000_000

  var reader: ComposeFileReader
  private var files = 0
  /// Values in what has been put together by `extends`.
  private var size = 0

  init(reader: ComposeFileReader) { self.reader = reader }

  /// - Parameter included: the files that led here, the project's own first.
  /// - Throws: why the first file cannot be used; of others that is a note.
  mutating func load(
    _ paths: [String], folder: String, variables: ComposeVariables, included: [String] = []
  ) throws(Complaint) -> ComposeDraft {
    var draft = ComposeDraft()
    for (index, path) in paths.enumerated() {
      do throws(Complaint) {
        var document = try self.document(path, folder: folder, variables)
        var extends = Extends(document)
        let services = document.services.map { extends.resolved($0, &self) }
        for service in services { document.replace(service) }
        include(document.includes, into: &document, path: path, folder: folder, variables, included)
        if index == 0 { draft = document } else { draft.add(document) }
      } catch {
        if index == 0 { throw error }
        draft.notes.append(error)
      }
    }
    return draft
  }

  /// One file by itself.
  mutating func document(
    _ path: String, folder: String, _ variables: ComposeVariables
  ) throws(Complaint) -> ComposeDraft {
    guard files < Self.fileLimit else {
      throw Complaint(file: path, message: "more than \(Self.fileLimit) Compose files; it is left out")
    }
    files += 1
    var draft = ComposeDraft()
    for root in try ComposeDocument.roots(path, &reader) {
      let document = ComposeDocument(root, path: path, folder: folder, variables: variables).draft
      draft.includes = document.includes ?? draft.includes
      draft.add(document)
    }
    return draft
  }

  /// False when what is put together has become too large.
  mutating func allows(_ more: Int) -> Bool {
    size += more
    return size <= Self.sizeLimit
  }
}
