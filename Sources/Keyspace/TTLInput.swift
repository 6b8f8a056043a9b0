/// A TTL as it is typed: `90`, `90s`, `15m`, `2h30m`, `7d`, `@2026-12-31T23:59`, `none`, `+10m`.
package enum TTLInput: Equatable, Sendable {
  case never
  /// Milliseconds from now.
  case after(Int64)
  /// Ms since 1970, UTC.
  case at(Int64)
  /// Milliseconds more than are left.
  case adding(Int64)

  /// Why a text is no TTL, and what is one.
  package struct Mistake: Error, Equatable, Sendable {
    package let text: String

    package init(text: String) { self.text = text }
  }

  /// No TTL is longer: the server takes 2^63 ms at most, and people mean less than 285,000 years.
  private static let longest: Int64 = 9_000_000_000_000_000
  private static let forms = "90, 90s, 15m, 2h30m, 7d, @2026-12-31T23:59, none or +10m"

  /// - Parameter localOffset: seconds east of UTC at a local time that is given as seconds since 1970 as if it were UTC.
  package static func parse(_ text: String, localOffset: (Int64) -> Int64) -> Result<TTLInput, Mistake> {
    let text = text.filter { $0 != " " || text.hasPrefix("@") }
    if text.isEmpty { return .failure(Mistake(text: "type \(forms)")) }
    if text.lowercased() == "none" { return .success(.never) }
    if text.hasPrefix("@") { return DateInput.parse(text.dropFirst(), localOffset: localOffset).map { .at($0) } }
    if BulkTTLInput.isRange(text) {
      return .failure(
        Mistake(text: "a range spreads the TTLs of many keys (marks, a folder); here type one TTL, such as 10m"))
    }
    let adds = text.hasPrefix("+")
    return duration(adds ? text.dropFirst() : text[...]).map { adds ? .adding($0) : .after($0) }
  }

  private static let units: [(name: Substring, milliseconds: Int64)] = [
    ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
  ]

  /// A time that is left, which may be 0.
  static func span(_ text: Substring) -> Result<Int64, Mistake> {
    let digits = text.last == "s" ? text.dropLast() : text
    if !digits.isEmpty, digits.allSatisfy({ $0 == "0" }) { return .success(0) }
    return duration(text).mapError { mistake in
      text.isEmpty ? Mistake(text: "type a time, such as 10m, 90s or 2h30m") : mistake
    }
  }

  /// Digits alone are seconds; else numbers with units, each unit once and the longest first.
  private static func duration(_ text: Substring) -> Result<Int64, Mistake> {
    let mistake = Mistake(text: "'\(text)' is no TTL: type \(forms)")
    let tooLong = Mistake(text: "that is longer than any TTL can be")
    var rest = text
    var total: Int64 = 0
    var nextUnit = 0
    repeat {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(digits.count)
      let name = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(name.count)
      guard !digits.isEmpty else { return .failure(mistake) }
      guard let number = Int64(digits) else { return .failure(tooLong) }
      let isBare = name.isEmpty && rest.isEmpty && digits.count == text.count
      guard let unit = isBare ? 3 : units.firstIndex(where: { $0.name == name.lowercased() }), unit >= nextUnit else {
        return .failure(mistake)
      }
      nextUnit = unit + 1
      let (part, isOver) = number.multipliedReportingOverflow(by: units[unit].milliseconds)
      let (sum, isOverAll) = total.addingReportingOverflow(part)
      guard !isOver, !isOverAll, sum <= longest else { return .failure(tooLong) }
      total = sum
    } while !rest.isEmpty
    guard total > 0 else { return .failure(Mistake(text: "a TTL is more than 0: d deletes a key")) }
    return .success(total)
  }
}

/// `2026-12-31`, `2026-12-31T23:59`, with seconds, with `Z` or an offset.
enum DateInput {
  static func parse(_ text: Substring, localOffset: (Int64) -> Int64) -> Result<Int64, TTLInput.Mistake> {
    let mistake = TTLInput.Mistake(
      text: "'@\(text)' is no date: type @2026-12-31T23:59, with :30 for seconds, with Z or +02:00 for a zone")
    var scanner = Scanner(rest: text)
    guard let year = scanner.number(digits: 4), (1970...9999).contains(year), scanner.take("-"),
      let month = scanner.number(digits: 2), (1...12).contains(month), scanner.take("-"),
      let day = scanner.number(digits: 2), (1...days(in: month, of: year)).contains(day)
    else { return .failure(mistake) }
    var seconds = Self.days(year: year, month: month, day: day) * 86_400
    if scanner.take("T") || scanner.take("t") || scanner.take(" ") {
      guard let hour = scanner.number(digits: 2), hour < 24, scanner.take(":"), let minute = scanner.number(digits: 2),
        minute < 60
      else { return .failure(mistake) }
      seconds += hour * 3_600 + minute * 60
      if scanner.take(":") {
        guard let second = scanner.number(digits: 2), second < 60 else { return .failure(mistake) }
        seconds += second
      }
    }
    guard let offset = scanner.zone(default: { localOffset(seconds) }), scanner.rest.isEmpty else {
      return .failure(mistake)
    }
    guard seconds - offset >= 0 else { return .failure(mistake) }
    return .success((seconds - offset) * 1_000)
  }

  private struct Scanner {
    var rest: Substring

    mutating func take(_ character: Character) -> Bool {
      guard rest.first == character else { return false }
      rest.removeFirst()
      return true
    }

    mutating func number(digits: Int) -> Int64? {
      let text = rest.prefix(digits)
      guard text.count == digits, text.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
      rest = rest.dropFirst(digits)
      return Int64(text)
    }

    /// Seconds east of UTC.
    mutating func zone(default local: () -> Int64) -> Int64? {
      if take("Z") || take("z") { return 0 }
      let sign: Int64
      if take("+") {
        sign = 1
      } else if take("-") {
        sign = -1
      } else {
        return local()
      }
      guard let hours = number(digits: 2), hours < 24 else { return nil }
      _ = take(":")
      guard let minutes = rest.isEmpty ? 0 : number(digits: 2), minutes < 60 else { return nil }
      return sign * (hours * 3_600 + minutes * 60)
    }
  }

  private static func days(in month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  /// Days since 1970-01-01 in the Gregorian calendar.
  private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let years = year - 1
    let before = years * 365 + years / 4 - years / 100 + years / 400 - 719_162
    let months = (1..<month).reduce(0) { $0 + days(in: $1, of: year) }
    return before + months + day - 1
  }
}
