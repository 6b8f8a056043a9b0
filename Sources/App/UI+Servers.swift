import Browser
import Requests

/// Effects that are not for the server on the screen: going to others, and Compose.
extension UI {
  func test(_ place: ServerPlace) {
    guard let servers else { return }
    Task { feed(.serverTested(place, await servers.test(place))) }
  }

  func connect(to place: ServerPlace, _ attempt: Int, _ password: Secret?) {
    guard let servers else { return }
    connecting[attempt] = Task { finish(attempt, await servers.connect(to: place, password: password?.bytes)) }
  }

  func watchCompose(_ isOn: Bool) {
    guard let compose else {
      if isOn { feed(.compose(.nothing(folder: "a folder that is gone"))) }
      return
    }
    guard isOn else { return compose.endWatch() }
    compose.watch { [weak self] finding in await self?.take(.compose(finding)) }
  }

  func runCompose(_ run: Int, _ words: [String], _ folder: String) {
    compose?.run(run, words, folder) { [weak self] event in await self?.take(event) }
  }

  private func take(_ event: Event) { if left == nil { feed(event) } }

  private func finish(_ attempt: Int, _ result: Result<Connected, ConnectFailure>) {
    connecting[attempt] = nil
    switch result {
    case .failure(let failure): feed(.connectFailed(attempt: attempt, failure))
    case .success(let connected):
      guard left == nil, Browser.awaits(attempt: attempt, state) else {
        Task { await connected.session.end() }
        feed(.connectFailed(attempt: attempt, .failed("not gone there: something else was opened. C, then Enter.")))
        return
      }
      enter(connected)
    }
  }
}
