package import Keyspace
package import Values

/// A question to the Store. Every request is answered once, by an ``Answer`` or a ``Failure``.
package enum Request: Sendable, Equatable {
  /// Make `database` the current one and start to scan it from nothing, as far as the scope goes. Answer: `.selected`.
  case select(database: Int, scope: IndexScope = IndexScope())
  /// Scan the current database again beside what is known; the new list replaces the old at its end. A search is begun
  /// again too. Answer: `.done`.
  case rescan
  /// The same of all keys, where the list was about a pattern. Answer: `.done`.
  case rescanAll
  /// Give the running scan up, and keep what is known; a second generation is thrown away. Answer: `.done`.
  case stopScan
  /// Ask the server for the names that match a pattern (SCAN MATCH over all keys), while the scan waits; they come into
  /// the index. Answer: `.done`; progress comes as ``ScanProgress/search``. A newer one takes its place.
  case search([UInt8])
  /// Ask no more, and forget that it was asked; names that were found stay. Answer: `.done`.
  case endSearch
  /// Stop, or go on with, the running scan, search and sweep. Answer: `.done`.
  case pauseScan(Bool)
  /// The rows of the list. Answer: `.rows`.
  case rows(ListQuery, ListPart = .current)
  /// Learn these facts of every key in the index that the filter picks; none: stop that. What was read within five
  /// minutes is not read again.
  /// Of more than `sampleAbove` keys only about so many are read, picked at random; nil: all. Answer: `.done`; progress
  /// comes as ``Notice/scan(_:)``.
  case sweep(FactSet, filter: NameFilter? = nil, sampleAbove: Int? = nil)
  /// What is known of the keys of folders, by their prefixes (empty: all keys), of those that the filter picks. Nothing is
  /// asked of the server. Answer: `.folders`, in the same order.
  case folders([KeyName], filter: NameFilter?)
  /// What is known of when the keys of a scope expire. From the first time on their deadlines are read, and
  /// ``Notice/expiry(_:)`` tells when something of it has changed; a newer scope takes its place. Answer: `.expiry`.
  /// `seeking`: the key under the cursor, whose place in the order the report tells.
  case expiry(ExpiryQuery, seeking: KeyName? = nil)
  /// Nobody looks at what expires when any more. Answer: `.done`.
  case endExpiry
  /// Type, deadline and size of these keys, in one batch; how long they were not used too, where that is wanted. Answer:
  /// `.facts`, in the same order.
  case facts([KeyName], withIdle: Bool = false)
  /// Read a key from its beginning, or this window of it if it still is of a type that has such. Answer: `.opened`.
  case open(KeyName, pageLength: Int, window: ValueWindow? = nil)
  /// Read a window of a key that was opened with this type. Answer: `.page`; `.opened` with another type or none where
  /// the key changed type or went away meanwhile.
  case page(KeyName, KeyType, ValueWindow)
  /// All that is known of a key. Answer: `.inspection`.
  case inspect(KeyName)
  /// DUMP of a key, if MEMORY USAGE says at most `limit` bytes. Answer: `.dump`.
  case dump(KeyName, limit: Int)
  /// SISMEMBER. Answer: `.membership`.
  case isMember(KeyName, member: [UInt8])
  /// SUNION of two sets, both under `limit` members. Answer: `.union`.
  case union(KeyName, KeyName, limit: Int)
  /// Where a sorted set reaches a score, or where a member stands. Answer: `.rank`.
  case rank(KeyName, RankQuestion, reverse: Bool)
  /// INFO (or, denied that, DBSIZE). Answer: `.server`.
  case serverFacts
  /// All databases. Answer: `.databases`.
  case databases
  /// CLIENT LIST, of which the first `limit` are told. Its cost grows with the number of clients. Answer: `.clients`.
  case clients(limit: Int)
  /// The newest entries of the slow log, at most `limit`. Answer: `.slowLog`.
  case slowLog(limit: Int)
  /// CLIENT KILL of one client, unless the connection was made anew since `session` (``Notice/session(_:)``): another
  /// process has other clients under the same ids. Answer: `.killed`.
  case killClient(id: Int, session: Int)
  /// These keys are known to be gone: take them out of the index. Answer: `.done`.
  case forget([KeyName])
  /// Connect again at once, without waiting for the back-off. Answer: `.done`.
  case reconnect
  /// Log in with this password (nil: with the one that was refused, and what its source says now), after
  /// ``Notice/loginRefused(why:)``. One attempt; where the server accepts it every connection is made with it. Answer:
  /// `.loggedIn`.
  case login(Secret?)
  /// Wait no longer for what is owed: close the connection that values are read on and make it anew. Whoever waits for an
  /// answer of it is answered as superseded. Answer: `.done`.
  case giveUp
  /// Hear of the names that begin with `prefix` (empty: all) as they are written, until more than `limit` are in a
  /// second; nil ends it. Answer: `.done`; what is heard comes as ``Notice/follow(_:)`` and ``Notice/appeared(_:)``.
  case follow(prefix: [UInt8]?, limit: Int = 1_000)
  /// The exact names of the keys in the index that begin with these bytes (none: all) and match the query, at most
  /// `limit`; how the list is laid out does not matter. Nothing is asked of the server. Answer: `.names`.
  case names(ListQuery, prefix: [UInt8], limit: Int)
  /// Type, deadline and, before they are destroyed, size of keys that are about to be edited, or destroyed; progress of
  /// many comes as ``Notice/surveying(done:of:)``. Answer: `.survey`, in the same order.
  case survey([KeyName], beforeDestroying: Bool)
  /// Carry out edits. Answer: `.written`, always.
  case write(WriteJob)
  /// Take back the newest edit that was not taken back, or do again what was taken back last. Answer: `.written`;
  /// `.failed` where there is none.
  case undo(UndoWay = .normal)
  case redo(UndoWay = .normal)
  /// Try no more edits than those that are on their way. Where the write has no others, or this is asked again, they are
  /// waited for no longer: the connection is closed and their outcome read back. Answer: `.done`.
  case stopWriting
  /// What was sent so far, newest first. Answer: `.log`.
  case log
  /// What the console asks. Answer: `.console`, or `.done`.
  case console(ConsoleRequest)
}

/// How much of a list is wanted, and how soon.
package enum ListPart: Sendable, Equatable {
  /// What there is soonest, for a list that is not shown yet: perhaps only its first rows (``RowList/isPartial``), and
  /// perhaps of the index as it was before work on it that is under way.
  case first
  /// All of the list whose first rows were the last answer.
  case rest
  /// All of it, from the index as it is now.
  case current
}

/// Which edit is taken back, and where.
package enum UndoWay: Sendable, Equatable {
  case normal
  /// First forget the newest, which could not be taken back.
  case skipping
  /// Also on a server that was started anew since, or is another one: the guards still hold.
  case anyServer
}

package enum RankQuestion: Sendable, Equatable {
  /// The first rank whose score is at least this (at most this, in reverse), by ZCOUNT.
  case score([UInt8])
  /// The rank of exactly this member, by ZRANK.
  case member([UInt8])
}
