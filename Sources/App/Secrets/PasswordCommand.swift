import Canvas
import Glibc
import PrivateServer

/// A program that tells a password: the first line of its standard output.
///
/// No shell reads its words. It runs in a session of its own, with nothing on standard input and its standard error
/// unseen, and gets our environment without REDISCLI_AUTH, which ``Environment`` has taken out of it.
struct PasswordCommand {
  /// How long it may take.
  static let limit = Duration.seconds(10)

  private let words: [String]
  private let limit: Duration

  init(_ words: [String], limit: Duration = Self.limit) {
    self.words = words
    self.limit = limit
  }

  private var what: String { "password-command '\(words.first ?? "")'" }

  /// Runs it to its end, or to the limit: then it is killed, with all that it has started in its session.
  func read() throws(ErrorLine) -> [UInt8] {
    var ends: [Int32] = [-1, -1]
    let path = try path()
    guard unsafe pipe(&ends) == 0 else { throw failure(SystemError.current.text) }
    let (output, input) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(output) }
    let child: ChildProcess
    do throws(PrivateServerError) {
      defer { close(input) }
      child = try ChildProcess(
        [path] + words.dropFirst(), environment: Environment.variables, descriptors: [nil, input, nil])
    } catch {
      throw failure("it cannot be started (\(error.why))")
    }
    _ = fcntl(output, F_SETFL, O_NONBLOCK)
    let deadline = ContinuousClock.now + limit
    var line = PasswordLine()
    var status: Int32?
    while status == nil, ContinuousClock.now < deadline {
      var watched = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      // Now and then its end is looked for: what it has left behind may hold the pipe open.
      unsafe poll(&watched, 1, 20)
      status = Self.end(of: child)
      if !Self.take(from: output, into: &line) { usleep(2_000) }
    }
    guard let status else {
      // The session's first process is the leader of its group.
      kill(-child.pid, SIGKILL)
      child.wait()
      throw failure("it has not ended within \(limit.components.seconds) s")
    }
    let code = (status >> 8) & 0xff
    guard status & 0x7f == 0 else { throw failure("it was ended by signal \(status & 0x7f)") }
    guard code == 0 else { throw failure("it ended with status \(code)") }
    guard let password = line.password else { throw failure("the first line of its output is no password") }
    return password
  }

  /// Its wait status once it has ended.
  private static func end(of child: ChildProcess) -> Int32? {
    var status: Int32 = 0
    return unsafe waitpid(child.pid, &status, WNOHANG) == child.pid ? status : nil
  }

  /// Takes what is there. False at the end of the output, or where there is nothing.
  private static func take(from output: Int32, into line: inout PasswordLine) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 4096)
    var hasAny = false
    while case let count = unsafe Glibc.read(output, &buffer, buffer.count), count > 0 {
      if line.bytes.count <= PasswordLine.limit { line.add(buffer[..<count]) }
      hasAny = true
    }
    return hasAny
  }

  /// The program by its path, or found as a shell finds it.
  private func path() throws(ErrorLine) -> String {
    let name = words.first ?? ""
    if name.contains("/") { return name }
    let folders = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
    for folder in folders.split(separator: ":") where unsafe access("\(folder)/\(name)", X_OK) == 0 {
      return "\(folder)/\(name)"
    }
    throw failure("there is no such program in PATH")
  }

  /// What it said on standard error may be about the password: it is for the user's eyes, by hand.
  private func failure(_ why: String) -> ErrorLine {
    ErrorLine(what, why, nextStep: "Run it by hand to see what it says.", status: .refused)
  }
}
