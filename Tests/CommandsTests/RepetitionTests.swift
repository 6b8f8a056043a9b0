import Testing

@testable import Commands

@Suite("How often a command is sent")
struct RepetitionTests {
  @Test(
    arguments: [
      ("INFO", nil, nil, ["INFO"]),
      ("5 INFO server", 5, nil, ["INFO", "server"]),
      ("5 every 1s INFO", 5, 1_000, ["INFO"]),
      ("EVERY 500ms INFO", nil, 500, ["INFO"]),
      ("every 2 INFO", nil, 2_000, ["INFO"]),
      ("every .5 INFO", nil, 500, ["INFO"]),
      ("every 0.25s INFO", nil, 250, ["INFO"]),
      ("every 1.5m INFO", nil, 90_000, ["INFO"]),
      ("every 1440m INFO", nil, 86_400_000, ["INFO"]),
      ("every 1s every", nil, 1_000, ["every"]),
      ("+5 INFO", 5, nil, ["INFO"]),
      ("", nil, nil, []),
    ] as [(String, Int?, Int?, [String])])
  func takes(line: String, count: Int?, every: Int?, rest: [String]) throws {
    let (repetition, words) = try Repetition.take(from: line.utf8Words).get()
    #expect(repetition?.count == count)
    #expect(repetition?.every == every)
    #expect((repetition == nil) == (count == nil && every == nil))
    #expect(words == rest.map { Array($0.utf8) })
  }

  @Test(arguments: [
    ("5", "5: a command is missing"),
    ("0 INFO", "0: a count is 1 or more"),
    ("-1 INFO", "-1: a count is 1 or more"),
    ("99999999999999999999 INFO", "99999999999999999999: the count is too large"),
    ("every", "every: an interval is missing, as 500ms, 1s or 2m"),
    ("5 every", "every: an interval is missing, as 500ms, 1s or 2m"),
    ("every 1s", "every: a command is missing"),
    ("every INFO", "INFO is no interval; write it as 500ms, 1s or 2m"),
    ("every 1.2.3s INFO", "1.2.3s is no interval; write it as 500ms, 1s or 2m"),
    ("every . INFO", ". is no interval; write it as 500ms, 1s or 2m"),
    ("every 1h INFO", "1h is no interval; write it as 500ms, 1s or 2m"),
    ("every -1s INFO", "-1s is no interval; write it as 500ms, 1s or 2m"),
    ("every 99ms INFO", "99ms: an interval is at least 100ms"),
    ("every 0 INFO", "0: an interval is at least 100ms"),
    ("every 1441m INFO", "1441m: an interval is at most a day"),
    (
      "every 99999999999999999999999999m INFO",
      "99999999999999999999999999m: an interval is at most a day"
    ),
  ])
  func saysWhatIsWrong(line: String, text: String) {
    guard case .failure(let mistake) = Repetition.take(from: line.utf8Words) else {
      Issue.record("\(line) is no mistake")
      return
    }
    #expect(mistake.text == text)
  }
}
