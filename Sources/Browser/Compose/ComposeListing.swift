/// A Docker Compose project as the screen shows it: what its files say, and what the engine tells of its containers.
/// Nothing in it is a secret. Each one that comes takes the place of the one before.
package struct ComposeListing: Sendable, Equatable {
  package var name: String
  /// The absolute path where commands are run.
  package var folder: String
  /// The names of its files, without the folder where they lie in it.
  package var files: [String]
  package var services: [ComposeEntry]
  /// What could not be followed in the files and belongs to no service, each a whole line.
  package var notes: [String]
  package var tool: Tool
  package var engine: Engine
  /// What has to stand before `keyglass @compose/NAME` in a shell of the folder that Keyglass was started in, such as
  /// `COMPOSE_FILE=deploy/x.yml `; empty: nothing.
  package var shellPrefix = ""

  /// What carries out commands.
  package enum Tool: Sendable, Equatable {
    /// It is being looked for.
    case unknown
    /// The words that every command begins with, such as `docker compose -f x.yml`; `version` as it tells it.
    case found(words: [String], version: String)
    /// Why there is none, in a few words.
    case missing(why: String)
  }

  package enum Engine: Sendable, Equatable {
    /// It is being asked.
    case unknown
    case answers
    /// Why it does not, in one line.
    case fails(why: String)
  }

  package init(
    name: String, folder: String, files: [String], services: [ComposeEntry] = [], notes: [String] = [],
    tool: Tool = .unknown, engine: Engine = .unknown
  ) {
    (self.name, self.folder, self.files, self.services, self.notes) = (name, folder, files, services, notes)
    (self.tool, self.engine) = (tool, engine)
  }
}

/// One service of a project.
package struct ComposeEntry: Sendable, Equatable {
  package var name: String
  /// The image, or `build ./cache`; empty where the file has neither.
  package var image: String
  /// Such as `redis` or `valkey`; nil: nothing says that it speaks Redis.
  package var product: String?
  /// How that is known, such as `image redis:7`.
  package var evidence = ""
  /// When the engine starts it again by itself, such as `unless-stopped`; empty: the file says nothing.
  package var restart = ""
  /// Published ports as they are now, else as the file has them: `127.0.0.1:16399->6379`; empty: none.
  package var ports = ""
  /// Nil: the engine was not asked, or does not answer.
  package var containers: Containers?
  /// The profiles that it is part of, where none of them is chosen; empty: `up` starts it.
  package var unchosenProfiles: [String] = []
  /// Where it is reached from here: `127.0.0.1:16399`, with a word on how; nil: nowhere, and ``obstacle`` says why.
  package var address: String?
  /// Such as `published`, `by the address of its container`.
  package var reach = ""
  /// Where its password is known from, such as `REDIS_PASSWORD in .env`; nil: none is known.
  package var passwordSource: String?
  package var user: [UInt8]?
  package var usesTLS = false
  /// Why nothing can connect there as things are, in a sentence; nil: Enter may try.
  package var obstacle: String?
  /// Lines that could be added to its file so that it is reached.
  package var advice: [String] = []
  /// What could not be followed in the files, each a whole line. Where ``flaw`` is not nil, that is the first.
  package var notes: [String] = []
  /// Why the service cannot be used at all; nil: it can.
  package var flaw: String?

  package init(name: String, image: String = "", product: String? = nil) {
    (self.name, self.image, self.product) = (name, image, product)
  }

  /// What the engine tells of its containers.
  package struct Containers: Sendable, Equatable {
    package enum State: Sendable, Equatable {
      /// None was made, or all are gone.
      case absent
      case created
      case running
      case paused
      /// It ends and is started again; so often by now.
      case restarting(count: Int)
      case removing
      case exited(code: Int)
      case dead
    }

    package enum Health: Sendable, Equatable {
      case starting, healthy, unhealthy
    }

    /// Of the one that is connected to, else of the first.
    package var state: State
    /// Nil: it has no health check.
    package var health: Health?
    package var running: Int
    package var total: Int
    /// What the engine says went wrong; any text. Empty: nothing.
    package var error: String

    package init(
      state: State, health: Health? = nil, running: Int = 0, total: Int = 0, error: String = ""
    ) {
      (self.state, self.health, self.running, self.total, self.error) = (state, health, running, total, error)
    }
  }
}

/// What of Compose is there.
package enum ComposeFinding: Sendable, Equatable {
  case project(ComposeListing)
  /// No file here or above.
  case nothing(folder: String)
  /// There is one, and it cannot be used: the whole line, with file, line and column.
  case unusable(String)
}

/// How a Compose command ended.
package enum ComposeEnd: Sendable, Equatable {
  case exited(status: Int)
  case signalled(Int)
  /// Because the user wanted it to.
  case cancelled
  case notStarted(why: String)
}
