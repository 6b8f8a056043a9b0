import TestSupport
import Testing

/// What a second terminal shows is what was drawn: nothing that a server sent has moved anything. The whole tour of
/// ``HostileTourTests`` is compared too.
@Suite("A second terminal", .serialized, .timeLimit(.minutes(10))) struct EmulatorTests {
  @Test(
    .enabled(if: Emulator.python != nil, "KEYGLASS_PYTE names no python with pyte: see .ci/pyte"),
    arguments: [(120, 36), (80, 24)])
  func showsWhatWasDrawn(columns: Int, rows: Int) async throws {
    let (server, _) = try HostileTourTests.server.get()
    let run = try await TerminalRun(["-s", server.socketPath], columns: columns, rows: rows)
    var stops = Emulator.Stops()
    let tour = HostileTour(run: run, isThorough: Campaign.isOn) { stops.add($0, of: run) }
    try await Campaign.isOn ? tour.everything() : tour.short()
    try await tour.sizes()
    _ = try await run.quit()
    #expect(stops.count > 20)
    let complaint = try await stops.complaint(about: run, columns: columns, rows: rows)
    #expect(complaint == nil)
  }
}
