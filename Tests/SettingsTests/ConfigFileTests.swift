import Testing
import YAML

@testable import Settings

@Suite struct ConfigFileTests {
  private func decode(_ text: String) -> (preferences: Preferences, complaints: [String]) {
    let result = ConfigFile.decode(Array(text.utf8), file: "config.yaml")
    return (result.preferences, result.complaints.map(\.description))
  }

  @Test func readsEverything() {
    let (preferences, complaints) = decode(
      """
      # all that there is
      theme: dark
      separator: "::"
      plain: yes
      color: false
      clipboard: off
      mouse: on
      limits: { preview: 1s, keys: 20000000, follow: 250, sweep: 5000, stampede: 12.5% }
      """)
    #expect(complaints.isEmpty)
    #expect(preferences.theme == "dark")
    #expect(preferences.separator == Array("::".utf8))
    #expect(preferences.isPlain)
    #expect(!preferences.usesColor)
    #expect(!preferences.usesClipboard)
    #expect(preferences.usesMouse)
    #expect(preferences.previewDelay == .seconds(1))
    #expect(preferences.keyLimit == 20_000_000)
    #expect(preferences.followLimit == 250)
    #expect(preferences.sweepLimit == 5_000)
    #expect(preferences.stampedeShare == 0.125)
  }

  @Test func emptyFilesAreDefaults() {
    for text in ["", "# nothing\n", "---\n", "{}", "limits: {}"] {
      let (preferences, complaints) = decode(text)
      #expect(preferences == Preferences())
      #expect(complaints.isEmpty, "\(text)")
    }
    #expect(Preferences().usesClipboard)
    #expect(!Preferences().usesMouse)
    #expect(Preferences().separator == Array(":".utf8))
    #expect(Preferences().previewDelay == .milliseconds(120))
    #expect(Preferences().followLimit == 1_000)
  }

  @Test func separatorMayBeAnyBytes() {
    #expect(decode(#"separator: '\x00'"#).preferences.separator == [0])
    #expect(decode(#"separator: """#).preferences.separator == [])
    #expect(decode("limits: {preview: off}").preferences.previewDelay == nil)
  }

  private static let known = "expected theme, separator, plain, color, mouse, clipboard, limits, servers"
  private static let preview = "expected a time such as 120ms or 1s, at most 1m, or off"

  private static let stampede = "expected a share such as 8%, from 0.1% to 100%"
  private static let follow = "expected names a second, from 1 to 100000"

  static let wrong: [(text: String, complaint: String)] = [
    ("tehme: dark", "1:1: unknown key 'tehme'; did you mean 'theme'?; \(known)"),
    ("theme: dark\nplain: maybe", "2:8: 'maybe'; expected true or false"),
    ("theme: [dark]", "1:8: a list; expected the name of a theme"),
    ("theme:", "1:7: nothing; expected the name of a theme"),
    ("separator: #", "1:12: \(YAMLSource.commentMessage)"),
    ("limits: {preview: 2h}", "1:19: '2h'; \(preview)"),
    ("limits: {preview: 61s}", "1:19: '61s'; \(preview)"),
    (
      "limits: {prevew: 1s}",
      "1:10: unknown key 'prevew'; did you mean 'preview'?; expected preview, keys, follow, sweep, stampede"
    ),
    ("theme: a\nlimits: {keys: 999}", "2:16: '999'; expected a number of keys, from 1000"),
    ("limits: {keys: all}", "1:16: 'all'; expected a number of keys, from 1000"),
    ("limits: {sweep: 999}", "1:17: '999'; expected a number of keys, from 1000"),
    ("limits: {stampede: 8}", "1:20: '8'; \(stampede)"),
    ("limits: {stampede: 101%}", "1:20: '101%'; \(stampede)"),
    ("limits: {follow: 0}", "1:18: '0'; \(follow)"),
    ("limits: {follow: 100001}", "1:18: '100001'; \(follow)"),
    ("limits: {follow: off}", "1:18: 'off'; \(follow)"),
    ("limits: 5", "1:9: '5'; expected limits such as 'preview: 120ms'"),
    ("- a", "1:1: a list; expected keys such as 'theme: dark'"),
    ("theme: a\ntheme: b", "2:1: 'theme' stands here a second time"),
    ("plain: true\ntheme: \"é\u{1B}[2J", "2:10: not YAML: control characters are not allowed"),
    ("theme: {a", "2:1: not YAML: did not find expected ',' or '}'"),
    ("theme: &x a\nseparator: *x", "2:12: aliases ('*name') are not used here; expected the value written out"),
    ("theme: !!str a", "1:8: tags ('!…') are not used here; expected the plain value"),
    ("a: 1\n---\nb: 2", "2:1: a second document; expected one"),
    ("? [a]\n: 1", "1:3: a list as a key; expected a word"),
    ("\u{202E}x: 1", "1:1: unknown key '\\xe2\\x80\\xaex'; \(known)"),
  ]

  @Test(arguments: wrong)
  func complains(text: String, complaint: String) {
    let (preferences, complaints) = decode(text)
    #expect(complaints == ["config.yaml:" + complaint])
    #expect(preferences.previewDelay == .milliseconds(120))
    #expect(preferences.isPlain == false)
  }

  @Test func hostileFiles() {
    let deep = decode(String(repeating: "[", count: 500_000)).complaints
    #expect(deep == ["config.yaml:1:34: more than 32 levels deep"])
    let large = ConfigFile.decode([UInt8](repeating: 0x61, count: 1 << 20 + 1), file: "c").complaints
    #expect(large.map(\.description) == ["c: larger than 1 MB; expected a small text file"])
    #expect(decode("theme: \u{0}").complaints.count == 1)
    let invalid = ConfigFile.decode([0x61, 0x3A, 0x20, 0xFF], file: "c").complaints
    #expect(invalid.map(\.description) == ["c:1:4: not YAML: invalid leading UTF-8 octet"])
    let bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]"
    #expect(
      decode(bomb).complaints == [
        "config.yaml:2:8: aliases ('*name') are not used here; expected the value written out"
      ])
  }

  @Test func randomBytesNeverTrap() {
    let pieces = [
      "theme", ": ", "\n", "  ", "- ", "{", "}", "[", "]", "\"", "'", "#", "|", ">", "&a", "*a", "!", "é", "%", "?",
    ]
    var state: UInt64 = 7
    for _ in 0..<5_000 {
      var text = ""
      for _ in 0..<12 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text += pieces[Int(state >> 33) % pieces.count]
      }
      let result = ConfigFile.decode(Array(text.utf8), file: "c")
      #expect(result.complaints.allSatisfy { !$0.message.isEmpty && ($0.position?.line ?? 1) >= 1 })
    }
  }

  @Test func filesOnDisk() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("config.yaml", "theme: light\n")
    #expect(ConfigFile.load(path: path, isRequired: true).preferences.theme == "light")
    let missing = folder.path + "/none.yaml"
    #expect(ConfigFile.load(path: missing, isRequired: false).complaints.isEmpty)
    #expect(
      ConfigFile.load(path: missing, isRequired: true).complaints.map(\.description) == ["\(missing): no such file"])
    #expect(
      ConfigFile.load(path: folder.path, isRequired: false).complaints.map(\.description)
        == ["\(folder.path): not a regular file; expected a YAML file"])
    let large = try folder.write("large.yaml", String(repeating: "a", count: 1 << 20 + 1))
    #expect(
      ConfigFile.load(path: large, isRequired: false).complaints.map(\.description)
        == ["\(large): larger than 1 MB; expected a small text file"])
  }

  @Test func paths() {
    #expect(
      SettingsPaths(environment: ["XDG_CONFIG_HOME": "/x", "HOME": "/h"]).config == "/x/keyglass/config.yaml")
    #expect(SettingsPaths(environment: ["XDG_CONFIG_HOME": "x", "HOME": "/h"]).themes == "/h/.config/keyglass/themes")
    #expect(SettingsPaths(environment: [:]).config == nil)
    #expect(SettingsPaths(environment: [:]).themes == nil)
    #expect(SettingsPaths(config: "/a/b.yaml", environment: [:]).themes == "/a/themes")
    #expect(SettingsPaths(config: "b.yaml", environment: [:]).themes == "themes")
  }
}
