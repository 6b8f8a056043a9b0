import App
import Browser
import Compose
import RedisClient
import Testing

@Suite struct ComposeRouteTests {
  private func service(_ reach: ComposeService.Reach, network: String? = nil) -> ComposeService {
    var service = ComposeService(name: "cache")
    service.redis = ComposeRedis(product: .redis, evidence: "image redis:7")
    service.image = "redis:7"
    service.networkMode = network
    service.reach = reach
    return service
  }

  private func container(
    _ state: ComposeContainer.State = .running, service: String = "cache", number: Int = 1, exitCode: Int = 0,
    error: String = "", addresses: [String] = [], published: [ComposeContainer.Published] = [], host: Bool = false,
    shares: String? = nil
  ) -> ComposeContainer {
    ComposeContainer(
      id: "\(service)\(number)", name: "shop_\(service)_\(number)", service: service, number: number, state: state,
      exitCode: exitCode, error: error, addresses: addresses, published: published, usesHostNetwork: host,
      sharesNetworkOf: shares)
  }

  private func route(
    _ service: ComposeService, _ containers: [ComposeContainer]?, remote: String? = nil, obstacle: String? = nil,
    trouble: String? = nil
  ) -> ComposeRoute {
    ComposeRoute.find(
      service, service.redis ?? ComposeRedis(product: .redis, evidence: ""),
      ComposeRoute.Knowledge(
        containers: containers, trouble: trouble, remoteHost: remote, networkObstacle: obstacle))
  }

  private let fixed = ComposeService.Reach.published(host: "127.0.0.1", port: 6380)

  // MARK: - The engine tells

  @Test func `a published port is where the engine has it, not where the file wants it`() {
    let found = route(
      service(fixed), [container(published: [.init(containerPort: 6379, hostIP: "0.0.0.0", hostPort: 6399)])])
    #expect(found.address == .tcp(host: "127.0.0.1", port: 6399))
    #expect(found.how == "published")
    #expect(found.obstacle == nil)
  }

  @Test func `a port is published where the engine runs`() {
    let found = route(
      service(.chosenByEngine(containerPort: 6379)),
      [container(published: [.init(containerPort: 6379, hostIP: "0.0.0.0", hostPort: 49153)])], remote: "box")
    #expect(found.address == .tcp(host: "box", port: 49153))
  }

  @Test func `an address of IPv6 alone is taken, and after one of IPv4`() {
    let six = ComposeContainer.Published(containerPort: 6379, hostIP: "::1", hostPort: 7001)
    let four = ComposeContainer.Published(containerPort: 6379, hostIP: "127.0.0.1", hostPort: 7002)
    #expect(route(service(fixed), [container(published: [six])]).address == .tcp(host: "::1", port: 7001))
    #expect(route(service(fixed), [container(published: [six, four])]).address == .tcp(host: "127.0.0.1", port: 7002))
  }

  @Test func `what publishes no port is reached by its container where that leads there`() {
    let inside = service(.inside(containerPort: 6379))
    let running = [container(addresses: ["172.18.0.2"])]
    let found = route(inside, running)
    #expect(found.address == .tcp(host: "172.18.0.2", port: 6379))
    #expect(found.how == "by the address of its container")
    let other = route(inside, running, remote: "box", obstacle: "the engine runs on box")
    #expect(other.address == nil)
    #expect(other.obstacle == "'cache' publishes no port, and the engine runs on box")
    #expect(other.advice == ["services:", "  cache:", "    ports: [\"127.0.0.1:6379:6379\"]"])
  }

  @Test func `the network of another service, or of the machine, is its own`() {
    let proxy = container(service: "proxy", published: [.init(containerPort: 6379, hostIP: "0.0.0.0", hostPort: 7070)])
    let found = route(service(fixed), [container(shares: "proxy1"), proxy])
    #expect(found.address == .tcp(host: "127.0.0.1", port: 7070))
    let elsewhere = route(service(fixed), [container(shares: "0abc"), proxy])
    #expect(elsewhere.address == nil)
    #expect(elsewhere.obstacle?.contains("not of this project") == true)
    #expect(route(service(fixed), [container(host: true)]).address == .tcp(host: "127.0.0.1", port: 6379))
  }

  /// The file was edited since: what runs has the network that it was made with.
  @Test func `what the file says of a network counts only where nothing runs`() {
    let own = container(published: [.init(containerPort: 6379, hostIP: "0.0.0.0", hostPort: 7001)])
    let proxy = container(service: "proxy", published: [.init(containerPort: 6379, hostIP: "0.0.0.0", hostPort: 7070)])
    let found = route(service(fixed, network: "service:proxy"), [own, proxy])
    #expect(found.address == .tcp(host: "127.0.0.1", port: 7001))
  }

  /// Whoever listens at that port of the engine's machine is another server.
  @Test func `what is published on the engine's own machine alone is not reached from elsewhere`() {
    let near = [container(published: [.init(containerPort: 6379, hostIP: "127.0.0.1", hostPort: 7001)])]
    let found = route(service(fixed), near, remote: "box")
    #expect(found.address == nil)
    #expect(found.obstacle == "'cache' is published on 127.0.0.1 of box alone, which is not reached from here")
    #expect(route(service(fixed), nil, remote: "box").address == nil)
    var everywhere = service(fixed)
    everywhere.ports = [PublishedPort(hostPort: 6380, containerPort: 6379)]
    #expect(route(everywhere, nil, remote: "box").address == .tcp(host: "box", port: 6380))
  }

  @Test func `a container of another project of the same name is not this service`() {
    let found = ComposeRoute.find(
      service(fixed), ComposeRedis(product: .redis, evidence: ""),
      ComposeRoute.Knowledge(
        containers: [container(published: [.init(containerPort: 6379, hostIP: "", hostPort: 7001)])],
        foreign: ["cache1": "/w/other"]))
    #expect(found.address == nil)
    #expect(found.obstacle?.contains("another project of the same name, in /w/other") == true)
  }

  @Test func `each service is advised a port of its own`() {
    var project = ComposeProject(name: "shop", folder: "/w/shop", files: [])
    var taken = service(fixed)
    taken.ports = [PublishedPort(hostPort: 6379, containerPort: 6379)]
    project.services = [taken]
    for name in ["a", "b"] {
      var inside = service(.inside(containerPort: 6379))
      inside.name = name
      project.services.append(inside)
    }
    #expect(ComposeRoute.freePorts(project) == ["a": 6380, "b": 6381])
  }

  @Test func `of several containers it is the first that runs`() {
    let second = container(number: 2, published: [.init(containerPort: 6379, hostIP: "", hostPort: 7002)])
    let first = container(.exited, number: 1, published: [.init(containerPort: 6379, hostIP: "", hostPort: 7001)])
    #expect(route(service(fixed), [second, first]).address == .tcp(host: "127.0.0.1", port: 7002))
  }

  /// Something else may listen on its port.
  @Test(arguments: [
    (ComposeContainer.State.exited, 1, "", "'cache' has ended with status 1"),
    (.created, 0, "port is already allocated", "'cache' was made but not started"),
    (.restarting, 1, "", "'cache' ends and is started again"), (.dead, 137, "", "'cache' has ended with status 137"),
  ])
  func `what does not run is not connected to`(
    state: ComposeContainer.State, exitCode: Int, error: String, obstacle: String
  ) {
    let found = route(service(fixed), [container(state, exitCode: exitCode, error: error)])
    #expect(found.obstacle == obstacle)
    #expect(found.engineWords == error)
    #expect(found.waitsForStart)
    #expect(found.address == .tcp(host: "127.0.0.1", port: 6380))
  }

  @Test func `what was never started waits for that`() {
    for reach in [fixed, .inside(containerPort: 6379), .chosenByEngine(containerPort: 6379)] {
      let found = route(service(reach), [])
      #expect(found.obstacle == "'cache' has no container")
      #expect(found.waitsForStart)
    }
  }

  // MARK: - The files alone tell

  @Test func `without an engine a fixed port is all there is`() {
    let found = route(service(fixed), nil, trouble: "docker is not installed")
    #expect(found.address == .tcp(host: "127.0.0.1", port: 6380))
    #expect(found.obstacle == nil)
    let chosen = route(service(.chosenByEngine(containerPort: 6379)), nil, trouble: "docker is not installed")
    #expect(
      chosen.obstacle
        == "the engine chooses the port of 'cache', and does not say which: docker is not installed")
    let inside = route(service(.inside(containerPort: 6379)), nil, trouble: "docker is not installed")
    #expect(
      inside.obstacle
        == "'cache' publishes no port, and the address of its container is not known: docker is not installed")
    #expect(inside.advice.count == 3)
    let none = route(service(.none(why: "network_mode: none")), nil)
    #expect(none.obstacle == "'cache' cannot be reached from here: network_mode: none")
    #expect(!none.waitsForStart)
  }

  // MARK: - What the screen gets

  @Test func `a listing has no password in it`() {
    var cache = service(fixed)
    cache.redis?.password = ComposePassword(Array("s3cret".utf8), source: "REDIS_PASSWORD in .env")
    cache.ports = [PublishedPort(hostPort: 6380, containerPort: 6379)]
    var project = ComposeProject(name: "shop", folder: "/w/shop", files: ["/w/shop/a/b.yml", "/w/other.yml"])
    project.services = [cache]
    let listing = ComposeListing(project, engine: nil, prefix: [], ComposeRoute.Knowledge())
    #expect(listing.files == ["a/b.yml", "/w/other.yml"])
    #expect(listing.services[0].passwordSource == "REDIS_PASSWORD in .env")
    #expect(listing.services[0].ports == "6380->6379")
    #expect(listing.tool == .unknown && listing.engine == .unknown)
    var text = ""
    dump(listing, to: &text)
    dump(project, to: &text)
    #expect(!text.contains("s3cret"))
  }

  @Test func `states come from the container that counts`() {
    let containers = [container(.exited, number: 1, exitCode: 3), container(number: 2)]
    let known = ComposeRoute.Knowledge(containers: containers)
    let entry = ComposeEntry(service(fixed), known)
    #expect(entry.containers == .init(state: .running, running: 1, total: 2))
    let gone = ComposeEntry(service(fixed), ComposeRoute.Knowledge(containers: []))
    #expect(gone.containers == .init(state: .absent))
    #expect(gone.obstacle == "'cache' has no container")
    let restarting = ComposeEntry(service(fixed), ComposeRoute.Knowledge(containers: [container(.restarting)]))
    #expect(restarting.obstacle == nil)
    #expect(ComposeEntry(service(fixed), ComposeRoute.Knowledge()).containers == nil)
  }
}
