#if canImport(Glibc)
  private import Glibc
#endif

/// `WHAT: WHY. NEXT STEP.`, the one line that a user reads. Printable ASCII throughout.
extension ClientError {
  package var message: String { "\(what): \(why). \(nextStep)." }

  /// What did not work.
  package var what: String {
    switch self {
    case .refused(let address), .unreachable(let address, _), .connectTimeout(let address, _),
      .closedUnanswered(let address):
      "cannot connect to \(address.display)"
    case .tls(let address, let failure): failure.what(address)
    case .unknownHost(let host): "cannot connect to \(Ascii.escaped(host.utf8))"
    case .noSuchSocket(let path), .socketPermission(let path): "cannot connect to \(Ascii.escaped(path.utf8))"
    case .absent: "connection lost"
    case .timedOut: "no answer"
    case .authenticationRequired, .wrongPassword: "not logged in"
    case .notRedis: "not a Redis server"
    case .loading, .busy: "server not ready"
    case .maxClients, .protectedMode: "server refuses the connection"
    case .databaseUnavailable(let database, _): "cannot open database \(database)"
    case .protocolError: "protocol error"
    case .connectionLost, .closedByServer: "connection lost"
    case .closed: "connection closed"
    case .cancelled: "cancelled"
    case .readOnly(let command, _): Ascii.escaped(command.utf8)
    case .serverError: "server error"
    }
  }

  /// Why, as far as it is known.
  package var why: String {
    switch self {
    case .refused: "connection refused"
    case .unknownHost: "unknown host"
    case .absent(let why): Ascii.escaped(why.utf8)
    case .noSuchSocket: "no such socket"
    case .socketPermission: "permission denied"
    case .unreachable(_, let code): Self.text(ofCode: code)
    case .connectTimeout(_, let seconds): "no connection within \(seconds) s"
    case .tls(_, let failure): failure.why
    case .closedUnanswered: "the server closed the connection without a word"
    case .timedOut(let seconds): "the server has not answered for \(seconds) s"
    case .authenticationRequired: "the server asks for a password"
    case .wrongPassword: "the server does not accept this user and password"
    case .notRedis(let peer, let firstBytes): Self.text(of: peer, firstBytes)
    case .loading: "the server is loading its data"
    case .busy: "the server is busy with a script"
    case .maxClients: "its maximum number of clients is reached"
    case .protectedMode: "it is in protected mode, which lets in only clients on its own machine"
    case .databaseUnavailable(_, let serverText): Ascii.escaped(serverText)
    case .protocolError(let reason): "the server sent \(Ascii.escaped(reason.utf8))"
    case .connectionLost(let midReply): midReply ? "it broke in the middle of a reply" : "it broke"
    case .closedByServer: "the server closed it"
    case .closed: "keyglass has closed it"
    case .cancelled: "the answer is no longer wanted"
    case .readOnly(_, .asked): "read-only mode lets out only what is known to read"
    case .readOnly(_, .unverifiedServer):
      "to a server that is not verified (--insecure) only what is known to read goes"
    case .readOnly(_, .locked): "the server is production, and locked: only what is known to read is sent"
    case .serverError(let serverText): Ascii.escaped(serverText)
    }
  }

  /// What may be behind it, where the server does not say so; nil: there is nothing to guess.
  package var guess: String? {
    switch self {
    case .closedByServer(isOwed: true), .connectionLost(midReply: true): "output-buffer limit, killed or shut down?"
    case .closedByServer(isOwed: false): "idle timeout, killed or shut down?"
    default: nil
    }
  }

  /// What the user can do now.
  package var nextStep: String {
    switch self {
    case .refused(let address) where address.isLocalDefault:
      "Start a server there, name another one as HOST:PORT, or look around with 'keyglass demo'"
    case .refused: "Check that a server runs there and that the port is right"
    case .absent: "Start it; then keyglass connects by itself"
    case .unknownHost: "Check the spelling of the host name and the name service"
    case .noSuchSocket: "Check the path against 'unixsocket' in the server's configuration"
    case .socketPermission: "Check 'unixsocketperm' on the server, and the rights of the folder"
    case .unreachable: "Check the address and the network"
    case .connectTimeout: "Check the address, the network and firewalls on the way"
    case .tls(_, let failure): failure.nextStep
    case .closedUnanswered(.tcp): "If this port speaks TLS, use --tls or rediss://; else see the server's log"
    case .closedUnanswered(.unix): "See the server's log"
    case .timedOut: "Check that the server is not stopped, blocked by a slow command or out of reach"
    case .authenticationRequired: "Give a password with --askpass, REDISCLI_AUTH or a URI, and a user with --user"
    case .wrongPassword: "Check --user and the password; --askpass asks for it"
    case .notRedis(.http, _), .notRedis(.ssh, _), .notRedis(.other, _):
      "Check the port; Redis listens on 6379 unless told otherwise"
    case .notRedis(.tls, _): "Use --tls, or rediss:// in place of redis://"
    case .loading: "Wait until it has finished, then try again"
    case .busy: "Try again when it has ended; SCRIPT KILL ends one that has written nothing"
    case .maxClients: "Close other clients, or raise 'maxclients' on the server"
    case .protectedMode: "Connect from the server's machine, or set a password on the server"
    case .databaseUnavailable: "Choose another database with -n, or ask for the right to SELECT"
    case .protocolError: "Check what listens on this address; try -2 for the older protocol"
    case .connectionLost, .closedByServer: "Check that the server still runs"
    case .closed, .cancelled: "Try again"
    case .readOnly(_, .locked): "L in the browser unlocks it"
    case .readOnly(_, .unverifiedServer): "Start keyglass with --insecure-writes as well to send it"
    case .readOnly(let command, .asked):
      ReadOnlyGate.readingForms[command].map { "Use \($0), which only reads, or start keyglass without --read-only" }
        ?? "Start keyglass without --read-only to send it"
    case .serverError: "See the server's log and documentation for this error"
    }
  }

  private static func text(of peer: Peer, _ firstBytes: [UInt8]) -> String {
    switch peer {
    case .http: "an HTTP server answered"
    case .tls: "a server that speaks TLS answered"
    case .ssh: "an SSH server answered"
    case .other: "the answer began with '\(Ascii.escaped(firstBytes))'"
    }
  }

  private static func text(ofCode code: Int32) -> String {
    switch code {
    case EHOSTUNREACH: "no route to the host"
    case ENETUNREACH: "the network is unreachable"
    case ENAMETOOLONG: "the path is too long for a socket"
    case ETIMEDOUT: "the host does not answer"
    case ENOTSOCK, EPROTOTYPE: "it is not a stream socket"
    case EMFILE, ENFILE: "too many open files"
    case 0: "the address cannot be used"
    default: "system error \(code)"
    }
  }
}
