import Glibc

extension ComposeTool {
  /// The words that every command for the project begins with, when it is run in the project's folder.
  ///
  /// Files are named where the project says so, relative to its folder where they lie in it; the name where this tool
  /// would give the project another one.
  package func prefix(for project: ComposeProject) -> [String] {
    var prefix = words
    if project.namesFiles {
      for file in project.files { prefix += ["-f", Self.relative(file, to: project.folder)] }
      // By default it is the folder of the first file (docs.docker.com, `docker compose --project-directory`).
      if let first = project.files.first, Self.folder(of: first) != project.folder {
        prefix += ["--project-directory", "."]
      }
    }
    // docker-compose 1 takes the folder's name without symbolic links, Compose 2 as PWD has it.
    let folders = [project.folder, Self.resolved(project.folder)]
    if folders.contains(where: { defaultName(in: $0) != project.name }) { prefix += ["-p", project.name] }
    return prefix
  }

  /// How the tool names a project by its folder alone.
  ///
  /// docker-compose 1.29 (`get_project_name`): lower case, only `a-z0-9_-`; Compose 2 (compose-go,
  /// `NormalizeProjectName`) then drops leading `_` and `-`.
  private func defaultName(in folder: String) -> String {
    let base = folder.split(separator: "/").last ?? ""
    var name = base.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
    if !version.hasPrefix("1.") { name = String(name.drop { $0 == "_" || $0 == "-" }) }
    return name.isEmpty ? "default" : name
  }

  private static func relative(_ file: String, to folder: String) -> String {
    let inside = folder.hasSuffix("/") ? folder : folder + "/"
    guard file.hasPrefix(inside) else { return file }
    let rest = String(file.dropFirst(inside.count))
    // `-` alone would be standard input, and `-x.yml` an option.
    return rest.hasPrefix("-") ? "./" + rest : rest
  }

  private static func folder(of file: String) -> String {
    guard let slash = file.lastIndex(of: "/"), slash > file.startIndex else { return "/" }
    return String(file[..<slash])
  }

  private static func resolved(_ path: String) -> String {
    guard let real = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }
}
