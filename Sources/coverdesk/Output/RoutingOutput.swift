import Answering
import Coverage
import Routing

/// How queues are routed, in words and for scripts.
struct RoutingOutput {
    private let name: String
    private let queues: [RoutingOverview.Entry]
    private let libraries: [(library: Library, hours: [LibraryHours])]

    /// - Parameters:
    ///   - overview: What there is.
    ///   - queue: The one queue to tell of, and of no libraries then; nil is all.
    init(_ overview: RoutingOverview, only queue: String?) {
        name = overview.name
        queues = overview.queues.filter { queue == nil || $0.queue.id.rawValue == queue }
        libraries = queue == nil ? overview.libraries.filter { !$0.hours.isEmpty } : []
    }

    // MARK: Words

    func lines(_ terminal: Terminal) -> [String] {
        var lines = [name]
        for entry in queues {
            let queue = entry.queue
            let source = entry.isStandard ? "as is standard" : "as set"
            let heading = "\(queue.id)  \(queue.name), \(queue.channel.rawValue), priority \(queue.priority), \(source)"
            lines += ["", terminal.styled(heading, .bold)] + ladder(entry.routing) + times(entry)
        }
        guard !libraries.isEmpty else { return lines }
        var table = TextTable([("library", .left), ("phone", .left), ("is answered, by the library's clocks", .left)])
        for (library, hours) in libraries {
            table.add([
                library.id.rawValue, library.phone.isEmpty ? "none, so nobody is told" : library.phone,
                Self.week(hours),
            ])
        }
        return lines + [""] + table.lines(terminal)
    }

    private func ladder(_ routing: QueueRouting) -> [String] {
        let times = routing.ladder.steps.map { step in
            step.opensAfterSeconds == 0 ? "at once" : "after \(step.opensAfterSeconds) s"
        }
        let width = times.map(\.count).max() ?? 0
        return zip(times, routing.ladder.steps).map { time, step in
            "  \(time)\(String(repeating: " ", count: width - time.count))  \(Self.words(step.rung, routing))"
        }
    }

    private static func words(_ rung: Rung, _ routing: QueueRouting) -> String {
        switch rung {
        case .ownLibrary: "operators of the patron's own library who are on shift"
        case .otherLibraries: "operators of other libraries who are on shift"
        case .overflow: "colleagues who are here and willing, but not on shift"
        case .partner: routing.partner.map { "the partner \($0.name), \($0.contact)" } ?? "a partner, but none is named"
        case .email: routing.emailQueue.map { "email, by the queue \($0)" } ?? "email, but no queue is named"
        }
    }

    private func times(_ entry: RoutingOverview.Entry) -> [String] {
        let routing = entry.routing
        let rings = routing.ringsAtOnce == 1 ? "one operator" : "\(routing.ringsAtOnce) operators"
        let learned =
            entry.pace.count == 0
            ? "as set: none has ended yet"
            : "set to \(routing.handleSeconds) s, and learned from \(entry.pace.count) that ended"
        return [
            "  rings \(rings) at once for \(routing.acceptSeconds) s, the same one again after "
                + "\(routing.askAgainSeconds) s",
            "  a silent operator is told of after \(routing.checkBackSeconds) s, one who is gone keeps sessions for "
                + "\(routing.graceSeconds) s, writing up ends after \(routing.wrapUpSeconds) s",
            "  a session takes \(entry.handleSeconds) s (\(learned))",
            "  " + Self.words(entry.patience),
        ]
    }

    private static func words(_ patience: Patience) -> String {
        guard patience.count > 0 else { return "nobody has waited yet" }
        let seen = "\(patience.count) waits, \(patience.meanWaitMilliseconds / 1000) s each on average"
        guard let seconds = patience.meanSeconds else { return "nobody gave up (of the last \(seen))" }
        let share = (patience.leftPerMillion + 5000) / 10_000
        return "patrons give up after \(seconds) s on average (learned from the last \(seen); \(share) % gave up)"
    }

    /// `Mon-Fri 09:00-17:00, Sat 10:00-14:00`.
    private static func week(_ hours: [LibraryHours]) -> String {
        let days = Weekday.allCases.map { day in
            hours.filter { $0.weekday == day }.map { "\($0.opens)-\($0.closes)" }.joined(separator: " ")
        }
        var parts: [String] = []
        var first = 0
        for index in days.indices where index + 1 == days.count || days[index + 1] != days[index] {
            defer { first = index + 1 }
            guard !days[index].isEmpty else { continue }
            let names = [Weekday.allCases[first], Weekday.allCases[index]].map(\.abbreviation)
            parts.append("\(first == index ? names[0] : names.joined(separator: "-")) \(days[index])")
        }
        return parts.joined(separator: ", ")
    }

    // MARK: JSON

    struct Report: Encodable {
        struct Step: Encodable {
            let rung: String
            let opensAfterSeconds: Int
            let words: String
        }

        struct Partner: Encodable {
            let name: String
            let contact: String
        }

        struct Learned: Encodable {
            let sessions: Int
            let handleSeconds: Int
            let waits: Int
            let waitSeconds: Int
            let patienceSeconds: Int?
        }

        struct Line: Encodable {
            let queueId: String
            let name: String
            let channel: String
            let priority: Int
            let standard: Bool
            let ladder: [Step]
            let ringsAtOnce: Int
            let acceptSeconds: Int
            let askAgainSeconds: Int
            let checkBackSeconds: Int
            let graceSeconds: Int
            let wrapUpSeconds: Int
            let handleSeconds: Int
            let emailQueueId: String?
            let partner: Partner?
            let learned: Learned
        }

        struct Hours: Encodable {
            let weekday: Int
            let opens: String
            let closes: String
        }

        struct Door: Encodable {
            let libraryId: String
            let timezone: String
            let phone: String
            let hours: [Hours]
        }

        let queues: [Line]
        let libraries: [Door]
    }

    var report: Report {
        Report(
            queues: queues.map(Self.line),
            libraries: libraries.map { library, hours in
                Report.Door(
                    libraryId: library.id.rawValue, timezone: library.timeZone, phone: library.phone,
                    hours: hours.map {
                        Report.Hours(
                            weekday: $0.weekday.rawValue, opens: $0.opens.description, closes: $0.closes.description)
                    })
            })
    }

    private static func line(_ entry: RoutingOverview.Entry) -> Report.Line {
        let (queue, routing) = (entry.queue, entry.routing)
        return Report.Line(
            queueId: queue.id.rawValue, name: queue.name, channel: queue.channel.rawValue, priority: queue.priority,
            standard: entry.isStandard,
            ladder: routing.ladder.steps.map {
                Report.Step(
                    rung: $0.rung.rawValue, opensAfterSeconds: $0.opensAfterSeconds, words: words($0.rung, routing))
            },
            ringsAtOnce: routing.ringsAtOnce, acceptSeconds: routing.acceptSeconds,
            askAgainSeconds: routing.askAgainSeconds, checkBackSeconds: routing.checkBackSeconds,
            graceSeconds: routing.graceSeconds, wrapUpSeconds: routing.wrapUpSeconds,
            handleSeconds: routing.handleSeconds, emailQueueId: routing.emailQueue?.rawValue,
            partner: routing.partner.map { Report.Partner(name: $0.name, contact: $0.contact) },
            learned: Report.Learned(
                sessions: entry.pace.count, handleSeconds: entry.handleSeconds, waits: entry.patience.count,
                waitSeconds: entry.patience.meanWaitMilliseconds / 1000, patienceSeconds: entry.patience.meanSeconds))
    }
}
