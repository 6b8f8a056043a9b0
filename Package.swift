// swift-tools-version: 6.3
import PackageDescription

let shared: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]
let strict = shared + [.strictMemorySafety()]

/// For the rooms that compute most, in debug builds too: without it the tests need twice the CPU. Assertions stay.
let optimized: [SwiftSetting] = [
  .unsafeFlags(["-O", "-assert-config", "Debug"], .when(configuration: .debug))
]

let nio: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let nioSSL: Target.Dependency = .product(
  name: "NIOSSL", package: "swift-nio-ssl", condition: .when(traits: ["TLS"]))
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio", condition: .when(traits: ["TLS"]))
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

/// A room of the house: it may import what is named here, and nothing else.
func room(
  _ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil, isHot: Bool = false
) -> Target {
  .target(
    name: name, dependencies: dependencies, resources: resources, swiftSettings: isHot ? strict + optimized : strict)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.init(stringLiteral: name)] + dependencies, exclude: exclude,
    swiftSettings: shared)
}

let package = Package(
  name: "keyglass",
  products: [
    .executable(name: "keyglass", targets: ["keyglass"]),
    .executable(name: "keyglass-bench", targets: ["keyglass-bench"]),
  ],
  traits: [
    .trait(name: "TLS", description: "Encrypted connections; brings BoringSSL in."),
    .default(enabledTraits: ["TLS"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl.git", exact: "2.37.6"),
    .package(url: "https://github.com/apple/swift-collections.git", exact: "1.6.0"),
    .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
    // Without its default trait, which brings all of Foundation in.
    .package(url: "https://github.com/swiftlang/swift-subprocess.git", exact: "1.0.2", traits: []),
  ],
  targets: [
    .target(name: "CPlatform"),
    .target(name: "CSupervisor"),
    .target(name: "CTerminal", linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    .target(name: "CYAML", linkerSettings: [.linkedLibrary("yaml")]),

    room("Commands", ["Canvas"], resources: [.embedInCode("Resources/commands.txt")]),
    room("RESP", isHot: true),
    room("Keyspace", ["CPlatform"], isHot: true),
    room("Values", ["Keyspace"]),
    room("Requests", ["Commands", "Keyspace", "Values"]),
    room("Canvas", isHot: true),
    room("Browser", ["Canvas", "Commands", "Keyspace", "Requests", "Values"], isHot: true),
    room("YAML", ["CYAML", "Canvas"]),
    room(
      "Settings", ["Browser", "Canvas", "YAML"],
      resources: [
        .embedInCode("../../Themes/terminal.yaml"),
        .embedInCode("../../Themes/dark.yaml"),
        .embedInCode("../../Themes/light.yaml"),
      ]),
    room("RedisClient", ["RESP", nio, nioPosix, deque]),
    room("RedisTLS", ["RedisClient", nio, nioPosix, nioSSL, nioTLS]),
    room(
      "Store", ["CPlatform", "Commands", "Keyspace", "RESP", "RedisClient", "Requests", "Values", deque]),
    room("Terminal", ["CPlatform", "CTerminal", "Canvas"]),
    room("PrivateServer", ["CSupervisor"], isHot: true),
    room("Compose", ["Canvas", "YAML", subprocess], isHot: true),
    room(
      "App",
      [
        "Browser", "CPlatform", "Canvas", "Commands", "Compose", "Keyspace", "PrivateServer", "RESP", "RedisClient",
        "RedisTLS", "Requests", "Settings", "Store", "Terminal", "Values", "YAML", nio,
      ]),
    .executableTarget(name: "keyglass", dependencies: ["App", argumentParser], swiftSettings: strict),
    .executableTarget(
      name: "keyglass-bench",
      dependencies: [
        "App", "Browser", "CPlatform", "Canvas", "Keyspace", "PrivateServer", "RESP", "RedisClient", "RedisTLS",
        "Requests", "Store", "Terminal", "Values",
      ],
      swiftSettings: strict),

    .target(name: "TestSupport", dependencies: ["PrivateServer"], path: "Tests/TestSupport", swiftSettings: shared),
    .executableTarget(
      name: "DemoHost", dependencies: ["PrivateServer"], path: "Tests/DemoHost", swiftSettings: shared),
    .executableTarget(
      name: "TerminalHost", dependencies: ["CPlatform", "Canvas", "Terminal"], path: "Tests/TerminalHost",
      swiftSettings: shared),
    tests(of: "Commands", ["PrivateServer", "TestSupport"]),
    tests(of: "RESP"),
    tests(of: "Keyspace", ["TestSupport"]),
    tests(of: "Values"),
    tests(of: "Canvas"),
    tests(of: "Requests", ["Keyspace", "Values"]),
    tests(
      of: "Browser", ["Canvas", "Commands", "Keyspace", "Requests", "TestSupport", "Values"], exclude: ["Snapshots"]),
    tests(of: "YAML"),
    tests(of: "Settings", ["Browser", "Canvas", "YAML"]),
    tests(of: "Compose", ["Browser", "Canvas", "TestSupport", "YAML"], exclude: ["Fixtures"]),
    tests(of: "RedisClient", ["RESP", "TestSupport", nio, nioPosix, nioEmbedded]),
    tests(of: "RedisTLS", ["RESP", "RedisClient", "TestSupport", nio, nioPosix, nioSSL, nioTLS]),
    tests(
      of: "Store",
      ["Commands", "Keyspace", "PrivateServer", "RESP", "RedisClient", "RedisTLS", "Requests", "TestSupport", "Values"]),
    tests(of: "Terminal", ["CTerminal", "Canvas", "TerminalHost"]),
    tests(of: "PrivateServer", ["TestSupport", "DemoHost"]),
    tests(
      of: "App",
      [
        "Browser", "Canvas", "Compose", "Keyspace", "PrivateServer", "RESP", "RedisClient", "Requests", "Settings",
        "Store", "Terminal", "TestSupport", "Values", "YAML",
      ]),
    .testTarget(name: "KeyglassTests", dependencies: ["keyglass", "App"], swiftSettings: shared),
    .testTarget(
      name: "EndToEnd", dependencies: ["CTerminal", "keyglass", "PrivateServer", "TestSupport"],
      path: "Tests/EndToEnd", exclude: ["Live", "Scripts", "Tools", "tour"], swiftSettings: shared),
  ])
