/// What was asked for on the command line.
struct Options {
  /// What is measured.
  enum Mode: Equatable {
    /// The index and its lists, by the number of keys and by the shape of their names.
    case keys
    /// The live view, the expiry monitor, ticks and the console.
    case rest
    case live
    case expiry
    case console
    case tls
    /// For a fresh process: build an index of so many names and print what it took.
    case indexProbe(names: Int, NameShape)
    /// For a fresh process: scan what this socket's server has twice, and print what it took.
    case rescanProbe(path: String)
  }

  var mode = Mode.keys
  /// Numbers of keys, ascending.
  var sizes = [100_000, 1_000_000, 3_000_000, 10_000_000]
  /// Names of other shapes than ``NameShape/mixed``; 0: none.
  var shapeSize = 1_000_000
  /// Keys of all modes but ``Mode/keys``.
  var keys = 1_000_000
  /// nil: as many as the number of keys allows.
  private var wantedPairs: Int?

  static let usage = """
    keyglass-bench [--sizes N,N…] [--shapes N] [--rest | --live | --expiry | --console | --tls] [--keys N] [--pairs N]
      --sizes N,N…  numbers of keys, a column each (100000,1000000,3000000,10000000)
      --shapes N    keys for names of other shapes, 0 for none (1000000)
      --rest        instead: the live view, the expiry monitor, countdowns and the console
      --live        instead: only the live view, which needs few keys
      --expiry      instead: only the expiry monitor
      --console     instead: only the console: a reply of N elements, and 50,000 messages a second for ten seconds
      --tls         instead: only TLS against plain TCP: the scan, a page, the handshake
      --keys N      keys for those (1000000)
      --pairs N     how often each pair of runs is repeated; medians are shown (5; 3 of more than a million keys, and
                    1 of what takes a minute)
    Starts its own server, and the keyglass that stands beside it. Ends with 0 also when a budget is missed.
    """

  init(_ arguments: some Sequence<String>) throws(Malfunction) {
    var rest = Array(arguments)[...]
    while let word = rest.popFirst() {
      switch word {
      case "--sizes": sizes = try Self.numbers(rest.popFirst(), of: word)
      case "--shapes": shapeSize = try Self.number(rest.popFirst(), of: word, atLeast: 0)
      case "--keys": keys = try Self.number(rest.popFirst(), of: word)
      case "--pairs": wantedPairs = try Self.number(rest.popFirst(), of: word)
      case "--rest": mode = .rest
      case "--live": mode = .live
      case "--expiry": mode = .expiry
      case "--console": mode = .console
      case "--tls": mode = .tls
      case IndexProbe.word:
        let names = try Self.number(rest.popFirst(), of: word)
        guard let shape = rest.popFirst().flatMap(NameShape.init) else { throw Malfunction("\(word) wants a shape") }
        mode = .indexProbe(names: names, shape)
      case RescanProbe.word:
        guard let path = rest.popFirst() else { throw Malfunction("\(word) wants a socket") }
        mode = .rescanProbe(path: path)
      default: throw Malfunction("no such option: \(word)\n\(Self.usage)")
      }
    }
  }

  var pairs: Int { wantedPairs ?? 5 }

  /// - Parameter isSlow: a run over ten million keys takes most of a minute.
  func pairs(of keys: Int, isSlow: Bool = false) -> Int {
    wantedPairs ?? (keys > 3_000_000 && isSlow ? 1 : keys > 1_000_000 ? 3 : 5)
  }

  private static func number(_ text: String?, of word: String, atLeast least: Int = 1) throws(Malfunction) -> Int {
    guard let text, let number = Int(text), number >= least else {
      throw Malfunction("\(word) wants a number, at least \(least)")
    }
    return number
  }

  private static func numbers(_ text: String?, of word: String) throws(Malfunction) -> [Int] {
    var numbers: [Int] = []
    for part in (text ?? "").split(separator: ",", omittingEmptySubsequences: false) {
      numbers.append(try number(String(part), of: word))
    }
    return Set(numbers).sorted()
  }
}
