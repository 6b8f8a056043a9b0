package import Browser
import Canvas
package import Compose
import Glibc
package import RedisClient
import YAML

/// The Compose project of the folder: what its files say, joined with what the engine tells of its containers.
package actor ComposeDesk {
  private let file: String?
  private let surroundings: ComposeSurroundings
  private var finding: Result<ComposeProject, ComposeFileError>?
  /// What that was read from.
  private var sources = ComposeSources()
  /// Counts the findings that differed from the one before.
  private var edition = 0
  /// Nil: not asked yet.
  private var engine: ComposeEngine?
  private var knowledge = ComposeRoute.Knowledge()
  /// Who watches now keeps ``knowledge`` right.
  private var watches = 0
  /// The engine has told of containers: from then on its silence is no reason to guess.
  private var hasAnswered = false

  /// - Parameter file: named by the user; nil: looked for.
  package init(file: String? = nil, surroundings: ComposeSurroundings) {
    (self.file, self.surroundings) = (file, surroundings)
  }

  /// The desk of the project that the user wants.
  ///
  /// - Throws: there is no project, or none that can be read.
  static func open(_ file: String?, _ environment: Environment) throws(ErrorLine) -> ComposeDesk {
    let surroundings = try environment.composeSurroundings()
    do throws(ComposeFileError) {
      _ = try ComposeProject.find(file: file, in: surroundings)
    } catch {
      throw error.line("compose")
    }
    return ComposeDesk(file: file, surroundings: surroundings)
  }

  // MARK: - What there is

  /// Reads the files now.
  package func read() -> Result<ComposeProject, ComposeFileError> {
    let found: Result<ComposeProject, ComposeFileError>
    do throws(ComposeFileError) {
      found = .success(try ComposeProject.find(file: file, in: surroundings, sources: &sources))
    } catch {
      found = .failure(error)
    }
    if found != finding { edition += 1 }
    finding = found
    return found
  }

  /// What the screen is to show.
  private var shown: ComposeFinding {
    switch finding {
    case .success(let project):
      let prefix = (try? engine?.tool.get())?.prefix(for: project) ?? []
      var listing = ComposeListing(project, engine: engine, prefix: prefix, knowledge)
      // The folder alone would lead to another project, or to none.
      if file != nil {
        let files = project.files.map { ComposeListing.short($0, in: surroundings.folder) }.joined(separator: ":")
        listing.shellPrefix = "COMPOSE_FILE=\(ShellWord.quoted(files)) "
      }
      return .project(listing)
    case .failure(.notFound(let folder)): return .nothing(folder: folder)
    case .failure(.unusable(let complaint)): return .unusable("\(complaint)")
    case nil: return .nothing(folder: surroundings.folder)
    }
  }

  /// Reads the files, then looks for the engine and follows what happens to the project's containers and files, telling
  /// each time what there is now. Runs until the task is cancelled.
  /// - Parameter post: is not called again before it returns.
  package func watch(_ post: @escaping @Sendable (ComposeFinding) async -> Void) async {
    // What was seen before the watch that ended may have changed unseen.
    if watches == 0 { (knowledge.containers, knowledge.trouble) = (nil, nil) }
    watches += 1
    defer { watches -= 1 }
    _ = read()
    while !Task.isCancelled {
      if case .success(let project)? = finding {
        await follow(project, post)
      } else {
        let told = edition
        await post(shown)
        _ = await nextEdition(after: told)
      }
    }
  }

  /// Until the files make another project of it, or none.
  private func follow(
    _ project: ComposeProject, _ post: @escaping @Sendable (ComposeFinding) async -> Void
  ) async {
    knowledge.freePorts = ComposeRoute.freePorts(project)
    // One of them tells at a time, or what is older could come last.
    let (changes, told) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        let looked = await ComposeEngine.look()
        guard !Task.isCancelled else { return }
        await self.take(looked)
        told.yield()
      }
      group.addTask {
        await ComposeWatch.run(project: project.name) { news in
          await self.take(news)
          told.yield()
        }
      }
      group.addTask { [edition] in
        var seen = edition
        while let next = await self.nextEdition(after: seen), await self.isStill(project) {
          seen = next
          told.yield()
        }
        told.finish()
      }
      await post(shown)
      for await _ in changes { await post(shown) }
      group.cancelAll()
    }
  }

  /// Reads the files again when one of them is another, and waits until that makes a difference; nil: cancelled. They are
  /// looked at each second, which costs less than what would tell of changes, and works on any file system.
  private func nextEdition(after seen: Int) async -> Int? {
    while edition == seen {
      guard (try? await Task.sleep(for: .seconds(1))) != nil else { return nil }
      if sources.areCurrent { continue }
      // Whoever writes it may not be through.
      guard (try? await Task.sleep(for: .milliseconds(200))) != nil else { return nil }
      _ = read()
    }
    return edition
  }

  /// What the files tell now is the same project, whatever its services are.
  private func isStill(_ project: ComposeProject) -> Bool {
    guard case .success(let now)? = finding, now.name == project.name, now.folder == project.folder else {
      (knowledge.containers, knowledge.trouble) = (nil, nil)
      return false
    }
    knowledge.freePorts = ComposeRoute.freePorts(now)
    return true
  }

  private func take(_ looked: ComposeEngine) {
    engine = looked
    (knowledge.remoteHost, knowledge.networkObstacle) = (looked.remoteHost, looked.networkObstacle)
    if knowledge.containers == nil { knowledge.trouble = looked.trouble }
  }

  private func take(_ news: ComposeWatch.News) {
    switch news {
    case .containers(let containers):
      (knowledge.containers, knowledge.trouble) = (containers, nil)
      knowledge.foreign = foreign(among: containers)
      hasAnswered = true
    case .trouble(let trouble): (knowledge.containers, knowledge.trouble) = (nil, trouble.why)
    }
  }

  /// Which of them another project has made, by its folder: of two of the same name Compose itself knows no difference.
  /// A folder that is not here may be ours by another path, as it is for whoever works in a container.
  private func foreign(among containers: [ComposeContainer]) -> [String: String] {
    guard case .success(let project)? = finding else { return [:] }
    let own = Self.resolved(project.folder)
    var foreign: [String: String] = [:]
    for container in containers where !container.folder.isEmpty {
      if let folder = Self.resolved(container.folder), folder != own { foreign[container.id] = container.folder }
    }
    return foreign
  }

  private static func resolved(_ path: String) -> String? {
    guard let real = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }

  // MARK: - Where a service is

  /// A service with the way to it.
  package struct Place: Sendable {
    package var service: ComposeService
    package var redis: ComposeRedis
    package var route: ComposeRoute
    /// Of the service; nil: the engine does not tell.
    package var containers: [ComposeContainer]?
  }

  /// Why a service is none that can be connected to.
  package enum Refusal: Error, Sendable {
    case project(ComposeFileError)
    case noSuchService(names: [String], project: String)
    case noRedis(ComposeService)
    case unreachable(ComposeRoute)
  }

  /// Reads the files and asks the engine.
  package func place(of name: String) async throws(Refusal) -> Place {
    let project: ComposeProject
    switch read() {
    case .success(let found): project = found
    case .failure(let error): throw .project(error)
    }
    guard let service = project.service(named: name) else {
      throw .noSuchService(
        names: project.services.filter { $0.redis != nil }.map(\.name), project: project.name)
    }
    guard let redis = service.redis else { throw .noRedis(service) }
    let known = await knowledge(of: project)
    return Place(
      service: service, redis: redis, route: ComposeRoute.find(service, redis, known),
      containers: known.containers?.filter { $0.service == name })
  }

  /// The way to a service that runs, as far as is known.
  package func endpoint(of name: String) async throws(ErrorLine) -> Endpoint {
    do throws(Refusal) {
      let place = try await place(of: name)
      guard let address = place.route.address, place.route.obstacle == nil else {
        throw .unreachable(place.route)
      }
      return place.endpoint(at: address)
    } catch {
      throw error.line(service: name)
    }
  }

  /// Finds out whether the engine tells of the project, for ``find(_:)``.
  func learn() async {
    guard case .success(let project) = read() else { return }
    _ = await knowledge(of: project)
  }

  /// The same as ``endpoint(of:)``, for whoever blocks.
  static func endpoint(of name: String, _ environment: Environment) throws(ErrorLine) -> Endpoint {
    let desk = ComposeDesk(surroundings: try environment.composeSurroundings())
    let result = Handover<Result<Endpoint, ErrorLine>>()
    Task {
      do throws(ErrorLine) {
        result.set(.success(try await desk.endpoint(of: name)))
      } catch {
        result.set(.failure(error))
      }
    }
    guard let told = result.wait() else { return Endpoint() }
    return try told.get()
  }

  /// Where the server of a service is now, after its connection was lost.
  package func find(_ name: String) async -> Whereabouts.Finding {
    let place: Place
    do throws(Refusal) {
      place = try await self.place(of: name)
    } catch {
      return .absent(why: "its files do not tell where '\(name)' is any more")
    }
    guard place.containers != nil else {
      return hasAnswered ? .absent(why: "the engine does not tell any more whether '\(name)' runs") : .unknown
    }
    if let why = place.route.obstacle { return .absent(why: why) }
    return place.route.address.map { .at($0) } ?? .unknown
  }

  /// What the engine tells of the project now. A watch may be behind by a moment, so it is asked.
  package func knowledge(of project: ComposeProject) async -> ComposeRoute.Knowledge {
    async let address = ComposeEngine.findAddress()
    async let containers = ComposeContainers.read(project: project.name)
    var known = ComposeRoute.Knowledge()
    known.freePorts = ComposeRoute.freePorts(project)
    let place = EngineAddress(await address)
    (known.remoteHost, known.networkObstacle) = (place.remoteHost, place.networkObstacle)
    switch await containers {
    case .success(let found):
      known.containers = found
      known.foreign = foreign(among: found)
      hasAnswered = true
    case .failure(let trouble): known.trouble = trouble.why
    }
    return known
  }
}

extension ComposeDesk.Place {
  /// What to connect to at this address.
  package func endpoint(at address: Endpoint.Address) -> Endpoint {
    var endpoint = Endpoint(address: address, username: redis.user, password: redis.password?.bytes)
    if redis.connection.usesTLS { endpoint.tls = TLSSettings() }
    return endpoint
  }
}
