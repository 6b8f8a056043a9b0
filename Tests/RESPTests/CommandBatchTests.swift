import RESP
import Testing

@Suite struct CommandBatchTests {
  @Test func wordsOfManyTypesMix() throws {
    var batch = CommandBatch()
    let bytes: [UInt8] = [0, 13, 10, 255]
    batch.add("scan", "0", "COUNT", 1000)
    batch.add("Get", bytes, bytes[1...2], "é", Int64.min, UInt64.max)
    #expect(batch.count == 2)
    #expect(batch.names == ["SCAN", "GET"])
    let commands = try Replies(parsing: batch.bytes)
    #expect(commands[0].children.map(\.string) == ["scan", "0", "COUNT", "1000"])
    #expect(
      commands[1].children.map { Array($0.bytes) } == [
        Array("Get".utf8), bytes, [13, 10], Array("é".utf8), Array("-9223372036854775808".utf8),
        Array("18446744073709551615".utf8),
      ])
  }

  @Test func wordsKnownAtRunTime() throws {
    var batch = CommandBatch()
    #expect(batch.isEmpty)
    batch.add(words: [])
    #expect(batch.isEmpty && batch.bytes.isEmpty)
    batch.add(words: [Array("del".utf8), [], [1]])
    batch.add("HDEL", "key", rest: [[2], [3]])
    #expect(batch.names == ["DEL", "HDEL"])
    #expect(Array(batch.bytes.prefix(13)) == Array("*3\r\n$3\r\ndel\r\n".utf8))
    let commands = try Replies(parsing: batch.bytes)
    #expect(commands[0].children.map { Array($0.bytes) } == [Array("del".utf8), [], [1]])
    #expect(commands[1].children.map { Array($0.bytes) } == [Array("HDEL".utf8), Array("key".utf8), [2], [3]])
  }

  @Test(arguments: 0..<4) func roundTrip(seed: Int) throws {
    var random = Seeded(state: UInt64(seed))
    var batch = CommandBatch()
    let commands = (0..<200).map { _ in
      (0...Int.random(in: 0..<12, using: &random)).map { _ in
        (0..<Int.random(in: 0..<40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      }
    }
    for words in commands { batch.add(words: words) }
    #expect(try Replies(parsing: batch.bytes).map { $0.children.map { Array($0.bytes) } } == commands)
  }
}
