package import Keyspace
package import Values

/// A word of a command, from what edits are made of.
package protocol PlanWord {
  var word: [UInt8] { get }
}

extension String: PlanWord {
  package var word: [UInt8] { Array(utf8) }
}

extension Array: PlanWord where Element == UInt8 {
  package var word: [UInt8] { self }
}

extension Int: PlanWord {
  package var word: [UInt8] { Array(String(self).utf8) }
}

extension Int64: PlanWord {
  package var word: [UInt8] { Array(String(self).utf8) }
}

extension KeyName: PlanWord {
  package var word: [UInt8] { bytes }
}

extension StreamID: PlanWord {
  package var word: [UInt8] { Array(text.utf8) }
}

/// The words of one command: `command("HSET", key, field, value)`.
package func command<each Word: PlanWord>(_ words: repeat each Word) -> [[UInt8]] {
  var result: [[UInt8]] = []
  for word in repeat each words { result.append(word.word) }
  return result
}
