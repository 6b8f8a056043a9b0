import Canvas
import Compose
import Settings
import YAML

extension ComposeDesk.Refusal {
  /// Why `@compose/NAME` leads nowhere, in one line.
  func line(service name: String) -> ErrorLine {
    let what = "@compose/\(Escape.string(Array(name.utf8)))"
    switch self {
    case .project(let error): return error.line(what)
    case .noSuchService(let names, let project):
      let meant = Suggestion.nearest(to: name, among: names).map { "Did you mean @compose/\($0)? " } ?? ""
      let list = names.prefix(20).joined(separator: ", ")
      let others =
        names.isEmpty ? "None there speaks Redis." : "There \(names.count == 1 ? "is" : "are") \(list)."
      return ErrorLine(
        what, "no such service in the project \(Escape.string(Array(project.utf8)))", nextStep: meant + others)
    case .unreachable(let route):
      let next =
        if route.waitsForStart {
          "Start it: u on it in 'keyglass compose'."
        } else if let ports = route.advice.last {
          "Publish it in its file: '\(ports.drop { $0 == " " })'."
        } else {
          "See 'keyglass compose'."
        }
      var words = [route.obstacle ?? "nothing says where it is", route.engineWords].filter { !$0.isEmpty }
      // What docker says may end as a question.
      words = words.map { String($0.reversed().drop { ".?! ".contains($0) }.reversed()) }
      return ErrorLine(
        what, Escape.string(Array(words.joined(separator: ": ").utf8)), nextStep: next, status: .refused)
    case .noRedis(let service):
      let image = service.image ?? service.build.map { "build \($0)" }
      let why = image.map { "nothing says that it speaks Redis (\(Escape.string(Array($0.utf8))))" }
      return ErrorLine(
        what, why ?? "nothing says that it speaks Redis", nextStep: "If it does, name its address as HOST:PORT.")
    }
  }
}

extension ComposeFileError {
  /// Why there is no project, in one line about `what`.
  func line(_ what: String) -> ErrorLine {
    switch self {
    case .notFound(let folder):
      ErrorLine(
        what, "no Compose file in \(Output.path(folder)) or a folder above it",
        nextStep: what == "compose"
          ? "Name one: 'keyglass compose FILE'." : "Go to its folder, or name the file in COMPOSE_FILE.")
    case .unusable(let complaint):
      ErrorLine(
        what, "\(complaint)",
        nextStep: complaint.position == nil ? "Check its path and rights." : "Mend it there, then try again.")
    }
  }
}
