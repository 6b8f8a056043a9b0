import CPlatform
import Compose
import Glibc

/// The variables that decide something.
package struct Environment: Sendable {
  private let values: [String: String]

  package init(_ values: [String: String]) { self.values = values }

  private static let passwordName = "REDISCLI_AUTH"

  /// Those of this process that Keyglass looks at. The password is taken away from there: no program that is started
  /// gets it, and /proc shows it no more. Before there is a second thread.
  package static func take() -> Environment {
    let names = [passwordName, "XDG_CONFIG_HOME", "XDG_STATE_HOME", "HOME"]
    var values: [String: String] = [:]
    for name in names {
      if let value = unsafe getenv(name) { values[name] = unsafe String(cString: value) }
    }
    if let password = unsafe getenv(passwordName) {
      unsafe memset(password, Int32(UInt8(ascii: "*")), strlen(password))
      unsafe unsetenv(passwordName)
    }
    return Environment(values)
  }

  /// Those that are still there once the password was taken away.
  static var present: Environment {
    let home = unsafe getenv("HOME").map { unsafe String(cString: $0) }
    return Environment(home.map { ["HOME": $0] } ?? [:])
  }

  /// All variables of this process, as `NAME=VALUE`.
  static var variables: [String] {
    var variables: [String] = []
    var next = unsafe kg_environment()
    while let variable = unsafe next.pointee {
      variables.append(unsafe String(cString: variable))
      unsafe next += 1
    }
    return variables
  }

  /// What a Compose project is looked for by.
  /// - Throws: the working folder is gone.
  func composeSurroundings() throws(ErrorLine) -> ComposeSurroundings {
    guard let path = unsafe getcwd(nil, 0) else {
      throw ErrorLine(
        "the working folder", SystemError.current.text, nextStep: "Change to the folder of the project, then try again."
      )
    }
    defer { unsafe free(path) }
    let pairs = Self.variables.compactMap { variable -> (String, String)? in
      guard let equals = variable.firstIndex(of: "=") else { return nil }
      return (String(variable[..<equals]), String(variable[variable.index(after: equals)...]))
    }
    return ComposeSurroundings(
      folder: unsafe String(cString: path), variables: Dictionary(pairs) { first, _ in first }, home: home)
  }

  /// The system by its own words: `Linux 6.1.0 x86_64`.
  static var system: String {
    var name = utsname()
    guard unsafe uname(&name) == 0 else { return "an unknown system" }
    func text<Field>(_ field: Field) -> String {
      unsafe withUnsafeBytes(of: field) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
    }
    return [text(name.sysname), text(name.release), text(name.machine)].joined(separator: " ")
  }

  package var all: [String: String] { values }

  package var password: String? { values[Self.passwordName] }

  /// Nil where it is no absolute path.
  package var home: String? { values["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } }

  /// `$XDG_STATE_HOME/keyglass`, by default under the home; nil without one. As the XDG Base Directory Specification
  /// says, a path that is not absolute is ignored.
  package var stateFolder: String? {
    if let folder = values["XDG_STATE_HOME"], folder.hasPrefix("/") { return folder + "/keyglass" }
    if let home = values["HOME"], home.hasPrefix("/") { return home + "/.local/state/keyglass" }
    return nil
  }
}
