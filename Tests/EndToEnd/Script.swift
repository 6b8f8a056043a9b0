import TestSupport
import Testing

/// A script of this folder.
struct Script: Sendable, CustomTestStringConvertible {
  let path: String
  var testDescription: String { String(path.split(separator: "/").last ?? "") }

  private static let folder = #filePath.split(separator: "/").dropLast().map { "/\($0)" }.joined()
  static let tour = "\(folder)/Scripts/tour.keys"
  /// A first lesson in Redis, as one takes it in redis-cli.
  static let lesson = Script(path: "\(folder)/tour/first-lesson.keys")
  static let lessonInTheConsole = Script(path: "\(folder)/tour/first-lesson-in-the-console.keys")

  /// All but the tour, which is about the sample server.
  static let all = scripts(in: "Scripts").filter { $0.path != tour } + [lesson]
  static let onValkey = scripts(in: "Scripts/valkey")

  /// What other clients do while one looks.
  static let live = scripts(in: "Live").filter { $0.path != swap.path }
  static let swap = Script(path: "\(folder)/Live/swap.keys")

  private static func scripts(in name: String) -> [Script] {
    let files = (try? Run.output(["/bin/ls", "\(folder)/\(name)"]).output) ?? ""
    return files.split(separator: "\n").filter { $0.hasSuffix(".keys") }
      .map { Script(path: "\(folder)/\(name)/\($0)") }
  }

  /// The words behind `# word:`.
  func arguments(for word: String) throws -> [String] {
    let text = try Run.output(["/bin/cat", path]).output
    let mark = "# \(word): "
    return text.split(separator: "\n").filter { $0.hasPrefix(mark) }
      .flatMap { $0.dropFirst(mark.count).split(separator: " ").map(String.init) }
  }
}
