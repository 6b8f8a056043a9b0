import RESP
import Testing

@testable import RedisClient

@Suite struct PeerGuessTests {
  @Test(arguments: [
    ("HTTP/1.1 400", PeerGuess.other(.http)), ("<!DOCTYPE", .other(.http)), ("SSH-2.0-x", .other(.ssh)),
    ("\u{15}\u{3}\u{3}", .other(.tls)), ("\u{15}\u{9}", .other(.other)), ("220 smtp", .other(.other)),
    ("Hello", .other(.other)), ("HT", .undecided), ("", .undecided), ("SSH", .undecided), ("\u{15}", .undecided),
    ("-ERR", .redis), ("%7", .redis), ("*", .redis), (">", .redis),
  ])
  func guesses(text: String, guess: PeerGuess) {
    #expect(PeerGuess(firstBytes: Array(text.utf8)) == guess)
  }
}

@Suite struct BackoffTests {
  @Test func doublesUpToFiveSeconds() {
    var random = SystemRandomNumberGenerator()
    var backoff = Backoff()
    var sum = Duration.zero
    for base in [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000] {
      let delay = backoff.delay(after: .connectionLost(midReply: false), lasting: nil, using: &random)
      #expect(delay >= .milliseconds(base) * 0.8 && delay <= .milliseconds(base) * 1.2)
      sum += delay
    }
    #expect(sum / backoff.attempt >= .seconds(1))
  }

  @Test func onlyAStableConnectionStartsAgain() {
    var random = SystemRandomNumberGenerator()
    var backoff = Backoff()
    for _ in 0..<5 { _ = backoff.delay(after: .loading, lasting: .seconds(1), using: &random) }
    #expect(backoff.delay(after: .loading, lasting: .seconds(1), using: &random) > .seconds(2))
    #expect(backoff.delay(after: .loading, lasting: .seconds(9), using: &random) < .seconds(1))
  }

  @Test func aFullServerIsLeftAlone() {
    var random = SystemRandomNumberGenerator()
    var backoff = Backoff()
    #expect(backoff.delay(after: .maxClients, lasting: nil, using: &random) >= .seconds(5))
  }
}

@Suite struct ConnectionMachineTests {
  /// A machine that is past its greeting: RESP2 without a password or a name has none.
  func ready() -> ConnectionMachine<String> {
    var machine = ConnectionMachine<String>(
      handshake: Handshake(endpoint: Endpoint(protocolVersion: .resp2), clientName: "", noTouch: false))
    guard case .establish = machine.activate() else {
      Issue.record("not established")
      return machine
    }
    return machine
  }

  @Test func batchesAreAnsweredInOrder() {
    var machine = ready()
    #expect(machine.enqueue(count: 2, for: "a", id: 1) == nil)
    #expect(machine.enqueue(count: 1, for: "b", id: 2) == nil)
    guard case .incomplete = machine.arrive(isPush: false), case .push = machine.arrive(isPush: true),
      case .deliver("a") = machine.arrive(isPush: false), case .deliver("b") = machine.arrive(isPush: false),
      case .unexpected = machine.arrive(isPush: false)
    else {
      Issue.record("wrong order")
      return
    }
    #expect(!machine.isOwed)
  }

  @Test func abandonedRepliesStayOwedAndAreDropped() {
    var machine = ready()
    _ = machine.enqueue(count: 1, for: "a", id: 1)
    _ = machine.enqueue(count: 1, for: "b", id: 2)
    #expect(machine.abandon(id: 1) == "a")
    #expect(machine.abandon(id: 1) == nil)
    guard case .drop = machine.arrive(isPush: false), case .deliver("b") = machine.arrive(isPush: false) else {
      Issue.record("desynchronised")
      return
    }
  }

  @Test func closingFailsEveryoneOnce() {
    var machine = ready()
    _ = machine.enqueue(count: 1, for: "a", id: 1)
    _ = machine.enqueue(count: 1, for: "b", id: 2)
    _ = machine.abandon(id: 1)
    #expect(machine.close(.timedOut(seconds: 1)) == ["b"])
    #expect(machine.close(.closed).isEmpty)
    #expect(machine.closeReason == .timedOut(seconds: 1))
    #expect(machine.enqueue(count: 1, for: "c", id: 3) == .timedOut(seconds: 1))
  }

  @Test func nothingIsTakenBeforeTheGreetingEnds() {
    var machine = ConnectionMachine<String>(
      handshake: Handshake(endpoint: Endpoint(), clientName: "", noTouch: false))
    guard case .greet(let hello) = machine.activate() else {
      Issue.record("no HELLO")
      return
    }
    #expect(hello.bytes == Array("*2\r\n$5\r\nHELLO\r\n$1\r\n3\r\n".utf8))
    #expect(machine.enqueue(count: 1, for: "a", id: 1) == .closed)
    guard case .greeting = machine.arrive(isPush: false) else {
      Issue.record("greeting not recognised")
      return
    }
  }
}
