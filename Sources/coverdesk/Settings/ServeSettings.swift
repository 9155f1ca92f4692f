import API
import Accounts
import Configuration
import Logging
import Notifications
import OpenID
import Pages

/// What `coverdesk serve` is told from outside.
///
/// | key | environment variable | type | default |
/// |---|---|---|---|
/// | `serve.host` | `COVERDESK_SERVE_HOST` | name or address | 127.0.0.1 |
/// | `serve.port` | `COVERDESK_SERVE_PORT` | 0…65535; 0 is whichever is free | 8080 |
/// | `serve.unixSocket` | `COVERDESK_SERVE_UNIX_SOCKET` | path, in the place of host and port | none |
/// | `serve.tlsCertificate` | `COVERDESK_SERVE_TLS_CERTIFICATE` | PEM file with the chain | none |
/// | `serve.tlsKey` | `COVERDESK_SERVE_TLS_KEY` | PEM file | none |
/// | `serve.publicURL` | `COVERDESK_SERVE_PUBLIC_URL` | address of the pages for people, without a path | none |
/// | `serve.proxies` | `COVERDESK_SERVE_PROXIES` | 0…10 in front | 0 |
/// | `serve.connections` | `COVERDESK_SERVE_CONNECTIONS` | 1…1000000 | 20000 |
/// | `serve.bodyBytes` | `COVERDESK_SERVE_BODY_BYTES` | 1024…16777216 | 65536 |
/// | `serve.headerBytes` | `COVERDESK_SERVE_HEADER_BYTES` | 1024…1048576 | 16384 |
/// | `serve.arrivalSeconds` | `COVERDESK_SERVE_ARRIVAL_SECONDS` | 1…3600 | 15 |
/// | `serve.idleSeconds` | `COVERDESK_SERVE_IDLE_SECONDS` | 1…3600 | 75 |
/// | `serve.stallSeconds` | `COVERDESK_SERVE_STALL_SECONDS` | 1…3600 | 30 |
/// | `serve.graceSeconds` | `COVERDESK_SERVE_GRACE_SECONDS` | 1…3600 | 30 |
/// | `serve.policyFreshDays` | `COVERDESK_SERVE_POLICY_FRESH_DAYS` | 1…3650 | 180 |
/// | `serve.changeDays` | `COVERDESK_SERVE_CHANGE_DAYS` | 1…3650 | 7 |
/// | `serve.readingSeconds` | `COVERDESK_SERVE_READING_SECONDS` | 1…86400 | 900 |
/// | `accounts.idleHours` | `COVERDESK_ACCOUNTS_IDLE_HOURS` | 1…720 | 12 |
/// | `accounts.maximumDays` | `COVERDESK_ACCOUNTS_MAXIMUM_DAYS` | 1…365 | 14 |
/// | `accounts.passwords` | `COVERDESK_ACCOUNTS_PASSWORDS` | true or false | true |
/// | `openid.issuer` | `COVERDESK_OPENID_ISSUER` | address of the identity provider, by https | none |
/// | `openid.clientID` | `COVERDESK_OPENID_CLIENT_ID` | what the provider calls this service | none |
/// | `openid.clientSecret` | `COVERDESK_OPENID_CLIENT_SECRET` | by which the provider knows it | none |
/// | `openid.name` | `COVERDESK_OPENID_NAME` | what people call the provider, up to 60 characters | its host |
/// | `notify.sendmail` | `COVERDESK_NOTIFY_SENDMAIL` | program with its arguments, /usr/sbin/sendmail -t -i | none |
/// | `notify.from` | `COVERDESK_NOTIFY_FROM` | address, or a name and an address in angle brackets | none |
/// | `notify.postOrigins` | `COVERDESK_NOTIFY_POST_ORIGINS` | origins to which news may be posted, by commas | none |
/// | `serve.logLevel` | `COVERDESK_SERVE_LOG_LEVEL` | trace, debug, info, notice, warning, error, critical | info |
struct ServeSettings: Sendable {
    var host: String
    var port: Int
    var unixSocket: String?
    var tlsCertificate: String?
    var tlsKey: String?
    /// How browsers reach the pages.
    var address: SiteAddress
    var accounts = AccountSettings()
    /// By which people may sign in beside their passwords; nil where there is none.
    var provider: ProviderSettings?
    var limits = ServiceLimits()
    /// How long requests under way may take to end once the process is told to stop.
    var graceSeconds: Int
    var policyFreshDays: Int
    var changeDays: Int
    var logLevel: Logger.Level
    /// How mail is sent, and in whose name; nil sends none.
    var mail: (sendmail: Sendmail, from: MailAddress)?
    /// Where news may be posted; nil posts none.
    var postOrigins: PostOrigins?

    init(config: ConfigReader) throws {
        host = config.string(forKey: "serve.host") ?? "127.0.0.1"
        port = try config.number("serve.port", in: 0...65_535)
        unixSocket = config.string(forKey: "serve.unixSocket")
        tlsCertificate = config.string(forKey: "serve.tlsCertificate")
        tlsKey = config.string(forKey: "serve.tlsKey")
        address = try Self.address(config, hasTLS: tlsCertificate != nil)
        accounts.idleSeconds = Int64(try config.number("accounts.idleHours", in: 1...720)) * 3600
        accounts.maximumSeconds = Int64(try config.number("accounts.maximumDays", in: 1...365)) * 86_400
        provider = try Self.provider(config)
        accounts.takesPasswords = try Self.takesPasswords(config, hasProvider: provider != nil)
        limits.connections = try config.number("serve.connections", in: 1...1_000_000)
        limits.bodyBytes = try config.number("serve.bodyBytes", in: 1024...16_777_216)
        limits.headerBytes = try config.number("serve.headerBytes", in: 1024...1_048_576)
        limits.arrivalSeconds = Int64(try config.number("serve.arrivalSeconds", in: 1...3600))
        limits.idleSeconds = Int64(try config.number("serve.idleSeconds", in: 1...3600))
        limits.stallSeconds = Int64(try config.number("serve.stallSeconds", in: 1...3600))
        graceSeconds = try config.number("serve.graceSeconds", in: 1...3600)
        policyFreshDays = try config.number("serve.policyFreshDays", in: 1...3650)
        changeDays = try config.number("serve.changeDays", in: 1...3650)
        limits.readingSeconds = Int64(try config.number("serve.readingSeconds", in: 1...86_400))
        let level = config.string(forKey: "serve.logLevel") ?? "info"
        guard let known = Logger.Level(rawValue: level) else {
            throw CommandFailure.badInput(
                "the setting serve.logLevel (COVERDESK_SERVE_LOG_LEVEL) must be one of "
                    + Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))
        }
        logLevel = known
        mail = try Self.mail(config)
        postOrigins = try Self.postOrigins(config)
        guard (tlsCertificate == nil) == (tlsKey == nil) else {
            throw CommandFailure.badInput(
                "serve.tlsCertificate and serve.tlsKey go together: give both, or neither for plain HTTP")
        }
    }

    private static func mail(_ config: ConfigReader) throws -> (sendmail: Sendmail, from: MailAddress)? {
        let (command, sender) = (config.string(forKey: "notify.sendmail"), config.string(forKey: "notify.from"))
        guard command != nil || sender != nil else { return nil }
        guard let command, let sender else {
            throw CommandFailure.badInput(
                "notify.sendmail and notify.from go together: give both, or neither where no mail is to be sent")
        }
        guard let sendmail = Sendmail(command: command) else {
            throw CommandFailure.badInput(
                "the setting notify.sendmail (COVERDESK_NOTIFY_SENDMAIL) must be a program by its whole path with its "
                    + "arguments, like /usr/sbin/sendmail -t -i")
        }
        guard let from = MailAddress(sender) else {
            throw CommandFailure.badInput(
                "the setting notify.from (COVERDESK_NOTIFY_FROM) must be an address, like Coverdesk <desk@example.org>")
        }
        return (sendmail, from)
    }

    private static func takesPasswords(_ config: ConfigReader, hasProvider: Bool) throws -> Bool {
        guard let takesPasswords = try? config.requiredBool(forKey: "accounts.passwords") else {
            throw CommandFailure.badInput(
                "the setting accounts.passwords (COVERDESK_ACCOUNTS_PASSWORDS) must be true or false")
        }
        guard takesPasswords || hasProvider else {
            throw CommandFailure.badInput(
                "nobody could sign in: accounts.passwords is false, and no identity provider is set; give openid.issuer"
            )
        }
        return takesPasswords
    }

    private static func postOrigins(_ config: ConfigReader) throws -> PostOrigins? {
        guard let text = config.string(forKey: "notify.postOrigins") else { return nil }
        guard let origins = PostOrigins(text) else {
            throw CommandFailure.badInput(
                "the setting notify.postOrigins (COVERDESK_NOTIFY_POST_ORIGINS) must name origins with nothing behind the "
                    + "host, like https://hooks.slack.com,https://chat.example.org")
        }
        return origins
    }

    private static func address(_ config: ConfigReader, hasTLS: Bool) throws -> SiteAddress {
        let (url, proxies) = (config.string(forKey: "serve.publicURL"), try config.number("serve.proxies", in: 0...10))
        guard let address = SiteAddress(url: url, hasTLS: hasTLS, proxies: proxies) else {
            throw CommandFailure.badInput(
                "the setting serve.publicURL (COVERDESK_SERVE_PUBLIC_URL) must be an address with nothing behind the "
                    + "host, like https://desk.example.org")
        }
        return address
    }

    private static func provider(_ config: ConfigReader) throws -> ProviderSettings? {
        let clientID = config.string(forKey: "openid.clientID")
        guard let issuer = config.string(forKey: "openid.issuer") else {
            guard clientID == nil else {
                throw CommandFailure.badInput(
                    "the setting openid.issuer (COVERDESK_OPENID_ISSUER) is missing, which openid.clientID goes with")
            }
            return nil
        }
        do {
            return try ProviderSettings(
                issuer: issuer, clientID: clientID ?? "",
                clientSecret: config.string(forKey: "openid.clientSecret", isSecret: true),
                name: config.string(forKey: "openid.name"))
        } catch {
            throw CommandFailure.badInput(words(error))
        }
    }

    private static func words(_ fault: ProviderSettings.Fault) -> String {
        switch fault {
        case .badIssuer:
            "the setting openid.issuer (COVERDESK_OPENID_ISSUER) must be the provider’s address by https, like "
                + "https://login.example.org; http is for localhost alone"
        case .badClientID:
            "the setting openid.clientID (COVERDESK_OPENID_CLIENT_ID) must be what the provider calls this service"
        case .badClientSecret:
            "the setting openid.clientSecret (COVERDESK_OPENID_CLIENT_SECRET) must be what the provider gave with "
                + "openid.clientID; leave it out where it gave none"
        case .badName:
            "the setting openid.name (COVERDESK_OPENID_NAME) must be a name of at most 60 characters"
        }
    }

    static let defaults: [String: ConfigValue] = {
        let limits = ServiceLimits()
        let numbers: [String: Int] = [
            "serve.port": 8080, "serve.connections": limits.connections, "serve.bodyBytes": limits.bodyBytes,
            "serve.headerBytes": limits.headerBytes, "serve.arrivalSeconds": Int(limits.arrivalSeconds),
            "serve.idleSeconds": Int(limits.idleSeconds), "serve.stallSeconds": Int(limits.stallSeconds),
            "serve.proxies": 0, "accounts.idleHours": 12, "accounts.maximumDays": 14,
            "serve.graceSeconds": 30, "serve.policyFreshDays": 180, "serve.changeDays": 7,
            "serve.readingSeconds": Int(limits.readingSeconds),
        ]
        return numbers.mapValues { ConfigValue(.int($0), isSecret: false) }
            .merging(["accounts.passwords": ConfigValue(.bool(true), isSecret: false)]) { $1 }
    }()
}
