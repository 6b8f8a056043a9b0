package import Browser
import Glibc

/// A server that was connected to.
package struct RecentServer: Sendable, Equatable {
  package var place: ServerPlace
  /// Ms since 1970.
  package var lastUsed: Int64

  package init(_ place: ServerPlace, lastUsed: Int64) {
    self.place = place
    self.lastUsed = lastUsed
  }
}

/// The servers that were used lately, in a file that only this user may read. No password ever stands in it.
///
/// One server a line, newest first: `used=1767225600000 address=10.0.0.5:6379 db=3 user=ada tls=yes`, or
/// `used=… profile=prod-cache`. What is not plain text in a value is percent-encoded; what is not understood is skipped.
package struct RecentServers: Sendable {
  /// Servers that are kept.
  package static let kept = 50
  /// Bytes that are read.
  private static let limit = 1 << 16

  private let folder: String
  /// False: what is there is read, and nothing added.
  private let isKept: Bool
  private var path: String { folder + "/servers" }

  /// - Parameter stateFolder: `$XDG_STATE_HOME/keyglass`; what is missing of it is made.
  package init(in stateFolder: String, isKept: Bool = true) {
    folder = stateFolder
    self.isKept = isKept
  }

  /// Newest first; nothing where there is no file, or none that may be read.
  package func load() -> [RecentServer] {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard file >= 0 else { return [] }
    defer { close(file) }
    var status = stat()
    guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return [] }
    var buffer = [UInt8](repeating: 0, count: Self.limit)
    let count = unsafe read(file, &buffer, buffer.count)
    guard count > 0 else { return [] }
    return buffer.prefix(count).split(separator: 0x0A).compactMap { RecentServer(line: $0) }
  }

  /// Puts a server at the front. Where that cannot be, it is not remembered.
  package func note(_ place: ServerPlace, at now: Int64) {
    guard isKept else { return }
    makeFolder()
    // The folder is what several programs wait for: the file is replaced as a whole.
    let folder = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    defer { close(folder) }
    guard lock(folder) else { return }
    let others = load().filter { $0.place != place }
    let servers = [RecentServer(place, lastUsed: now)] + others.prefix(Self.kept - 1)
    replace(by: servers.compactMap(\.line).flatMap { Array($0.utf8) + [0x0A] })
  }

  private func makeFolder() {
    var made = ""
    for part in folder.split(separator: "/") {
      made += "/" + part
      unsafe mkdir(made, 0o700)
    }
  }

  /// Tries for half a second: whoever holds it longer does not hold up the screen.
  private func lock(_ folder: Int32) -> Bool {
    for _ in 0..<250 {
      if flock(folder, LOCK_EX | LOCK_NB) == 0 { return true }
      usleep(2_000)
    }
    return false
  }

  private func replace(by bytes: [UInt8]) {
    let next = path + ".new"
    unsafe unlink(next)
    let file = unsafe open(next, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { return }
    defer { close(file) }
    let written = unsafe write(file, bytes, bytes.count)
    if written == bytes.count, fsync(file) == 0 { unsafe rename(next, path) } else { unsafe unlink(next) }
  }
}

extension RecentServer {
  init?(line: some Collection<UInt8>) {
    var values: [String: [UInt8]] = [:]
    for word in line.split(separator: UInt8(ascii: " ")) {
      guard let equals = word.firstIndex(of: UInt8(ascii: "=")),
        let value = Self.decode(word[word.index(after: equals)...])
      else { continue }
      values[String(decoding: word[..<equals], as: UTF8.self)] = value
    }
    func text(_ name: String) -> String? { values[name].map { String(decoding: $0, as: UTF8.self) } }
    guard let used = text("used").flatMap({ Int64($0) }) else { return nil }
    lastUsed = used
    if let profile = text("profile") {
      place = .profile(profile)
    } else if let address = text("address"), !address.isEmpty {
      let database = text("db").flatMap { Int($0) } ?? 0
      place = .address(address, database: max(0, database), user: values["user"], usesTLS: text("tls") == "yes")
    } else {
      return nil
    }
  }

  /// Nil: what it is depends on the folder of the program, so it is not remembered.
  var line: String? {
    switch place {
    case .compose: nil
    case .profile(let name): "used=\(lastUsed) profile=\(Self.encode(Array(name.utf8)))"
    case .address(let address, let database, let user, let usesTLS):
      "used=\(lastUsed) address=\(Self.encode(Array(address.utf8))) db=\(database)"
        + (user.map { " user=" + Self.encode($0) } ?? "") + " tls=\(usesTLS ? "yes" : "no")"
    }
  }

  private static func encode(_ bytes: [UInt8]) -> String {
    bytes.reduce(into: "") { text, byte in
      if byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "%") {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
  }

  private static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = Array(text)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else { return nil }
      rest = rest.dropFirst(2)
      bytes.append(code)
    }
    return bytes
  }
}
