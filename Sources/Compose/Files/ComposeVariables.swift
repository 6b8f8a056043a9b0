/// A variable that has been put in the place of its name.
struct Variable: Equatable {
  enum Origin: Equatable {
    /// The process's environment.
    case environment
    /// Such as `.env`; the name only.
    case file(String)
  }

  var name: String
  var value: String
  var origin: Origin

  /// Where it has its value from, such as `REDIS_PASSWORD in .env`.
  var source: String {
    switch origin {
    case .environment: "\(name) in the environment"
    case .file(let file): "\(name) in \(file)"
    }
  }
}

/// What variables in Compose files stand for. The process's environment goes over `.env`, and of several files the
/// first (https://docs.docker.com/compose/how-tos/environment-variables/envvars-precedence/).
struct ComposeVariables: Equatable {
  private var known: [String: Variable]

  init(environment: [String: String]) {
    known = .init(
      uniqueKeysWithValues: environment.map {
        ($0.key, Variable(name: $0.key, value: $0.value, origin: .environment))
      })
  }

  subscript(name: String) -> Variable? { known[name] }

  /// Its value where it has one that is not empty.
  func text(_ name: String) -> String? { known[name].flatMap { $0.value.isEmpty ? nil : $0.value } }

  /// Those that have no value yet.
  mutating func add(_ variables: [Variable]) {
    for variable in variables where known[variable.name] == nil { known[variable.name] = variable }
  }
}
