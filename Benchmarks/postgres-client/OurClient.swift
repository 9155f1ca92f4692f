import PostgresClient

/// The client that is measured.
struct OurClient {
    let configuration: PostgresConfiguration
    let seconds: Int
    let runsBesideSocket: Bool

    /// An answer that is not the one row that there is.
    struct WrongAnswer: Error {
        let count: Int
    }

    /// Runs statements for a while, each client over a connection of its own, as pgbench does.
    ///
    /// - Parameters:
    ///   - workload: The statement.
    ///   - clients: How many there are.
    ///   - depth: How many statements each sends before it reads the answers.
    /// - Returns: Statements per second.
    /// - Throws: ``WrongAnswer``, and what the client throws.
    func run(_ workload: Workload, clients: Int, depth: Int) async throws -> Double {
        let pool = PostgresPool(
            configuration: configuration, maximumConnections: clients, runsBesideSocket: runsBesideSocket)
        let connected = Meeting(of: clients + 1)
        let rate = try await withThrowingTaskGroup(of: Int.self) { group in
            for client in 0..<clients {
                group.addTask {
                    try await pool.withConnection { connection in
                        var rows = RowNumbers(client: client)
                        try await ask(connection, workload, &rows, depth: 1)
                        await connected.arrive()
                        let end = ContinuousClock.now + .seconds(seconds)
                        var count = 0
                        while ContinuousClock.now < end {
                            try await ask(connection, workload, &rows, depth: depth)
                            count += depth
                        }
                        return count
                    }
                }
            }
            await connected.arrive()
            let began = ContinuousClock.now
            let count = try await group.reduce(0, +)
            return Double(count) / ((ContinuousClock.now - began) / .seconds(1))
        }
        await pool.close()
        return rate
    }

    private func ask(
        _ connection: PostgresConnection, _ workload: Workload, _ rows: inout RowNumbers, depth: Int
    ) async throws {
        if depth == 1 {
            try check(await connection.query(workload.query(id: rows.next())), workload)
        } else {
            var queries: [PostgresQuery] = []
            queries.reserveCapacity(depth)
            for _ in 0..<depth { queries.append(workload.query(id: rows.next())) }
            for outcome in try await connection.queryEach(queries) { try check(outcome.get(), workload) }
        }
    }

    private func check(_ answer: PostgresRows, _ workload: Workload) throws {
        switch workload {
        case .select:
            guard answer.count == 1 else { throw WrongAnswer(count: answer.count) }
            _ = try answer[0].decode(Int.self)
        case .update:
            guard answer.affectedCount == 1 else { throw WrongAnswer(count: answer.affectedCount) }
        }
    }
}
