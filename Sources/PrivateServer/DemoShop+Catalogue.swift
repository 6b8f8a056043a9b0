extension DemoShop {
  /// The article number of product `number` (from 0), e.g. "TEA-0007".
  func sku(_ number: Int) -> String {
    let lines = ["TEA", "CUP", "POT", "TIN"]
    let digits = String(number)
    return "\(lines[number % lines.count])-\(String(repeating: "0", count: 4 - digits.count))\(digits)"
  }

  /// Products as JSON, their stock and categories, the page cache, the shops on a map and a long text.
  mutating func addCatalogue() {
    let adjectives = ["Green", "Smoked", "First Flush", "Hand-thrown", "Cast-iron", "Enamelled", "Blue", "Grand"]
    let nouns = ["Sencha", "Lapsang", "Darjeeling", "Cup", "Teapot", "Tin", "Kettle", "Matcha Bowl"]
    var catalogue: [String] = []
    for number in 0..<120 {
      let title = "\(random.pick(adjectives)) \(random.pick(nouns))"
      let price = "\(3 + random.below(90)).\(10 + random.below(90))"
      let json =
        #"{"sku":"\#(sku(number))","title":"\#(title)","price":\#(price),"currency":"EUR","#
        + #""tags":["new","gift"],"stock":{"berlin":\#(random.below(40)),"lyon":\#(random.below(40))},"#
        + #""rating":4.\#(random.below(10)),"discontinued":\#(number % 17 == 0)}"#
      catalogue.append(json)
      batch.add("SET", "product:\(sku(number))", json)
      batch.add("SET", "product:\(sku(number)):stock", String(random.below(80)))
      batch.add("SADD", "category:\(["tea", "cups", "pots", "tins"][number % 4])", sku(number))
    }
    batch.add("SET", "export:catalogue.json", "[" + catalogue.joined(separator: ",") + "]")
    for number in 0..<80 {
      let search = "/search?q=\(random.pick(["sencha", "cup", "gift"]))&p=\(number)"
      let page = number % 2 == 0 ? "/tea/\(sku(number))" : search
      batch.add(
        "SET", "cache:page:\(page)",
        "<!doctype html><title>\(page)</title><main>\(String(repeating: "<p>Tea for everyone.</p>", count: 12))</main>",
        "EX", String(random.seconds(from: 20, to: 3600)))
    }
    batch.add(
      "GEOADD", "stores", "13.4050", "52.5200", "Berlin", "4.8357", "45.7640", "Lyon", "126.9780", "37.5665", "서울",
      "139.6917", "35.6895", "東京")
    batch.add(
      "SET", "page:terms",
      (1...60).map { "§ \($0)  The tea is sent on the day of the order; the cup is yours to keep.\n" }.joined())
    batch.add(
      "HSET", "config:shop", "currency", "EUR", "free-shipping-from", "39.00", "maintenance", "off", "motto",
      "Tee für alle ☕")
  }

  /// Queues of work, as lists of JSON.
  mutating func addWork() {
    for number in 0..<40 {
      batch.add("LPUSH", "queue:mail", demoMail(number: 48_000 + number, using: &random))
      batch.add("LPUSH", "queue:images", "product/\(sku(random.below(120)))/\(random.hex(6)).webp")
      if number < 12 { batch.add("RPUSH", "queue:invoices", "INV-2026-\(3100 + number)") }
    }
    batch.add("RPUSH", "queue:mail:dead", #"{"to":"nobody@example.invalid","error":"550 no such user"}"#)
  }

  /// The order stream of the last days, with one group that lags behind and one that left entries pending.
  mutating func addOrders() {
    var ids: [String] = []
    for number in 0..<400 {
      let id = "\(now - Int64(400 - number) * 720_000)-0"
      ids.append(id)
      batch.add(demoOrder(id: id, number: 47_813 + number, using: &random))
    }
    batch.add("XGROUP", "CREATE", "orders", "fulfilment", "0")
    batch.add("XGROUP", "CREATE", "orders", "billing", ids[350])
    batch.add("XREADGROUP", "GROUP", "fulfilment", "packer-1", "COUNT", "300", "STREAMS", "orders", ">")
    batch.add("XREADGROUP", "GROUP", "fulfilment", "packer-2", "COUNT", "25", "STREAMS", "orders", ">")
    batch.add(["XACK", "orders", "fulfilment"] + ids[..<280])
  }
}

/// One mail to be sent, as JSON.
func demoMail(number: Int, using random: inout DemoRandom) -> String {
  let name = DemoShop.username(1 + random.below(DemoShop.customers)).lowercased()
  let template = random.pick(["order-confirmed", "parcel-sent", "password-reset", "newsletter"])
  return #"{"to":"\#(name)@example.com","template":"\#(template)","order":\#(number)}"#
}

/// The XADD of one order; trimmed, so that the stream stays near 600 entries.
func demoOrder(id: String, number: Int, using random: inout DemoRandom) -> [String] {
  [
    "XADD", "orders", "MAXLEN", "~", "600", id, "order", String(number), "user",
    "user:\(1 + random.below(DemoShop.customers))", "total", "\(5 + random.below(120)).\(10 + random.below(90))",
    "state", random.pick(["paid", "paid", "paid", "packed", "refunded"]),
  ]
}
