import Keyspace

/// A point in time as UTC, without a calendar library: years 1970 to 9999.
enum DateText {
  /// `2026-12-31 23:59:07Z`; nil outside those years.
  static func utc(milliseconds: Int64) -> String? {
    guard milliseconds >= 0, milliseconds < 253_402_300_800_000 else { return nil }
    let seconds = milliseconds / 1_000
    let (year, month, day) = civil(days: seconds / 86_400)
    let ofDay = seconds % 86_400
    return "\(year)-\(two(month))-\(two(day)) \(two(ofDay / 3_600)):\(two(ofDay / 60 % 60)):\(two(ofDay % 60))Z"
  }

  /// How a bucket of the timeline is called, in local time: `12:05:02`, `12:05`, `12:00 2026-12-31`, `2026-12-31`.
  /// - Parameter local: ms since 1970 as if local time were UTC.
  static func bucket(_ scale: ExpiryTimeline.Scale, local: Int64) -> String {
    guard let text = utc(milliseconds: local) else { return "far away" }
    let (date, time) = (text.prefix(10), text.dropFirst(11).dropLast())
    switch scale {
    case .second: return String(time)
    case .minute: return String(time.dropLast(3))
    case .hour: return "\(time.dropLast(3)) \(date)"
    case .day: return String(date)
    }
  }

  /// The date of a day counted from 1970-01-01, in the Gregorian calendar. Years begin in March here, so that the
  /// leap day comes last.
  private static func civil(days: Int64) -> (Int64, Int64, Int64) {
    let shifted = days + 719_468
    let era = shifted / 146_097
    let ofEra = shifted % 146_097
    let yearOfEra = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * ofYear + 2) / 153
    let day = ofYear - (153 * marchMonth + 2) / 5 + 1
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
