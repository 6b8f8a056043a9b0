/// Commands for one pipelined write, encoded as RESP arrays of bulk strings.
package struct ServerBatch: Sendable {
  package private(set) var bytes: [UInt8] = []
  /// How many replies the server owes for the batch.
  package private(set) var count = 0

  package init() {}

  package mutating func add(_ arguments: [[UInt8]]) {
    header("*", arguments.count)
    for argument in arguments {
      header("$", argument.count)
      bytes += argument
      bytes += [0x0d, 0x0a]
    }
    count += 1
  }

  package mutating func add(_ arguments: [String]) {
    header("*", arguments.count)
    for argument in arguments {
      header("$", argument.utf8.count)
      bytes += argument.utf8
      bytes += [0x0d, 0x0a]
    }
    count += 1
  }

  package mutating func add(_ arguments: String...) { add(arguments) }

  private mutating func header(_ mark: Unicode.Scalar, _ number: Int) {
    bytes.append(UInt8(ascii: mark))
    bytes += String(number).utf8
    bytes += [0x0d, 0x0a]
  }
}
