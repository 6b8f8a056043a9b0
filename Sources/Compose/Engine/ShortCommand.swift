import Subprocess

/// A program that is asked something and answers soon. It may be ended at any moment without harm.
enum ShortCommand {
  struct Answer: Sendable, Equatable {
    /// Exit status, or 128 + the signal that ended it.
    var status: Int
    var output: [UInt8]
    var error: [UInt8]

    var succeeded: Bool { status == 0 }

    /// The first line of standard output, without blanks at its ends.
    var firstLine: String {
      String(decoding: output, as: UTF8.self).split { $0.isNewline }.first.map { String($0.trimmed) } ?? ""
    }

    /// What it complained about.
    func trouble(of program: String) -> EngineTrouble {
      EngineTrouble(output: error, of: program, status: status > 128 ? "signal \(status - 128)" : "status \(status)")
    }
  }

  enum Failure: Error, Sendable, Equatable {
    /// The program is not in PATH.
    case absent
    case silent(after: Duration)
    case failed(String)

    /// In a line, with the name of the program.
    func trouble(of program: String) -> EngineTrouble {
      switch self {
      case .absent: EngineTrouble("\(program) is not in PATH")
      case .silent(let time): EngineTrouble("\(program) did not answer within \(time.components.seconds) s")
      case .failed(let why): EngineTrouble(why)
      }
    }
  }

  /// Runs `words` to their end, for at most `limit`, and reads at most 8 MB of what they write.
  @concurrent
  static func answer(
    _ words: [String], environment: [String: String]?, limit: Duration
  ) async throws(Failure) -> Answer {
    let configuration = ChildProcessOptions.configuration(
      words: words, folder: nil, environment: environment,
      teardown: [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))])
    let most = 8 << 20
    let result = await withTaskGroup(of: Result<Answer, Failure>?.self) { group in
      group.addTask {
        do {
          let result = try await run(configuration, input: .none, output: .sequence, error: .sequence) { execution in
            let id = execution.processIdentifier.value
            ChildGroups.add(id)
            defer { ChildGroups.remove(id) }
            async let output = read(execution.standardOutput, limit: most)
            async let error = read(execution.standardError, limit: most)
            return try await (output, error)
          }
          let (output, error) = result.closureResult
          let status =
            switch result.terminationStatus {
            case .exited(let code): Int(code)
            case .signaled(let signal): 128 + Int(signal)
            }
          guard let output, let error else { return .failure(.failed("\(words.first ?? "") wrote more than 8 MB")) }
          return .success(Answer(status: status, output: output, error: error))
        } catch let error as SubprocessError where error.code == .executableNotFound {
          return .failure(.absent)
        } catch {
          return .failure(.failed(ChildProcessOptions.why(error, words: words, folder: nil)))
        }
      }
      group.addTask {
        try? await Task.sleep(for: limit)
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
    return try (result ?? .failure(.silent(after: limit))).get()
  }

  /// Nil: it is more than `limit` bytes; the rest of it is read and left.
  private static func read(_ output: SubprocessOutputSequence, limit: Int) async throws -> [UInt8]? {
    var bytes: [UInt8]? = []
    for try await buffer in output {
      guard let count = bytes?.count, count + buffer.count <= limit else {
        bytes = nil
        continue
      }
      bytes? += unsafe buffer.withUnsafeBytes { unsafe Array($0) }
    }
    return bytes
  }
}
