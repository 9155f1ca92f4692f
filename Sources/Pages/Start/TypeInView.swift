import Coverage
import Scheduling

/// The form in which somebody types a consortium in.
struct TypeInView: Sendable {
    let typed: TypedConsortium
    var faults: [String] = []

    var page: Page {
        Page(
            template: "type-in", title: "Type it in", section: .other,
            values: [
                "name": typed.name, "timeZone": typed.timeZone, "startsOn": typed.startsOn, "weeks": typed.weeks,
                "libraries": typed.libraries, "people": typed.people, "faults": faults, "hasFaults": !faults.isEmpty,
                "zones": Self.zones,
            ], stylesheets: ["accounts.css", "start.css"])
    }

    /// Zones to choose from; any other of the tz database can be typed.
    private static let zones = [
        "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
        "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico", "America/Toronto", "America/Vancouver",
        "America/Halifax", "America/St_Johns", "America/Mexico_City", "America/Sao_Paulo", "Europe/London",
        "Europe/Dublin", "Europe/Paris", "Europe/Berlin", "Europe/Madrid", "Europe/Helsinki", "Africa/Johannesburg",
        "Asia/Kolkata", "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland",
    ]
}

extension TypedConsortium {
    /// What the form shows before anything is typed: it begins on the next Monday.
    static func suggested(at now: Instant) -> TypedConsortium {
        let today = CivilDate(daysSince1970: Int(now.secondsSince1970.flooredQuotient(by: 86_400)))
        return TypedConsortium(
            name: "", timeZone: "", startsOn: today.startOfWeek.advanced(byDays: 7).description, weeks: "4",
            libraries: "", people: "")
    }
}
