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
