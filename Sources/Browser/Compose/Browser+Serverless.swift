extension Browser {
  /// Begins on the screen of the Compose project, without any server. Sends no request.
  /// - Parameter state: its setup says ``Setup/isServerless``.
  package static func startWithoutServer(_ state: inout State) -> [Effect] {
    state.setup.isServerless = true
    state.openCompose(fromServers: false)
    state.tendCompose()
    return state.takeEffects()
  }
}
