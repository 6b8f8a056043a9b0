package import YAML

/// A Docker Compose project as its files tell it, without any engine.
package struct ComposeProject: Sendable, Equatable {
  /// As Compose names it: what the containers are labelled with.
  package var name: String
  /// The absolute path that relative paths in it start from, and where commands are run.
  package var folder: String
  /// Absolute paths, in the order in which each goes over those before.
  package var files: [String]
  /// Commands have to name the files: Compose itself, or one of its versions, would choose others.
  package var namesFiles = false
  /// In the order in which they first stand in the files.
  package var services: [ComposeService]
  /// What could not be followed and belongs to no service.
  package var notes: [Complaint]

  package init(
    name: String, folder: String, files: [String], services: [ComposeService] = [], notes: [Complaint] = []
  ) {
    (self.name, self.folder, self.files, self.services, self.notes) = (name, folder, files, services, notes)
  }

  package func service(named name: String) -> ComposeService? { services.first { $0.name == name } }
}
