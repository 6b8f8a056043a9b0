import Foundation
import Testing
import YAML

@testable import Compose

/// Projects of every form, each with what is to come out of it. `KEYGLASS_RECORD=1` writes that anew: look at the
/// difference before committing.
@Suite struct FixtureProjectTests {
  @Test(arguments: FixtureProject.all) func `a project is read as expected`(fixture: FixtureProject) throws {
    let rendered = fixture.rendered()
    if ProcessInfo.processInfo.environment["KEYGLASS_RECORD"] != nil {
      try rendered.write(toFile: fixture.expectedPath, atomically: true, encoding: .utf8)
    }
    #expect(rendered == fixture.expected)
  }

  @Test func `there are fixtures`() { #expect(FixtureProject.all.count > 40) }
}
