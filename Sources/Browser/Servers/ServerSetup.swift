/// What of the ``Setup`` depends on the server.
package struct ServerSetup: Sendable {
  package var place: ServerPlace
  package var endpointName: String
  package var database: Int
  /// The name of its profile, without the `@`; nil: it has none.
  package var profile: String?
  package var stage: DeploymentStage?
  package var separator: [UInt8]
  package var filter: [UInt8]
  /// Why nothing is ever written there; nil: it may be.
  package var readOnlyReason: String?
  /// Nobody verifies who answers.
  package var isInsecure = false

  package init(
    _ place: ServerPlace, endpointName: String, database: Int, profile: String? = nil, stage: DeploymentStage? = nil,
    separator: [UInt8] = [0x3a], filter: [UInt8] = [], readOnlyReason: String? = nil
  ) {
    self.place = place
    self.endpointName = endpointName
    self.database = database
    self.profile = profile
    self.stage = stage
    self.separator = separator
    self.filter = filter
    self.readOnlyReason = readOnlyReason
  }
}

extension Setup {
  /// Takes what is the server's; what is the user's and the terminal's stays.
  package mutating func enter(_ server: ServerSetup) {
    isServerless = false
    place = server.place
    endpointName = server.endpointName
    database = server.database
    profile = server.profile
    stage = server.stage
    separator = server.separator
    filter = server.filter
    isReadOnly = server.readOnlyReason != nil
    readOnlyCause = server.readOnlyReason ?? readOnlyCause
    isInsecure = server.isInsecure
  }
}

extension Browser {
  /// Whether the screen waits for this attempt to connect, and nothing else has come up that it would take away.
  package static func awaits(attempt number: Int, _ state: State) -> Bool {
    state.servers.attempt?.number == number && (state.overlay == .servers || state.overlay == .compose)
      && state.prompt == nil && state.compose.confirmation == nil
  }

  /// The program on another server: nothing that was read, chosen or half done on the old one is left.
  package static func entering(_ server: ServerSetup, from old: State) -> State {
    var setup = old.setup
    setup.enter(server)
    var state = State(setup: setup, size: old.size, monotonic: old.now, wall: old.wall)
    state.displayOffset = old.displayOffset
    state.isMouseOn = old.isMouseOn
    state.kills = old.kills
    state.history = old.history
    state.flood = old.flood
    state.nextWrite = old.nextWrite
    state.servers = old.servers
    state.servers.attempt = nil
    state.servers.failure = nil
    state.takeCompose(from: old)
    let isOfCompose = if case .compose? = setup.place { true } else { false }
    state.say(
      "connected to \(setup.profile.map { "@" + $0 } ?? setup.endpointName)"
        + (isOfCompose ? ": C, then c, goes back to the project" : ""))
    return state
  }
}
