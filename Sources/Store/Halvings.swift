internal import RedisClient

/// How often what is read at once was halved. A server gives up a client to which it owes more than its output-buffer
/// limit, and says nothing: the next read asks for less.
struct Halvings {
  private(set) var values = 0
  private(set) var scans = 0
  /// Reads that went well since the last halving.
  private var successes = 0

  /// Less than a thousandth of the usual is not what breaks a connection.
  private static let most = 10

  /// So many reads go well before more is tried again: it need not have been the size.
  private static let patience = 20

  /// A window was read that had been halved, or not.
  mutating func noteRead() {
    guard values > 0 else { return }
    successes += 1
    if successes >= Self.patience { (values, successes) = (values - 1, 0) }
  }

  /// The connection ended where the reply to a read was owed. All that was on its way then ends so, at once: it is one
  /// step less than what they were sent with, however many they are.
  ///
  /// - Parameter sent: as it stood when the read was sent.
  mutating func noteLoss(isScan: Bool, sent: Halvings) {
    successes = 0
    if isScan {
      scans = max(scans, min(Self.most, sent.scans + 1))
    } else {
      values = max(values, min(Self.most, sent.values + 1))
    }
  }
}

extension ClientError {
  /// The connection ended where a reply was owed.
  var mayBeAboutSize: Bool { self == .closedByServer(isOwed: true) || self == .connectionLost(midReply: true) }
}
