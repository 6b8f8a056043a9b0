import CPlatform
import Glibc

/// Moments as the user's clock shows them.
struct LocalTime: Sendable {
  /// Ms by which local time is ahead of UTC at a moment in ms since 1970.
  let offset: @Sendable (Int64) -> Int64

  /// Of this machine.
  static let system = LocalTime { moment in
    var instant = time_t(moment / 1000)
    var fields = unsafe tm()
    guard unsafe localtime_r(&instant, &fields) != nil else { return 0 }
    return Int64(unsafe fields.tm_gmtoff) * 1000
  }

  /// `10:21:01`
  func second(_ moment: Int64) -> String {
    let second = inDay(moment) / 1000
    return two(second / 3600) + ":" + two(second / 60 % 60) + ":" + two(second % 60)
  }

  /// `10:21`
  func minute(_ moment: Int64) -> String { String(second(moment).prefix(5)) }

  /// `2026-11-26`, in the Gregorian calendar whatever the year.
  func date(_ moment: Int64) -> String {
    // Days of years that begin in March, since the year 0 (Howard Hinnant, "chrono-compatible low-level date algorithms").
    let days = (moment + offset(moment) - inDay(moment)) / Self.day + 719_468
    let era = (days >= 0 ? days : days - 146_096) / 146_097
    let dayOfEra = days - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let part = (5 * dayOfYear + 2) / 153
    let month = part < 10 ? part + 3 : part - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return "\(year)-" + two(month) + "-" + two(dayOfYear - (153 * part + 2) / 5 + 1)
  }

  private func inDay(_ moment: Int64) -> Int64 {
    let rest = (moment + offset(moment)) % Self.day
    return rest < 0 ? rest + Self.day : rest
  }

  private static let day: Int64 = 86_400_000

  private func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
