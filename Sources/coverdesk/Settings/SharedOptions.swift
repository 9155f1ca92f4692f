import ArgumentParser
import Configuration

/// The options that every command takes.
struct SharedOptions: ParsableArguments {
    @Option(name: .customLong("database-url"), help: "PostgreSQL connection string, as libpq takes it.")
    var databaseURL: String?

    @Option(help: "The consortium's id; needed only where the database holds several.")
    var consortium: String?

    @Option(help: "Who acts, for the audit log.")
    var actor: String?

    @Option(help: "YAML file with settings (default: coverdesk.yaml in this folder, if there is one).")
    var config: String?

    @Flag(help: "Print JSON for scripts in place of text for people.")
    var json = false

    var flags: [String: ConfigValue] {
        var flags: [String: ConfigValue] = [:]
        if let databaseURL { flags["database.url"] = ConfigValue(.string(databaseURL), isSecret: true) }
        if let consortium { flags["consortium"] = ConfigValue(.string(consortium), isSecret: false) }
        if let actor { flags["actor"] = ConfigValue(.string(actor), isSecret: false) }
        return flags
    }
}
