/// Blocks of names by number, so that a name is four bytes: the block's number and the index in it.
struct BlockTable: Sendable {
  private(set) var blocks: [NameBlock] = []
  private var numbers: [ObjectIdentifier: UInt32] = [:]

  /// Numbers of blocks, as many as two bytes have.
  static let limit = 65_536

  var count: Int { blocks.count }

  /// The number of a block, which is entered where it is new.
  mutating func number(of block: NameBlock) -> UInt32 {
    if let number = numbers[ObjectIdentifier(block)] { return number }
    let number = UInt32(blocks.count)
    numbers[ObjectIdentifier(block)] = number
    blocks.append(block)
    return number
  }

  static func reference(_ number: UInt32, _ index: Int) -> UInt32 { number << 16 | UInt32(index) }

  func name(_ reference: UInt32) -> KeyName { blocks[Int(reference >> 16)].name(at: Int(reference & 0xFFFF)) }

  /// Less than, equal to or greater than 0, as memcmp.
  func compare(_ reference: UInt32, with name: KeyName) -> Int {
    unsafe name.bytes.withUnsafeBufferPointer { right in
      unsafe blocks[Int(reference >> 16)].withNames { names in
        unsafe Int(compareNames(names[Int(reference & 0xFFFF)], right))
      }
    }
  }

  func compare(_ left: UInt32, _ right: UInt32) -> Int {
    unsafe blocks[Int(left >> 16)].withNames { lefts in
      unsafe blocks[Int(right >> 16)].withNames { rights in
        unsafe Int(compareNames(lefts[Int(left & 0xFFFF)], rights[Int(right & 0xFFFF)]))
      }
    }
  }
}
