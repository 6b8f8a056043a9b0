import Glibc

/// The files that a project was read from, and those that were looked for in vain: whether they are still what they were
/// is seen without reading them again.
package struct ComposeSources: Sendable, Equatable {
  /// What tells one state of a file from another; nil: there is none.
  private struct Stamp: Sendable, Equatable {
    var device: dev_t
    var inode: ino_t
    var size: off_t
    var seconds: Int
    var nanoseconds: Int

    init?(_ path: String) {
      var status = stat()
      guard !path.utf8.contains(0), unsafe stat(path, &status) == 0 else { return nil }
      (device, inode, size) = (status.st_dev, status.st_ino, status.st_size)
      // Of the last change of the file or of what is kept about it, such as who may read it.
      (seconds, nanoseconds) = (status.st_ctim.tv_sec, status.st_ctim.tv_nsec)
    }
  }

  private var stamps: [String: Stamp?] = [:]

  package init() {}

  /// Notes how it is now, where that is not noted yet: before it is read.
  mutating func note(_ path: String) {
    if stamps[path] == nil { stamps[path] = .some(Stamp(path)) }
  }

  /// None of them has been written, replaced, removed or made since.
  package var areCurrent: Bool { stamps.allSatisfy { Stamp($0.key) == $0.value } }
}
