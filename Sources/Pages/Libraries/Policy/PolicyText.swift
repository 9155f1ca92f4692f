import Coverage
import Foundation
import Storage

/// What a policy page says, as forms and pages have it.
struct PolicyText: Hashable {
    struct Database: Codable, Hashable {
        var name: String
        var url: String?
        var note: String?
    }

    struct Referral: Codable, Hashable {
        var topic: String
        var to: String
    }

    var greeting = ""
    var hours = ""
    var cardsAndLoans = ""
    var databases: [Database] = []
    var referrals: [Referral] = []
    var body = ""

    /// The most lines of each kind, as the HTTP interface allows.
    static let mostLines = 50

    init() {}

    init(_ content: PolicyPageRepository.Content) throws {
        greeting = content.greeting
        hours = content.hours
        cardsAndLoans = content.cardsAndLoans
        databases = try JSONDecoder().decode([Database].self, from: Data(content.databases.utf8))
        referrals = try JSONDecoder().decode([Referral].self, from: Data(content.referTo.utf8))
        body = content.body
    }

    /// What was typed; lines in which nothing was are left out.
    init(_ form: FormFields) {
        greeting = form.lines("greeting")
        hours = form.lines("hours")
        cardsAndLoans = form.lines("cards")
        body = form.lines("text")
        for number in 1...Self.mostLines {
            let database = Database(
                name: form.line("database-name-\(number)"), url: form.text("database-url-\(number)"),
                note: form.text("database-note-\(number)").map { _ in form.line("database-note-\(number)") })
            if !database.name.isEmpty || database.url != nil || database.note != nil { databases.append(database) }
            let referral = Referral(
                topic: form.line("referral-topic-\(number)"), to: form.line("referral-to-\(number)"))
            if !referral.topic.isEmpty || !referral.to.isEmpty { referrals.append(referral) }
        }
    }

    var isEmpty: Bool { self == PolicyText() }

    /// What the database keeps.
    var content: PolicyPageRepository.Content {
        get throws {
            PolicyPageRepository.Content(
                greeting: greeting, hours: hours, cardsAndLoans: cardsAndLoans, databases: try Self.json(databases),
                referTo: try Self.json(referrals), body: body)
        }
    }

    private static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// What is not as it must be, a sentence each that names the field.
    var faults: [String] {
        let lengths = [
            ("Greeting", greeting, 300), ("When it is open", hours, 1000), ("Cards and loans", cardsAndLoans, 2000),
            ("More", body, 10_000),
        ].compactMap { Self.fault($0.0, $0.1, most: $0.2) }
        return lengths + databases.enumerated().flatMap { Self.faults("Database \($0 + 1)", $1) }
            + referrals.enumerated().flatMap { Self.faults("Referral \($0 + 1)", $1) }
    }

    private static func faults(_ line: String, _ database: Database) -> [String] {
        var faults = [
            fault("\(line), name", database.name, most: 200), fault("\(line), note", database.note ?? "", most: 500),
        ].compactMap { $0 }
        if database.name.isEmpty { faults.append("\(line), name: write what it is called, or empty the line.") }
        if let url = database.url, !WebAddress.accepts(url) {
            faults.append("\(line), address: “\(url.prefix(60))” is none. Write it like https://example.org/database.")
        }
        return faults
    }

    private static func faults(_ line: String, _ referral: Referral) -> [String] {
        var faults = [
            fault("\(line), what about", referral.topic, most: 200), fault("\(line), to whom", referral.to, most: 500),
        ].compactMap { $0 }
        if referral.topic.isEmpty { faults.append("\(line), what about: write it, or empty the line.") }
        if referral.to.isEmpty { faults.append("\(line), to whom: write it, or empty the line.") }
        return faults
    }

    private static func fault(_ field: String, _ text: String, most: Int) -> String? {
        let count = text.unicodeScalars.count
        return count > most ? "\(field): write at most \(most) characters; these are \(count)." : nil
    }
}
