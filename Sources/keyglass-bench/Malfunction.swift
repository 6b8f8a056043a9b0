/// Why nothing could be measured: the program ends with 70. A missed budget is no malfunction.
struct Malfunction: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
