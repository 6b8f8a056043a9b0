internal import RESP

/// A count or a size as a server tells it.
///
/// A server may be broken or hostile: nothing below zero is a count, and what is above 2^53 is taken for that, so that
/// later arithmetic (a sum, a hundredfold, a Double) is exact and cannot overflow.
enum Quantity {
  static let most = 1 << 53

  /// nil: not a count.
  static func read(_ number: Int64) -> Int? { number < 0 ? nil : Int(min(number, Int64(most))) }

  static func read(_ text: some StringProtocol) -> Int? {
    UInt64(text).map { Int(min($0, UInt64(most))) }
  }
}

extension ReplyView {
  /// The count or size that it tells; nil where it tells none.
  var quantity: Int? { integer.flatMap { Quantity.read($0) } }
}
