/// The users that a server has from its start, by `user` lines and an ACL file
/// (https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/).
struct AccessRules {
  struct User: Equatable {
    var name: [UInt8]
    var isOn = false
    var takesAny = false
    /// In plain text.
    var passwords: [Password] = []
    /// It has passwords that only their hash is known of.
    var hasHashes = false
    var unknown: String?
    var hasAllCommands = false
    var hasAllKeys = false
  }

  struct Password: Equatable {
    var bytes: [UInt8]
    var source: String
  }

  private(set) var users: [User] = []
  /// Users, and rules of one.
  private static let limit = 1000

  /// - Parameter words: behind `user`: the name, then its rules.
  mutating func add(_ words: [ShellWord], source: String) {
    guard let name = words.first, users.count < Self.limit else { return }
    // What is said of a user at the start starts anew.
    users.removeAll { $0.name == name.bytes }
    var user = User(name: name.bytes)
    for word in words.dropFirst().prefix(Self.limit) { Self.apply(word, to: &user, source: source) }
    users.append(user)
  }

  private static func apply(_ word: ShellWord, to user: inout User, source: String) {
    if let unknown = word.unknown { user.unknown = unknown }
    let rest = Array(word.bytes.dropFirst())
    switch word.bytes.first {
    case UInt8(ascii: ">"):
      let part = word.parts.first { $0.bytes == rest }
      user.passwords.append(Password(bytes: rest, source: part?.source ?? source))
      user.takesAny = false
    case UInt8(ascii: "<"): user.passwords.removeAll { $0.bytes == rest }
    case UInt8(ascii: "#"):
      user.hasHashes = true
      user.takesAny = false
    default:
      switch word.string.lowercased() {
      case "on": user.isOn = true
      case "off": user.isOn = false
      case "nopass": (user.takesAny, user.passwords, user.hasHashes) = (true, [], false)
      case "resetpass": (user.takesAny, user.passwords, user.hasHashes) = (false, [], false)
      case "reset": user = User(name: user.name)
      case "allcommands", "+@all": user.hasAllCommands = true
      case "nocommands", "-@all": user.hasAllCommands = false
      case "allkeys", "~*": user.hasAllKeys = true
      case "resetkeys": user.hasAllKeys = false
      default: break
      }
    }
  }

  struct Login: Equatable {
    /// Nil: the default user.
    var user: [UInt8]?
    var password: Password?
    /// Why the password is not known.
    var missing: String?
  }

  /// The user to come in as: the default one where that is possible, else the one that may do most.
  ///
  /// - Parameter requirepass: how the default user comes in where no rule says otherwise.
  func login(requirepass: Login) -> Login {
    let name = Array("default".utf8)
    let standard = users.last { $0.name == name }
    let first = standard.map(Self.login) ?? requirepass
    if let first, first.missing == nil { return first }
    let others = users.filter { $0.name != name }.compactMap { user in
      Self.login(user).map { (user: user, login: $0) }
    }
    let best = others.filter { $0.login.missing == nil }.max { Self.rank($0.user) < Self.rank($1.user) }
    return best?.login ?? first ?? others.first?.login
      ?? Login(missing: "the default user is off, and no other can come in")
  }

  private static func rank(_ user: User) -> Int { (user.hasAllCommands ? 2 : 0) + (user.hasAllKeys ? 1 : 0) }

  /// Nil: it is off.
  private static func login(_ user: User) -> Login? {
    guard user.isOn else { return nil }
    let name = user.name == Array("default".utf8) ? nil : user.name
    if let password = user.passwords.first { return Login(user: name, password: password) }
    // Any password will do, but a user of a name has to send one.
    if user.takesAny { return Login(user: name, password: name == nil ? nil : Password(bytes: [], source: "nopass")) }
    if let unknown = user.unknown { return Login(user: name, missing: unknown) }
    return Login(
      user: name, missing: user.hasHashes ? "only the hash of the password is known" : "the user has no password")
  }
}
