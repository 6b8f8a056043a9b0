import Glibc
import Testing

@testable import App

@Suite("Sources of passwords", .timeLimit(.minutes(1)))
struct PasswordSourceTests {
  /// A folder for the files of one test; it goes with the value.
  private final class Folder {
    let path: String

    init() throws {
      var template = Array("/tmp/keyglass-secrets-XXXXXX".utf8CString)
      _ = try #require(mkdtemp(&template))
      path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { PasswordSourceTests.run("rm -rf \(path)") }

    @discardableResult
    func write(_ text: String, as name: String, mode: mode_t = 0o600) throws -> String {
      let file = "\(path)/\(name)"
      let stream = try #require(fopen(file, "we"))
      fputs(text, stream)
      fclose(stream)
      chmod(file, mode)
      return file
    }

    func read(_ name: String) -> String {
      guard let stream = fopen("\(path)/\(name)", "re") else { return "" }
      defer { fclose(stream) }
      var text = ""
      while case let byte = fgetc(stream), byte != EOF { text.unicodeScalars.append(Unicode.Scalar(UInt8(byte))) }
      return text
    }
  }

  private static func run(_ command: String) {
    var words: [UnsafeMutablePointer<CChar>?] = (["sh", "-c", command] as [String]).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var child = pid_t()
    guard posix_spawn(&child, "/bin/sh", nil, nil, &words, nil) == 0 else { return }
    waitpid(child, nil, 0)
  }

  private func text(_ source: PasswordSource) throws -> String? {
    try source.read().map { String(decoding: $0, as: UTF8.self) }
  }

  private func failure(_ source: PasswordSource) throws -> String {
    let error = try #require(throws: ErrorLine.self) { try source.read() }
    #expect(error.status == .refused)
    return error.text
  }

  // MARK: - A file

  @Test(
    "the first line of a file, without its end",
    arguments: [
      ("pw\nmore\n", "pw"), ("pw", "pw"), ("p w \r\n", "p w "), ("\u{e9}\\x00\n", "\u{e9}\\x00"),
    ])
  func file(content: String, password: String) throws {
    let folder = try Folder()
    #expect(try text(.file(folder.write(content, as: "pw"))) == password)
  }

  @Test(
    "a file that others may read or write is refused, whatever leads to it",
    arguments: [0o640, 0o604, 0o620, 0o601] as [mode_t])
  func openFile(mode: mode_t) throws {
    let folder = try Folder()
    let path = try folder.write("hunter2", as: "pw", mode: mode)
    symlink(path, "\(folder.path)/link")
    for name in [path, "\(folder.path)/link"] {
      #expect(
        try failure(.file(name))
          == "password-file \(name): others than its owner may read or write it. Make it yours alone: chmod 600 \(name)."
      )
    }
    chmod(path, 0o400)
    #expect(try text(.file("\(folder.path)/link")) == "hunter2")
  }

  @Test("what is no file is refused at once, and what cannot be read is told")
  func noFile() throws {
    let folder = try Folder()
    let pipe = "\(folder.path)/pipe"
    mkfifo(pipe, 0o600)
    for path in [pipe, folder.path, "/dev/null"] {
      #expect(
        try failure(.file(path)).contains(": it is no regular file. Name a file, or a program as password-command."))
    }
    #expect(try failure(.file("/nowhere/pw")).hasPrefix("password-file /nowhere/pw: "))
    for (content, why) in [
      ("", "is empty"), ("\npw\n", "is empty"), ("\r\n", "is empty"),
      (String(repeating: "x", count: 70_000), "so long it is"),
    ] {
      #expect(try failure(.file(folder.write(content, as: "pw"))).contains(why))
    }
  }

  // MARK: - A program

  @Test("the first line of a program's output, whatever else it says")
  func program() throws {
    let folder = try Folder()
    let script = try folder.write(
      """
      #!/bin/sh
      echo "on standard error" >&2
      printf '%s\\nsecond line\\n' "$1"
      printf '%s;' "$#" "$2" "$0" >"$3"
      cat >>"$3"
      ps -o sid= -p $$ | tr -d ' ' >>"$3"; echo " $$" >>"$3"

      """, as: "script", mode: 0o700)
    #expect(try text(.command([script, "p w", "$HOME `id`", "\(folder.path)/seen"])) == "p w")
    let seen = folder.read("seen")
    #expect(seen.hasPrefix("3;$HOME `id`;\(script);"), "no shell read its words: \(seen)")
    let ids = seen.split(separator: ";").last?.split(whereSeparator: \.isWhitespace) ?? []
    #expect(ids.count == 2 && ids[0] == ids[1], "a session of its own, nothing on standard input: \(seen)")
    #expect(try text(.command(["printf", "%s\\r\\n", "found in PATH"])) == "found in PATH")
  }

  @Test("how it failed is told, and nothing of what it said")
  func failures() throws {
    let folder = try Folder()
    func script(_ body: String) throws -> PasswordSource {
      .command([try folder.write("#!/bin/sh\n\(body)\n", as: "s", mode: 0o700)])
    }
    let what = "password-command '\(folder.path)/s': "
    let step = ". Run it by hand to see what it says."
    #expect(try failure(script("echo hunter2; echo hunter2 >&2; exit 3")) == what + "it ended with status 3" + step)
    #expect(try failure(script("echo hunter2; kill -9 $$")) == what + "it was ended by signal 9" + step)
    #expect(try failure(script("echo; echo hunter2")) == what + "the first line of its output is no password" + step)
    #expect(try failure(script("true")) == what + "the first line of its output is no password" + step)
    #expect(
      try failure(script("head -c 100000 /dev/zero | tr '\\0' x")) == what
        + "the first line of its output is no password" + step)
    #expect(
      try failure(.command(["no-such-program-\(getpid())"])).contains("': there is no such program in PATH. Run it"))
    #expect(try failure(.command(["/nowhere/x"])).hasPrefix("password-command '/nowhere/x': it cannot be started ("))
  }

  @Test("beyond its time it is killed, with all that it has started")
  func limit() throws {
    let folder = try Folder()
    let script = try folder.write(
      "#!/bin/sh\necho hunter2\nsleep 1000 &\necho $! >\(folder.path)/child\nwait\n", as: "s", mode: 0o700)
    let error = try #require(throws: ErrorLine.self) {
      try PasswordCommand([script], limit: .seconds(1)).read()
    }
    #expect(error.text.contains("it has not ended within 1 s"))
    let child = try #require(pid_t(folder.read("child").filter(\.isNumber)))
    var isGone = false
    for _ in 0..<500 where !isGone {
      isGone = kill(child, 0) != 0 || Self.isZombie(child)
      usleep(10_000)
    }
    #expect(isGone)
  }

  @Test("what it leaves behind with the pipe open does not hold it up")
  func leftBehind() throws {
    let folder = try Folder()
    let script = try folder.write(
      "#!/bin/sh\necho hunter2\nsleep 30 &\necho $! >\(folder.path)/child\n", as: "s", mode: 0o700)
    #expect(try text(.command([script])) == "hunter2")
    let child = try #require(pid_t(folder.read("child").filter(\.isNumber)))
    #expect(kill(child, SIGKILL) == 0, "what ended well keeps what it has started")
  }

  private static func isZombie(_ process: pid_t) -> Bool {
    guard let stream = fopen("/proc/\(process)/stat", "re") else { return true }
    defer { fclose(stream) }
    var line = [CChar](repeating: 0, count: 512)
    guard fgets(&line, 512, stream) != nil else { return true }
    return String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self).contains(") Z ")
  }
}
