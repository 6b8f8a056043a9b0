import RESP
import RedisClient
import Store

/// Commands of a file that are sent together.
struct FileBatch {
  struct Entry {
    let line: Int
    /// Whether the command answers with a text for eyes.
    let isPage: Bool
    /// In place of a reply: why the command was not sent.
    let refusal: ClientError?
  }

  /// What one batch may hold, so that it is bounded what is under way; a command that is larger goes alone.
  static let largest = (commands: 256, bytes: 1 << 20)

  /// Those that are sent.
  private(set) var commands = CommandBatch()
  /// One for each command, those that are not sent included.
  private(set) var entries: [Entry] = []

  var isFull: Bool { entries.count >= Self.largest.commands || commands.bytes.count >= Self.largest.bytes }

  /// The line of the first command that is sent; nil: there is none.
  var firstLine: Int? { entries.first { $0.refusal == nil }?.line }

  /// Adds a command once.
  ///
  /// - Parameter refusal: why it may not leave; nil where it may.
  mutating func add(_ command: FileCommand, refusal: ClientError?) {
    if refusal == nil { commands.add(words: command.words) }
    entries.append(Entry(line: command.line, isPage: ReplyText.isPage(command.words), refusal: refusal))
  }
}

/// Divides a file into batches.
struct BatchReader {
  private var reader: CommandReader
  private var gate: ReaderGate?
  /// The command that is being added, and how often it still is.
  private var current: (command: FileCommand, refusal: ClientError?, times: Int)?
  /// What ended the reading before the end of the file.
  private(set) var mistake: FileMistake?

  /// - Parameter gate: nil without read-only mode.
  init(_ reader: CommandReader, gate: ReaderGate?) {
    self.reader = reader
    self.gate = gate
  }

  /// What read-only mode lets out besides its own list.
  var knownReaders: Set<String> { gate?.knownReaders ?? [] }

  /// The next batch: what is at hand. Nil at the end, at a mistake, and where there is nothing yet and it is not to wait.
  mutating func next(waits: Bool) -> FileBatch? {
    var batch = FileBatch()
    do throws(FileMistake) {
      while !batch.isFull, try addOne(to: &batch, waits: waits && batch.entries.isEmpty) {}
    } catch {
      mistake = error
    }
    return batch.entries.isEmpty ? nil : batch
  }

  /// Adds the next command once; false where there is none.
  private mutating func addOne(to batch: inout FileBatch, waits: Bool) throws(FileMistake) -> Bool {
    if current == nil, mistake == nil, let command = try reader.next(waits: waits) {
      current = (command, gate?.refusal(of: command.words), command.times)
    }
    guard let (command, refusal, times) = current else { return false }
    batch.add(command, refusal: refusal)
    current = times > 1 ? (command, refusal, times - 1) : nil
    return true
  }
}
