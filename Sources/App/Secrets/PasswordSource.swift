import PrivateServer
import RedisClient

/// Where the password of a server comes from.
package enum PasswordSource: Sendable, Equatable {
  /// None was given; the server may not want one.
  case none
  /// Typed in a URI or as an option, or from REDISCLI_AUTH: it stands in the endpoint.
  case given
  /// `--askpass`.
  case prompt
  /// A program and its arguments, no shell; the first line of its output.
  case command([String])
  /// The first line of a file that only its owner may read.
  case file(String)

  /// The same source for a connection whose password the server refuses; nil: it can tell no other. What it waits for
  /// holds up no task.
  var renewal: Credentials.Source? {
    switch self {
    case .none, .given, .prompt: nil
    case .command, .file:
      {
        var thread: WorkerThread?
        let told = await withCheckedContinuation { asker in
          thread = WorkerThread { asker.resume(returning: tell()) }
        }
        thread?.join()
        return told
      }
    }
  }

  private func tell() -> Result<[UInt8], Credentials.SourceFailure> {
    do throws(ErrorLine) {
      return .success(try read() ?? [])
    } catch {
      return .failure(Credentials.SourceFailure(error.text))
    }
  }

  /// What it tells now; nil: it is not for reading. Blocks, a program's up to ``PasswordCommand/limit``.
  ///
  /// - Throws: why there is no password.
  func read() throws(ErrorLine) -> [UInt8]? {
    switch self {
    case .none, .given, .prompt: nil
    case .command(let words): try PasswordCommand(words).read()
    case .file(let path): try PasswordFile.read(path)
    }
  }
}
