import ArgumentParser

@main
struct Coverdesk: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverdesk",
        abstract: "Plan, publish and read the shared desk of a library consortium.",
        discussion: """
            From a consortium's libraries, people, hours and demand to a published
            schedule with every gap named:

              coverdesk migrate                     bring the schema up to date
              coverdesk import Examples/statewide   see what changes, then all of it
              coverdesk plan --seconds 30           a draft of the whole period
              coverdesk gaps                        what it leaves open, and why
              coverdesk publish --message "Nov"     make the draft the schedule
              coverdesk schedule --library ID       who sits when
              coverdesk plan --replan               mend it after an absence
              coverdesk what-if --queue ID --at T   who could take an open shift
              coverdesk token create --chat-server ID  let a chat server in
              coverdesk account invite EMAIL …      let a person in
              coverdesk serve                       answer chat servers over HTTP
              coverdesk check-log                   look for broken invariants in what happened
              coverdesk routing                     who is asked, in which order
              coverdesk chat-sim --service URL …    play a past day against it

            Without a database:

              coverdesk plan --bundle Examples/statewide --output plan.csv

            At a library, with its own cache of the schedule, online or not:

              coverdesk sync --service URL --cache FILE --token-file F
              coverdesk schedule --cache FILE       who sits when
              coverdesk absence add --cache FILE …  sent when the service is back

            Settings: a flag wins over an environment variable
            (COVERDESK_DATABASE_URL), which wins over the YAML file
            (database: {url: …} in coverdesk.yaml or --config FILE), which wins over
            the default.

            Exit codes:
              0    done
              1    something failed that should not
              2    the input has faults, each is named
              3    refused; the message says what would help
              4    the database cannot be reached or does not fit
              64   wrong usage
              130  interrupted (143 by SIGTERM); a search keeps its best plan
            """,
        version: "0.1.0",
        subcommands: [
            MigrateCommand.self, ImportCommand.self, ExportCommand.self, PlanCommand.self, GapsCommand.self,
            WhatIfCommand.self, FairnessCommand.self, PublishCommand.self, ScheduleCommand.self, StatusCommand.self,
            ServeCommand.self, TokenCommand.self, AccountCommand.self, CalendarCommand.self, RoutingCommand.self,
            CheckLogCommand.self, ChatSimCommand.self, DemoCommand.self, SolveCommand.self, SyncCommand.self,
            AbsenceCommand.self, SwapCommand.self, ShiftCommand.self, IntentsCommand.self,
        ])
}
