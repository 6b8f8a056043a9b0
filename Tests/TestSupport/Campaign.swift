import Glibc

/// Whether the tests that take long are wanted (`make campaign`).
package enum Campaign {
  package static let isOn = getenv("KEYGLASS_CAMPAIGN") != nil
}
