import Coverage
import HTTPTypes
package import Hummingbird
import Scheduling

/// What a visitor wants to see in charts, as the address says it.
package struct ChartSelection: Hashable, Sendable {
    /// Week, plan, queue and library; a skill is of no meaning here.
    var week: WeekSelection
    /// Whether staffing is drawn of the day alone.
    var isDay = false
    /// Which part of a long list of libraries, from 1.
    var part = 1

    /// - Throws: ``PageProblem`` with the status 400 that names what is not as it must be, or 403 for another library's.
    package init(_ request: Request, by visitor: Visitor?) throws {
        week = try WeekSelection(request)
        week.skill = nil
        for (name, value) in request.uri.queryParameters where !value.isEmpty {
            switch name {
            case "span": isDay = value == "day"
            case "part":
                guard let number = Int(value), (1...10_000).contains(number) else {
                    throw PageProblem(
                        .badRequest, "This address cannot be read", "Its part should be a number from 1.",
                        way: ("/charts", "Go to the charts"))
                }
                part = number
            default: continue
            }
        }
        if let own = Self.ownLibrary(of: visitor), let library = week.library, library != own {
            throw PageProblem(
                .forbidden, "These are another library’s figures",
                "You can see your own library’s, and those of all libraries together.",
                way: ("/charts", "Go to the charts"))
        }
    }

    /// The one library whose figures a visitor may see beside the sums; nil where they may see every one's.
    static func ownLibrary(of visitor: Visitor?) -> Library.ID? {
        // Whoever has not signed in has none, and sees the sums alone.
        guard let visitor else { return Library.ID("") }
        return visitor.role == .coordinator ? nil : visitor.library
    }

    /// The address of a subject with this selection; of none, that of the overview.
    func address(of kind: ChartKind? = nil, file: Bool = false) -> String {
        var path = "/charts"
        if let kind { path += "/\(kind.rawValue)\(file ? ".csv" : "")" }
        var query = week.address.dropFirst("/week".count)
        for extra in [isDay ? "span=day" : nil, part > 1 ? "part=\(part)" : nil].compactMap(\.self) {
            query += query.isEmpty ? "?\(extra)" : "&\(extra)"
        }
        return path + query
    }

    /// The same but for something.
    func with(_ change: (inout ChartSelection) -> Void) -> ChartSelection {
        var copy = self
        change(&copy)
        return copy
    }
}
