import PostgresClient

/// The client that is measured.
struct OurClient {
    let configuration: PostgresConfiguration
    let seconds: Int

    /// How a client sends its statements.
    enum Way: Sendable {
        /// Each after the answer to the one before.
        case single
        /// Several before the first answer is read, each a transaction of its own.
        case batch(of: Int)
        /// Several before the first answer is read, all of them one transaction.
        case pipeline(of: Int)

        var depth: Int {
            switch self {
            case .single: 1
            case .batch(let depth), .pipeline(let depth): depth
            }
        }
    }

    /// An answer that is not the one row that there is.
    struct WrongAnswer: Error {
        let count: Int
    }

    /// Runs statements for a while, each client over a connection of its own, as pgbench does.
    ///
    /// - Parameters:
    ///   - workload: The statement.
    ///   - clients: How many there are.
    ///   - way: How each sends its statements.
    ///   - runsBesideSocket: Whether their tasks run on the threads that read the sockets.
    /// - Returns: Statements per second.
    /// - Throws: ``WrongAnswer``, and what the client throws.
    func run(_ workload: Workload, clients: Int, _ way: Way, runsBesideSocket: Bool = false) async throws -> Double {
        let pool = PostgresPool(
            configuration: configuration, maximumConnections: clients, runsBesideSocket: runsBesideSocket)
        let connected = Meeting(of: clients + 1)
        let rate = try await withThrowingTaskGroup(of: Int.self) { group in
            for client in 0..<clients {
                group.addTask {
                    try await pool.withConnection { connection in
                        var rows = RowNumbers(client: client)
                        try await ask(connection, workload, &rows, .single)
                        await connected.arrive()
                        let end = ContinuousClock.now + .seconds(seconds)
                        var count = 0
                        while ContinuousClock.now < end {
                            try await ask(connection, workload, &rows, way)
                            count += way.depth
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
        _ connection: PostgresConnection, _ workload: Workload, _ rows: inout RowNumbers, _ way: Way
    ) async throws {
        switch way {
        case .single:
            try check(await connection.query(workload.query(id: rows.next())), workload)
        case .batch(let depth):
            let outcomes = try await connection.queryEach(queries(workload, &rows, depth))
            for outcome in outcomes { try check(outcome.get(), workload) }
        case .pipeline(let depth):
            let answers = try await connection.queryPipelined(queries(workload, &rows, depth))
            for answer in answers { try check(answer, workload) }
        }
    }

    /// Those of a transaction in one order for all clients, or two would wait for each other.
    private func queries(_ workload: Workload, _ rows: inout RowNumbers, _ count: Int) -> [PostgresQuery] {
        var ids = (0..<count).map { _ in rows.next() }
        ids.sort()
        return ids.map { workload.query(id: $0) }
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
