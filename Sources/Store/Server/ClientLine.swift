internal import Requests

/// A line of CLIENT LIST: `id=4 addr=127.0.0.1:5512 name= …`.
enum ClientLine {
  /// The client that the line tells of; nil: it has no id.
  static func client(_ line: some Collection<UInt8>) -> ClientFacts? {
    let fields = fields(line)
    func value(_ name: String) -> [UInt8] { fields.first { $0.name == name }?.value ?? [] }
    func count(_ name: String) -> Int? { Quantity.read(String(decoding: value(name), as: UTF8.self)) }
    guard let id = count("id") else { return nil }
    var client = ClientFacts(id: id)
    client.address = value("addr")
    client.name = value("name")
    client.user = value("user")
    client.database = count("db")
    client.age = count("age")
    client.idle = count("idle")
    client.flags = value("flags")
    client.command = value("cmd")
    client.memory = count("tot-mem")
    client.library = value("lib-name")
    client.fields = fields
    return client
  }

  /// The path of a socket may hold blanks: what does not begin like a field goes on with the one before.
  private static func fields(_ line: some Collection<UInt8>) -> [ClientFacts.Field] {
    var fields: [ClientFacts.Field] = []
    for word in line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false) {
      let name = word.prefix { $0 != UInt8(ascii: "=") }
      if name.count < word.count, !name.isEmpty, name.allSatisfy(isOfName) {
        fields.append(
          ClientFacts.Field(name: String(decoding: name, as: UTF8.self), value: Array(word.dropFirst(name.count + 1))))
      } else if !fields.isEmpty {
        fields[fields.count - 1].value += [UInt8(ascii: " ")] + word
      }
    }
    return fields
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "-") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
  }
}
