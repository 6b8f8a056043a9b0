import RESP

/// Decodes `text` fed in the pieces that `cuts` make of it.
func decode(
  _ bytes: [UInt8], cutAt cuts: [Int], limits: RESPDecoder.Limits = .init(), keepsAttributes: Bool = false
) throws(RESPError) -> Replies {
  var decoder = RESPDecoder(limits: limits, keepsAttributes: keepsAttributes)
  var start = 0
  for end in cuts + [bytes.count] {
    try decoder.feed(Array(bytes[start..<end]))
    start = end
  }
  return decoder.takeReplies()
}

/// The reply as a text that shows everything a view tells of it.
func outline(_ view: ReplyView) -> String {
  if view.kind.isAggregate {
    return "\(view.kind.name)[" + view.children.map(outline).joined(separator: " ") + "]"
  }
  return view.isNull ? "null" : "\(view.kind.name)(\(view.string))"
}

func outline(_ replies: Replies) -> [String] { replies.map(outline) }

/// A small deterministic generator (SplitMix64), so that a failing run can be repeated.
struct Seeded: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
