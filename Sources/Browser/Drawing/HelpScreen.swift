import Canvas

/// `?`: every key, from the binding table.
enum HelpScreen {
  static func lines(_ state: State) -> [DisplayText] {
    // Inside the frame and its margins.
    let width = state.size.width - 8
    var lines = limitLines(state, width: width)
    let monitor = [("Timeline of the monitor (Tab)", Binding.Place.timeline), ("Expiry monitor (T)", .monitor)]
    let console = [("Console (:), in what came back (S-Tab)", Binding.Place.console)]
    let server = [("Memory by prefix (M)", Binding.Place.memory), ("Server (S)", .server)]
    let compose = [("Compose project (C c)", Binding.Place.compose)]
    let servers = [("Connections (C)", Binding.Place.servers)]
    let isInCompose = state.composeScreen == .compose
    let others = servers + (isInCompose ? [] : compose)
    let panes = [("Everywhere", Binding.Place.everywhere), ("Key list", .list), ("Value", .value)]
    // Where one is comes first.
    for (title, place) in (isInCompose ? compose : [])
      + order(state, monitor: monitor, panes: panes, console: console, server: server) + others
    {
      if let last = lines.last, last.width > 0 { lines.append(DisplayText()) }
      lines.append(DisplayText(title, role: .titleFocus))
      for binding in Bindings.all where binding.place == place {
        let keys = binding.keys.map { state.setup.isASCII ? $0.plainTitle : $0.title }.joined(separator: " ")
        lines += rows(keys, .footerKey, binding.title, width: width)
      }
    }
    let glyphs = state.setup.isASCII ? GlyphSet.ascii : .unicode
    lines.append(DisplayText())
    lines.append(DisplayText("Signs", role: .titleFocus))
    for (sign, role, meaning) in [
      (glyphs.cursor, Role.cursor, "before a name: the cursor"), (glyphs.mark, .mark, "before a name: marked"),
      (
        glyphs.mark, .accent,
        "Compose project: before a service that speaks Redis; another colour: the one that you are on"
      ),
      (glyphs.changed, .changed, "at the end of a row: it changed on the server within the last two seconds"),
      (glyphs.appeared, .changed, "there too: a new key, or a folder that has one, while new keys are followed (F)"),
      (glyphs.lookAlike, .warn, "before a name, behind a field or member: looks like another and is not; i says why"),
    ] {
      lines += rows(sign.string, role, meaning, width: width)
    }
    lines.append(DisplayText())
    lines.append(DisplayText("In the first row and the titles", role: .titleFocus))
    for (mark, role, meaning) in [
      ("[RO]", Role.readonly, "only commands that read are sent"),
      (
        "[UNLOCKED 15m]", .danger,
        "a production server is written to, until so long has passed without a key; L locks it"
      ),
      ("[STALE]", .stale, "the server does not answer: what is on the screen was read before"),
      ("[POLL]", .warn, "the server cannot push changes: what is on the screen is read once a second"),
      ("[MULTI 2]", .warn, "a transaction is open in the console (:), with so many commands queued"),
      ("[PAUSED]", .stale, "nothing updates by itself: p goes on"),
      ("changed since", .stale, "the server said that the value changed; it is being read again"),
      ("live", .ok, "monitor: its keys are followed (F) and were read since: what others do to them is heard"),
      ("read 5m ago", .textDim, "monitor: what others did since to keys off the screen is not known; R reads again"),
      ("sample", .warn, "monitor: so many keys, picked at random, were read of so many; counts are of the sample"),
      ("~1.2G", .text, "a folder's memory, reckoned from the keys of it that were read"),
      (
        state.setup.isASCII ? "+-0.3%" : "±0.3%", .warn,
        "memory: 95 of 100 samples are not farther off; a few huge keys may be missed by it: x reads all"
      ),
      ("R rescans", .textDim, "the list and the server's own count differ: R reads the key space again"),
      ("(limit)", .warn, "the list holds no more names: \(State.waysPastLimit)"),
      ("match user:*", .textDim, "only these names were read (--pattern): Esc, without a filter, reads all"),
      ("ops 22/s (ours 3/s)", .textDim, "commands a second of all clients, and how many of them Keyglass sends"),
    ] {
      lines += rows(mark, role, meaning, width: width)
    }
    lines.append(DisplayText())
    lines.append(DisplayText("In a field", role: .titleFocus))
    for (keys, meaning) in [
      ("^A ^E M-b M-f", "to the start, the end, by words"), ("^U ^K ^W ^Y", "cut before, behind, a word; put it back"),
      ("^_", "undo"), ("^P ^N", "what was typed there before"),
      ("^G", "filter: ask the server for the names (SCAN MATCH over all keys); the line says what that costs"),
    ] {
      lines += rows(keys, .footerKey, meaning, width: width)
    }
    lines.append(DisplayText())
    lines.append(DisplayText("In the line of the console (:)", role: .titleFocus))
    for (keys, meaning) in ConsoleHelp.line {
      lines += rows(keys, .footerKey, meaning, width: width)
    }
    lines.append(DisplayText())
    lines.append(DisplayText("TTL", role: .titleFocus))
    for (cell, role, meaning) in [
      ("-", Role.ttlPersistent, "never expires"), ("12m 40s", .ttlFar, "time left, truncated"),
      ("9.4s !", .ttlUrgent, "below ten seconds"), ("?", .textDim, "not read yet"),
      ("due", .ttlDue, "the deadline passed; the server is being asked"),
      ("gone", .ttlGone, "the server says that the key is gone; the row leaves after two seconds"),
      ("10m..20m", .footerKey, "typed for marks or a folder: another TTL for each, spread evenly; +0..10m adds one"),
    ] {
      lines += rows(cell, role, meaning, width: width)
    }
    return lines
  }

  private typealias Section = (String, Binding.Place)

  private static func order(
    _ state: State, monitor: [Section], panes: [Section], console: [Section], server: [Section]
  ) -> [Section] {
    if state.console.focus != nil { return console + panes + monitor.reversed() + server }
    if state.isServerShown { return server + panes + monitor.reversed() + console }
    if state.isMemoryShown { return server + panes + monitor.reversed() + console }
    return state.isMonitorShown ? monitor + panes + server + console : panes + monitor.reversed() + server + console
  }

  /// What a sign or key means, in as many lines as it needs.
  static func rows(
    _ sign: String, _ role: Role, _ meaning: String, width: Int, margin: Int = 16
  ) -> [DisplayText] {
    let parts = DisplayText(meaning).wrappedAtBlanks(to: max(16, width - margin))
    return parts.enumerated().map { number, part in
      var line = number == 0 ? DisplayText("  " + sign, role: role) : DisplayText()
      line.append(String(repeating: " ", count: max(1, margin - line.width)))
      return line + part
    }
  }
}
