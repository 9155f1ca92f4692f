import Coverage

/// The columns of `routing.csv`.
enum RoutingColumn: String, TableColumn {
    case queue = "queue_id"
    case ladder
    case ringsAtOnce = "rings_at_once"
    case acceptSeconds = "accept_seconds"
    case askAgainSeconds = "ask_again_seconds"
    case checkBackSeconds = "check_back_seconds"
    case graceSeconds = "grace_seconds"
    case wrapUpSeconds = "wrap_up_seconds"
    case handleSeconds = "handle_seconds"
    case emailQueue = "email_queue_id"
    case partnerName = "partner_name"
    case partnerContact = "partner_contact"
}

extension TableRow<RoutingColumn> {
    /// - Parameters:
    ///   - queues: The ids of `queues.csv`.
    ///   - channels: How the queues of its good rows are reached.
    /// - Returns: Nil where a value is at fault.
    mutating func routing(queues: IdentifierIndex<Queue>, channels: [Queue.ID: Queue.Channel]) -> SetRouting? {
        typealias Bounds = QueueRouting.Bounds
        let queue = reference(.queue, to: queues)
        let ladder = ladder()
        let rings = wholeNumber(.ringsAtOnce, in: Bounds.ringsAtOnce)
        let accept = wholeNumber(.acceptSeconds, in: Bounds.acceptSeconds)
        let again = wholeNumber(.askAgainSeconds, in: Bounds.askAgainSeconds)
        let check = wholeNumber(.checkBackSeconds, in: Bounds.checkBackSeconds)
        let grace = wholeNumber(.graceSeconds, in: Bounds.graceSeconds)
        let wrapUp = wholeNumber(.wrapUpSeconds, in: Bounds.wrapUpSeconds)
        let handle = wholeNumber(.handleSeconds, in: Bounds.handleSeconds)
        let email = emailQueue(among: queues, channels)
        let partner = partner()
        guard let queue, let ladder, let rings, let accept, let again, let check, let grace, let wrapUp, let handle,
            let email, let partner
        else { return nil }
        return SetRouting(
            queue: queue,
            routing: QueueRouting(
                ladder: ladder, ringsAtOnce: rings, acceptSeconds: accept, askAgainSeconds: again,
                checkBackSeconds: check, graceSeconds: grace, wrapUpSeconds: wrapUp, handleSeconds: handle,
                emailQueue: email.queue, partner: partner.partner))
    }

    /// Rungs with `;` between them, each with the seconds after which it opens.
    private mutating func ladder() -> Ladder? {
        guard let text = text(.ladder) else { return nil }
        let remedy = "expected rungs with their seconds, like own_library:0;other_libraries:15;email:180"
        var steps: [Ladder.Step] = []
        for part in text.split(separator: ";", omittingEmptySubsequences: false) {
            let halves = part.split(separator: ":", omittingEmptySubsequences: false)
            guard halves.count == 2, let seconds = Int(asciiDigits: Array(halves[1].utf8)[...]) else {
                refuse(String(part), in: .ladder, "is not a rung with its seconds", remedy)
                return nil
            }
            guard let rung = Rung(rawValue: String(halves[0])) else {
                let known = Rung.allCases.map(\.rawValue)
                fault(
                    .ladder, "there is no rung \(String(halves[0]).quoted)",
                    Nearest.remedy(for: String(halves[0]), among: known))
                return nil
            }
            guard QueueRouting.Bounds.opensAfterSeconds.contains(seconds) else {
                let most = QueueRouting.Bounds.opensAfterSeconds.upperBound
                fault(.ladder, "\(seconds) seconds are out of range", "expected 0 to \(most)")
                return nil
            }
            steps.append(Ladder.Step(rung, opensAfterSeconds: seconds))
        }
        do throws(LadderFault) {
            return try Ladder(steps)
        } catch {
            switch error {
            case .namedTwice(let rung): fault(.ladder, "\(rung.rawValue) is there twice", "expected each rung once")
            case .opensTooEarly(let rung):
                fault(
                    .ladder, "\(rung.rawValue) opens before the rung in front of it",
                    "expected seconds that never fall")
            }
            return nil
        }
    }

    /// - Returns: A queue or none; nil where the value is at fault.
    private mutating func emailQueue(
        among queues: IdentifierIndex<Queue>, _ channels: [Queue.ID: Queue.Channel]
    ) -> (queue: Queue.ID?, Void)? {
        guard let text = text(.emailQueue) else { return nil }
        guard !text.isEmpty else { return (nil, ()) }
        guard let queue = reference(.emailQueue, to: queues) else { return nil }
        guard channels[queue] ?? .email == .email else {
            fault(
                .emailQueue, "the queue \(text.quoted) is not answered by email",
                "expected one whose channel is email, or nothing")
            return nil
        }
        return (queue, ())
    }

    /// - Returns: A partner or none; nil where the values are at fault.
    private mutating func partner() -> (partner: QueueRouting.Partner?, Void)? {
        guard let name = text(.partnerName), let contact = text(.partnerContact) else { return nil }
        guard name.isEmpty == contact.isEmpty else {
            fault(
                name.isEmpty ? .partnerName : .partnerContact, "the value is empty",
                "expected a partner's name and where patrons find it, or neither")
            return nil
        }
        return (name.isEmpty ? nil : QueueRouting.Partner(name: name, contact: contact), ())
    }
}

extension SetRouting {
    /// In the order of ``RoutingColumn``.
    var tableValues: [String] {
        [
            queue.rawValue,
            routing.ladder.steps.map { "\($0.rung.rawValue):\($0.opensAfterSeconds)" }.joined(separator: ";"),
            String(routing.ringsAtOnce), String(routing.acceptSeconds), String(routing.askAgainSeconds),
            String(routing.checkBackSeconds), String(routing.graceSeconds), String(routing.wrapUpSeconds),
            String(routing.handleSeconds), routing.emailQueue?.rawValue ?? "", routing.partner?.name ?? "",
            routing.partner?.contact ?? "",
        ]
    }
}
