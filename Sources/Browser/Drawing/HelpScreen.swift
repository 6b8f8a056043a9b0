import Canvas

/// `?`: every key, from the binding table.
enum HelpScreen {
  static func lines(_ state: State) -> [DisplayText] {
    var lines: [DisplayText] = []
    for (title, place) in [("Everywhere", Binding.Place.everywhere), ("Key list", .list), ("Value", .value)] {
      if !lines.isEmpty { lines.append(DisplayText()) }
      lines.append(DisplayText(title, role: .titleFocus))
      for binding in Bindings.all where binding.place == place {
        let keys = binding.keys.map { state.setup.isASCII ? $0.plainTitle : $0.title }.joined(separator: " ")
        var line = DisplayText("  " + keys, role: .footerKey)
        line.append(String(repeating: " ", count: max(1, 14 - line.width)))
        line.append(binding.title)
        lines.append(line)
      }
    }
    lines.append(DisplayText())
    lines.append(DisplayText("TTL", role: .titleFocus))
    for (cell, role, meaning) in [
      ("-", Role.ttlPersistent, "never expires"), ("12m 40s", .ttlFar, "time left, truncated"),
      ("9.4s !", .ttlUrgent, "below ten seconds"), ("?", .textDim, "not read yet"),
      ("due", .ttlDue, "the deadline passed; the server is being asked"),
      ("gone", .ttlGone, "the server says that the key is gone; the row leaves after two seconds"),
    ] {
      var line = DisplayText("  " + cell, role: role)
      line.append(String(repeating: " ", count: max(1, 14 - line.width)))
      line.append(meaning)
      lines.append(line)
    }
    return lines
  }
}
