import Canvas
import Commands

/// A command of a file.
struct FileCommand: Equatable {
  let words: [[UInt8]]
  /// The line on which it begins, from 1.
  let line: Int
  /// How often it is sent.
  var times = 1
}

extension FileCommand {
  /// The command in the words of a line: a count may stand before it.
  ///
  /// - Parameter file: its name, for messages.
  init(in words: [[UInt8]], line: Int, of file: String) throws(FileMistake) {
    func mistake(_ why: String, nextStep: String) -> FileMistake {
      FileMistake(place: "\(file):\(line)", why: why, nextStep: nextStep)
    }
    let (repetition, rest): (Repetition?, [[UInt8]])
    switch Repetition.take(from: words) {
    case .success(let taken): (repetition, rest) = (taken.0, taken.rest)
    case .failure(let wrong): throw mistake(wrong.text, nextStep: "Put it right, or leave it out.")
    }
    guard repetition?.every == nil else {
      throw mistake("only the console repeats a command at intervals", nextStep: "Leave out the interval.")
    }
    let times = repetition?.count ?? 1
    guard times <= Repetition.mostAtOnce else {
      throw mistake("a count is at most \(Format.count(Repetition.mostAtOnce))", nextStep: "Lower it.")
    }
    if let reason = UnfitCommand.reason(rest, isInFile: true) {
      throw mistake(reason, nextStep: "Take it out of the commands.")
    }
    if times > 1, let reason = UnfitCommand.ending(rest) {
      throw mistake("\(reason), and it is to be sent \(Format.count(times)) times", nextStep: "Leave out the count.")
    }
    self.init(words: rest, line: line, times: times)
  }
}

/// What is wrong with a file of commands.
struct FileMistake: Error, Equatable {
  /// `FILE:LINE:COLUMN` as far as there is such a place.
  let place: String
  /// Without its full stop.
  let why: String
  /// A whole sentence.
  let nextStep: String

  /// - Parameter fate: what became of the commands before it, as `nothing was sent`.
  func error(_ fate: String) -> ErrorLine {
    ErrorLine(place, "\(why); \(fate)", nextStep: nextStep)
  }
}
