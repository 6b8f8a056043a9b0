import Canvas
import Requests

/// The server has refused the password, and no source knows another: only the user can go on.
package struct LoginState: Sendable, Equatable {
  /// In few words; nothing in it is secret.
  package var why: String
  /// What was typed is on its way.
  package var isTrying = false
}

extension State {
  /// Asks for a password where nobody is in the middle of something else; else says how it is done.
  mutating func takeLoginRefusal(why: String) {
    login = LoginState(why: why)
    guard overlay == nil, prompt == nil, console.focus != .input else {
      say("not logged in: \(why). R asks for the password", .error)
      return
    }
    openLogin()
    // Nobody has asked for it: keys that were on their way are not for it.
    prompt?.quietUntil = now + Self.dialogGuard
  }

  mutating func openLogin() {
    guard login?.isTrying == false else { return }
    prompt = Prompt(subject: .password, field: TextField())
  }

  /// The prompt was closed.
  mutating func take(password: String, isGiven: Bool) {
    guard login != nil else { return }
    guard isGiven else {
      say("not logged in: R asks for the password again", .warning)
      return
    }
    login?.isTrying = true
    say("logging in")
    ask(.login, .login(password.isEmpty ? nil : Secret(Array(password.utf8))))
  }

  mutating func takeLoggedIn() {
    login = nil
    say("logged in")
  }

  /// It did not work out. Where the password was refused, that was told, and asks again.
  mutating func takeLoginFailure(_ failure: Failure) {
    guard login?.isTrying == true else { return }
    login?.isTrying = false
    say(failure)
  }

  /// The connection is back, whoever has seen to it.
  mutating func endLogin() {
    guard login?.isTrying == false else { return }
    login = nil
    if prompt?.subject == .password { prompt = nil }
  }
}
