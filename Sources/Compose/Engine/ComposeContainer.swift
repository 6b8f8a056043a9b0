/// A container of a project, as the engine tells it (`docker inspect`).
package struct ComposeContainer: Sendable, Equatable {
  package enum State: String, Sendable, Equatable {
    case created, running, paused, restarting, removing, exited, dead
  }

  package enum Health: String, Sendable, Equatable {
    case starting, healthy, unhealthy
  }

  package var id: String
  package var name: String
  package var service: String
  /// Counts from 1 within the service.
  package var number: Int
  package var state: State
  /// Nil: it has no health check.
  package var health: Health?
  /// Of its last end.
  package var exitCode: Int
  /// How often the engine has started it again by its restart policy.
  package var restartCount: Int
  /// What the engine says went wrong, such as a port that is taken; may be any text.
  package var error: String
  package var image: String
  /// In its networks, IPv4.
  package var addresses: [String]
  package var published: [Published]
  /// It shares the network of the machine that the engine runs on.
  package var usesHostNetwork: Bool
  /// The id of the container whose network it shares; nil: it has its own, or the machine's.
  package var sharesNetworkOf: String?
  /// The folder of the project that made it, where the engine runs; empty: it does not say.
  package var folder: String

  package struct Published: Sendable, Equatable {
    package var containerPort: Int
    package var hostIP: String
    package var hostPort: Int

    package init(containerPort: Int, hostIP: String, hostPort: Int) {
      (self.containerPort, self.hostIP, self.hostPort) = (containerPort, hostIP, hostPort)
    }
  }

  package init(
    id: String, name: String, service: String, number: Int = 1, state: State, health: Health? = nil, exitCode: Int = 0,
    restartCount: Int = 0, error: String = "", image: String = "", addresses: [String] = [],
    published: [Published] = [], usesHostNetwork: Bool = false,
    sharesNetworkOf: String? = nil, folder: String = ""
  ) {
    (self.id, self.name, self.service, self.number) = (id, name, service, number)
    (self.state, self.health, self.exitCode, self.restartCount) = (state, health, exitCode, restartCount)
    (self.error, self.image, self.addresses, self.published) = (error, image, addresses, published)
    (self.usesHostNetwork, self.sharesNetworkOf, self.folder) = (usesHostNetwork, sharesNetworkOf, folder)
  }
}
