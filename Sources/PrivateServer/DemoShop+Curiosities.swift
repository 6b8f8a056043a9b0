extension DemoShop {
  /// What real servers hold too: bytes that are no text, other scripts, emoji, and separators in odd places.
  mutating func addCuriosities() {
    // The first bytes of every PNG file, then what stands for the picture.
    let picture: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52]
    for number in 1...6 {
      batch.add([Array("SET".utf8), Array("image:thumb:\(number)".utf8), picture + random.bytes(600)])
    }
    batch.add([Array("SET".utf8), Array("digest:".utf8) + [0x00, 0xff, 0xfe, 0x80, 0x0a], random.bytes(32)])
    batch.add([Array("SET".utf8), Array("digest:".utf8) + [0xc3, 0x28, 0x1b], random.bytes(32)])
    batch.add([Array("HSET".utf8), Array("packed:basket".utf8), [0x01, 0x00], random.bytes(12), [0xff], [0x00]])

    batch.add("SET", "한국어:키:1", "안녕하세요, 세계")
    batch.add("SET", "한국어:키:2", "녹차 한 잔", "EX", "5400")
    batch.add("HSET", "日本語:設定", "通貨", "円", "言語", "日本語")
    batch.add("SADD", "中文:标签", "绿茶", "红茶", "乌龙茶")
    batch.add("ZADD", "العربية:نقاط", "12", "ليلى", "7", "عمر")
    batch.add("SET", "ελληνικά:τσάι", "Τσάι του βουνού")
    batch.add("SET", "emoji:🍵", "matcha 🍵 and 🧁")
    batch.add("RPUSH", "emoji:👩‍💻:todo", "☕ first", "🐛 fix", "🚀 ship")
    batch.add("SET", "🎉:sale:🔥", "-20 %", "EX", "172800")
    batch.add("SET", "cafe\u{301}:menu", "an e with a combining accent")

    batch.add("SET", "", "the name of this key is empty")
    batch.add("SET", ":imported", "begins with the separator")
    batch.add("SET", "legacy:", "ends with the separator")
    batch.add("SET", "promo::summer", "an empty part in the middle")
    batch.add("SET", ":", "nothing but a separator")
    batch.add("SET", "note with spaces", "and \"quotes\"")
    batch.add("SET", "report\n2026\tdraft", "a line break and a tab in the name")
    batch.add("SET", #"C:\temp\x41"#, "a name with backslashes")
    batch.add("SET", "deep:" + (1...12).map { "level\($0)" }.joined(separator: ":"), "a long way down")
  }
}
