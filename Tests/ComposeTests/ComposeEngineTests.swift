import Testing

@testable import Compose

@Suite struct ComposeEngineTests {
  @Test(
    arguments: [
      ("unix:///var/run/docker.sock", nil), ("tcp://10.0.0.5:2376", "10.0.0.5"), ("ssh://me@box", "box"),
      ("ssh://me@box:22/run/docker.sock", "box"), ("tcp://[fd00::5]:2376", "fd00::5"), ("tcp://localhost:2375", nil),
      ("npipe:////./pipe/docker_engine", nil),
    ] as [(String, String?)])
  func `published ports are on the machine of the engine`(address: String, host: String?) {
    let engine = ComposeEngine(tool: .failure(.init("none")), address: address)
    #expect(engine.remoteHost == host)
  }
}
