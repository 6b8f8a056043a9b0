/// Why there is no private server, as one line for standard error: `WHAT: WHY. NEXT STEP.`
package struct PrivateServerError: Error, Equatable, CustomStringConvertible {
  package let what: String
  package let why: String
  package let nextStep: String

  package init(what: String, why: String, nextStep: String) {
    self.what = what
    self.why = why
    self.nextStep = nextStep
  }

  package var description: String { "\(what): \(why). \(nextStep)." }
}
