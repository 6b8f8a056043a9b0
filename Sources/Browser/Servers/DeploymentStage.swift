/// What a server is for, as its profile says (`env:`).
package enum DeploymentStage: String, Sendable, Equatable, CaseIterable {
  case prod
  case staging
  case dev
}
