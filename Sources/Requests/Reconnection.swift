/// What answers after a connection was lost, compared with what answered before, as far as it can be told.
package struct Reconnection: Sendable, Equatable {
  package enum Server: Sendable, Equatable {
    /// The same process, by its run id.
    case same
    /// Another run id, of a process that was started after the one before was heard of last.
    case restarted
    /// Another run id, of a process that ran already while the one before did: another server behind the same address.
    case another
    /// Its run id is not known, or that of the one before: nothing can be compared.
    case unknown(why: String)
  }

  package var server: Server
  /// The role, where it is another than before: `master`, `slave`, as INFO says.
  package var role: String?
  /// The primary of what is a replica now: `10.0.0.1:6379`.
  package var primary: String?
  /// The version, where it is another than before.
  package var version: String?
  /// It was a replica of the one before, or copied from the same primary: its data set has the same history.
  package var continuesData = false
  /// Keys of the current database; nil: not told.
  package var keys: Int?

  package init(server: Server) { self.server = server }

  /// It is certain that nothing but the connection was lost.
  package var isSame: Bool { server == .same && role == nil && version == nil }
}
