/// Which names an index is about, and how many of them it holds.
package struct IndexScope: Sendable, Equatable {
  /// As SCAN MATCH takes it; nil: all.
  package let pattern: [UInt8]?
  package let limit: Int
  private let glob: Glob?

  package init(pattern: [UInt8]? = nil, limit: Int = .max) {
    self.pattern = pattern
    self.limit = limit
    glob = pattern.map { Glob($0) }
  }

  package func isAbout(_ name: KeyName) -> Bool {
    guard let glob else { return true }
    return unsafe name.bytes.withUnsafeBufferPointer { unsafe glob.matches($0) }
  }

  /// Keys that it may hold with those that the user has asked for himself: a quarter more.
  package var widerLimit: Int {
    let (sum, overflow) = limit.addingReportingOverflow(limit / 4)
    return overflow ? .max : sum
  }
}
