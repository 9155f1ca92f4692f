import Configuration
import Coverage
import Foundation
import SystemPackage

/// What the program is told from outside, each from the first place that says it: flag, environment variable, YAML
/// file, default.
///
/// | key | environment variable | type | default |
/// |---|---|---|---|
/// | `database.url` | `COVERDESK_DATABASE_URL` | libpq connection string | none |
/// | `database.connections` | `COVERDESK_DATABASE_CONNECTIONS` | 1…1000 | 8 |
/// | `consortium` | `COVERDESK_CONSORTIUM` | id | the only one in the database, or `main` |
/// | `actor` | `COVERDESK_ACTOR` | name for the audit log | the account's name |
/// | `import.maximumMegabytes` | `COVERDESK_IMPORT_MAXIMUM_MEGABYTES` | 1…4096 | 64 |
/// | `plan.seconds` | `COVERDESK_PLAN_SECONDS` | 1…86400 | 8 |
/// | `plan.threads` | `COVERDESK_PLAN_THREADS` | 1…64 | the machine's cores |
/// | `plan.seed` | `COVERDESK_PLAN_SEED` | 0 and up | 1 |
/// | `plan.changePrice` | `COVERDESK_PLAN_CHANGE_PRICE` | 0…1000000 | 20 |
///
/// Those of `coverdesk serve` are ``ServeSettings``.
struct Settings: Sendable {
    var databaseURL: String?
    var databaseConnections: Int
    var consortium: Consortium.ID?
    var actor: String
    var importMaximumMegabytes: Int
    var planSeconds: Int
    var planThreads: Int
    var planSeed: Int
    /// What an hour that somebody loses or gains costs where a plan is mended.
    var planChangePrice: Int
    var serve: ServeSettings

    /// Reads the settings.
    ///
    /// - Parameters:
    ///   - flags: What was given on the command line, by key.
    ///   - configFile: The YAML file; nil looks for `coverdesk.yaml` in the current folder.
    ///   - environment: The process's environment.
    /// - Returns: Settings in their ranges.
    /// - Throws: ``CommandFailure`` that names the setting and what it may be.
    static func read(
        flags: [String: ConfigValue], configFile: String?, environment: [String: String]
    ) async throws -> Settings {
        let path = configFile ?? environment["COVERDESK_CONFIG"]
        let file: FileProvider<YAMLSnapshot>
        do {
            file = try await FileProvider<YAMLSnapshot>(
                filePath: FilePath(path ?? "coverdesk.yaml"), allowMissing: path == nil)
        } catch {
            throw CommandFailure.badInput(
                "the configuration file \(path ?? "coverdesk.yaml") cannot be read: it must exist and be YAML like\n"
                    + "  database: {url: \"postgresql:///coverdesk\"}")
        }
        let config = ConfigReader(providers: [
            InMemoryProvider(name: "flags", values: Dictionary(keyed: flags)),
            EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "coverdesk"),
            file,
            InMemoryProvider(name: "defaults", values: Dictionary(keyed: defaults)),
        ])
        return try Settings(config: config, environment: environment)
    }

    private init(config: ConfigReader, environment: [String: String]) throws {
        databaseURL = config.string(forKey: "database.url", isSecret: true)
        databaseConnections = try config.number("database.connections", in: 1...1000)
        let account = environment["USER"] ?? environment["LOGNAME"] ?? NSUserName()
        actor = config.string(forKey: "actor") ?? (account.isEmpty ? "coordinator" : account)
        importMaximumMegabytes = try config.number("import.maximumMegabytes", in: 1...4096)
        planSeconds = try config.number("plan.seconds", in: 1...86_400)
        planThreads = try config.number("plan.threads", in: 1...64)
        planSeed = try config.number("plan.seed", in: 0...Int.max)
        planChangePrice = try config.number("plan.changePrice", in: 0...1_000_000)
        serve = try ServeSettings(config: config)
        if let id = config.string(forKey: "consortium") {
            guard Consortium.ID.isValid(id) else {
                throw CommandFailure.badInput(
                    "consortium: “\(id)” is no id: write 1 to 64 letters, digits, -, _ or ., like statewide")
            }
            consortium = Consortium.ID(id)
        }
    }

    private static let defaults: [String: ConfigValue] = [
        "database.connections": 8,
        "import.maximumMegabytes": 64,
        "plan.seconds": 8,
        "plan.threads": ConfigValue(
            .int(min(64, ProcessInfo.processInfo.activeProcessorCount)), isSecret: false),
        "plan.seed": 1,
        "plan.changePrice": 20,
    ].merging(ServeSettings.defaults) { $1 }
}

extension ConfigReader {
    /// A whole number in its range.
    func number(_ key: String, in range: ClosedRange<Int>) throws -> Int {
        guard let value = try? requiredInt(forKey: ConfigKey(key)), range.contains(value) else {
            throw CommandFailure.badInput(
                "the setting \(key) (COVERDESK_\(key.screamingSnakeCase)) must be a whole number from "
                    + "\(range.lowerBound)" + (range.upperBound == .max ? " up" : " to \(range.upperBound)"))
        }
        return value
    }
}

extension String {
    /// The key as an environment variable has it: `IMPORT_MAXIMUM_MEGABYTES` for `import.maximumMegabytes`.
    fileprivate var screamingSnakeCase: String {
        map { $0 == "." ? "_" : $0.isUppercase ? "_\($0)" : $0.uppercased() }.joined()
    }
}

extension Dictionary where Key == AbsoluteConfigKey, Value == ConfigValue {
    fileprivate init(keyed values: [String: ConfigValue]) {
        self.init(
            uniqueKeysWithValues: values.map { key, value in
                (AbsoluteConfigKey(key.split(separator: ".").map(String.init)), value)
            })
    }
}
