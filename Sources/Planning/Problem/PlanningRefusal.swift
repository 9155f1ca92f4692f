package import Coverage

/// Why a bundle cannot be turned into a planning problem, with what would be right.
package enum PlanningRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    case unknownTimeZone(String)
    case slotMinutes(Int)
    case emptyPeriod
    /// The period does not begin and end at midnights of the consortium's calendar.
    case periodCutsDay(CivilDate)
    case tooManySlots(Int)
    case tooManyQueues(Int)
    case duplicate(kind: String, id: String)
    case unknownLibrary(operator: Operator.ID, library: Library.ID)
    case unknownQueue(demand: Queue.ID)
    case shiftLength(queue: Queue.ID, minutes: ClosedRange<Int>, slotMinutes: Int)
    case negativeDemand(queue: Queue.ID, at: Instant)
    case restTooLong(hours: Thousandths)
    /// Weights, priorities or demand so large that sums of costs would not fit.
    case costsTooLarge

    package var description: String {
        switch self {
        case .unknownTimeZone(let identifier):
            UnknownTimeZone(identifier: identifier).description
        case .slotMinutes(let minutes):
            "slots of \(minutes) minutes do not fit: an hour must be a whole number of slots of 5 to 60 minutes"
        case .emptyPeriod:
            "the period holds no slot: it must be at least a day long"
        case .periodCutsDay(let date):
            "the period cuts \(date) in two: it must begin and end at midnights of the consortium's calendar"
        case .tooManySlots(let count):
            "the period has \(count) slots; at most \(PlanningProblem.mostSlots) can be planned at once"
        case .tooManyQueues(let count):
            "there are \(count) queues; at most \(PlanningProblem.mostQueues) can be planned at once"
        case .duplicate(let kind, let id):
            "the \(kind) “\(id)” is there twice: ids must be unique"
        case .unknownLibrary(let person, let library):
            "the operator “\(person)” belongs to the library “\(library)”, which is not there"
        case .unknownQueue(let queue):
            "there is demand for the queue “\(queue)”, which is not there"
        case .shiftLength(let queue, let minutes, let slotMinutes):
            "no shift on “\(queue)” can be \(minutes.lowerBound) to \(minutes.upperBound) minutes long "
                + "in slots of \(slotMinutes) minutes"
        case .negativeDemand(let queue, let instant):
            "the demand for “\(queue)” at \(instant.minutesSince1970) minutes since 1970 must be 0 or more, "
                + "its target at least its minimum"
        case .restTooLong(let hours):
            "a rest of \(hours) hours is too long: min_rest_hours may ask for 168 at most"
        case .costsTooLarge:
            "weights, priorities and demand are so large that costs cannot be added up: use smaller ones"
        }
    }
}
