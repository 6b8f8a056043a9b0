import Glibc

/// A folder for the files of one test; it goes with the value.
final class TemporaryFolder {
  struct Failure: Error {}

  let path: String
  private var files: [String] = []

  init() throws {
    var template = Array("/tmp/keyglass-settings-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw Failure() }
    path = String(cString: made)
  }

  /// Writes a file and returns its path.
  func write(_ name: String, _ text: String) throws -> String {
    let file = path + "/" + name
    guard let stream = fopen(file, "w") else { throw Failure() }
    files.append(file)
    fputs(text, stream)
    fclose(stream)
    return file
  }

  deinit {
    for file in files { unlink(file) }
    rmdir(path)
  }
}
