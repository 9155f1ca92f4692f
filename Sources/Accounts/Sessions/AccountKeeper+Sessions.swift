package import Coverage
import PostgresClient
package import Storage

/// Sessions: browsers that are signed in.
extension AccountKeeper {
    /// Who a browser is, by what its cookie holds; nil if it is nobody, or nobody any more.
    ///
    /// - Complexity: One look-up by index, and once a minute a write.
    /// - Throws: ``PostgresError``
    package func signedIn(by cookie: String) async throws -> SignedIn? {
        guard let secret = SecretText(cookie) else { return nil }
        let now = now()
        return try await pool.withConnection { connection in
            guard
                let (account, session) = try await accounts.session(
                    hash: secret.hash, at: now, idleSeconds: settings.idleSeconds, in: connection),
                account.standing == .active
            else { return nil }
            let aMinuteAgo = now.advanced(bySeconds: -60)
            if session.lastSeenAt <= aMinuteAgo {
                try await accounts.touchSession(hash: secret.hash, at: now, ifNotSince: aMinuteAgo, in: connection)
            }
            return SignedIn(
                account: account, session: session.number, secret: secret, expiresAt: session.expiresAt)
        }
    }

    /// The account's browsers that are signed in, the one that was used last first.
    package func sessions(of account: Account) async throws -> [AccountRepository.StoredSession] {
        try await pool.withConnection { connection in
            try await accounts.sessions(
                of: account.number, at: now(), idleSeconds: settings.idleSeconds, in: connection)
        }
    }

    /// Signs a browser out: this one, or another one of the same account.
    ///
    /// - Returns: Whether there was such a one.
    @discardableResult
    package func signOut(_ session: Int, of account: Account) async throws -> Bool {
        try await pool.withTransaction { transaction in
            guard try await accounts.endSession(session, of: account.number, in: transaction) else { return false }
            try await record("sign out", on: account, by: account.email.text, in: transaction)
            return true
        }
    }

    /// Signs all of an account's browsers out, but for one that is named.
    ///
    /// - Returns: How many.
    @discardableResult
    package func signOutEverywhere(_ account: Account, besides session: Int? = nil) async throws -> Int {
        try await pool.withTransaction { transaction in
            let count = try await accounts.endSessions(of: account.number, besides: session, in: transaction)
            guard count > 0 else { return 0 }
            try await record("sign out everywhere", on: account, by: account.email.text, in: transaction)
            return count
        }
    }
}
