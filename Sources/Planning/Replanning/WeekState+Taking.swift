extension WeekState {
    /// Takes over a week's rows, in which nobody was yet; ``begin(otherSlots:edges:_:)`` sums up afterwards.
    mutating func take(_ rows: [Int16], _ tables: EngineTables) {
        for person in worked.indices {
            var row: [RowStretch] = []
            for slot in 0..<slots {
                let queue = Int(rows[person * slots + slot])
                guard queue >= 0 else { continue }
                if let last = row.last, last.queue == queue, last.start + last.length == slot {
                    row[row.count - 1] = RowStretch(queue: queue, start: last.start, length: last.length + 1)
                } else {
                    row.append(RowStretch(queue: queue, start: slot, length: 1))
                }
            }
            fill(person, row, tables)
        }
    }
}
