import Requests
import Values

/// What `y` copies of the key or the element under the cursor.
package enum CopyPart: Hashable, Sendable {
  case name
  case value
  /// What tells the element from the others: a field's name, a member, an index, an entry's id.
  case field
  /// A command that recreates the key.
  case command

  var key: Character {
    switch self {
    case .name: "k"
    case .value: "v"
    case .field: "f"
    case .command: "c"
    }
  }
}

/// An element as it is copied.
struct CopiedElement {
  /// What they are called.
  var valueTitle: String
  var fieldTitle: String
  var value: [UInt8]
  var field: [UInt8]
  /// `E` takes the value to `$EDITOR`.
  var isEditable = true

  static func of(_ element: CollectionView.Element, at position: Int) -> CopiedElement {
    switch element {
    case .element(let bytes):
      CopiedElement(
        valueTitle: "element", fieldTitle: "index", value: bytes, field: Array(String(position).utf8))
    case .field(let pair):
      CopiedElement(
        valueTitle: "value of the field", fieldTitle: "field name", value: pair.value, field: pair.name)
    case .member(let bytes): member(bytes)
    case .scored(let entry): member(entry.member, isEditable: false)
    case .entry(let entry):
      CopiedElement(
        valueTitle: "entry", fieldTitle: "id of the entry", value: lines(of: entry),
        field: Array(entry.id.text.utf8), isEditable: false)
    }
  }

  static func member(_ bytes: [UInt8], isEditable: Bool = true) -> CopiedElement {
    CopiedElement(
      valueTitle: "member", fieldTitle: "member", value: bytes, field: bytes, isEditable: isEditable)
  }

  /// A line for each field with its value, quoted where it would else read as another.
  private static func lines(of entry: StreamPage.Entry) -> [UInt8] {
    let lines = entry.fields.map {
      [$0.name, $0.value].map { CommandText.word($0, limit: .max) }.joined(separator: " ")
    }
    return Array(lines.joined(separator: "\n").utf8)
  }
}
