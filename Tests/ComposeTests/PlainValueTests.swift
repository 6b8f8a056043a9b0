import Testing

@testable import Compose

/// As Docker Compose 2.40 wrote them into the environment of a container.
@Suite struct PlainValueTests {
  @Test(arguments: [
    ("0123", "83"), ("089", "89"), ("0o17", "15"), ("0x1F", "31"), ("0b101", "5"), ("-017", "-15"), ("+5", "5"),
    ("-0", "0"), ("00", "0"), ("1_000", "1000"), ("0_7", "7"), ("0xFFFFFFFFFFFFFFFF", "18446744073709551615"),
    ("12345678901234567890", "12345678901234567890"), ("18446744073709551616", "1.8446744073709552e+19"),
    ("-9223372036854775809", "-9.223372036854776e+18"), ("0123456789", "1.23456789e+08"), ("1e3", "1000"),
    ("1e6", "1e+06"), ("999999.5", "999999.5"), ("1234567.0", "1.234567e+06"), (".5", "0.5"), ("5.", "5"),
    ("1.e2", "100"), ("-0.0", "-0"), ("0.0001", "0.0001"), ("0.00001", "1e-05"), ("4.9e-324", "5e-324"),
    ("1_0.5_0", "10.5"), ("08.5", "8.5"), ("-.inf", "-Inf"), (".NaN", "NaN"),
  ])
  func `a number is written anew`(text: String, meant: String) { #expect(PlainValue(text) == .number(meant)) }

  @Test(arguments: [
    "a", "_1", "0x", "0xg", "1:20", "yes", "on", "1.5e", "1e+", ".e1", ".", "+.", "0b2", "0o8", "inf", "0x1p3", "1e400",
    "0xFFFFFFFFFFFFFFFFF", "=", "", "127.0.0.1", "--5", "2026-13-01", "2026-12", "6379:6379",
  ])
  func `all else is a text`(text: String) { #expect(PlainValue(text) == .text) }

  @Test func `truth, nothing and dates`() {
    #expect(PlainValue("True") == .boolean("true"))
    #expect(PlainValue("FALSE") == .boolean("false"))
    #expect(PlainValue("~") == .null && PlainValue("Null") == .null)
    #expect(PlainValue("2026-12-31") == .date && PlainValue("2026-1-2T03:04:05Z") == .date)
  }
}
