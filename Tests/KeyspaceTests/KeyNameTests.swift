import Keyspace
import Testing

@Test func namesOrderBytewise() {
  let ordered: [[UInt8]] = [[], [0], [0, 0], [1], [0x61], [0x61, 0], [0x61, 0x62], [0x62], [0x7F], [0x80], [0xFF]]
  for (i, left) in ordered.enumerated() {
    for (j, right) in ordered.enumerated() {
      #expect((KeyName(left) < KeyName(right)) == (i < j))
      #expect((KeyName(left) == KeyName(right)) == (i == j))
    }
  }
}

@Test func namePrefixes() {
  #expect(KeyName("user:1").hasPrefix(KeyName("user:")))
  #expect(KeyName("user:1").hasPrefix(KeyName("")))
  #expect(!KeyName("user").hasPrefix(KeyName("user:")))
}

@Test(arguments: ["string", "list", "hash", "set", "zset", "stream", "ReJSON-RL", "TSDB-TYPE", ""])
func typeWordsSurvive(word: String) {
  #expect(KeyType(reply: word)?.word == word)
}

@Test func noneIsNoType() {
  #expect(KeyType(reply: "none") == nil)
}

@Test func rowsOrderFoldersBeforeKeysOfTheirName() {
  let ids: [RowID] = [
    .key(KeyName("")), .key(KeyName("user")), .key(KeyName("user!")), .folder(KeyName("user:")),
    .key(KeyName("user:")), .key(KeyName("user:1")), .folder(KeyName("user:1:")), .key(KeyName("user;")),
  ]
  #expect(ids.shuffled().sorted() == ids)
}
