internal import Keyspace
internal import RESP
internal import RedisClient
internal import Synchronization

/// What the connections report unasked, in the order in which it came, until the Store takes it.
final class Inbox: Sendable {
  enum Event: Sendable {
    case rows(RedisClient.LinkState)
    /// What answers on the connection for *rows* that was just made again, before anything else is asked there.
    case greeted(Greeting)
    case sweep(RedisClient.LinkState)
    /// Keys that tracking says have changed; nil: all of them.
    case invalidated([KeyName]?)
    /// Of the connection of a following, by its number.
    case following(Int, RedisClient.LinkState)
    /// Names wait to be verified, or too many came.
    case followed(Int)
  }

  private static let mostNames = 10_000

  private let events = Mutex<[Event]>([])
  private let wake: AsyncStream<Void>.Continuation
  /// Yields when there is something to take.
  let wakes: AsyncStream<Void>

  init() {
    (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func post(_ event: Event) {
    events.withLock { $0.append(event) }
    wake.yield()
  }

  /// Takes a push frame; frames other than those of tracking are not for us.
  func post(push: ReplyView) {
    guard push.count >= 2, push[0].bytes.elementsEqual("invalidate".utf8) else { return }
    let keys = push[1]
    // More than any screen has shown: as if everything had changed.
    guard !keys.isNull, keys.count <= Self.mostNames else { return post(.invalidated(nil)) }
    post(.invalidated(keys.children.map { KeyName($0.bytes) }))
  }

  func take() -> [Event] {
    events.withLock { events in
      defer { events = [] }
      return events
    }
  }

  func close() { wake.finish() }
}
