import ArgumentParser

@main
struct Coverdesk: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverdesk",
        abstract: "Plan, publish and read the shared desk of a library consortium.",
        discussion: """
            From a consortium's libraries, people, hours and demand to a published schedule with every gap named:

              coverdesk migrate                      bring the database's schema up to date
              coverdesk import Examples/statewide    libraries, operators, queues, demand; shows what changes first
              coverdesk plan --seconds 10            make a draft of the whole period
              coverdesk gaps                         what the draft leaves uncovered, and why
              coverdesk publish --message "Nov"      make the draft the schedule
              coverdesk schedule --library pub01     who sits when

            Without a database:

              coverdesk plan --bundle Examples/statewide --output plan.csv

            Settings: a flag wins over an environment variable (COVERDESK_DATABASE_URL), which wins over the YAML file
            (database: {url: …} in coverdesk.yaml or --config FILE), which wins over the default.

            Exit codes: 0 done · 1 something failed that should not · 2 the input has faults, each is named ·
            3 refused: a rule, a state or a conflict stands in the way, and the message says what would help ·
            4 the database cannot be reached or does not fit · 64 wrong usage · 130 interrupted.
            """,
        version: "0.1.0",
        subcommands: [
            MigrateCommand.self, ImportCommand.self, ExportCommand.self, PlanCommand.self, GapsCommand.self,
            PublishCommand.self, ScheduleCommand.self, StatusCommand.self, DemoCommand.self,
        ])
}
