import Glibc

/// A program that ends with this process, however this process ends, together with its private folder.
///
/// A shell in a session of its own starts the program and reads from a socket whose other end only this process
/// holds. Its end of file, which the kernel delivers on any exit and on SIGKILL too, makes the shell kill the program
/// and remove the folder. PR_SET_PDEATHSIG cannot do that: it fires when the thread that forked ends.
package final class Watchdog: Sendable {
  package let folder: String
  private let shell: ChildProcess
  private let lifeline: CInt

  /// The shell waits for the program (so that its process id stays taken until then) while a subshell waits for the
  /// end of file. The program's last words go back over the socket. SIGPIPE is ignored for when nobody reads them.
  private static let script = """
    trap '' PIPE
    folder=$1; shift
    cd / || exit 1
    "$@" </dev/null >>"$folder/log" 2>&1 3<&- &
    program=$!
    (read -r line; kill -9 $program) <&3 &
    reader=$!
    wait $program
    kill -9 $reader
    tail -n 4 "$folder/log" >&3
    rm -rf "$folder"
    """

  /// Starts `command` (a path and arguments), its output in `folder`/log. The folder goes with the program.
  package init(command: [String], folder: String) throws(PrivateServerError) {
    // A socket pair, because SOCK_CLOEXEC makes both ends private at once; a pipe would need pipe2, hidden in Swift.
    var ends: [CInt] = [-1, -1]
    let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, type, 0, &ends) == 0 else {
      throw PrivateServerError(
        what: "cannot watch over \(command[0])", why: systemText(errno), nextStep: "Raise the limit of open files")
    }
    defer { close(ends[1]) }
    self.folder = folder
    do throws(PrivateServerError) {
      // Nothing of the user's environment: it may hold secrets (REDISCLI_AUTH).
      shell = try ChildProcess(
        ["/bin/sh", "-c", Self.script, "sh", folder] + command,
        environment: ["PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME=\(folder)", "LC_ALL=C.UTF-8"],
        descriptors: [nil, nil, nil, ends[1]])
    } catch {
      close(ends[0])
      throw error
    }
    lifeline = ends[0]
  }

  /// The program's last lines of output if it has ended by itself, nil while it runs.
  package func lastWords() -> String? {
    var text: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      // The first look does not wait; once there is something, the shell is about to close its end.
      let count = unsafe recv(lifeline, &chunk, chunk.count, text.isEmpty ? CInt(MSG_DONTWAIT) : 0)
      if count > 0 {
        text += chunk[..<count]
      } else if count == 0 {
        return String(decoding: text, as: UTF8.self)
      } else if errno != EINTR {
        return nil
      }
    }
  }

  /// Kills the program, and returns when it is gone and its folder too. To be called once.
  package func stop() {
    shutdown(lifeline, CInt(SHUT_RDWR))
    if !shell.wait(milliseconds: 5000) {
      // Someone stopped the shell, or killed the subshell that reads: the whole session goes.
      kill(-shell.pid, SIGKILL)
      shell.wait()
    }
    close(lifeline)
    // The shell removed it, unless the shell itself was killed.
    if unsafe access(folder, F_OK) == 0 {
      _ = try? ChildProcess(["/bin/rm", "-rf", folder], environment: []).wait()
    }
  }
}
