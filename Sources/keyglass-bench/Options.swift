/// What was asked for on the command line.
struct Options {
  var keys = 1_000_000
  var pairs = 5
  /// 10,000,000 names too.
  var isLarge = false
  /// Only the live view.
  var isLiveOnly = false
  /// Only the expiry monitor.
  var isExpiryOnly = false
  /// Only the console.
  var isConsoleOnly = false
  /// Only TLS against plain text.
  var isTLSOnly = false
  /// Only this: build an index of so many names in this process and print what it took. Made for a fresh process.
  var indexProbe: Int?

  static let usage = """
    keyglass-bench [--keys N] [--pairs N] [--large] [--live | --expiry | --console | --tls]
      --keys N    keys on the server (1000000)
      --pairs N   how often each pair of runs is repeated; medians are shown (5)
      --large     also an index of 10,000,000 names, made in memory
      --live      only the live view, which needs few keys
      --expiry    only the expiry monitor
      --console   only the console: a reply of N elements, and 50,000 messages a second for ten seconds
      --tls       only TLS against plain TCP: the scan, a page, the handshake
    Starts its own server, and the keyglass that stands beside it. Ends with 0 also when a budget is missed.
    """

  init(_ arguments: some Sequence<String>) throws(Malfunction) {
    var rest = Array(arguments)[...]
    while let word = rest.popFirst() {
      switch word {
      case "--keys": keys = try Self.number(rest.popFirst(), of: word)
      case "--pairs": pairs = try Self.number(rest.popFirst(), of: word)
      case "--large": isLarge = true
      case "--live": isLiveOnly = true
      case "--expiry": isExpiryOnly = true
      case "--console": isConsoleOnly = true
      case "--tls": isTLSOnly = true
      case IndexProbe.word: indexProbe = try Self.number(rest.popFirst(), of: word)
      default: throw Malfunction("no such option: \(word)\n\(Self.usage)")
      }
    }
  }

  private static func number(_ text: String?, of word: String) throws(Malfunction) -> Int {
    guard let text, let number = Int(text), number > 0 else { throw Malfunction("\(word) wants a number above 0") }
    return number
  }
}
