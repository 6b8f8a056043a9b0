/// Something in a file that Keyglass cannot follow. It goes on with the default in its place.
package struct Complaint: Error, Equatable, Sendable, CustomStringConvertible {
  /// The path, or `built-in NAME.yaml`.
  package let file: String
  /// Both count from 1, the column in characters; nil where the whole file is meant.
  package let position: Position?
  /// What is wrong, and what was expected.
  package let message: String

  package init(file: String, position: Position? = nil, message: String) {
    self.file = file
    self.position = position
    self.message = message
  }

  /// The same without the folders of the file, for one line of a screen.
  package var shortDescription: String {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    return Complaint(file: name, position: position, message: message).description
  }

  /// `FILE:LINE:COLUMN: MESSAGE`
  package var description: String {
    if let position { return "\(file):\(position.line):\(position.column): \(message)" }
    return "\(file): \(message)"
  }
}

/// A place in a file. Both count from 1, the column in characters.
package struct Position: Equatable, Sendable {
  package let line: Int
  package let column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}
