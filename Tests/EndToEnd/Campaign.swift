import Glibc

/// Whether the tests that take long are wanted (`make campaign`).
enum Campaign {
  static let isOn = getenv("KEYGLASS_CAMPAIGN") != nil
}
