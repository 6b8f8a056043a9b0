package import YAML

/// One service of a project, as far as Keyglass has a use for it.
package struct ComposeService: Sendable, Equatable {
  package var name: String
  package var image: String?
  /// The folder or address that its image is built from, as the file has it; nil: it is not built.
  package var build: String?
  package var containerName: String?
  package var restart: String?
  package var networkMode: String?
  /// It is part of `up` only where one of these is chosen; empty: always.
  package var profiles: [String] = []
  /// Its profiles, if it has any, are chosen by COMPOSE_PROFILES.
  package var isChosen = true
  package var ports: [PublishedPort] = []
  /// `expose`, and nothing that `ports` has.
  package var exposed: [Int] = []
  /// Containers that are wanted of it (`scale`, `deploy.replicas`).
  package var scale = 1
  /// Nil: nothing says that it speaks Redis.
  package var redis: ComposeRedis?
  /// What could not be followed: keys that are not known, variables without a value.
  package var notes: [Complaint] = []
  /// Why it cannot be used at all, such as neither an image nor a build.
  package var flaw: Complaint?

  package init(name: String) { self.name = name }

  /// Where it listens as seen from this machine, as far as the files tell.
  package enum Reach: Sendable, Equatable {
    /// At this host and port; `host` is `127.0.0.1` where the file publishes on all addresses.
    case published(host: String, port: Int)
    /// The engine chooses the port when the container starts.
    case chosenByEngine(containerPort: Int)
    /// No port is published: only by the address of its container.
    case inside(containerPort: Int)
    /// Not at all, with the reason in a few words, such as `network_mode: none`.
    case none(why: String)
  }

  /// How its Redis port, or its TLS port where it has only that, is reached; nil where it speaks no Redis.
  package var reach: Reach?
}

/// One port of `ports`, in whichever of its forms it was written; a range is one for each of its ports.
package struct PublishedPort: Sendable, Equatable {
  /// As written, without the brackets of IPv6; nil: all addresses.
  package var hostIP: String?
  /// Nil: the engine chooses.
  package var hostPort: Int?
  package var containerPort: Int
  /// `tcp` or `udp`.
  package var networkProtocol: String

  package init(hostIP: String? = nil, hostPort: Int?, containerPort: Int, networkProtocol: String = "tcp") {
    (self.hostIP, self.hostPort) = (hostIP, hostPort)
    (self.containerPort, self.networkProtocol) = (containerPort, networkProtocol)
  }
}
