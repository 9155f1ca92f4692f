import Coverage

/// How large an example is.
package enum ExampleScale: String, CaseIterable, Sendable {
    /// Nine libraries of one valley, two queues.
    case small
    /// A state in two time zones: 68 libraries, some 400 operators, seven queues around the clock.
    case statewide
    /// Two thousand libraries in four time zones, some 11,000 operators.
    case national
}

extension ExampleScale {
    var consortiumName: String {
        switch self {
        case .small: "Larkmere Valley Libraries"
        case .statewide: "Ask Ashlar Libraries"
        case .national: "Ask Any Library"
        }
    }

    /// The zone of the consortium's calendar.
    var timeZone: String { "America/New_York" }

    /// The zones of its towns, in per cent of them.
    var timeZones: KeyValuePairs<String, Int> {
        switch self {
        case .small: ["America/New_York": 100]
        case .statewide: ["America/New_York": 78, "America/Chicago": 22]
        case .national:
            ["America/New_York": 47, "America/Chicago": 29, "America/Denver": 7, "America/Los_Angeles": 17]
        }
    }

    /// When its people are usually at work, in per cent of them.
    var workingPatterns: KeyValuePairs<WorkingPattern, Int> {
        switch self {
        case .small: [.daytime: 80, .evenings: 20]
        case .statewide, .national: [.daytime: 60, .evenings: 31, .nights: 9]
        }
    }

    var libraries: [(kind: Library.Kind, count: Int)] {
        switch self {
        case .small: [(.public, 4), (.academic, 3), (.special, 1), (.regional, 1)]
        case .statewide: [(.public, 24), (.academic, 34), (.special, 7), (.regional, 3)]
        case .national: [(.public, 700), (.academic, 1000), (.special, 200), (.regional, 100)]
        }
    }

    /// How many people a library lends: each of these as often as the others.
    var operatorsPerLibrary: [Int] {
        switch self {
        case .small: [2, 3, 3, 4, 4, 5, 5, 6, 6]
        case .statewide, .national: [2, 3, 3, 4, 4, 5, 5, 6, 7, 8, 9, 12]
        }
    }

    var weeks: Int { 4 }

    var historyWeeks: Int {
        switch self {
        case .small, .statewide: 8
        case .national: 1
        }
    }

    var queues: [ExampleQueue] {
        switch self {
        case .small: ExampleQueue.ofAValley
        case .statewide: ExampleQueue.ofAState(questions: 1) + [.vietnamesePilot]
        case .national: ExampleQueue.ofAState(questions: 50)
        }
    }
}
