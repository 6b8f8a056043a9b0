import Glibc

/// The least that a process needs of the system. Where it is missing, libraries would end the process with a trap.
enum ResourceLimits {
  /// Descriptors beside those that are open: of connections, the event loop, wake-ups and the terminal.
  private static let descriptors = 16
  /// Bytes of address space: for the program, and for each of its threads a stack and what malloc reserves (64 MB). With
  /// less, a thread that cannot be made may leave the start waiting for ever.
  private static let addressSpace: rlim_t = 1 << 30

  /// Throws where less than that is allowed.
  static func check() throws(ErrorLine) {
    var limit = rlimit()
    if unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur < addressSpace {
      throw ErrorLine(
        "the memory limit", "the \(limit.rlim_cur >> 20) MB that are allowed are too little",
        nextStep: "Raise it to \(addressSpace >> 20) MB (ulimit -v).", status: .refused)
    }
    var files: [Int32] = []
    defer { for file in files { close(file) } }
    while files.count < descriptors {
      let file = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
      guard file >= 0 else {
        throw ErrorLine(
          "the limit of open files", SystemError.current.text,
          nextStep: "Raise it (ulimit -n).", status: .refused)
      }
      files.append(file)
    }
  }
}
