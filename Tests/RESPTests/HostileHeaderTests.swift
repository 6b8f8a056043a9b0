import Glibc
import RESP
import Testing

@Suite("Hostile headers")
struct HostileHeaderTests {
  /// In a process of its own, which may take 64 MB more address space than it has: a header that made the decoder
  /// reserve what it announces would end it.
  @Test("fault 45: hostile headers fit into little memory") func theyFitIntoLittleMemory() async {
    await #expect(processExitsWith: .success) {
      var pages = 0
      if let file = fopen("/proc/self/statm", "r") {
        var line = [CChar](repeating: 0, count: 64)
        if fgets(&line, 64, file) != nil { pages = atol(line) }
        fclose(file)
      }
      let allowed = rlim_t(pages * sysconf(Int32(_SC_PAGESIZE)) + (64 << 20))
      var limit = rlimit(rlim_cur: allowed, rlim_max: allowed)
      guard pages > 0, setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { exit(1) }
      let headers = [
        "%9223372036854775807\r\n", "*4294967295\r\n", "*2147483647\r\n:1\r\n", "~9223372036854775807\r\n",
        ">1000000000\r\n+a\r\n", "|4611686018427387904\r\n", "$9223372036854775807\r\n", "$536870912\r\n", "$-5\r\n",
        "*-7\r\n", "=99999999999\r\n", String(repeating: "*1\r\n", count: 1_000_000),
        String(repeating: "x", count: 1_000_000), "+" + String(repeating: "x", count: 1_000_000),
      ]
      for header in headers {
        var decoder = RESPDecoder()
        try? decoder.feed(Array(header.utf8))
      }
      exit(0)
    }
  }
}
