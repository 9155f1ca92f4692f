import Foundation

extension SyncAgent {
    /// Compares all tables with the service's, and puts right what differs.
    ///
    /// The service tells the digest of each table at a batch that the cache has just applied. A table that differs is cut
    /// into parts, and those again, until the parts that differ are small; only these are fetched anew.
    ///
    /// - Throws: ``CacheFault``, where the file itself is damaged; ``SyncTrouble``, ``FeedFault``; `CancellationError`.
    func verify(_ report: inout SyncReport) async throws {
        if let mended = try await cache.checkIntegrity() {
            report.notes.append("an index was made anew: \(mended)")
        }
        let told = try await fetch(SyncClient.Request(cursor: try await cursor(), digests: ["*"]), &report)
        report.rowsCompared = told.reduce(0) { $0 + $1.rows }
        try requireComplete(told, report.provableTables)
        var differences = try await cache.differences(from: told)
        var rounds = 0
        while !differences.isEmpty {
            rounds += 1
            // Each round cuts by sixteen: more of them than this, and what is put right does not stay so.
            guard rounds <= 32 else {
                throw CacheFault.damaged(path: settings.cachePath, reason: "repairs do not hold")
            }
            let isLast = try await narrow(&differences, &report)
            guard isLast else { continue }
            let again = try await fetch(SyncClient.Request(cursor: try await cursor(), digests: ["*"]), &report)
            differences = try await cache.differences(from: again)
        }
        report.isProven = true
        try await cache.setProven()
        let proven = try await cache.state().provenAt
        health.update { $0.provenAt = proven }
    }

    private func requireComplete(_ told: [RangeDigest], _ provable: Set<String>) throws {
        let missing = provable.subtracting(told.map(\.range.table))
        guard missing.isEmpty, !provable.isEmpty else {
            throw SyncTrouble(
                .standing,
                "the service told no digest of \(missing.sorted().joined(separator: ", ")): these tables cannot be proven"
            )
        }
    }

    /// Fetches small ranges anew and cuts large ones.
    ///
    /// - Parameters:
    ///   - differences: What differs; afterwards the parts of it that do.
    ///   - report: Takes what was done.
    /// - Returns: Whether nothing is left to be cut.
    /// - Throws: as ``verify(_:)``
    private func narrow(
        _ differences: inout [(told: RangeDigest, rows: Int)], _ report: inout SyncReport
    ) async throws -> Bool {
        // Few at a time: their keys stand in the request's address, whose length has limits.
        let batch = differences.prefix(8)
        var rest = Array(differences.dropFirst(8))
        var request = SyncClient.Request(cursor: try await cursor())
        for (told, rows) in batch {
            // What is on one side alone is not made smaller by cutting.
            if rows == 0 || told.rows == 0 || max(told.rows, rows) <= settings.limits.repairRows {
                request.rows.append(Self.text(told.range))
            } else {
                request.digests.append(Self.text(told.range, parts: settings.limits.parts))
            }
        }
        let parts = try await fetch(request, &report)
        for difference in try await cache.differences(from: parts) {
            // A range that cannot be cut is fetched whole.
            if batch.contains(where: { $0.told.range == difference.told.range }) {
                try await fetch(
                    SyncClient.Request(cursor: try await cursor(), rows: [Self.text(difference.told.range)]), &report)
            } else {
                rest.append(difference)
            }
        }
        differences = rest
        return rest.isEmpty
    }

    /// A range as the request's address has it, `shift:16:[3,1]:null`.
    private static func text(_ range: KeyRange, parts: Int? = nil) -> String {
        let ends = [range.from, range.to].map { end in
            end.flatMap { try? String(decoding: JSONEncoder().encode($0), as: UTF8.self) } ?? "null"
        }
        return ([range.table] + (parts.map { ["\($0)"] } ?? []) + ends).joined(separator: ":")
    }
}
