/// What key names look like: the index has to be as good with each of them.
enum NameShape: String, CaseIterable {
  /// What ``SampleKeys`` has.
  case mixed
  /// 60 bytes that all have in common, then 12 digits.
  case prefix
  /// 32 random hexadecimal digits.
  case hex
  /// One folder that holds all.
  case folder
  /// Ten keys in each folder.
  case tens
  /// 200 bytes each: a folder, random digits, and a long end that all have in common.
  case long

  var title: String {
    switch self {
    case .mixed: "mixed sample"
    case .prefix: "60 equal bytes first"
    case .hex: "32 random hex digits"
    case .folder: "all in one folder"
    case .tens: "folders of ten"
    case .long: "200 bytes each"
    }
  }

  /// A text that some of the names contain, and the folder that holds most of them.
  var needle: String {
    switch self {
    case .mixed: "profile"
    case .prefix: "77"
    case .hex: "bee"
    case .folder: "77"
    case .tens: "77"
    case .long: "bee"
    }
  }

  /// The folders to open for most keys to be listed.
  var openFolders: [String] {
    switch self {
    case .mixed: ["user:"]
    case .prefix: [Self.prefixText]
    case .hex: []
    case .folder: ["queue:", "queue:jobs:"]
    case .tens: ["cart:"]
    case .long: ["archive:"]
    }
  }

  private static let prefixText = "production.eu-central-1.shop.inventory.warehouse.item.stock:"
  private static let tail = Array(String(repeating: "/of-a-long-name-that-a-library-made", count: 6).utf8.prefix(168))

  /// The name of key `number`, any number below 2^32; different numbers have different names.
  func append(name number: Int, to bytes: inout [UInt8]) {
    switch self {
    case .mixed: SampleKeys.append(name: number, to: &bytes)
    case .prefix:
      bytes += Self.prefixText.utf8
      SampleKeys.appendDecimal(number, digits: 12, to: &bytes)
    case .hex:
      SampleKeys.appendHex(SampleKeys.mix(UInt64(number)), digits: 16, to: &bytes)
      SampleKeys.appendHex(SampleKeys.mix(~UInt64(number)), digits: 16, to: &bytes)
    case .folder:
      bytes += "queue:jobs:".utf8
      SampleKeys.appendDecimal(number, digits: 12, to: &bytes)
    case .tens:
      bytes += "cart:".utf8
      SampleKeys.appendDecimal(number / 10, digits: 8, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      bytes += String(number % 10).utf8
    case .long:
      bytes += "archive:".utf8
      SampleKeys.appendHex(SampleKeys.mix(UInt64(number)), digits: 16, to: &bytes)
      SampleKeys.appendHex(UInt64(number), digits: 8, to: &bytes)
      bytes += Self.tail
    }
  }
}
