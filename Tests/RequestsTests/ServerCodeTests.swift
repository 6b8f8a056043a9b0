import Requests
import Testing

@Suite("Codes of server errors") struct ServerCodeTests {
  /// Lines are made of these, with a full stop behind each.
  @Test(arguments: ServerCode.allCases) func wordsArePartsOfALine(code: ServerCode) {
    for words in [code.why, code.nextStep(.reading), code.nextStep(.writing), code.hint(nil)].compactMap(\.self) {
      #expect(
        !words.isEmpty && !words.hasSuffix(".") && words.utf8.allSatisfy { (0x20..<0x7F).contains($0) }, "\(words)")
    }
    #expect(code.nextStep(.reading).first?.isUppercase == true && code.nextStep(.writing).first?.isUppercase == true)
    #expect(code.why.first?.isLowercase == true)
  }

  @Test func onlyTheFirstWordCounts() {
    func code(_ text: String) -> ServerCode? { ServerCode(errorText: Array(text.utf8)) }
    #expect(code("OOM command not allowed when used memory > 'maxmemory'.") == .outOfMemory)
    // Redis 6.2, out of a script.
    #expect(code("-OOM command not allowed") == .outOfMemory)
    #expect(code("MASTERDOWN") == .primaryDown)
    #expect(code("ERR LOADING") == nil && code("LOADINGS") == nil && code("loading x") == nil && code("") == nil)
    #expect(code(String(repeating: "-", count: 40)) == nil)
  }

  @Test func whatInfoTellsBesides() {
    var facts = ServerFacts()
    for code in ServerCode.allCases {
      #expect(code.detail(facts) == nil && code.detail(nil) == nil && !code.lasts(in: facts))
    }
    (facts.loadingPercent, facts.loadingSecondsLeft) = (43, 12)
    #expect(ServerCode.loading.detail(facts) == "43%, about 12 s left")
    for (seconds, words) in [
      (0, "43%"), (119, "43%, about 119 s left"), (120, "43%, about 2 min left"), (9_000, "43%, about 2 h left"),
    ] {
      facts.loadingSecondsLeft = seconds
      #expect(facts.loadingWords == words)
    }
    facts.primary = .init(address: "10.0.0.5:6379", isLinkUp: false, secondsDown: 12)
    #expect(ServerCode.primaryDown.detail(facts) == "10.0.0.5:6379, gone for 12 s")
    #expect(ServerCode.isReplica.detail(facts) == "its primary is 10.0.0.5:6379")
    facts.primary?.secondsDown = nil
    #expect(ServerCode.primaryDown.detail(facts) == "10.0.0.5:6379, not reached")
    #expect(
      ServerCode.primaryDown.lasts(in: facts) && ServerCode.loading.lasts(in: facts)
        && !ServerCode.busy.lasts(in: facts))
    facts.primary?.isLinkUp = true
    #expect(!ServerCode.primaryDown.lasts(in: facts))
    facts.replicas = 2
    #expect(ServerCode.tooFewReplicas.detail(facts) == "2 now")
    facts.replicasInStep = 0
    #expect(ServerCode.tooFewReplicas.detail(facts) == "0 now")
    facts.unsaved = [.appendOnlyFile]
    #expect(ServerCode.cannotPersist.detail(facts) == "the last write to the append-only file failed")
    let failure = Failure(
      kind: .server, what: "the edit", why: Array("no".utf8), nextStep: "Wait", code: .tooFewReplicas)
    #expect(String(decoding: failure.explained(by: facts).why, as: UTF8.self) == "no (0 now)")
    #expect(failure.explained(by: nil) == failure)
  }
}
