internal import RESP
internal import RedisClient
internal import Requests

/// The following of new keys that runs: what it follows, on which connection, and how that stands.
struct Following: Sendable {
  enum Phase: Sendable {
    /// Tracking is being switched on.
    case arming
    case on
    /// The connection was lost.
    case lost
  }

  /// Tells it from those before and after it.
  let id: Int
  let prefix: [UInt8]
  let limit: Int
  let link: Link
  let keys: FollowedKeys
  var phase = Phase.arming
  /// Names are being verified.
  var isVerifying = false
  var departed = DepartedNames()
  /// What was read on its way into the index, in its order; some of it is done.
  var learning: [Task<Void, Never>] = []
  /// What was told last; nil: it was never on.
  var told: FollowState?

  /// Names in one batch, and how long the server is left alone after one.
  static let batchLength = 300
  static let pause = Duration.milliseconds(100)
  /// So many batches may wait for the index, which makes lists meanwhile: the names behind them need not.
  static let batchesAhead = 64
  /// A server that refuses for the moment is asked again so often.
  static let retryInterval = Duration.seconds(1)

  var state: FollowState {
    phase == .lost ? .interrupted(prefix: prefix) : .on(prefix: prefix, perSecond: keys.perSecond)
  }

  /// What a single frame may hold: a push of more is over the limit by itself. The greeting has to fit too.
  static func limits(_ limit: Int) -> RESPDecoder.Limits {
    RESPDecoder.Limits(
      bulk: FollowedNames.mostBytes, elements: max(16_384, 2 * limit), total: FollowedNames.mostBytes)
  }

  /// The connection broke because a frame was over ``limits(_:)``.
  func isFlooded(_ error: ClientError) -> Bool {
    let limits = Self.limits(limit)
    return [
      RESPError.bulkTooLong(limit: limits.bulk), .tooManyElements(limit: limits.elements),
      .replyTooLarge(limit: limits.total),
    ].contains { error == .protocolError($0.description) }
  }
}
