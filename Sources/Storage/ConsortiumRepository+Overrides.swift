package import Coverage
package import PostgresClient

extension ConsortiumRepository {
    /// Records permissions to bend a yellow rule.
    ///
    /// - Parameters:
    ///   - overrides: Each with its reason and with who gives it.
    ///   - now: When.
    ///   - transaction: ``lock(in:)`` is held, as the numbers are counted here.
    /// - Throws: ``PostgresError``, with the constraint `rule_override_consortium_id_rule_name_rule_class_fkey` where a
    ///   rule is not yellow.
    package func record(
        _ overrides: [RuleOverride], at now: Instant, in transaction: some PostgresSession
    ) async throws {
        for override in overrides {
            try await transaction.execute(
                """
                INSERT INTO rule_override (consortium_id, override_number, rule_name, operator_id, during, reason,
                    approved_by, approved_at)
                SELECT \(consortium), 1 + coalesce(max(override_number), 0), \(override.rule), \(override.operator),
                    tstzrange(\(override.during.lowerBound), \(override.during.upperBound)), \(override.reason),
                    \(override.approvedBy), \(now)
                FROM rule_override WHERE consortium_id = \(consortium)
                """)
        }
    }
}
