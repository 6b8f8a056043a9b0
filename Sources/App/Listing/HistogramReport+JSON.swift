import Keyspace

extension HistogramReport {
  /// One JSON object without a line feed. Times are ms since 1970 by the server's clock.
  func json(database: Int) -> String {
    var line = JSONLine()
    line.add("database", database)
    line.add("server_time_ms", serverTime)
    line.add("keys", keys)
    line.add("distribution", distributionJSON)
    var all = JSONLine()
    for timeline in timelines {
      var one = JSONLine()
      one.add("start_ms", timeline.start)
      one.add("bucket_ms", timeline.scale.length)
      one.add("counts", timeline.counts)
      all.add(timeline.scale.word, one)
    }
    line.add("timeline", all)
    line.add(
      "stampedes",
      stampedes.map { stampede in
        var one = JSONLine()
        one.add("scale", stampede.scale.word)
        one.add("at_ms", stampede.range.lowerBound)
        one.add("count", stampede.count)
        if let folder = stampede.folder {
          one.add("prefix", bytes: folder.prefix.bytes)
        } else {
          one.add("prefix", String?.none)
        }
        one.add("prefix_count", stampede.folder?.count)
        one.add("densest_at_ms", stampede.moment?.lowerBound)
        one.add("densest_ms", stampede.moment.map { $0.upperBound - $0.lowerBound })
        one.add("densest_count", stampede.moment == nil ? nil : stampede.momentCount)
        one.add("sample", stampede.sample)
        return one
      })
    line.add(
      "without_ttl",
      withoutTTL.map { folder in
        var one = JSONLine()
        one.add("prefix", bytes: folder.prefix.bytes)
        one.add("count", folder.count)
        return one
      })
    line.add("without_ttl_exact", isExact)
    return line.line
  }

  private var distributionJSON: JSONLine {
    var line = JSONLine()
    for kind in ExpiryDistribution.Class.allCases {
      let name =
        switch kind {
        case .tenSeconds: "lt_10s"
        case .minute: "lt_1m"
        case .hour: "lt_1h"
        case .day: "lt_1d"
        case .beyond: "gt_1d"
        case .none: "none"
        }
      line.add(name, distribution[kind])
    }
    line.add("due", distribution.due)
    line.add("unread", unread)
    return line
  }
}

extension ExpiryTimeline.Scale {
  var word: String {
    switch self {
    case .second: "second"
    case .minute: "minute"
    case .hour: "hour"
    case .day: "day"
    }
  }
}
