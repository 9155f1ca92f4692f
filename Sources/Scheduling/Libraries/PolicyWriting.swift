package import Coverage
package import PostgresClient
package import Storage

/// Writing a library's policy page where nobody else has meanwhile: what the pages and the HTTP interface both go through.
package struct PolicyWriting: Sendable {
    /// What was done.
    package struct Outcome: Sendable {
        package let page: PolicyPageRepository.Page
        /// Whether it says something else than before; otherwise it was confirmed.
        package let isNew: Bool
    }

    private let consortium: Consortium.ID
    private let library: Library.ID

    package init(consortium: Consortium.ID, library: Library.ID) {
        self.consortium = consortium
        self.library = library
    }

    /// Writes a page, or confirms it: what it says already makes no new version, but counts as up to date again.
    ///
    /// - Parameters:
    ///   - content: What the page is to say.
    ///   - actor: Who writes it.
    ///   - now: When.
    ///   - transaction: All or nothing.
    ///   - check: Looks at what is replaced, nil for nothing, and throws where it must not be.
    /// - Returns: The page as it is now.
    /// - Throws: ``LibraryRefusal/noLibrary(_:)``; what `check` throws.
    package func write(
        _ content: PolicyPageRepository.Content, by actor: String, at now: Instant,
        in transaction: PostgresTransaction, check: (PolicyPageRepository.Page?) throws -> Void
    ) async throws -> Outcome {
        let repository = PolicyPageRepository(consortium: consortium)
        guard try await repository.lock(library, in: transaction) else { throw LibraryRefusal.noLibrary(library) }
        let latest = try await repository.latest(of: library, in: transaction)
        try check(latest)
        // Clocks of two nodes may differ: what was confirmed never goes back.
        let now = max(now, latest?.confirmedAt ?? now)
        if var latest, try await repository.says(content, in: latest.version, of: library, transaction) {
            try await repository.confirm(library, version: latest.version, at: now, in: transaction)
            try await record("confirm policy page", latest.version, actor, now, transaction)
            latest.confirmedAt = now
            return Outcome(page: latest, isNew: false)
        }
        let page = PolicyPageRepository.Page(
            library: library, version: (latest?.version ?? 0) + 1, content: content, writtenAt: now,
            writtenBy: actor, confirmedAt: now)
        try await repository.insert(page, in: transaction)
        try await record("write policy page", page.version, actor, now, transaction)
        return Outcome(page: page, isNew: true)
    }

    /// Writes a page in the place of the version that its author saw.
    ///
    /// - Parameters:
    ///   - content: What the page is to say.
    ///   - seen: The version that it replaces; 0 where there was none.
    ///   - actor: Who writes it.
    ///   - now: When.
    ///   - pool: The database.
    /// - Returns: The page as it is now.
    /// - Throws: ``LibraryRefusal``; then nothing was changed.
    package func write(
        _ content: PolicyPageRepository.Content, seen: Int, by actor: String, at now: Instant, in pool: PostgresPool
    ) async throws -> Outcome {
        try await pool.withTransaction { transaction in
            try await write(content, by: actor, at: now, in: transaction) { latest in
                guard latest?.version ?? 0 == seen else { throw LibraryRefusal.policyChangedMeanwhile(latest) }
            }
        }
    }

    private func record(
        _ action: String, _ version: Int, _ actor: String, _ now: Instant, _ transaction: PostgresTransaction
    ) async throws {
        try await AuditRepository(consortium: consortium).record(
            AuditRepository.Entry(
                at: now, actor: actor, action: action, subject: "\(library) version \(version)"), in: transaction)
    }
}
