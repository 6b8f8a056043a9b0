extension State {
  mutating func take(compose finding: ComposeFinding) { compose.finding = finding }

  mutating func take(output lines: [[UInt8]], ofComposeRun run: Int) {}

  mutating func take(_ end: ComposeEnd, ofComposeRun run: Int) {}
}
