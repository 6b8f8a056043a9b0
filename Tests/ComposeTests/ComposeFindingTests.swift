import Foundation
import TestSupport
import Testing
import YAML

@testable import Compose

@Suite struct ComposeFindingTests {
  @Test func `a folder without a Compose file is told`() throws {
    let folder = try TestFolder.make()
    defer { TestFolder.remove(folder) }
    #expect(throws: ComposeFileError.notFound(folder: folder)) {
      try ComposeProject.find(file: folder, in: ComposeSurroundings(folder: "/"))
    }
  }

  @Test func `a file that is not there is told`() throws {
    #expect(
      throws: ComposeFileError.unusable(
        Complaint(file: "/nowhere/x.yml", message: "cannot be read: there is no such file"))
    ) { try ComposeProject.find(file: "x.yml", in: ComposeSurroundings(folder: "/nowhere")) }
  }

  @Test(arguments: [("My Project!", "myproject"), ("_-x", "x"), ("1.2_a-b", "12_a-b"), ("ÄÖ", "default")])
  func `a project is named as Compose does`(name: String, expected: String) {
    #expect(ComposeProject.normalized(name) == expected)
  }

  @Test(arguments: [
    ("/a/b", "../c", "/a/c"), ("/a", "/b//c/.", "/b/c"), ("/", "../..", "/"), ("/a", "~/b", "/home/me/b"),
    ("/a", "~", "/home/me"), ("/a", "~b", "/a/~b"),
  ])
  func `paths are joined as Compose does`(folder: String, path: String, expected: String) {
    #expect(ComposePath.join(folder, path, home: "/home/me") == expected)
  }

  @Test func `a password does not come into descriptions`() throws {
    let fixture = try #require(FixtureProject.all.first { $0.name == "command" })
    var text = ""
    dump(try fixture.find(), to: &text)
    #expect(text.contains("--requirepass in its command"))
    #expect(!text.contains("secret"))
  }

  @Test func `COMPOSE_DISABLE_ENV_FILE leaves the file out`() throws {
    let fixture = try #require(FixtureProject.all.first { $0.name == "profiles" })
    let project = try ComposeProject.find(
      file: nil, in: ComposeSurroundings(folder: fixture.folder, variables: ["COMPOSE_DISABLE_ENV_FILE": "1"]))
    #expect(project.service(named: "chosen")?.isChosen == false)
  }
}
