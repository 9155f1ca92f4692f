/// The parts of an instance.
enum RosterSection: String, CaseIterable {
    case horizon = "SECTION_HORIZON"
    case shifts = "SECTION_SHIFTS"
    case staff = "SECTION_STAFF"
    case daysOff = "SECTION_DAYS_OFF"
    case requestsForWork = "SECTION_SHIFT_ON_REQUESTS"
    case requestsAgainstWork = "SECTION_SHIFT_OFF_REQUESTS"
    case cover = "SECTION_COVER"

    /// What a line of it holds, as the format's comments name it.
    var fields: [String] {
        switch self {
        case .horizon: ["days"]
        case .shifts: ["ShiftID", "Length", "cannot follow"]
        case .staff:
            [
                "ID", "MaxShifts", "MaxTotalMinutes", "MinTotalMinutes", "MaxConsecutiveShifts", "MinConsecutiveShifts",
                "MinConsecutiveDaysOff", "MaxWeekends",
            ]
        case .daysOff: ["EmployeeID", "DayIndexes"]
        case .requestsForWork, .requestsAgainstWork: ["EmployeeID", "Day", "ShiftID", "Weight"]
        case .cover: ["Day", "ShiftID", "Requirement", "Weight for under", "Weight for over"]
        }
    }

    /// How many fields a line may have.
    var widths: ClosedRange<Int> {
        switch self {
        case .shifts: 2...3
        case .daysOff: 1...Int.max
        default: fields.count...fields.count
        }
    }
}
