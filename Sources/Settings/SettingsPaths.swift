/// Where the user's settings lie. None of the files is needed.
package struct SettingsPaths: Equatable, Sendable {
  /// `$XDG_CONFIG_HOME/keyglass/config.yaml`; nil without a home.
  package let config: String?
  /// The folder `themes` beside the config file.
  package let themes: String?

  /// - Parameter config: the file that the user named with `--config`.
  /// - Parameter environment: `XDG_CONFIG_HOME` and `HOME` are read. The XDG Base Directory Specification says to
  ///   ignore a path that is not absolute.
  package init(config: String? = nil, environment: [String: String]) {
    if let config {
      self.config = config
    } else if let folder = environment["XDG_CONFIG_HOME"], folder.hasPrefix("/") {
      self.config = folder + "/keyglass/config.yaml"
    } else if let home = environment["HOME"], home.hasPrefix("/") {
      self.config = home + "/.config/keyglass/config.yaml"
    } else {
      self.config = nil
    }
    themes = self.config.map { path in
      guard let slash = path.lastIndex(of: "/") else { return "themes" }
      return path[...slash] + "themes"
    }
  }
}
