/// Paths as text: how Compose joins and shortens them, without asking the file system (Go's `filepath.Join`).
enum ComposePath {
  /// Absolute, without `.`, `..` and doubled slashes.
  static func join(_ folder: String, _ path: String) -> String {
    var parts: [Substring] = []
    for part in (path.hasPrefix("/") ? path : folder + "/" + path).split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// As ``join(_:_:)``, with `~` as the home.
  static func join(_ folder: String, _ path: String, home: String?) -> String {
    guard let home, path == "~" || path.hasPrefix("~/") else { return join(folder, path) }
    return join(home, String(path.dropFirst(2)))
  }

  static func folder(of path: String) -> String { join(path, "..") }

  static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? "/" }

  /// What of `path` lies below `folder`, `""` for itself; nil: it is elsewhere. Both as ``join(_:_:)`` makes them.
  static func below(_ folder: String, _ path: String) -> String? {
    if folder == "/" { return String(path.dropFirst()) }
    guard path.hasPrefix(folder) else { return nil }
    let rest = path.dropFirst(folder.count)
    return rest.isEmpty || rest.hasPrefix("/") ? String(rest.dropFirst()) : nil
  }

  /// It names something that is not in this file system: `https://…`, `git@…`, `oci://…`.
  static func isRemote(_ path: String) -> Bool {
    path.contains("://") || path.hasPrefix("git@") || path.hasPrefix("github.com/")
  }
}
