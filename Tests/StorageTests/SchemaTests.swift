import Coverage
import PostgresClient
import Storage
import StorageTestSupport
import Testing

@Suite("The schema keeps the invariants")
struct SchemaTests {
    /// A change that must be refused, and by what.
    struct Refused: Sendable, CustomTestStringConvertible {
        let what: String
        let sql: String
        let constraint: String

        var testDescription: String { what }
    }

    static let refused: [Refused] = [
        Refused(
            what: "an operator in two places in one plan",
            sql: """
                INSERT INTO shift SELECT consortium_id, plan_number, 9, plan_period, 'academic', operator_id,
                    tstzrange(upper(during) - interval '1 minute', upper(during) + interval '1 hour')
                FROM shift WHERE shift_number = 1 AND plan_number = 1
                """,
            constraint: "one_place_at_a_time"),
        Refused(
            what: "a shift outside its plan",
            sql: """
                UPDATE shift SET during = tstzrange(upper(plan_period), upper(plan_period) + interval '1 hour')
                WHERE shift_number = 1
                """,
            constraint: "shift_lies_in_its_plan"),
        Refused(
            what: "a second published plan for an instant",
            sql: """
                INSERT INTO plan (consortium_id, plan_number, period, created_at, created_by)
                SELECT consortium_id, 7, period, now(), 'x' FROM plan WHERE plan_number = 1;
                UPDATE plan SET state = 'published', published_at = now(), published_by = 'x' WHERE plan_number = 1;
                UPDATE plan SET state = 'published', published_at = now(), published_by = 'x' WHERE plan_number = 7
                """,
            constraint: "one_published_plan_at_a_time"),
        Refused(
            what: "a plan that is published without having been a draft",
            sql: """
                INSERT INTO plan (consortium_id, plan_number, state, period, created_at, created_by, published_at,
                    published_by) SELECT consortium_id, 7, 'published', period, now(), 'x', now(), 'x' FROM plan
                """,
            constraint: "plan_moves_forward"),
        Refused(
            what: "a published plan that becomes a draft again",
            sql: """
                UPDATE plan SET state = 'published', published_at = now(), published_by = 'x' WHERE plan_number = 1;
                UPDATE plan SET state = 'draft', published_at = NULL, published_by = NULL WHERE plan_number = 1
                """,
            constraint: "plan_moves_forward"),
        Refused(
            what: "deleting a published plan",
            sql: """
                UPDATE plan SET state = 'published', published_at = now(), published_by = 'x' WHERE plan_number = 1;
                DELETE FROM plan WHERE plan_number = 1
                """,
            constraint: "published_plan_stays"),
        Refused(
            what: "deleting an operator whom a schedule names",
            sql: "DELETE FROM operator WHERE operator_id = (SELECT operator_id FROM shift LIMIT 1)",
            constraint: "shift_consortium_id_operator_id_fkey"),
        Refused(
            what: "an override of a red rule",
            sql: """
                INSERT INTO rule_override VALUES ('two', 1, 'skill', 'yellow', 'pub01-01',
                    tstzrange(now(), now() + interval '1 hour'), 'flu', 'c', now())
                """,
            constraint: "rule_override_consortium_id_rule_name_rule_class_fkey"),
        Refused(
            what: "demand that overlaps",
            sql: """
                INSERT INTO demand SELECT consortium_id, queue_id,
                    tstzrange(lower(during) + interval '1 minute', upper(during)), 1, 1 FROM demand LIMIT 1
                """,
            constraint: "demand_does_not_overlap"),
        Refused(
            what: "demand with a minimum above its target", sql: "UPDATE demand SET minimum = target + 1",
            constraint: "demand_check"),
        Refused(
            what: "opening hours that overlap",
            sql: """
                INSERT INTO opening_hours SELECT consortium_id, queue_id, weekday, opens + 1, closes
                FROM opening_hours LIMIT 1
                """,
            constraint: "opening_hours_do_not_overlap"),
        Refused(
            what: "an absence that ends before it begins",
            sql: "UPDATE absence SET during = tstzrange(lower(during), lower(during))",
            constraint: "absence_is_bounded"),
        Refused(
            what: "a week that begins on a Tuesday", sql: "UPDATE consortium SET starts_on = starts_on + 1",
            constraint: "consortium_starts_on_check"),
        Refused(
            what: "slots that do not fill the hour", sql: "UPDATE consortium SET slot_minutes = 25",
            constraint: "consortium_slot_minutes_check"),
        Refused(
            what: "one place at a time as a yellow rule",
            sql: "UPDATE rule SET class = 'yellow' WHERE rule_name = 'one_place_at_a_time'",
            constraint: "rule_check"),
    ]

    @Test("refused by the database itself", arguments: refused)
    func refuses(_ change: Refused) async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            _ = try await pool.drafting([.valid("ask", "pub01-01", date: "2026-10-26", hour: 10)])
            await #expect {
                try await pool.withTransaction { try await $0.executeScript(change.sql) }
            } throws: { error in
                (error as? PostgresError)?.constraint == change.constraint
            }
        }
    }
}
