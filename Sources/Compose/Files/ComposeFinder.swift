package import YAML

/// Where the files of a project are looked for, and what the variables in them stand for.
package struct ComposeSurroundings: Sendable {
  /// Absolute path of the folder that Keyglass was started in.
  package var folder: String
  /// The process's environment: COMPOSE_FILE, COMPOSE_PROJECT_NAME, COMPOSE_PROFILES, and whatever the files name.
  package var variables: [String: String]
  /// What `~` stands for; nil without a home.
  package var home: String?

  package init(folder: String, variables: [String: String] = [:], home: String? = nil) {
    (self.folder, self.variables, self.home) = (folder, variables, home)
  }
}

/// Why there is no project.
package enum ComposeFileError: Error, Sendable, Equatable {
  /// No Compose file in this folder or one above it.
  case notFound(folder: String)
  /// The file cannot be read, or is not a Compose file at all: where and why.
  case unusable(Complaint)
}

extension ComposeProject {
  /// The project as its files tell it. Reads files, and starts no process.
  ///
  /// - Parameter file: a file, or a folder to look in, relative to the surroundings' folder; nil: as Compose finds it.
  package static func find(
    file: String?, in surroundings: ComposeSurroundings
  ) throws(ComposeFileError) -> ComposeProject {
    var sources = ComposeSources()
    return try find(file: file, in: surroundings, sources: &sources)
  }

  /// The same.
  ///
  /// - Parameter sources: becomes what it was read from, also where there is no project.
  package static func find(
    file: String?, in surroundings: ComposeSurroundings, sources: inout ComposeSources
  ) throws(ComposeFileError) -> ComposeProject {
    var reader = ComposeFileReader()
    defer { sources = reader.sources }
    let found = try ComposeLocator(file, surroundings, &reader)
    var loader = ComposeLoader(reader: reader)
    defer { reader = loader.reader }
    let draft: ComposeDraft
    do throws(Complaint) {
      draft = try loader.load(found.files, folder: found.folder, variables: found.variables)
    } catch {
      throw .unusable(error)
    }
    let name = found.variables.text("COMPOSE_PROJECT_NAME") ?? draft.name?.string ?? ""
    var project = ComposeProject(
      name: normalized(name.isEmpty ? ComposePath.name(of: found.folder) : name), folder: found.folder,
      files: found.files, notes: found.notes + draft.notes)
    project.namesFiles = found.namesFiles
    var services = ServiceReader(
      draft, folder: found.folder, variables: found.variables, home: surroundings.home, reader: loader.reader)
    project.services = services.all()
    loader.reader = services.reader
    if project.services.isEmpty, let first = found.files.first {
      project.notes.append(Complaint(file: first, message: "it has no services"))
    }
    return project
  }

  /// As Compose writes it in labels and names: lower case, without what is not a letter, digit, `_` or `-`.
  static func normalized(_ name: String) -> String {
    let kept = name.lowercased().unicodeScalars.filter {
      switch $0 {
      case "a"..."z", "0"..."9", "_", "-": true
      default: false
      }
    }
    let trimmed = String(String.UnicodeScalarView(kept.drop { $0 == "_" || $0 == "-" }))
    return trimmed.isEmpty ? "default" : trimmed
  }
}
