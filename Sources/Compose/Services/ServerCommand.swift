/// Finds the server in what a container runs, behind the programs that only start others.
struct ServerCommand {
  enum Found: Equatable {
    /// With what stands behind its name.
    case server(ComposeRedis.Product, program: String, arguments: [ShellWord])
    /// Its own script, which is not known here, with what it is given.
    case script(String, arguments: [ShellWord])
    /// Something else, such as redis-cli.
    case other(String)
    case nothing
  }

  static let programs: [String: ComposeRedis.Product] = [
    "redis-server": .redis, "valkey-server": .valkey, "keydb-server": .keydb, "dragonfly": .dragonfly,
    "redis-stack-server": .redisStack,
  ]
  /// They start the program that stands behind them.
  private static let starters: Set<String> = [
    "exec", "command", "env", "nice", "nohup", "time", "tini", "dumb-init", "gosu", "su-exec", "setpriv", "runuser",
    "sudo", "chroot", "chrt", "ionice", "numactl", "stdbuf", "timeout", "catatonit", "s6-setuidgid", "su",
    "docker-entrypoint.sh", "entrypoint.sh", "then", "do", "else", "{", "if", "while", "!", "until", "--", "set",
    "eval",
  ]
  private static let shells: Set<String> = ["sh", "bash", "ash", "dash", "zsh", "busybox"]
  /// Scripts in each other that are read.
  private static let depthLimit = 4

  private var surroundings: ShellScript.Surroundings
  /// Scripts and commands that are still looked at: scripts may name each other many times.
  private var scriptsLeft = 32
  private var commandsLeft = 10_000
  /// Variables that a script uses and that have no value.
  private(set) var unset: [String] = []

  init(_ surroundings: ShellScript.Surroundings) { self.surroundings = surroundings }

  mutating func find(in words: [ShellWord], depth: Int = 0) -> Found {
    guard let first = words.first, commandsLeft > 0 else { return .nothing }
    commandsLeft -= 1
    let name = ComposePath.name(of: first.string)
    if let product = Self.programs[name] {
      return .server(product, program: name, arguments: Array(words.dropFirst()))
    }
    if Self.shells.contains(name) { return shell(words, depth: depth) }
    if Self.starters.contains(name) || Self.isAssignment(first) {
      // Their own options and names may stand between.
      for index in words.indices.dropFirst() {
        let name = ComposePath.name(of: words[index].string)
        if Self.programs[name] != nil || Self.shells.contains(name) || Self.isScript(words[index]) {
          return find(in: Array(words[index...]), depth: depth)
        }
      }
      return .other(name)
    }
    if Self.isScript(first) { return script(words, depth: depth) }
    return .other(name)
  }

  private static func isAssignment(_ word: ShellWord) -> Bool {
    guard let equals = word.bytes.firstIndex(of: UInt8(ascii: "=")), equals > 0 else { return false }
    return word.bytes[..<equals].allSatisfy {
      $0 == UInt8(ascii: "_") || (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
    }
  }

  private static func isScript(_ word: ShellWord) -> Bool {
    let text = word.string
    return text.hasSuffix(".sh") && !starters.contains(ComposePath.name(of: text))
  }

  /// `sh -c SCRIPT …` or `sh FILE …`.
  private mutating func shell(_ words: [ShellWord], depth: Int) -> Found {
    var index = 1
    while index < words.count {
      let word = words[index].string
      if Self.shells.contains(word) {
        index += 1
      } else if word.hasPrefix("-") || word.hasPrefix("+") {
        if word.hasPrefix("-"), !word.hasPrefix("--"), word.contains("c") {
          guard index + 1 < words.count else { return .nothing }
          return run(words[index + 1].bytes, arguments: Array(words.dropFirst(index + 3)), depth: depth)
        }
        index += ["-o", "+o"].contains(word) ? 2 : 1
      } else {
        return script(Array(words[index...]), depth: depth)
      }
    }
    return .nothing
  }

  private mutating func script(_ words: [ShellWord], depth: Int) -> Found {
    let path = words[0].string
    let arguments = Array(words.dropFirst())
    guard depth < Self.depthLimit, case .success(let file) = surroundings.file(ComposePath.join("/", path)) else {
      return .script(path, arguments: arguments)
    }
    return run(file.bytes, arguments: arguments, depth: depth)
  }

  /// The first server that a script starts.
  private mutating func run(_ bytes: [UInt8], arguments: [ShellWord], depth: Int) -> Found {
    guard depth < Self.depthLimit, scriptsLeft > 0 else { return .nothing }
    scriptsLeft -= 1
    var own = surroundings
    own.arguments = arguments
    let script = ShellScript(bytes, in: own)
    unset = script.unset
    var result = Found.nothing
    for command in script.commands {
      switch find(in: command, depth: depth + 1) {
      case .server(let product, let program, let arguments):
        return .server(product, program: program, arguments: arguments)
      case .script(let path, let arguments): result = .script(path, arguments: arguments)
      case .other(let name) where result == .nothing: result = .other(name)
      case .other, .nothing: break
      }
    }
    return result
  }
}
