import Glibc

/// The arguments of this process as the system has them: bytes, which need not be text.
package enum ProcessArguments {
  /// All of them, the program's name first.
  package static var bytes: [[UInt8]] {
    let vector = unsafe CommandLine.unsafeArgv
    return (0..<Int(CommandLine.argc)).map { index in
      guard let argument = unsafe vector[index] else { return [] }
      return unsafe Array(UnsafeRawBufferPointer(start: argument, count: strlen(argument)))
    }
  }

  /// Overwrites passwords in them, which every user can list.
  package static func wipeSecrets() {
    let vector = unsafe CommandLine.unsafeArgv
    for (index, bytes) in SecretArguments.ranges(in: bytes) {
      guard let argument = unsafe vector[index] else { continue }
      for place in bytes { unsafe argument[place] = CChar(UInt8(ascii: "*")) }
    }
  }
}
