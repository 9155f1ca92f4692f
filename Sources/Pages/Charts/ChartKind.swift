package import Charts

/// A subject that has charts; the raw value is its place in addresses and files' names.
enum ChartKind: String, CaseIterable {
    case coverage, staffing, contributions
    case unpopularHours = "unpopular-hours"
    case serviceLevel = "service-level"

    var title: String {
        switch self {
        case .coverage: "Coverage by hour and weekday"
        case .staffing: "Demand against staffing"
        case .contributions: "Contributions against promises"
        case .unpopularHours: "Unpopular hours by library"
        case .serviceLevel: "Service level by day"
        }
    }

    /// How it is read, in a sentence or two.
    var lead: String {
        switch self {
        case .coverage:
            "Each square says how many of a hundred operators who are wanted in that hour are on shift. Red is below the "
                + "minimum, yellow below the target."
        case .staffing:
            "Who is on shift, with what is missing on top. The line is the target, the broken line the minimum."
        case .contributions:
            "Hours that each library gives this week, and hours that it promised. Who lacks most comes first."
        case .unpopularHours:
            "Hours at night, from 22:00 to 06:00, and at weekends; beside them each library’s fair share by what it "
                + "promised. Who has most beyond it comes first."
        case .serviceLevel:
            "Of a hundred questions, how many were answered in time, day by day for four weeks. A square is a day that "
                + "missed its aim."
        }
    }
}

/// A subject's charts for some week, with what they show as a table.
package struct ChartSheet {
    let kind: ChartKind
    /// Side by side where there is room.
    package let panels: [any Chart]
    /// What stands above each panel; empty where its subject says it all.
    let captions: [String]
    /// Of all rows, those not drawn included.
    package let table: ChartTable
    /// What of it belongs to what is drawn; nil is all.
    var drawnTable: ChartTable?
    /// What else is to be said, in sentences.
    package var note = ""

    /// What a page shows of the table.
    var shownTable: ChartTable { drawnTable ?? table }
}
