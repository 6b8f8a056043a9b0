import TestSupport
import Testing

/// What a user does, as scripts. One after another: each is a program and a server.
@Suite("Scripts, end to end", .serialized, .timeLimit(.minutes(5))) struct ScriptTests {
  /// Every script of this folder, against a server of its own.
  ///
  /// Two comments at the top of a script mean something here: `# server: ARGS…` are arguments of the server, and
  /// `# keyglass: ARGS…` of keyglass, separated by blanks.
  @Test(arguments: Script.all) func script(_ script: Script) async throws { try await play(script) }

  /// What the installed server may not have: every script of the folder `valkey`, on a Valkey 9.
  @Test(.enabled(if: OtherServers.valkey != nil, "no Valkey 9 here"), arguments: Script.onValkey)
  func scriptOnValkey(_ script: Script) async throws { try await play(script, on: OtherServers.valkey) }

  private func play(_ script: Script, on binary: String? = nil) async throws {
    let result = try await Aside.run {
      let server = try TestServer(script.arguments(for: "server"), binary: binary)
      let options = try script.arguments(for: "keyglass")
      return try Keyglass().run(["-s", server.socketPath] + options + ["--script", script.path])
    }
    #expect(result.status == 0, "\(result.output)")
  }
}
