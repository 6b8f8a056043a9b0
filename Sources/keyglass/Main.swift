import App
import ArgumentParser
import Glibc

@main
enum Main {
  /// Synchronous, so that the first thread stays ours: ncurses lives on it.
  static func main() {
    let startedAt = Trace.nanoseconds
    let arguments = CommandLine.arguments
    wipeSecrets()
    Launch.prepare()
    exit(run(Array(arguments.dropFirst()), startedAt: startedAt).rawValue)
  }

  private static func run(_ arguments: [String], startedAt: Int64) -> ExitStatus {
    do {
      var command = try Keyglass.parseAsRoot(arguments)
      if let keyglass = command as? Keyglass {
        return Launch.run(keyglass.options, help: Keyglass.helpMessage(columns: 80), startedAt: startedAt)
      }
      // Help, which throws its text.
      try command.run()
      return .success
    } catch {
      return report(error)
    }
  }

  /// Prints what was asked for (help, version, completions), or the one line that says what is wrong.
  private static func report(_ error: any Error) -> ExitStatus {
    if Keyglass.exitCode(for: error).isSuccess {
      print(Keyglass.fullMessage(for: error))
      return .success
    }
    return Launch.complainOfUsage(Keyglass.message(for: error))
  }

  /// Overwrites passwords in the process's arguments, which every user can list.
  private static func wipeSecrets() {
    let count = Int(CommandLine.argc)
    let vector = unsafe CommandLine.unsafeArgv
    let copies = (0..<count).map { index -> [UInt8] in
      guard let argument = unsafe vector[index] else { return [] }
      return unsafe Array(UnsafeRawBufferPointer(start: argument, count: strlen(argument)))
    }
    for (index, bytes) in SecretArguments.ranges(in: copies) {
      guard let argument = unsafe vector[index] else { continue }
      for place in bytes { unsafe argument[place] = CChar(UInt8(ascii: "*")) }
    }
  }
}
