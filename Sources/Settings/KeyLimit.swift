/// How many names the list holds where the user has not said (`limits.keys`).
package enum KeyLimit {
  /// Bytes that a name takes in the index, with room for what is learned of its key.
  private static let bytesPerKey = 64
  /// Whatever memory is free: so many take 64 MB.
  private static let least = 1_000_000
  private static let path = "/proc/meminfo"

  /// Half of the memory that is free when this is asked.
  package static func standard() -> Int {
    let text = (try? SettingsFile.read(path).get()) ?? []
    return keys(forFree: available(String(decoding: text, as: UTF8.self)))
  }

  /// - Parameter bytes: nil: not known.
  static func keys(forFree bytes: Int?) -> Int { max(least, (bytes ?? 0) / 2 / bytesPerKey) }

  /// `MemAvailable` of /proc/meminfo (proc(5), Linux 3.14), as bytes; nil where it is not told.
  static func available(_ text: String) -> Int? {
    for line in text.split(separator: "\n") where line.hasPrefix("MemAvailable:") {
      let words = line.split(separator: " ")
      guard words.count == 3, words[2] == "kB", let kilobytes = Int(words[1]), kilobytes >= 0 else { return nil }
      let (bytes, overflow) = kilobytes.multipliedReportingOverflow(by: 1_024)
      return overflow ? nil : bytes
    }
    return nil
  }
}
