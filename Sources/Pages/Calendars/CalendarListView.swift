import Calendars
import Coverage
import Storage

/// The calendars that somebody may make, with the addresses that there are.
struct CalendarListView {
    struct Entry {
        let subject: CalendarSubject
        let name: String
        let addresses: [CalendarRepository.Feed]
    }

    let entries: [Entry]
    let zone: TimeZoneRules
    let isRevoked: Bool
    let isCoordinator: Bool

    var page: Page {
        Page(
            template: "calendars", title: "Calendars", section: .other,
            values: .present([
                "notice": isRevoked ? "That address shows nothing any more." : nil,
                "subjects": entries.enumerated().map(values), "isCoordinator": isCoordinator,
            ]), stylesheets: ["accounts.css"])
    }

    private func values(_ index: Int, _ entry: Entry) -> [String: Any] {
        [
            "key": index, "heading": Self.heading(entry), "shows": Self.words(entry.subject),
            "kind": entry.subject.kind, "id": entry.subject.id, "hasAddresses": !entry.addresses.isEmpty,
            "addresses": entry.addresses.map { feed in
                [
                    "number": feed.number, "since": AccountWords.moment(feed.createdAt, in: zone),
                    "by": feed.createdBy, "renew": "/calendars/\(feed.number)/renew",
                    "revoke": "/calendars/\(feed.number)/revoke",
                ] as [String: Any]
            },
        ]
    }

    private static func heading(_ entry: Entry) -> String {
        switch entry.subject {
        case .person: "Your shifts"
        case .library, .queue: entry.name
        }
    }

    /// What a calendar shows.
    static func words(_ subject: CalendarSubject) -> String {
        switch subject {
        case .person: "It shows your own published shifts."
        case .library: "It shows the published shifts of all people of this library, with their names."
        case .queue: "It shows the published shifts of this queue, with the libraries and the ids of those who answer."
        }
    }
}
