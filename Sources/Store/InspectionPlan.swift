internal import Keyspace
internal import RESP
internal import Values

/// All that is known of a key without its value. Idle time and frequency come first: what follows may change them.
enum InspectionPlan {
  /// - Parameter unkept: what the server's policy does not keep, so that asking is of no use.
  static func ask(_ question: inout Question, about name: KeyName, unkept: Set<ReadCommand> = []) {
    for command in [ReadCommand.objectIdleTime, .objectFrequency] where !unkept.contains(command) {
      question.ask(command, name.bytes)
    }
    question.ask(.objectEncoding, name.bytes)
    question.ask(.objectReferences, name.bytes)
    question.ask(.type, name.bytes)
    question.ask(.pTTL, name.bytes)
    question.ask(.pExpireTime, name.bytes)
    question.ask(.memoryUsage, name.bytes)
  }

  /// `sentAt`, `receivedAt`: of the batch, for the clock.
  static func inspection(
    of name: KeyName, from response: Response, clock: inout ServerClock, sentAt: Int64, receivedAt: Int64
  ) -> KeyInspection {
    var inspection = KeyInspection(name: name)
    let reading = DeadlineReading(from: response)
    inspection.type = response.fact(.type) { KeyType(reply: $0.string) }
    // `none` is an answer too.
    if inspection.type == .unknown, response[.type] != nil || reading.isGone { inspection.type = .known(nil) }
    if reading.isGone { inspection.type = .known(nil) }
    guard inspection.type != .known(nil) else { return inspection }
    inspection.deadline = reading.deadline(clock: &clock, sentAt: sentAt, receivedAt: receivedAt)
    inspection.memory = response.fact(.memoryUsage) { $0.quantity }
    inspection.references = response.fact(.objectReferences) { $0.quantity }
    inspection.encoding = response.fact(.objectEncoding) { $0.isNull ? nil : $0.string }
    inspection.idleSeconds = policyFact(.objectIdleTime, in: response)
    inspection.frequency = policyFact(.objectFrequency, in: response)
    return inspection
  }

  /// Of idle time and frequency, what the server said it does not keep.
  static func unkept(by response: Response) -> Set<ReadCommand> {
    Set([ReadCommand.objectIdleTime, .objectFrequency].filter { isUnkept($0, by: response) })
  }

  private static func isUnkept(_ command: ReadCommand, by response: Response) -> Bool {
    response.refusal(command).map(isUnkept) ?? false
  }

  /// `An LFU maxmemory policy is selected, idle time not tracked`, and the other way round.
  static func isUnkept(_ refusal: Refusal) -> Bool {
    guard case .other(let text) = refusal else { return false }
    return String(decoding: text, as: UTF8.self).contains("LFU")
  }

  /// The server keeps idle times or, under an LFU policy, frequencies: the other one answers an error that says so.
  private static func policyFact(_ command: ReadCommand, in response: Response) -> Fact<Int?> {
    if isUnkept(command, by: response) { return .known(nil) }
    return response.fact(command) { $0.quantity.map { .some($0) } }
  }
}
