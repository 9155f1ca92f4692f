package import Coverage

extension EventLogCheck {
    /// What a database's tables say of the desk, at the moment of the log's last event.
    package struct Tables: Hashable, Sendable {
        /// Sessions that have not ended, each with the operator who has it; nil is in line.
        package var live: [Session.Number: Operator.ID?]
        package var offers: [Session.Number: Set<Operator.ID>]
        package var present: Set<Operator.ID>
        /// Lines of the view of broken promises.
        package var faults: [String]

        package init(
            live: [Session.Number: Operator.ID?], offers: [Session.Number: Set<Operator.ID>],
            present: Set<Operator.ID>, faults: [String]
        ) {
            self.live = live
            self.offers = offers
            self.present = present
            self.faults = faults
        }
    }

    /// Compares the tables with what the events have told.
    package mutating func compare(with tables: Tables) {
        for fault in tables.faults { note(LogFault(.faultInTables, fault)) }
        for number in Set(tables.live.keys).union(stands.keys).sorted() {
            let logged = stands[number].map(Self.words)
            let stored = tables.live[number].map { $0.map { "with \($0)" } ?? "in line" }
            if logged != stored { differ("session \(number)", logged, stored) }
            let open = Set((offers[number] ?? [:]).keys)
            let claimed = tables.offers[number] ?? []
            if open != claimed { differ("the offers of session \(number)", Self.words(open), Self.words(claimed)) }
        }
        if present != tables.present {
            differ(
                "present", Self.words(present.subtracting(tables.present)),
                Self.words(tables.present.subtracting(present)))
        }
    }

    private mutating func differ(_ what: String, _ logged: String?, _ stored: String?) {
        note(
            LogFault(
                .tablesDiffer, "\(what): \(logged ?? "not live") by the log, \(stored ?? "not live") by the tables"))
    }

    private static func words(_ stand: Stand) -> String {
        switch stand {
        case .inLine: "in line"
        case .held(let seat): "with \(seat.operator)"
        }
    }

    private static func words(_ ids: Set<Operator.ID>) -> String {
        ids.isEmpty ? "nobody" : ids.sorted().map(\.rawValue).joined(separator: ", ")
    }
}
