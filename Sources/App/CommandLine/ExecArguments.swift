/// The command of `keyglass exec` takes everything behind it as its own, as in redis-cli: `exec LRANGE key 0 -1`.
package enum ExecArguments {
  /// Options of ours that take the next argument, whatever it is.
  private static let takingValues: Set<String> = [
    "-h", "-p", "-s", "-u", "-n", "-a", "--user", "--pass", "--sni", "--cacert", "--cacertdir", "--cert", "--key",
    "--pattern", "--separator", "--theme", "--config", "--script", "--trace", "--frames",
    "--ttl", "-f",
  ]

  /// The arguments with `--` before the command of exec, where exec is the word; else as they are.
  package static func terminated(_ arguments: [String]) -> [String] {
    var isExec = false
    var index = 0
    while index < arguments.count {
      let argument = arguments[index]
      if argument == "--" { return arguments }
      if takingValues.contains(argument) {
        index += 2
      } else if argument.hasPrefix("-") {
        index += 1
      } else if isExec {
        return arguments[..<index] + ["--"] + arguments[index...]
      } else {
        guard argument == "exec" else { return arguments }
        isExec = true
        index += 1
      }
    }
    return arguments
  }
}
