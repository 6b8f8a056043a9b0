package import Canvas
package import Requests

/// Everything that can happen to the ``State``.
package enum Event: Sendable {
  /// One key, pressed for certain.
  case key(Key)
  /// Keys that came from the terminal in one piece, typed or not.
  case typed([Key])
  case mouse(MouseEvent)
  /// A bracketed paste, or the bytes of it that were kept.
  case paste([UInt8])
  case resize(Size)
  /// Time moved on. `monotonic`: ms of a clock that counts through a suspend; `wall`: ms since 1970, UTC.
  case tick(monotonic: Int64, wall: Int64)
  /// What came back for an ``Effect/request(_:generation:_:)``.
  case answer(Purpose, generation: Int, Answer)
  case notice(Notice)
  /// `$EDITOR` has ended.
  case editorEnded(EditorResult)
  /// `$PAGER` has ended; `why`: it did not show the document.
  case pagerEnded(why: String?)
  /// What was sent to this server from the console before, newest first.
  case history([String])
  /// Something to say that no key caused, such as a complaint about the config.
  case warning(String)
  /// The servers that there are, in the order in which they are shown.
  case servers([ServerEntry])
  case serverTested(ServerPlace, ServerTest)
  /// Another server was not gone to. Where it was, the state is made anew (``Browser/entering(_:from:)``).
  case connectFailed(attempt: Int, ConnectFailure)
  /// The Compose project of the folder, as it is now.
  case compose(ComposeFinding)
  /// Lines of what the Compose command of this number writes, standard output and error as they come; any bytes.
  case composeOutput(run: Int, [[UInt8]])
  case composeEnded(run: Int, ComposeEnd)
}

/// What the reducer wants done. Effects are values; the App carries them out.
package enum Effect: Sendable, Equatable {
  /// Ask the Store. At most one request runs and one waits for each purpose; a newer one replaces the waiting one.
  case request(Purpose, generation: Int, Request)
  /// Leave with this exit status.
  case quit(status: Int32)
  case suspend
  case repaint
  /// Let the terminal tell what the mouse does, or leave the mouse to it.
  case mouse(isOn: Bool)
  /// Give these bytes, at most ``Clipboard/limit``, to the terminal's clipboard (OSC 52).
  case copy([UInt8])
  /// Hand the terminal to `$EDITOR` with this document; ``Event/editorEnded(_:)`` tells how it ended.
  case editor(document: [UInt8])
  /// Hand the terminal to `$PAGER` with this document; ``Event/pagerEnded(why:)`` tells when it has ended.
  case pager(document: [UInt8])
  /// Read what was sent from the console before; ``Event/history(_:)`` brings it.
  case loadHistory
  /// Add a line to that.
  case remember(String)
  /// Find out which servers there are; ``Event/servers(_:)`` brings them.
  case listServers
  /// See whether a server can be connected to, changing nothing there; ``Event/serverTested(_:_:)`` tells.
  case testServer(ServerPlace)
  /// Go to another server, while everything goes on here until that has come about.
  case connect(attempt: Int, ServerPlace, password: Secret?)
  /// Give an attempt to connect up.
  case giveUp(attempt: Int)
  /// Read the Compose files now, and tell of the project's containers whenever they change, until this is switched off;
  /// ``Event/compose(_:)`` brings it. Switched on again: read the files and ask the engine again.
  case watchCompose(Bool)
  /// Run exactly these words in this folder, without a shell; ``Event/composeOutput(run:_:)`` brings what they write,
  /// ``Event/composeEnded(run:_:)`` the end.
  case runCompose(run: Int, words: [String], folder: String)
  /// End that as ^C in a shell would, and harder where that does not help.
  case cancelCompose(run: Int)
  /// From now on nothing that writes leaves, on any connection to this server; or it may again.
  case lockWrites(Bool)
}

/// What came of `$EDITOR`.
package enum EditorResult: Sendable, Equatable {
  case saved([UInt8])
  /// It could not be started, or failed. `keptAt`: where the text is that was written so far; nil: nothing was written.
  case failed(why: String, keptAt: String?)
}

/// What a request is for: the lane that it travels in.
package enum Purpose: Hashable, Sendable, CaseIterable {
  case database
  case scan
  /// Asking the server for one pattern.
  case search
  case sweep
  case rows
  case folders
  /// Rows of the memory by prefix.
  case memory
  case expiry
  case facts
  /// One key whose deadline has come.
  case due
  case value
  case inspection
  case question
  case header
  case databases
  case clients
  case slowLog
  /// Killing one client; another is killed when this one was answered.
  case kill
  case forget
  case link
  case login
  case follow
  /// Writes: one after the other, none replaced, every outcome reported.
  case write
  case survey
  case log
  /// The console: what is sent, stopping it, lines of replies, whole ones, what the server's commands are, completion.
  case console
  case consoleControl
  case consoleLines
  case consoleDocument
  case consoleTable
  case completion
}
