/// The program that carries out Compose commands.
package struct ComposeTool: Sendable, Equatable {
  /// `["docker", "compose"]` or `["docker-compose"]`.
  package var words: [String]
  /// As it tells it, such as `2.29.7`.
  package var version: String

  package init(words: [String], version: String) { (self.words, self.version) = (words, version) }
}

/// What is there to run projects with.
package struct ComposeEngine: Sendable, Equatable {
  /// The program, or why there is none: `neither 'docker compose' nor 'docker-compose' is installed`.
  package var tool: Result<ComposeTool, Missing>
  /// Where the engine listens, such as `unix:///var/run/docker.sock` or `tcp://10.0.0.5:2376`; nil: not known.
  package var address: String?
  /// Why the engine does not answer, as docker says it in one line; nil: it does.
  package var trouble: String?

  package struct Missing: Error, Sendable, Equatable {
    package var why: String

    package init(_ why: String) { self.why = why }
  }

  package init(tool: Result<ComposeTool, Missing>, address: String? = nil, trouble: String? = nil) {
    (self.tool, self.address, self.trouble) = (tool, address, trouble)
  }

  /// The machine that published ports are on: nil is this one.
  package var remoteHost: String? { EngineAddress(address).remoteHost }

  /// Why the addresses that containers have in their networks lead nowhere from here; nil: they should lead there.
  package var networkObstacle: String? { EngineAddress(address).networkObstacle }
}
