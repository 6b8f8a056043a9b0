import Glibc

/// What went wrong in the test's own machinery, not in the code under test.
package struct TestFailure: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }

  /// `what` and the text of errno.
  package static func system(_ what: String) -> TestFailure {
    TestFailure("\(what): \(String(cString: strerror(errno)))")
  }
}
