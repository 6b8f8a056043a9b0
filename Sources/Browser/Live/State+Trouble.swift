import Keyspace
package import Requests

/// What the server says is the matter with it, while it cannot be read.
extension State {
  /// Why nothing can be read just now, although there is a connection; nil: it can.
  package var trouble: ServerCode? {
    guard link == .connected else { return nil }
    return header.server?.loadingPercent != nil ? .loading : refusal
  }

  /// A read was refused. Returns whether that is news: the header goes on telling it until it is over.
  mutating func noteTrouble(_ failure: Failure) -> Bool {
    guard let code = failure.code, code.holdsUpReading else { return true }
    let isNews = trouble != code
    refusal = code
    if value.key != nil { value.isStale = true }
    return isNews
  }

  /// INFO was answered. Where the server is over what was the matter, what is on the screen is read again.
  mutating func settleTrouble(before: ServerCode?, _ facts: ServerFacts) {
    if let refusal, !refusal.lasts(in: facts) { self.refusal = nil }
    guard before != nil, trouble == nil else { return }
    retryAt = now
    markAllChanged()
  }

  /// There is something on the screen that can be old.
  var isAnythingRead: Bool { value.opened != nil || (list.rows?.count ?? 0) > 0 }

  /// Why nothing can be written, in a word or a few.
  var standstill: String { trouble?.why ?? "not connected" }
}
