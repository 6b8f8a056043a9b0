package import NIOPosix

package enum ClientGroup {
  /// The event loop for all connections of a program. One thread: the server is the bottleneck, and a loop per core
  /// would cost start-up time for nothing.
  package static func make() -> MultiThreadedEventLoopGroup {
    MultiThreadedEventLoopGroup(numberOfThreads: 1)
  }
}
