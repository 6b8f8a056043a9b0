import Glibc
import TestSupport
import Testing

@testable import Compose

/// What a project was read from is seen to change, without reading it.
@Suite struct ComposeSourcesTests {
  private static let file =
    "services:\n  cache: {image: redis, env_file: its.env, command: redis-server /etc/redis.conf,"
    + " volumes: [\"./redis.conf:/etc/redis.conf\"]}\n"

  /// Each that is written, removed or made in the folder of a project.
  @Test(arguments: [
    "echo >> compose.yaml", "echo 'services: {}' > new && mv new compose.yaml", "rm compose.yaml",
    "echo A=1 > its.env", "echo requirepass x > redis.conf", "echo 'services: {}' > compose.override.yaml",
    "echo A=1 > .env", "echo 'services: {}' > docker-compose.yml", "rm redis.conf", "chmod 000 compose.yaml",
  ])
  func `a change is seen`(command: String) throws {
    let folder = try TestFolder.make()
    defer { TestFolder.remove(folder) }
    try TestFolder.write(Self.file, to: "\(folder)/compose.yaml")
    try TestFolder.write("requirepass y", to: "\(folder)/redis.conf")
    var sources = ComposeSources()
    _ = try ComposeProject.find(file: nil, in: ComposeSurroundings(folder: folder), sources: &sources)
    #expect(sources.areCurrent)
    #expect(try Run.output(["/bin/sh", "-c", "cd \(folder) && touch unrelated && \(command)"]).status == 0)
    #expect(!sources.areCurrent)
  }

  @Test func `a project that is not there yet is seen to come`() throws {
    let folder = try TestFolder.make()
    defer { TestFolder.remove(folder) }
    var sources = ComposeSources()
    #expect(throws: ComposeFileError.self) {
      try ComposeProject.find(file: nil, in: ComposeSurroundings(folder: folder), sources: &sources)
    }
    #expect(sources.areCurrent)
    try TestFolder.write("services: [", to: "\(folder)/docker-compose.yml")
    #expect(!sources.areCurrent)
    #expect(throws: ComposeFileError.self) {
      try ComposeProject.find(file: nil, in: ComposeSurroundings(folder: folder), sources: &sources)
    }
    #expect(sources.areCurrent)
    try TestFolder.write(Self.file, to: "\(folder)/docker-compose.yml")
    #expect(!sources.areCurrent)
  }
}
