import Canvas
import Requests

@testable import Browser

/// Servers that are listed, tried and gone to, as the App would do it.
extension Monkey {
  mutating func follow(_ effect: Effect) {
    switch effect {
    case .listServers: act(.servers((0..<random.number(0...12)).map { _ in entry() }))
    case .testServer(let place): if !random.one(8) { act(.serverTested(place, test())) }
    case .connect(let attempt, let place, _):
      switch random.number(0...5) {
      // It is given up before anything comes of it.
      case 0: break
      case 1: act(.connectFailed(attempt: attempt, .wantsPassword(isRefused: random.one(2))))
      case 2: act(.connectFailed(attempt: attempt, .failed(text())))
      default: enter(place, attempt)
      }
    case .watchCompose(true): if !random.one(6) { act(.compose(finding())) }
    case .runCompose(let run, _, _):
      act(.composeOutput(run: run, (0..<random.number(0...40)).map { _ in bytes() }))
      composeRuns += 1
      if !random.one(6) { act(.composeEnded(run: run, .exited(status: random.number(0...1)))) }
    case .cancelCompose(let run): act(.composeEnded(run: run, .cancelled))
    default: break
    }
  }

  private mutating func finding() -> ComposeFinding {
    switch random.number(0...5) {
    case 0: return .nothing(folder: text())
    case 1: return .unusable(text())
    default:
      var listing = ComposeListing.shop(
        tool: random.one(8) ? .missing(why: text()) : ComposeListing.tool,
        engine: random.one(8) ? .fails(why: text()) : .answers)
      listing.name = text()
      listing.services.shuffle(using: &random)
      listing.services.removeLast(random.number(0...listing.services.count))
      for index in listing.services.indices where random.one(3) {
        listing.services[index].containers?.state = random.pick([.running, .exited(code: 1), .absent, .paused])
      }
      return .project(listing)
    }
  }

  /// What these bring about is no request.
  private mutating func act(_ event: Event) { for effect in Browser.reduce(&state, event) { follow(effect) } }

  private mutating func enter(_ place: ServerPlace, _ attempt: Int) {
    guard Browser.awaits(attempt: attempt, state) else { return }
    var server = ServerSetup(place, endpointName: text(), database: random.number(0...3))
    if setup.isReadOnly { server.readOnlyReason = "started with --read-only" }
    (server.profile, server.stage) = (setup.profile, setup.stage)
    state = Browser.entering(server, from: state)
    switches += 1
    // What the old one was asked is answered to nobody.
    outstanding = Browser.start(&state).compactMap { effect in
      if case .request(let purpose, let generation, let request) = effect {
        (purpose, generation, request)
      } else {
        nil
      }
    }
  }

  private mutating func entry() -> ServerEntry {
    let place: ServerPlace =
      random.one(2)
      ? .profile(text())
      : .address(text(), database: count(), user: random.one(2) ? bytes() : nil, usesTLS: random.one(2))
    var entry = ServerEntry(
      place, address: text(), database: count(), user: random.one(2) ? bytes() : nil,
      stage: random.pick(DeploymentStage.allCases + [nil]), usesTLS: random.one(2),
      lastUsed: random.one(3) ? nil : Int64(count()), commandLine: text())
    entry.isReadOnly = random.one(3)
    if random.one(5) { entry.flaw = text() }
    return entry
  }

  private mutating func test() -> ServerTest {
    switch random.number(0...2) {
    case 0: .wantsPassword
    case 1: .failed(why: text(), message: text())
    default: .reached(ServerGreeting(product: text(), version: text(), role: text(), microseconds: count()))
    }
  }
}
