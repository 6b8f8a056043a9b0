import App
import RedisClient
import Testing

@Suite struct ComposeInvocationTests {
  private func options(_ words: String..., change: (inout LaunchOptions) -> Void = { _ in }) -> LaunchOptions {
    var options = LaunchOptions()
    options.words = words
    change(&options)
    return options
  }

  private func error(_ options: LaunchOptions) -> String? {
    do throws(ErrorLine) {
      _ = try Invocation(options)
      return nil
    } catch {
      return error.text
    }
  }

  @Test func `compose takes a file or none`() throws {
    #expect(try Invocation(options("compose")).command == .compose(file: nil, isJSON: false))
    #expect(
      try Invocation(options("compose", "a/b.yml") { $0.isJSON = true }).command
        == .compose(file: "a/b.yml", isJSON: true))
    #expect(error(options("compose", "a", "b")) == "'b': one word too many. See 'keyglass --help'.")
  }

  @Test func `what would name a server besides means nothing`() {
    #expect(
      error(options("compose") { $0.port = "7000" })
        == "compose: its files name the servers, so -p means nothing. Leave out -p, or compose.")
    #expect(
      error(options("compose") { $0.isLong = true }) == "--long: it is an option of ls. Use 'keyglass ls' with it.")
    #expect(
      error(options("compose") { ($0.isJSON, $0.script) = (true, "x.keys") })
        == "--script: compose --json has no screen to play it on. Leave out --json, or --script.")
  }

  @Test func `a service is named like a server of the config file`() throws {
    var asked: [String] = []
    let choice = try ServerChoice(
      options("@compose/cache") { $0.database = "3" }, word: "@compose/cache", environmentPassword: "other",
      compose: { service throws(ErrorLine) in
        asked.append(service)
        return Endpoint(address: .tcp(host: "127.0.0.1", port: 6399), password: Array("pw".utf8))
      })
    #expect(asked == ["cache"])
    #expect(choice.composeService == "cache")
    #expect(choice.endpoint.address == .tcp(host: "127.0.0.1", port: 6399))
    #expect(choice.endpoint.database == 3)
    #expect(choice.endpoint.password == Array("pw".utf8))
    // It stands in a file, not on the command line: there is nothing to warn of.
    #expect(choice.passwordPlace == nil)
    #expect(choice.profile == nil)
  }

  @Test func `a password that is typed goes over the one in the file`() throws {
    let choice = try ServerChoice(
      options("@compose/cache") { $0.password = "typed" }, word: "@compose/cache", environmentPassword: nil,
      compose: { _ throws(ErrorLine) in
        Endpoint(address: .tcp(host: "127.0.0.1", port: 6399), password: Array("pw".utf8))
      })
    #expect(choice.endpoint.password == Array("typed".utf8))
    #expect(choice.passwordPlace == .option)
  }

  @Test func `where the file has none, REDISCLI_AUTH counts`() throws {
    let choice = try ServerChoice(
      options("@compose/cache"), word: "@compose/cache", environmentPassword: "other",
      compose: { _ throws(ErrorLine) in Endpoint(address: .tcp(host: "127.0.0.1", port: 6399)) })
    #expect(choice.endpoint.password == Array("other".utf8))
  }

  @Test func `for ls and exec too`() throws {
    let invocation = try Invocation(
      options("exec", "PING") { $0.uri = "@compose/cache" },
      compose: { _ throws(ErrorLine) in Endpoint(address: .tcp(host: "127.0.0.1", port: 6399)) })
    #expect(invocation.server.composeService == "cache")
  }
}
