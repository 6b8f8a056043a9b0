import YAML

/// The image of a service, as far as its name or its Dockerfile tells what is in it.
struct RedisImage {
  /// What it is, or what its Dockerfile starts from; nil: not known.
  var name: ImageName?
  /// For messages: `image redis:7`, `its Dockerfile builds on redis:7`.
  var evidence: String
  /// What it runs, where a Dockerfile says so.
  var entrypoint: [ShellWord]?
  var command: [ShellWord]?
  var environment: [String: String] = [:]
  var exposed: [Int] = []
  var workingFolder: String?
  /// What the Dockerfile copies, with the folder that it is built from.
  var copies: [(source: String, target: String)] = []

  /// - Parameter node: the service's mapping.
  init(
    _ node: ComposeNode, image: String?, home: String?, _ reader: inout ComposeFileReader, _ notes: inout [Complaint]
  ) {
    name = image.map(ImageName.init)
    evidence = name.map { "image \($0.text)" } ?? ""
    guard let build = node["build"], build.content != .null else { return }
    let context = build.string ?? build["context"]?.string ?? "."
    guard !ComposePath.isRemote(context) else { return }
    let folder = ComposePath.join(build["context"]?.place.folder ?? build.place.folder, context, home: home)
    guard let bytes = Self.dockerfile(build, node, folder: folder, &reader, &notes) else { return }
    var arguments: [String: String] = [:]
    let given = build["args"]?.items.compactMap(ServiceMerge.named) ?? []
    for entry in build["args"]?.entries ?? given { arguments[entry.key] = entry.value.string }
    let target = build["target"]?.string
    guard let stage = Dockerfile(bytes, arguments: arguments).stage(target) else { return }
    let base = ImageName(stage.base)
    // The image's name is only what the result is to be called, but then it may tell.
    if base.product != nil || base.isSentinel || name?.product == nil {
      name = base
      evidence = "its Dockerfile builds on \(base.text)"
    }
    entrypoint = stage.entrypoint?.words
    command = stage.command?.words
    (environment, exposed, workingFolder) = (stage.environment, stage.exposed, stage.workingFolder)
    copies = stage.copies.map { (ComposePath.join(folder, $0.source), $0.target) }
  }

  private static func dockerfile(
    _ build: ComposeNode, _ node: ComposeNode, folder: String, _ reader: inout ComposeFileReader,
    _ notes: inout [Complaint]
  ) -> [UInt8]? {
    if let inline = build["dockerfile_inline"]?.string { return Array(inline.utf8) }
    let file = build["dockerfile"]?.string ?? node["dockerfile"]?.string ?? "Dockerfile"
    switch reader.read(ComposePath.join(folder, file)) {
    case .success(let bytes): return bytes
    case .failure(let failure):
      notes.append(build.complaint("its Dockerfile '\(shown(file))' cannot be read: \(failure.text)"))
      return nil
    }
  }
}
