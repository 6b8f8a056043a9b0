import Canvas
import RedisClient
package import Settings
package import YAML

/// The servers of the config file: what `@NAME` stands for.
package struct ServerBook: Sendable {
  private let profiles: [Profile]
  private let complaints: [Complaint]
  /// Nil: there is no place for one.
  private let file: String?

  /// Names that an error lists.
  private static let mostNames = 20

  package init(profiles: [Profile] = [], complaints: [Complaint] = [], file: String? = nil) {
    self.profiles = profiles
    self.complaints = complaints
    self.file = file
  }

  /// Reads the config file.
  package static func load(_ paths: SettingsPaths, isRequired: Bool) -> ServerBook {
    guard let path = paths.config else { return ServerBook() }
    let loaded = ConfigFile.load(path: path, isRequired: isRequired, checkURI: mistake)
    return ServerBook(profiles: loaded.preferences.profiles, complaints: loaded.complaints, file: path)
  }

  /// What is wrong with the URI of a profile; nil: nothing.
  package static func mistake(inURI uri: String) -> String? {
    do throws(EndpointError) {
      guard try Endpoint.parse(uri: uri).password == nil else {
        return "a password in the URI; expected none, but password-command or password-file beside it"
      }
      return nil
    } catch {
      return String(error.message.dropLast())
    }
  }

  /// What is wrong with the file as a whole and matters to whoever takes a server of it: a password-command that others
  /// may have written.
  package var warnings: [Complaint] { complaints.filter { $0.position == nil } }

  /// - Throws: there is no such server, or its profile cannot be understood.
  package func profile(named name: String) throws(ErrorLine) -> Profile {
    guard let profile = profiles.first(where: { $0.name == name }) else { throw unknown(name) }
    if let complaint = profile.complaint {
      throw ErrorLine("@\(name)", "\(complaint)", nextStep: "Mend it there, then try again.")
    }
    return profile
  }

  private func unknown(_ name: String) -> ErrorLine {
    guard let file else {
      return ErrorLine("@\(name)", "there is no config file, as HOME is not set", nextStep: "Name one with --config.")
    }
    if profiles.isEmpty, let complaint = complaints.first {
      return ErrorLine("@\(name)", "\(complaint)", nextStep: "Mend it there, then try again.")
    }
    let why = "no server of this name in \(file)"
    guard !profiles.isEmpty else {
      return ErrorLine("@\(name)", why, nextStep: "Write it there: 'servers: { NAME: { host: HOST, port: PORT } }'.")
    }
    let names = profiles.map { "@\($0.name)" }
    let list = names.prefix(Self.mostNames).joined(separator: ", ") + (names.count > Self.mostNames ? " …" : "")
    let meant = Suggestion.nearest(to: name, among: profiles.map(\.name)).map { "Did you mean @\($0)? " } ?? ""
    return ErrorLine("@\(name)", why, nextStep: "\(meant)There \(names.count == 1 ? "is" : "are") \(list).")
  }
}
