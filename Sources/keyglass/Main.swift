import App
import ArgumentParser
import Glibc

@main
enum Main {
  /// Synchronous, so that the first thread stays ours: ncurses lives on it.
  static func main() {
    let startedAt = Trace.nanoseconds
    let arguments = CommandLine.arguments
    let bytes = Array(ProcessArguments.bytes.dropFirst())
    ProcessArguments.wipeSecrets()
    Launch.prepare()
    exit(run(ExecArguments.terminated(Array(arguments.dropFirst())), bytes: bytes, startedAt: startedAt).rawValue)
  }

  private static func run(_ arguments: [String], bytes: [[UInt8]], startedAt: Int64) -> ExitStatus {
    do {
      var command = try Keyglass.parseAsRoot(arguments)
      if let keyglass = command as? Keyglass {
        var options = keyglass.options
        options.arguments = bytes
        return Launch.run(options, help: Keyglass.helpMessage(columns: 80), startedAt: startedAt)
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
}
