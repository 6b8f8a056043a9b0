import TestSupport

/// The way through all screens and all types of a server that ``HostileSeed`` has filled. Nothing is written: what could
/// write is opened and left.
///
/// At each stop `look` is called, with what is shown at rest.
struct HostileTour {
  let run: TerminalRun
  /// Whether it leaves nothing out; else one of each kind is looked at.
  var isThorough = true
  var look: (_ stop: String) throws -> Void = { _ in }

  /// Names as one types them: a title, a clipboard, a colour and a cursor motion in one, C1, bidi, invisible, cut.
  static let names = [
    #"\x1b]0;pwned\x07after"#, #"\x1b]52;c;cm0gLXJmIC8=\x1b\after"#, #"x\x1b[?1049h"#, #"a\x9b2Jz"#, #"a\xc2\x9b2Jz"#,
    #"user\xe2\x80\xaenimda"#, #"pay\xe2\x80\x8bpal"#, #"a\x0dX"#, #"a\xe2\x80z"#, #"\x1bP$q"p\x07"#, #"漢字"#, "שלום",
  ]

  private static let pageDown = "\u{1b}[6~"
  private static let escape = "\u{1b}"
  private static let enter = "\r"
  private static let clear = "\u{15}"

  func everything() async throws {
    try await wholeList()
    try await listPages()
    try await listActions()
    try await folders()
    for type in ["hash", "list", "set", "zset", "stream"] { try await collection(type) }
    try await strings()
    try await hostileNames()
    try await overlays()
    try await sizes()
  }

  /// One screen of everything.
  func short() async throws {
    try await wholeList()
    try await run.press("v\u{1b}[6~")
    try look("the flat list")
    for type in ["hash", "stream"] { try await open("all:\(type)") }
    try await run.press(Self.enter)
    try await back()
    for name in Self.names.prefix(4) { try await open(name) }
    try await open("all:json")
    try await run.press("o", shows: "hex")
    try await run.press("h")
    try await overlays()
  }

  // MARK: - The list

  private func wholeList() async throws {
    try await run.wait(for: "the whole list") { $0.text.contains("all ") && $0.text.contains(" keys") && $0.isIdle }
    try look("the list")
  }

  /// Every row, as a tree and flat, on a screen that holds many.
  private func listPages() async throws {
    try await run.resize(columns: 120, rows: 250)
    if isThorough { try await page("the tree") }
    try await run.press("v")
    try await page("the flat list")
    try await run.press("v")
    try await run.resize(columns: 120, rows: 36)
  }

  /// Pages down to the end, or over `most` pages.
  private func page(_ what: String, most: Int = .max) async throws {
    try await run.press("g")
    var last = LoggedFrame()
    for page in 0..<most {
      try await run.press(Self.pageDown)
      if run.frame.lines == last.lines { break }
      last = run.frame
      if page < 3 { try look("\(what), page \(page)") }
    }
    try await run.press("G")
    try look("the end of \(what)")
    try await run.press("g")
  }

  private func listActions() async throws {
    try await run.press("vg")
    // Marks, and what is asked about them.
    try await run.press(each: [" ", "j", " ", "jjjjjj", "V"])
    try await run.press("d", shows: "will run")
    try look("deleting marked keys")
    try await run.press(Self.escape)
    try await run.press("t", shows: "TTL")
    try await run.press("1d", shows: "will run")
    try look("a TTL for marked keys")
    try await run.press(each: ["\t", "\t", "\t", Self.enter])
    try look("the names of marked keys")
    try await run.press(Self.escape)
    try await leaveForm()
    try await run.press(Self.escape)
    // Forms for the key under the cursor, wherever that is.
    for key in isThorough ? ["e", "r", "c", "t", "a", "=", "d", "i"] : ["e", "r", "a"] {
      try await run.press("\u{4}")
      try await run.press(key)
      try look("\(key) on a key")
      try await leaveForm()
      try await run.press(Self.escape)
    }
    // Only one type; a filter, in which escapes are typed.
    for kind in "slhzexa" {
      try await run.press("f", shows: "show only")
      try await run.press("\(kind)")
    }
    for filter in [#"*\x1b*"#, #"\x9b"#, "*[א-ת]*", "e\u{301}", "漢"] {
      try await run.press("/")
      try await run.press(filter)
      try await run.press(Self.enter)
      try look("the filter \(filter)")
    }
    try await clearFilter()
    try await run.press("v")
  }

  private func clearFilter() async throws {
    try await run.press("/")
    try await run.press(Self.escape)
  }

  /// Folders with hostile names, opened one after another.
  private func folders() async throws {
    try await run.press("/")
    try await run.press("folder" + Self.enter)
    try await run.press("g")
    for _ in 0..<8 { try await run.press(each: ["l", "jjjj"]) }
    try look("folders")
    try await run.press("g")
    try await run.press("t", shows: "with a TTL")
    try look("a TTL for a folder")
    try await leaveForm()
    try await clearFilter()
  }

  // MARK: - Values

  private func open(_ name: String) async throws {
    try await run.press("O")
    try await run.press(Self.clear + name + Self.enter)
    try look("the key \(name)")
  }

  /// Out of the value, and out of an element of it.
  private func back() async throws { try await run.press(each: [Self.escape, Self.escape]) }

  private func collection(_ type: String) async throws {
    try await open("all:\(type)")
    try await run.press("+")
    try await page("all:\(type)", most: isThorough ? .max : 3)
    // The quick tour goes into a hash and a stream, which have all that the other types have.
    guard isThorough || ["hash", "stream"].contains(type) else { return try await leaveZoom() }
    // Elements, each as text, hex and JSON where it is some.
    for _ in 0..<(isThorough ? 6 : 1) {
      try await run.press("\u{4}")
      try await run.press(Self.enter)
      try look("an element of all:\(type)")
      try await run.press("o")
      try await run.press("h")
      try look("an element of all:\(type) as hex")
      try await run.press(each: ["z", Self.escape])
    }
    try await run.press("+")
    for key in isThorough ? ["e", "r", "=", "a", "d", "i", "c", "t"] : ["e", "d", "i"] {
      try await run.press("jj")
      try await run.press(key)
      try look("\(key) in all:\(type)")
      try await leaveForm()
    }
    for choice in Self.choices[type, default: []] + ["D"] {
      try await run.press("o", shows: "show as")
      try await run.press(choice)
      try look("all:\(type) shown as \(choice)")
    }
    // Back from the DUMP, or what was said in its place.
    try await open("all:\(type)")
    try await run.press("/")
    try await run.press(#"\x1b"# + Self.enter)
    try await run.press(each: ["n", "N"])
    try look("a search in all:\(type)")
    try await back()
  }

  private func leaveZoom() async throws {
    try await run.press("+")
    try await back()
  }

  /// What `o` offers for a type.
  private static let choices = ["zset": ["d", "a"], "stream": ["n", "g", "o"]]

  private func strings() async throws {
    let long = HostileBytes.long.indices.suffix(isThorough ? .max : 1).map { "long:\($0)" }
    for name in ["all:json", "all:lines"] + long {
      try await open(name)
      for form in isThorough ? ["h", "t", "j", "D"] : ["h"] {
        try await run.press("o")
        try await run.press(form)
        try look("\(name) as \(form)")
        try await leaveForm()
      }
      try await run.press(each: ["z", Self.pageDown, "G"])
      try await run.press("e")
      try look("editing \(name)")
      try await leaveForm()
      try await back()
    }
  }

  private func hostileNames() async throws {
    for name in Self.names.prefix(isThorough ? .max : 2) {
      try await open(name)
      for key in ["i", "e", "d", "r"] {
        try await run.press(key)
        try look("\(key) on \(name)")
        try await leaveForm()
      }
      try await back()
    }
    // A name that is not there, pasted with what would end the paste.
    try await run.press("O")
    try await run.press("\u{1b}[200~no such\u{1b}]0;x\u{7}\u{9b}\u{202e}key\u{1b}[201~")
    try look("a pasted name")
    try await run.press(Self.enter)
    try look("a key that is not there")
    try await back()
  }

  // MARK: - What lies over it

  private func overlays() async throws {
    try await run.press("@", shows: "Commands sent")
    try look("the log")
    for _ in 0..<(isThorough ? 20 : 3) { try await run.press(each: ["jjj", Self.enter, "h"]) }
    try await run.press(Self.pageDown)
    try await run.press(Self.escape)
    try await run.press("?", shows: "Everywhere")
    try await run.press(each: [Self.pageDown, "G"])
    try look("the help")
    try await run.press(Self.escape)
    try await run.press("b", shows: "Databases")
    try look("the databases")
    try await run.press(Self.escape)
    try await run.press("S", shows: "[Overview]")
    try look("the server")
    try await run.press("\t", shows: "[Clients")
    try look("the clients")
    try await run.press("\t", shows: "[Slow log")
    try look("the slow log")
    try await run.press("S")
    try await run.press("R")
    try await run.wait(for: "the whole list") { $0.text.contains("all ") && $0.isIdle }
    try await run.press("\u{c}")
    try look("a repaint")
  }

  /// Sizes from too small to wide, on the list and on a value.
  func sizes() async throws {
    for name in ["all:hash", "all:lines"] {
      try await open(name)
      for (columns, rows) in [(80, 24), (39, 9), (1, 1), (60, 15), (200, 50), (41, 12), (300, 20), (120, 36)] {
        try await run.resize(columns: columns, rows: rows)
        try look("\(columns)x\(rows)")
      }
      try await back()
    }
  }

  /// Leaves whatever was opened, with nothing changed: a menu, a form, a dialog, a screen; a key that only said something
  /// has opened nothing. What was typed is discarded when that is asked.
  private func leaveForm() async throws {
    guard ["Esc cancels", "Esc closes", "Esc leaves"].contains(where: run.frame.text.contains) else { return }
    try await run.press(Self.escape)
    guard run.frame.text.contains("[Discard]") else { return }
    try await run.press("\t")
    try await run.press(Self.enter)
  }
}
