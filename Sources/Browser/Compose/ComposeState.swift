/// The screen of the Compose project, and the command that was run last.
package struct ComposeState: Sendable, Equatable {
  /// Nil until it was looked for.
  package var finding: ComposeFinding?

  package var listing: ComposeListing? { if case .project(let listing)? = finding { listing } else { nil } }
}
