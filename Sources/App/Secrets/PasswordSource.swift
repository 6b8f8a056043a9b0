/// Where the password of a server comes from.
package enum PasswordSource: Sendable, Equatable {
  /// None was given; the server may not want one.
  case none
  /// Typed in a URI or as an option, or from REDISCLI_AUTH: it stands in the endpoint.
  case given
  /// `--askpass`.
  case prompt
  /// A program and its arguments, no shell; the first line of its output.
  case command([String])
  /// The first line of a file that only its owner may read.
  case file(String)
}
