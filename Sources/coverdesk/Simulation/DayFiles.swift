import BundleFiles
import ChatSimulation
import Coverage

/// A day to be played, as files have it: the people and queues, the plan's shifts, the history's sessions.
struct DayFiles: Sendable {
    /// Which part of which day.
    struct Choice: Sendable {
        /// Of the plan; nil is its first.
        var day: CivilDate?
        /// Of the history; nil is the newest with the same weekday.
        var pastDay: CivilDate?
        var from = MinuteOfDay.startOfDay
        var until = MinuteOfDay.endOfDay
    }

    let bundle: ConsortiumBundle
    let zone: TimeZoneRules
    let day: CivilDate
    let pastDay: CivilDate
    let window: Range<Instant>
    let simulated: SimulatedDay

    /// Reads the bundle, its history or another one, and the plan.
    ///
    /// - Throws: ``CommandFailure`` that lists every fault as FILE:LINE.
    static func read(bundle folder: String, history: String?, plan: String, _ choice: Choice) async throws -> DayFiles {
        do {
            let (bundle, own) = try BundleReader(folder: folder).readWithHistory()
            let file = try history.map { try HistoryFile.open(path: $0, of: bundle) } ?? own
            let shifts = try PlanFile(path: plan).read(of: bundle)
            return try await DayFiles(bundle, file, shifts, choice)
        } catch let faults as BundleFaults {
            throw CommandFailure.badInput(faults.description)
        }
    }

    init(_ bundle: ConsortiumBundle, _ file: HistoryFile?, _ shifts: [Shift], _ choice: Choice) async throws {
        guard let file else {
            throw CommandFailure.badInput(
                "there are no past sessions to play: the bundle needs a history.csv, or name a file with --history")
        }
        let zone = try TimeZoneRules(identifier: bundle.consortium.timeZone)
        guard let day = choice.day ?? shifts.first.map({ zone.civil(at: $0.during.lowerBound).date }) else {
            throw CommandFailure.badInput("the plan has no shifts: nobody would come")
        }
        guard choice.from < choice.until else {
            throw CommandFailure.badInput("--from \(choice.from) must be before --until \(choice.until)")
        }
        let sessions = try await Self.sessions(of: file, on: choice.pastDay, like: day.weekday, in: zone)
        guard let pastDay = sessions.day else {
            throw CommandFailure.badInput(
                choice.pastDay.map { "there are no past sessions of \($0): choose another --history-day" }
                    ?? "there are no past sessions of a day like \(DayText.day(day)): choose another --day, "
                    + "or say which with --history-day")
        }
        let window =
            zone.firstInstant(ofDate: day, time: choice.from)..<zone.firstInstant(ofDate: day, time: choice.until)
        guard shifts.contains(where: { $0.during.overlaps(window) }) else {
            throw CommandFailure.badInput(
                "the plan has no shifts on \(DayText.day(day)) from \(choice.from) to \(choice.until): "
                    + "choose another --day, --from or --until")
        }
        self.bundle = bundle
        self.zone = zone
        self.day = day
        self.pastDay = pastDay
        self.window = window
        simulated = SimulatedDay(
            window: window, pastStart: zone.firstInstant(ofDate: pastDay, time: choice.from), shifts: shifts,
            past: sessions.all, operators: bundle.operators, queues: bundle.queues)
    }

    /// The sessions of one day; of the newest with the weekday if none is named.
    private static func sessions(
        of file: HistoryFile, on named: CivilDate?, like weekday: Weekday, in zone: TimeZoneRules
    ) async throws -> (day: CivilDate?, all: [PastSession]) {
        var found: (day: CivilDate?, all: [PastSession]) = (nil, [])
        try await file.send { batch in
            for session in batch {
                let date = zone.civil(at: session.startedAt).date
                guard named.map({ $0 == date }) ?? (date.weekday == weekday) else { continue }
                if let day = found.day, date < day { continue }
                if date != found.day { found = (date, []) }
                found.all.append(session)
            }
        }
        return found
    }
}
