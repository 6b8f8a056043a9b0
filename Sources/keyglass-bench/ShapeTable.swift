import PrivateServer

/// The budgets of the index by what names look like.
struct ShapeTable {
  let options: Options
  let server: PrivateServer
  let program: ProgramRuns
  let say: (String) -> Void
  private(set) var grid: Grid
  /// ns a key of the mixed sample, which the other shapes are measured by.
  private var base = 0.0

  private static let shapes: [NameShape] = NameShape.allCases
  private static let nanoseconds = "building it, a key, to the mixed sample's"

  init(_ options: Options, _ server: PrivateServer, _ program: ProgramRuns, say: @escaping (String) -> Void) {
    self.options = options
    self.server = server
    self.program = program
    self.say = say
    grid = Grid(
      "\(Report.count(options.shapeSize)) names",
      columns: Self.shapes.map(\.title) + Self.bigShapes.map { Self.bigTitle($0) })
  }

  /// Those that are measured with ten times as many names too.
  private static let bigShapes = [NameShape.folder, .tens]

  private static func bigTitle(_ shape: NameShape) -> String { "\(shape.title), ten times as many" }

  mutating func run() async throws {
    let size = options.shapeSize
    for shape in Self.shapes {
      say("\(shape.title): \(Report.count(size)) names in the index alone")
      try measureIndex(shape, size, in: shape.title)
    }
    for shape in Self.bigShapes {
      say("\(shape.title): \(Report.count(10 * size)) names in the index alone")
      try measureIndex(shape, 10 * size, in: Self.bigTitle(shape))
    }
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
    if shape == .folder { try measureInput(shape, size) }
  }

  private mutating func measureInput(_ shape: NameShape, _ size: Int) throws {
    say("\(shape.title): \(Report.count(size)) names, key presses while scanning")
    var times: [Double] = []
    for _ in 0..<min(3, options.pairs(of: size)) {
      times += try program.inputToFrame(typing: ProgramRuns.folderBrowsing).scanning
    }
    for (percent, budget) in [(50, 2.0), (99, 16.0)] {
      let time = Measured.percentile(percent, of: times)
      grid.set(
        "key press to frame while scanning, about the open folder, p\(percent)",
        budget: "\(Report.number(budget, digits: 0)) ms", in: shape.title,
        "\(Report.number(time, digits: 2)) ms of \(times.count)", isMet: time <= budget)
    }
  }
}
