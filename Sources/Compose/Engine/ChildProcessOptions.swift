import Glibc
import Subprocess
import SystemPackage

/// How every program of this room is started.
enum ChildProcessOptions {
  /// A session of its own: what is typed in the terminal that Keyglass runs in does not reach it, it cannot ask for a
  /// password there behind our back, and one signal reaches all that it started.
  ///
  /// `words` is the program, found in PATH, and its arguments; `environment` nil is this process's own.
  static func configuration(
    words: [String], folder: String?, environment: [String: String]?, teardown: [TeardownStep]
  ) -> Configuration {
    var options = PlatformOptions()
    options.createSession = true
    options.teardownSequence = teardown
    let program = words.first ?? ""
    var variables: [Environment.Key: String?] = [:]
    // As `cd` sets it: Go programs tell by it the name of a folder that a symbolic link leads to.
    if let folder { variables["PWD"] = folder }
    let childEnvironment: Environment
    if let environment {
      var all: [Environment.Key: String] = [:]
      // Subprocess refuses to start anything with a name that begins with a digit.
      for (name, value) in environment where !(name.first?.isNumber ?? true) {
        if let key = Environment.Key(rawValue: name) { all[key] = value }
      }
      for case (let key, let value?) in variables { all[key] = value }
      childEnvironment = .custom(all)
    } else {
      childEnvironment = .inherit.updating(variables)
    }
    return Configuration(
      executable: program.contains("/") ? .path(FilePath(program)) : .name(program),
      arguments: Arguments(Array(words.dropFirst())), environment: childEnvironment,
      workingDirectory: folder.map { FilePath($0) }, platformOptions: options)
  }

  /// In a few words, why `words` could not be started in `folder`.
  static func why(_ error: any Error, words: [String], folder: String?) -> String {
    let program = words.first ?? ""
    guard let error = error as? SubprocessError else { return "\(program) cannot be started" }
    switch error.code {
    case .executableNotFound:
      return "\(program) is not in PATH"
    case .failedToChangeWorkingDirectory:
      return "the folder \(folder ?? ".") cannot be entered" + text(of: error)
    default:
      return "\(program) cannot be started" + text(of: error)
    }
  }

  private static func text(of error: SubprocessError) -> String { error.underlyingError.map { ": \($0)" } ?? "" }
}
