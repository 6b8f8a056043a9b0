import PrivateServer

/// The budgets of the index by what names look like.
struct ShapeTable {
  let options: Options
  let server: PrivateServer
  let say: (String) -> Void
  private(set) var grid: Grid
  /// ns a key of the mixed sample, which the other shapes are measured by.
  private var base = 0.0

  private static let shapes: [NameShape] = NameShape.allCases
  private static let nanoseconds = "building it, a key, to the mixed sample's"

  init(_ options: Options, _ server: PrivateServer, say: @escaping (String) -> Void) {
    self.options = options
    self.server = server
    self.say = say
    grid = Grid("\(Report.count(options.shapeSize)) names", columns: Self.shapes.map(\.title) + [Self.manyTens])
  }

  /// Folders of ten, ten times as many.
  private static let manyTens = "ten times as many folders of ten"

  mutating func run() async throws {
    let size = options.shapeSize
    for shape in Self.shapes {
      say("\(shape.title): \(Report.count(size)) names in the index alone")
      try measureIndex(shape, size, in: shape.title)
    }
    say("folders of ten: \(Report.count(10 * size)) names in the index alone")
    try measureIndex(.tens, 10 * size, in: Self.manyTens)
    for shape in Self.shapes {
      say("\(shape.title): \(Report.count(size)) names from a server")
      try await measureScan(shape, size)
    }
  }

  private mutating func measureIndex(_ shape: NameShape, _ size: Int, in column: String) throws {
    let probe = try IndexProbe(FreshProcess.numbers([IndexProbe.word, String(size), shape.rawValue]))
    if shape == .mixed { base = probe.nanosecondsPerKey }
    let (beyond, ratio) = (probe.bytesPerKey - probe.nameLength, probe.nanosecondsPerKey / base)
    grid.set("bytes of a name", in: column, Report.number(probe.nameLength, digits: 1))
    // 56 bytes a key, of which 24 are the name's.
    grid.set(
      "memory a key beyond them", budget: "32 B", in: column, "\(Report.number(beyond, digits: 1)) B",
      isMet: beyond <= 32)
    grid.set(
      Self.nanoseconds, in: column,
      "\(Report.number(probe.nanosecondsPerKey, digits: 0)) ns: \(Report.number(ratio, digits: 2))")
    grid.set("tree, closed", in: column, "\(Report.number(probe.closedTree, digits: 2)) ms")
    grid.set(
      "tree, its largest folder open", in: column, "\(Report.number(probe.openTree, digits: 1)) ms")
    grid.set(
      "filter, first rows", budget: "50 ms", in: column, "\(Report.number(probe.firstMatches, digits: 1)) ms",
      isMet: probe.firstMatches <= 50)
    // A second for ten million.
    let whole = Double(size) / 10_000
    grid.set(
      "filter, all rows", budget: "100 ns a name", in: column, "\(Report.number(probe.allMatches, digits: 1)) ms",
      isMet: probe.allMatches <= whole)
  }

  private mutating func measureScan(_ shape: NameShape, _ size: Int) async throws {
    let path = server.socketPath
    var socket = try ServerSocket(path: path)
    var flush = ServerBatch()
    flush.add("FLUSHALL")
    _ = try socket.send(flush)
    try SampleKeys.fill(&socket, 0..<size, shape: shape)
    let pairs = try await Pairs.measure(min(3, options.pairs(of: size)), keys: size) {
      try await StoreRuns.names(path)
    } baseline: {
      try BareLoops.countNames(path)
    }
    grid.set(
      "names browsable, to a bare SCAN loop", budget: "1.15", in: shape.title, pairs.text, isMet: pairs.ratio <= 1.15)
  }
}
