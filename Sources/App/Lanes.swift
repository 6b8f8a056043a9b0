package import Browser
package import Requests

/// Decides which request may go to the Store now: for each purpose at most one runs and one waits, and a newer one
/// takes the place of the waiting one, which is then never sent and never answered. Writes all wait for their turn.
package struct Lanes: Sendable {
  package struct Job: Sendable, Equatable {
    package let purpose: Purpose
    package let generation: Int
    package let request: Request

    package init(_ purpose: Purpose, generation: Int, _ request: Request) {
      self.purpose = purpose
      self.generation = generation
      self.request = request
    }
  }

  private var running: Set<Purpose> = []
  private var waiting: [Purpose: Job] = [:]
  /// None is replaced or dropped.
  private var writes: [Job] = []

  package init() {}

  /// Takes a job. Returns it when it is to be started now; nil when it waits for the running one of its purpose.
  package mutating func submit(_ job: Job) -> Job? {
    if running.insert(job.purpose).inserted { return job }
    if job.purpose == .write {
      writes.append(job)
      return nil
    }
    waiting[job.purpose] = waiting[job.purpose].map { Self.merge($0, job) } ?? job
    return nil
  }

  /// The running job of this purpose was answered. Returns the next to start.
  package mutating func finish(_ purpose: Purpose) -> Job? {
    if purpose == .write, !writes.isEmpty { return writes.removeFirst() }
    guard let next = waiting.removeValue(forKey: purpose) else {
      running.remove(purpose)
      return nil
    }
    return next
  }

  /// Nothing runs and nothing waits, apart from what is read every few seconds anyway.
  package var isIdle: Bool { running.isSubset(of: [.header]) }

  /// What is known to be gone stays so: the keys of a replaced `.forget` go with the newer one.
  private static func merge(_ older: Job, _ newer: Job) -> Job {
    guard case .forget(let first) = older.request, case .forget(let second) = newer.request else { return newer }
    let known = Set(second)
    return Job(
      newer.purpose, generation: newer.generation, .forget(first.filter { !known.contains($0) } + second))
  }
}
