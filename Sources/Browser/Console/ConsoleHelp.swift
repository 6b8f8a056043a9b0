/// What can be typed into the line of the console: for the help and the manual.
package enum ConsoleHelp {
  package static let line = [
    ("Enter", "sends it; one that is not known to be harmless to others asks first"),
    ("Tab", "completes: command, option, key, field or member of the open value; again goes through them"),
    ("^R ^P ^N", "search in, and go through, what was sent to this server before"),
    ("^J", "another line: all are sent by one Enter, up to the first error"),
    ("S-Tab PgUp", "into what came back; scroll it"),
    ("Esc", "stops what runs; else back, to the key that was written last"),
    ("^C", "clears the line; on an empty one back to the browser"),
    ("help SET", "what a command takes; clear empties what came back; exit goes back"),
    ("5 INCR n", "a number before a command: so many times"),
    ("every 1s INFO", "again and again; what has changed is marked"),
  ]
}
