/// Neighbours that are equal, taken together.
enum Runs {
    static func of<Value: Equatable>(_ values: [Value]) -> [(range: Range<Int>, value: Value)] {
        var runs: [(range: Range<Int>, value: Value)] = []
        for (index, value) in values.enumerated() {
            if let last = runs.last, last.value == value {
                runs[runs.count - 1].range = last.range.lowerBound..<index + 1
            } else {
                runs.append((index..<index + 1, value))
            }
        }
        return runs
    }
}
