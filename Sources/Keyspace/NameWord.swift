/// Eight bytes of a name as a number that orders as they do, filled up with zeros behind the end of the name. Reads
/// memory up to seven bytes behind the name: arenas have that much to spare.
/// - Parameters:
///   - name: where the name begins.
///   - length: bytes of the name.
///   - offset: where in the name the eight bytes begin; may be behind its end.
@inline(__always)
func nameWord(_ name: UnsafePointer<UInt8>, length: Int, at offset: Int) -> UInt64 {
  let left = length - offset
  guard left > 0 else { return 0 }
  let word = unsafe UInt64(bigEndian: UnsafeRawPointer(name + offset).loadUnaligned(as: UInt64.self))
  return left >= 8 ? word : word & (UInt64.max << UInt64(64 - 8 * left))
}
