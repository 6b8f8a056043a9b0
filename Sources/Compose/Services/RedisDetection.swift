import YAML

/// Tells whether a service speaks Redis, where, and how to come in.
struct RedisDetection {
  private let service: ServiceDraft
  private let project: ComposeDraft
  private let home: String?
  private(set) var reader: ComposeFileReader
  private var files = ContainerFiles()
  private var environment = ServiceEnvironment()
  private var workingFolder = "/data"
  /// Variables that its script uses and that have no value.
  private var unset: [String] = []

  init(_ service: ServiceDraft, project: ComposeDraft, home: String?, reader: ComposeFileReader) {
    (self.service, self.project, self.home, self.reader) = (service, project, home, reader)
  }

  /// Nil: nothing says so.
  mutating func redis(image: String?, _ notes: inout [Complaint]) -> ComposeRedis? {
    let node = service.node
    let image = RedisImage(node, image: image, home: home, &reader, &notes)
    readContainer(image, &notes)
    if image.name?.isSentinel == true {
      noteSentinel(&notes)
      return nil
    }
    let (words, isComplete) = commandLine(image, &notes)
    let found = find(words, isComplete: isComplete, image)
    switch found {
    case .server(let product, let program, let arguments):
      if arguments.contains(where: { $0.string == "--sentinel" }) {
        noteSentinel(&notes)
        return nil
      }
      // The image tells forks apart that keep the name of the program.
      let known = image.name?.product
      let evidence = known == nil ? "its command runs \(program)" : image.evidence
      return redis(known ?? product, evidence: evidence, arguments: arguments, runs: .server, image, &notes)
    case .nothing:
      guard let product = image.name?.product else { return nil }
      return redis(product, evidence: image.evidence, arguments: [], runs: .image, image, &notes)
    case .script(let path, let arguments):
      guard let product = image.name?.product else { return nil }
      let isOwn = path.contains("/opt/bitnami/") || (image.name?.isBitnami == true && path.hasSuffix("/run.sh"))
      return redis(
        product, evidence: image.evidence, arguments: isOwn ? arguments : [], runs: isOwn ? .image : .script(path),
        image,
        &notes)
    case .other(let program):
      if ["redis-sentinel", "valkey-sentinel"].contains(program) { noteSentinel(&notes) }
      return nil
    }
  }

  private func noteSentinel(_ notes: inout [Complaint]) {
    notes.append(
      service.node.complaint("it is Redis Sentinel, which speaks another dialect; Keyglass does not browse it"))
  }

  private enum Runs: Equatable {
    /// What the image has set.
    case image
    /// A server that is called by name.
    case server
    /// A script that is not known.
    case script(String)
  }

  private mutating func readContainer(_ image: RedisImage, _ notes: inout [Complaint]) {
    environment = ServiceEnvironment(
      image: image.environment.reduce(into: [:]) {
        $0[$1.key] = .init(value: $1.value, source: "\($1.key) in its Dockerfile")
      })
    environment.read(service.node, service.variables, home: home, &reader, &notes)
    // What is mounted goes over what is copied: it comes later.
    for copy in image.copies { files.add(.host(copy.source), at: copy.target) }
    files.read(service.node, project: project, variables: service.variables, home: home)
    workingFolder = service.node["working_dir"]?.string ?? image.workingFolder ?? "/data"
  }

  /// What the container runs, as far as the files say, and whether they say where it begins: else it is given to
  /// whatever the image starts.
  private func commandLine(_ image: RedisImage, _ notes: inout [Complaint]) -> (words: [ShellWord], isComplete: Bool) {
    let entrypoint = words(service.node["entrypoint"], "entrypoint", &notes)
    let command = words(service.node["command"], "command", &notes)
    if let entrypoint {
      // An entrypoint of its own drops the command of the image.
      return (entrypoint + (command ?? []), !entrypoint.isEmpty || command != nil)
    }
    if let own = image.entrypoint { return (own + (command ?? image.command ?? []), true) }
    return (command ?? image.command ?? [], false)
  }

  private func words(_ node: ComposeNode?, _ key: String, _ notes: inout [Complaint]) -> [ShellWord]? {
    switch node?.content {
    case nil, .null: return nil
    case .sequence(let items):
      return items.compactMap { item in
        if item.text == nil { notes.append(item.complaint("\(item.kind) in '\(key)'; expected a text")) }
        if let type = item.typed?.name {
          notes.append(item.complaint("\(type) in '\(key)', where Compose wants a text; put quotes around it"))
        }
        return item.text.map { ShellWord($0) }
      }
    case .scalar(let text):
      do throws(CommandText.Flaw) {
        let command = try CommandText(text)
        if let end = command.end, let node {
          notes.append(
            node.complaint(
              "'\(key)' ends before the '\(end)' for Compose, which starts no shell; put quotes around what holds it"))
        }
        return command.words
      } catch {
        if let node { notes.append(node.complaint("'\(key)' cannot be split into words: \(error.text)")) }
      }
    case .mapping:
      if let node { notes.append(node.complaint("'\(key)' is a mapping; expected a text or a list")) }
    }
    return nil
  }

  private mutating func find(_ words: [ShellWord], isComplete: Bool, _ image: RedisImage) -> ServerCommand.Found {
    // The images' entrypoints put the server before what begins with a dash or is a file of settings.
    let first = words.first?.string ?? ""
    if !isComplete || ComposePath.name(of: first) == "docker-entrypoint.sh",
      let product = image.name?.product
    {
      let rest = isComplete ? Array(words.dropFirst()) : words
      let next = rest.first?.string ?? ""
      if rest.isEmpty { return .nothing }
      if next.hasPrefix("-") || next.hasSuffix(".conf") {
        return .server(product, program: Self.program(of: product), arguments: rest)
      }
    }
    // Files are read while commands are looked through; both are values.
    let (files, environment, workingFolder) = (files, environment, workingFolder)
    let cache = ReaderBox(reader)
    var command = ServerCommand(
      .init(
        variable: { environment[$0] },
        file: { files.read(ComposePath.join(workingFolder, $0), &cache.reader) }))
    let found = command.find(in: words)
    reader = cache.reader
    unset = command.unset
    return found
  }

  private static func program(of product: ComposeRedis.Product) -> String {
    ServerCommand.programs.first { $0.value == product }?.key ?? "redis-server"
  }

  /// Lends the reader to a closure.
  private final class ReaderBox {
    var reader: ComposeFileReader

    init(_ reader: ComposeFileReader) { self.reader = reader }
  }

  private mutating func redis(
    _ product: ComposeRedis.Product, evidence: String, arguments: [ShellWord], runs: Runs, _ image: RedisImage,
    _ notes: inout [Complaint]
  ) -> ComposeRedis {
    let (files, workingFolder) = (files, workingFolder)
    let cache = ReaderBox(reader)
    let read: (String) -> Result<(bytes: [UInt8], name: String), ContainerFiles.Unknown> = {
      files.read(ComposePath.join(workingFolder, $0), &cache.reader)
    }
    var configuration = RedisConfiguration()
    if case .script = runs, image.exposed.count == 1 { configuration.port = image.exposed[0] }
    let settings = ImageSettings(product, image.name, environment)
    settings.apply(to: &configuration, startsItself: runs != .server, read: read)
    if product == .dragonfly {
      configuration.apply(RedisArguments.flags(arguments, "its command"), read: read)
    } else {
      let (file, directives) = RedisArguments.read(arguments, "its command")
      if let file { configuration.include(file.string, read: read) }
      configuration.apply(directives + settings.extraDirectives(startsItself: runs != .server), read: read)
    }
    let login = configuration.login(read: read)
    reader = cache.reader
    var redis = ComposeRedis(product: product, evidence: evidence)
    (redis.port, redis.tlsPort) = (configuration.port, configuration.tlsPort)
    if configuration.isAllTLS { (redis.port, redis.tlsPort) = (0, configuration.port) }
    redis.user = login.user
    redis.password = login.password.map { ComposePassword($0.bytes, source: $0.source) }
    redis.missingPassword = login.missing ?? guess(login, runs, configuration)
    noteUnread(redis, settings, &notes)
    return redis
  }

  /// A password may be wanted that cannot be told.
  private func guess(_ login: AccessRules.Login, _ runs: Runs, _ configuration: RedisConfiguration) -> String? {
    guard login.password == nil, login.user == nil else { return nil }
    if case .script(let path) = runs, let name = passwordVariable {
      return "\(name) is set, and what '\(shown(path))' makes of it is not known"
    }
    return configuration.unknown.map { "its settings are not known: \($0)" }
  }

  private static let passwordVariables = [
    "REDIS_PASSWORD", "REDIS_PASSWORD_FILE", "VALKEY_PASSWORD", "VALKEY_PASSWORD_FILE", "KEYDB_PASSWORD",
    "KEYDB_PASSWORD_FILE", "REDIS_PASS", "REDIS_REQUIREPASS", "REQUIREPASS",
  ]

  private var passwordVariable: String? { Self.passwordVariables.first { environment.text($0) != nil } }

  private func noteUnread(_ redis: ComposeRedis, _ settings: ImageSettings, _ notes: inout [Complaint]) {
    let place = service.node["environment"] ?? service.node
    for name in unset where redis.password == nil {
      notes.append(
        place.complaint("its command uses the variable \(name), which has no value in its environment"))
    }
    guard redis.password == nil, redis.missingPassword == nil, !settings.readsEnvironment, let name = passwordVariable
    else { return }
    notes.append(
      place.complaint(
        "\(name) is set, but the image \(settings.imageName) does not read it, so the server wants no password"))
  }
}
