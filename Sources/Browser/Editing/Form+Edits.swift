import Canvas
import Keyspace
import Requests
import Values

extension Form {
  /// What the fields say.
  enum Composed: Equatable {
    case edits([Edit])
    /// There is nothing to send, because of this.
    case nothing(String)
    /// Not yet an edit: what is wrong, and what is allowed.
    case mistake(String)
  }

  /// - Parameters:
  ///   - serverTime: the server's time in ms, nil where its clock is not known; `wall`: our own.
  ///   - localOffset: as `TTLInput.parse` wants it.
  func compose(serverTime: Int64?, localOffset: (Int64) -> Int64) -> Composed {
    let typed = document ?? fields.first?.area.bytes ?? []
    // Of a key that is made anew there is nothing old.
    let loaded = recreates ? nil : self.loaded
    switch subject {
    case .string:
      return value(typed) { .string(from: loaded, to: $0) }
    case .field(let field):
      return value(typed) { .field(field, from: loaded, to: $0) }
    case .element(let index, let around):
      guard let loaded else { return .mistake("this element is not there any more") }
      return value(typed) { .element(index: index, from: loaded, to: $0, around: around) }
    case .score(let member):
      guard let score = Self.score(typed) else { return .mistake(Self.scores) }
      if let loaded, Double(text(loaded)) == Double(text(score)) { return .nothing("the score is the same") }
      return one(.score(member, from: loaded, to: score))
    case .renameMember(let member): return rename(member, typed) { .renameMember(member, to: $0) }
    case .renameScored(let member, let score):
      return rename(member, typed) { .renameScored(member, to: $0, score: score) }
    case .renameField(let field):
      return rename(field, typed) { .renameField(field, to: $0, value: loaded ?? []) }
    case .renameKey: return rename(key.bytes, typed) { .renameKey(to: KeyName($0)) }
    case .copyKey:
      guard let target = Int(fields[1].area.text), target >= 0 else {
        return .mistake("a database is a number, such as 0")
      }
      if typed == key.bytes, target == database {
        return .mistake("this is the key itself: type another name or database")
      }
      return one(.copyKey(to: KeyName(typed), database: target))
    case .add(let counter): return add(counter, typed)
    case .newKey(let kind): return create(kind, serverTime: serverTime, localOffset: localOffset)
    case .newField: return one(.field(typed, from: nil, to: fields[1].area.bytes))
    case .newMember: return one(.member(typed, isIn: true))
    case .newScored:
      guard let score = Self.score(typed) else { return .mistake(Self.scores) }
      return one(.score(fields[1].area.bytes, from: nil, to: score))
    case .newEntry: return one(.addEntry(entryFields, id: nil))
    case .newElement(let place): return one(.insert(typed, listPlace(place)))
    case .ttl(let target):
      switch expiry(of: "key", from: target.deadline, serverTime: serverTime, localOffset: localOffset) {
      case .failure(let mistake): return .mistake(mistake.text)
      case .success(nil): return .nothing(Self.noTTL)
      case .success(let expiry?): return one(.expiry(from: target.deadline, to: expiry))
      }
    // Worked out beside the form, because it takes longer (``State/tendBulk()``).
    case .bulkTTL(let bulk):
      guard let plan = bulk.plan else { return .mistake("what these keys are is being read") }
      if let mistake = plan.mistake { return .mistake(mistake) }
      return plan.count == 0 ? .nothing(Self.noTTL) : .edits(bulk.edits(database: database, session: session))
    case .fieldTTL(let field, let deadline):
      switch expiry(of: "field", from: deadline, serverTime: serverTime, localOffset: localOffset) {
      case .failure(let mistake): return .mistake(mistake.text)
      case .success(nil): return .nothing(Self.noTTL)
      case .success(let expiry?): return one(.fieldExpiry(field, from: deadline, to: expiry))
      }
    }
  }

  // MARK: - By subject

  private func value(_ typed: [UInt8], _ change: ([UInt8]) -> Change) -> Composed {
    typed == loaded && !recreates ? .nothing("unchanged: nothing is sent") : one(change(typed))
  }

  private func rename(_ old: [UInt8], _ typed: [UInt8], _ change: ([UInt8]) -> Change) -> Composed {
    typed == old ? .nothing("the name is the same: nothing is sent") : one(change(typed))
  }

  private func add(_ counter: Counter, _ typed: [UInt8]) -> Composed {
    let number = text(typed)
    var isFloat = if case .member = counter { true } else { false }
    if Int64(number) == nil, number.allSatisfy({ $0.isNumber || $0 == "-" }), !counter.isScore, !number.isEmpty,
      Int64(loaded.map(text) ?? "") != nil
    {
      return .mistake("an integer is added up to \(Int64.max): type less, or a decimal number")
    }
    if Int64(number) == nil || Int64(loaded.map(text) ?? "") == nil { isFloat = true }
    guard !number.isEmpty, let value = Double(number), !value.isNaN, value.isFinite || counter.isScore,
      !number.hasPrefix("+"), !number.lowercased().hasPrefix("0x")
    else { return .mistake("type a number to add, such as 1, -5 or 2.5") }
    if let loaded, Double(text(loaded)) == nil { return .mistake("what is there is no number: e edits it") }
    if value == 0 { return .nothing("0 changes nothing: nothing is sent") }
    return one(.add(counter, by: typed, isFloat: isFloat))
  }

  private func create(_ kind: KeyType, serverTime: Int64?, localOffset: (Int64) -> Int64) -> Composed {
    let parts = fields.map(\.area.bytes)
    if parts.allSatisfy(\.isEmpty) { return .mistake("type a name") }
    let expiry: Expiry
    let ttl = fields[fields.count - 1].area.text
    if ttl.allSatisfy({ $0 == " " }) {
      expiry = .never
    } else {
      switch TTLInput.parse(ttl, localOffset: localOffset) {
      case .failure(let mistake): return .mistake(mistake.text)
      case .success(.never): expiry = .never
      case .success(.after(let time)): expiry = .after(time)
      case .success(.adding): return .mistake("a new key has no TTL to add to: type 10m, not +10m")
      case .success(.at(let time)):
        if let serverTime, time <= serverTime { return .mistake("that time has passed: the key would be gone at once") }
        expiry = .at(time)
      }
    }
    let change: Change
    switch kind {
    case .list: change = .insert(parts[1], .tail)
    case .hash: change = .field(parts[1], from: nil, to: parts[2])
    case .set: change = .member(parts[1], isIn: true)
    case .sortedSet:
      guard let score = Self.score(parts[1]) else { return .mistake(Self.scores) }
      change = .score(parts[2], from: nil, to: score)
    case .stream: change = .addEntry(entryFields, id: nil)
    default: change = .string(from: nil, to: parts[1])
    }
    return .edits([
      Edit(
        key: KeyName(parts[0]), change: change, presence: .absent(kind, expiry), database: database, session: session)
    ])
  }

  private static let noTTL = "no TTL is there to be taken away: nothing is sent"

  /// The TTL that is typed; nil: none, and there is none.
  /// - Parameter what: what it is the TTL of.
  private func expiry(
    of what: String, from deadline: Deadline?, serverTime: Int64?, localOffset: (Int64) -> Int64
  ) -> Result<Expiry?, TTLInput.Mistake> {
    TTLInput.parse(fields[0].area.text, localOffset: localOffset).flatMap { input in
      switch input {
      case .never: return .success(deadline == .persistent ? nil : .never)
      case .after(let time): return .success(.after(time))
      case .at(let time):
        guard let serverTime, time <= serverTime else { return .success(.at(time)) }
        return .failure(
          .init(
            text:
              "that time has passed: the \(what) would be gone at once. d deletes it, and can be taken back"
          ))
      case .adding(let time):
        guard case .at(let old)? = deadline else {
          return .failure(.init(text: "the \(what) has no TTL to add to: type 10m, not +10m"))
        }
        let (sum, isTooLong) = old.addingReportingOverflow(time)
        return isTooLong ? .failure(.init(text: "that is longer than any TTL can be")) : .success(.at(sum))
      }
    }
  }

  // MARK: - Parts

  private func one(_ change: Change) -> Composed {
    .edits([
      Edit(
        key: key, change: change, presence: recreates ? .absent(type, .never) : .present(type), database: database,
        session: session)
    ])
  }

  private var entryFields: [HashPage.Field] {
    stride(from: pairs.lowerBound, to: pairs.upperBound - 1, by: 2).map {
      .init(name: fields[$0].area.bytes, value: fields[$0 + 1].area.bytes)
    }
  }

  private func listPlace(_ place: Place) -> ListPlace {
    switch place {
    case .head: .head
    case .tail: .tail
    case .before(let index, let pivot, let around):
      .before(index: index, pivot: pivot, tombstone: tombstone, around: around)
    case .after(let index, let pivot, let around):
      .after(index: index, pivot: pivot, tombstone: tombstone, around: around)
    }
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private static let scores = "a score is a number, such as 12.5, 1e3, inf or -inf"

  /// The text of a score as it is sent, if it is one.
  private static func score(_ typed: [UInt8]) -> [UInt8]? {
    let text = String(decoding: typed, as: UTF8.self)
    guard let number = Double(text), !number.isNaN, !text.lowercased().contains("x") else { return nil }
    return typed
  }
}

extension Counter {
  var isScore: Bool { if case .member = self { true } else { false } }
}
