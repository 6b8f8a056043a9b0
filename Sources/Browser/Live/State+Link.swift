import Canvas
import Keyspace
import Requests

/// The connection is lost and comes back.
extension State {
  /// Ms that a loss is not spoken of: most are over before one could read of them.
  static let quietLoss: Int64 = 300
  /// Ms between two steps of what counts up in tenths of a second.
  private static let tenths: Int64 = 200

  mutating func take(_ link: LinkState) {
    // The first attempt of all.
    if link == .connecting, self.link == .connected { return }
    let wasConnected = self.link == .connected
    self.link = link
    switch link {
    case .connected:
      (lostAt, loss) = (nil, nil)
      if !wasConnected {
        refreshAll()
        endLogin()
      }
      return
    case .lost(let loss): self.loss = loss
    case .connecting: break
    }
    lostAt = lostAt ?? now
    refusal = nil
    value.isStale = true
    restingSince = nil
  }

  /// After a reconnect nothing that was read before counts as true until it was read again.
  private mutating func refreshAll() {
    for name in list.seen.keys { list.seen[name]?.isStale = true }
    value.isStale = value.key != nil
    if !owed.contains(.header) { askHeader() }
    askForRows()
    askForExpiry()
    askForMemoryRows()
    doubtFolders(isOther: false)
    if list.scan.phase == .idle, !owed.contains(.database) {
      ask(.database, .select(database: database, scope: startScope))
    }
  }

  /// What answers now is the server from before, or it is not.
  mutating func take(_ found: Reconnection) {
    let words = Self.words(of: found, after: lostAt.map { now - $0 })
    if found.isSame {
      // What nobody saw go need not be told to be back.
      if let lostAt, now - lostAt >= Self.quietLoss { say(words) }
      return
    }
    copyDenial = nil
    doubtFolders(isOther: true)
    lockAfterReplacement()
    stopRepeating()
    renewServerLists(isOther: true)
    if found.server == .another, !list.marked.isEmpty {
      list.marked = []
      say(words + "; its keys are not the ones that were marked", .warning)
    } else {
      say(words, .warning)
    }
    ask(.scan, .rescan)
  }

  static func words(of found: Reconnection, after lost: Int64?) -> String {
    let keys =
      found.keys.map { count in
        // An empty server is what nobody must overlook.
        ", \(Format.count(count)) \(count == 1 ? "key" : "keys")"
      } ?? ""
    var words: String
    switch found.server {
    case .same where found.isSame:
      return "connected again after \(Self.age(lost ?? 0)): the same server, nothing but time was lost"
    case .same: words = "the same server"
    case .restarted: words = "server restarted (run id changed)\(keys)"
    case .another:
      words = "another server answers now (run id changed, and it ran before)\(keys)"
    case .unknown(let why):
      words = "connected again; whether it is the same server cannot be checked: \(why)\(keys)"
    }
    if found.continuesData { words += ", a copy of the data of the one before" }
    if let role = found.role {
      words += ", role changed: now a " + (role == "slave" ? "replica" : role == "master" ? "primary" : role)
      if role == "slave", let primary = found.primary { words += " of \(primary)" }
    }
    if let version = found.version { words += ", now version \(version)" }
    return words + ": reading everything again"
  }

  /// `12 s`, `2m 5s`.
  static func age(_ milliseconds: Int64) -> String {
    let time = max(0, milliseconds)
    return time < 60_000 ? "\(time / 1_000) s" : TTLText.cell(remaining: time)
  }

  // MARK: - What is said of it

  /// What the line under the header says.
  enum Banner: Equatable {
    case lost(LinkLoss)
    case connecting(LinkLoss?)
    /// Connected, and the server has not answered for so many ms.
    case silent(Int64)
  }

  var banner: Banner? {
    switch link {
    case .connected: return isSilent ? .silent(now - (header.askedAt ?? now)) : nil
    case .lost(let loss): return isLossSpokenOf ? .lost(loss) : nil
    case .connecting: return isLossSpokenOf ? .connecting(loss) : nil
    }
  }

  var isLossSpokenOf: Bool { lostAt.map { now - $0 >= Self.quietLoss } ?? false }

  /// What is shown may be old: since when nothing was heard of the server, monotonic ms; nil: it is not.
  var staleSince: Int64? {
    guard link != .connected || isSilent else { return nil }
    return header.readAt ?? lostAt
  }

  /// The panes are as high as the banner leaves them.
  mutating func fitBanner() {
    guard (banner != nil) != isBannerShown else { return }
    isBannerShown.toggle()
    resize(to: size)
  }

  /// When what is said of the connection next changes, monotonic ms.
  var nextLinkTick: Int64 {
    var next = Int64.max
    if let due = waits.nextDue { next = due > now ? due : now + Self.tenths }
    if let lostAt, now - lostAt < Self.quietLoss { next = min(next, lostAt + Self.quietLoss) }
    if link == .connected, owed.contains(.header), let askedAt = header.askedAt, now - askedAt < Self.longestSilence {
      next = min(next, askedAt + Self.longestSilence)
    }
    if let since = staleSince { next = min(next, now + 1_000 - (now - since) % 1_000) }
    if case .lost(let loss) = link, let retryAt = loss.retryAt, retryAt > now {
      next = min(next, now + max(1, (retryAt - now) % 1_000))
    }
    return max(next, now + 10)
  }
}
