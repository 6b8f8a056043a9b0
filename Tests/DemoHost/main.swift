// Starts a private server as `keyglass demo` does, prints its socket's path and process id, and waits to be killed.
// `demo` seeds the shop; `thread` starts the server in a thread that has ended before the line is printed.
import Glibc
import PrivateServer
import Synchronization

let arguments = CommandLine.arguments.dropFirst()
let seed: PrivateServer.Seed = arguments.contains("demo") ? .demo : .empty
let started = Mutex<Result<PrivateServer, PrivateServerError>?>(nil)

@Sendable func start() {
  let result = Result { () throws(PrivateServerError) in try PrivateServer.start(seed: seed, still: true) }
  started.withLock { $0 = result }
}

if arguments.contains("thread") { WorkerThread(start).join() } else { start() }

switch started.withLock({ $0 }) {
case .success(let server):
  print(server.socketPath, server.processID ?? 0)
  fflush(nil)  // every stream: `stdout` is a global that Swift 6 does not let us touch
  while true { pause() }
case .failure(let error):
  print(error)
  exit(1)
case nil:
  exit(2)
}
