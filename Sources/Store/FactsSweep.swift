/// The sweep that learns the type and deadline of every key.
struct FactsSweep {
  /// Asked for, and not asked to stop.
  var isWanted = false
  /// Its loop runs.
  var isLooping = false
  /// There was one in this database: its progress is told.
  var isKnown = false
  /// The list that is shown depends on types or deadlines: learning one changes it.
  var shapesRows = false

  /// Keys in one batch.
  static let batchLength = 300
}
