import Browser
import Canvas
import Keyspace
import RedisClient
import Settings
import Store

/// What the browser begins with.
extension Browsing {
  private func place(of endpoint: Endpoint) -> ServerPlace {
    if let service = invocation.server.composeService { return .compose(service: service) }
    return invocation.server.profile.map { .profile($0.name) }
      ?? .address(
        endpoint.display, database: endpoint.database, user: endpoint.username, usesTLS: endpoint.tls != nil)
  }

  /// What holds for every server that is gone to. A script remembers nothing.
  func rules(
    _ preferences: Preferences, _ store: StoreOptions, _ desk: ComposeDesk?, isTyped: Bool
  ) -> KnownServers.Rules {
    var rules = KnownServers.Rules()
    rules.profiles = preferences.profiles
    rules.separator = preferences.separator
    if invocation.isReadOnlyEverywhere { rules.readOnlyReason = "started with --read-only" }
    rules.historyFolder = isTyped ? environment.stateFolder : nil
    rules.recents = environment.stateFolder.map { RecentServers(in: $0, isKept: isTyped) }
    rules.store = store
    rules.home = environment.home
    rules.compose = desk
    if isServerless {
      rules.serviceFilter = options.pattern.map { Escape.typed($0) } ?? []
      rules.serviceDatabase = invocation.server.endpoint.database
      rules.serviceProtocol = invocation.server.endpoint.protocolVersion
    }
    return rules
  }

  func state(_ preferences: Preferences, _ first: First?, _ known: KnownServers) -> State {
    let place = first.map { self.place(of: $0.endpoint) }
    var server: ServerSetup?
    if let first, let place { server = known.setup(of: place, first.endpoint) }
    // A screen tells its size when it opens, a script by `size`.
    let state = State(
      setup: setup(preferences, server), size: Size(width: 80, height: 24), monotonic: Clocks.monotonic,
      wall: Clocks.wall)
    guard let first, let place else { return state }
    first.lock.set(isLocked: state.isReadOnly)
    if !isDemo { known.note(place, first.endpoint) }
    return state
  }

  /// - Parameter server: nil: there is none yet.
  private func setup(_ preferences: Preferences, _ server: ServerSetup?) -> Setup {
    var setup = Setup(
      endpointName: "", isPlain: preferences.isPlain,
      usesMouse: preferences.usesMouse, previewDelay: preferences.previewDelay.map { Int($0 / .milliseconds(1)) },
      clipboard: options.script != nil ? .none : preferences.usesClipboard ? .terminal : .off,
      seed: (.random(in: .min ... .max), .random(in: .min ... .max)), localOffset: Clocks.localOffset)
    if var server {
      if isDemo { server.endpointName = "demo" }
      if let pattern = options.pattern { server.filter = Escape.typed(pattern) }
      if options.separator != nil { server.separator = preferences.separator }
      setup.enter(server)
    } else if options.isReadOnly {
      setup.isReadOnly = true
    }
    setup.configPath = SettingsPaths(config: options.config, environment: environment.all).config
    setup.keyLimit = preferences.keyLimit ?? KeyLimit.standard()
    setup.followLimit = preferences.followLimit
    setup.sweepLimit = preferences.sweepLimit
    setup.stampede.share = preferences.stampedeShare
    return setup
  }
}
