import Glibc
import TestSupport
import Testing

@testable import Compose

@Suite("The words that every command begins with") struct ComposePrefixTests {
  private static let plugin = ComposeTool(words: ["docker", "compose"], version: "2.29.7")
  private static let old = ComposeTool(words: ["docker-compose"], version: "1.29.2")

  private static func prefix(
    _ tool: ComposeTool, _ name: String, folder: String, files: [String], names: Bool = false
  ) -> String {
    var project = ComposeProject(name: name, folder: folder, files: files)
    project.namesFiles = names
    return tool.prefix(for: project).joined(separator: " ")
  }

  @Test func `only what the tool would not find by itself is said`() {
    let file = ["/nonexistent/My Shop.1/compose.yml"]
    let folder = "/nonexistent/My Shop.1"
    #expect(Self.prefix(Self.plugin, "myshop1", folder: folder, files: file) == "docker compose")
    #expect(Self.prefix(Self.old, "myshop1", folder: folder, files: file) == "docker-compose")
    #expect(Self.prefix(Self.plugin, "shop", folder: folder, files: file) == "docker compose -p shop")
    #expect(
      Self.prefix(
        Self.plugin, "myshop1", folder: folder, files: file + [folder + "/-x.yml", "/etc/z.yml"], names: true)
        == "docker compose -f compose.yml -f ./-x.yml -f /etc/z.yml")
    #expect(
      Self.prefix(Self.plugin, "myshop1", folder: folder, files: [folder + "/deploy/c.yml"], names: true)
        == "docker compose -f deploy/c.yml --project-directory .")
    // Compose 2 drops what the specification does not let a name begin with; docker-compose 1 does not.
    #expect(Self.prefix(Self.plugin, "x", folder: "/nonexistent/_x", files: []) == "docker compose")
    #expect(Self.prefix(Self.old, "x", folder: "/nonexistent/_x", files: []) == "docker-compose -p x")
  }

  @Test func `a folder behind a symbolic link has two names`() throws {
    let folder = try TestFolder.make()
    defer { TestFolder.remove(folder) }
    mkdir(folder + "/real", 0o700)
    symlink("real", folder + "/link")
    #expect(Self.prefix(Self.old, "real", folder: folder + "/real", files: []) == "docker-compose")
    #expect(Self.prefix(Self.old, "link", folder: folder + "/link", files: []) == "docker-compose -p link")
  }
}
