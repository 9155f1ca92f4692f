import ChatSimulation
import Coverage

/// How a simulated day stands, for scripts.
struct DayReport: Encodable {
    struct Line: Encodable {
        let queueID: String
        let waiting: Int
        let longestWaitSeconds: Int
        let offered: Int
        let served: Int
        let seatsClaimed: Int
        let seats: Int
        let came: Int
        let answered: Int
        let answeredInTime: Int
        let abandoned: Int
        let transferred: Int
        let serviceLevel: Double?

        private enum CodingKeys: String, CodingKey {
            case queueID = "queueId"
            case waiting, longestWaitSeconds, offered, served, seatsClaimed, seats, came, answered, answeredInTime
            case abandoned, transferred, serviceLevel
        }

        init(_ line: DayStanding.Line) {
            queueID = line.queue?.rawValue ?? ""
            waiting = line.waiting
            longestWaitSeconds = Int(line.longestWait.components.seconds)
            offered = line.offered
            served = line.served
            seatsClaimed = line.claimedSeats
            seats = line.seats
            came = line.came
            answered = line.answered
            answeredInTime = line.answeredInTime
            abandoned = line.abandoned
            transferred = line.movedOn
            serviceLevel = line.level
        }
    }

    let at: String
    let sessionsCame: Int
    let sessionsToCome: Int
    let operators: Int
    let serviceReached: Bool
    let queues: [Line]

    init(_ standing: DayStanding, at text: String, isUp: Bool) {
        at = text
        sessionsCame = standing.came
        sessionsToCome = standing.toCome
        operators = standing.operators
        serviceReached = isUp
        queues = standing.queues.map(Line.init)
    }
}
