/// The migrations of the service's database, compiled into the program.
///
/// `schema/service` holds them as numbered SQL files, forward only; a file that has landed is never edited.
package enum ServiceSchema {
    /// One migration: `V0003__create_plans_and_shifts.sql`.
    package struct Migration: Sendable {
        package let version: Int
        /// What it does, `create_plans_and_shifts`.
        package let name: String
        package let sql: String

        package init(version: Int, name: String, sql: String) {
            self.version = version
            self.name = name
            self.sql = sql
        }
    }

    /// All migrations, in order, without a gap.
    package static let migrations: [Migration] = [
        migration(1, "create_consortium_and_people", PackageResources.V0001__create_consortium_and_people_sql),
        migration(2, "create_queues_and_demand", PackageResources.V0002__create_queues_and_demand_sql),
        migration(3, "create_plans_and_shifts", PackageResources.V0003__create_plans_and_shifts_sql),
        migration(4, "create_audit_and_change_log", PackageResources.V0004__create_audit_and_change_log_sql),
        migration(5, "create_routing", PackageResources.V0005__create_routing_sql),
        migration(6, "create_tokens_pages_and_webhooks", PackageResources.V0006__create_tokens_pages_and_webhooks_sql),
        migration(7, "learn_handle_seconds", PackageResources.V0007__learn_handle_seconds_sql),
        migration(8, "allow_settings_scopes", PackageResources.V0008__allow_settings_scopes_sql),
        migration(9, "replicate_libraries", PackageResources.V0009__replicate_libraries_sql),
        migration(10, "learn_patience", PackageResources.V0010__learn_patience_sql),
        migration(11, "replicate_tickets", PackageResources.V0011__replicate_tickets_sql),
        migration(12, "publish_calendars", PackageResources.V0012__publish_calendars_sql),
        migration(13, "create_accounts", PackageResources.V0013__create_accounts_sql),
        migration(14, "edit_plans", PackageResources.V0014__edit_plans_sql),
        migration(15, "claim_shifts", PackageResources.V0015__claim_shifts_sql),
        migration(16, "run_planning", PackageResources.V0016__run_planning_sql),
        migration(17, "create_notifications", PackageResources.V0017__create_notifications_sql),
        migration(18, "choose_notifications", PackageResources.V0018__choose_notifications_sql),
        migration(19, "decide_requests", PackageResources.V0019__decide_requests_sql),
        migration(20, "post_notifications", PackageResources.V0020__post_notifications_sql),
        migration(21, "ask_for_leave", PackageResources.V0021__ask_for_leave_sql),
    ]

    private static func migration(_ version: Int, _ name: String, _ bytes: [UInt8]) -> Migration {
        Migration(version: version, name: name, sql: String(decoding: bytes, as: UTF8.self))
    }
}
