import Coverage

extension EventLogCheck {
    /// Looks in the log for everything that clients were told.
    ///
    /// The acknowledgements must be all that was asked, also what was refused or never answered: otherwise effects of
    /// requests that are not among them count as effects too many.
    ///
    /// - Parameter acknowledgements: Told once the log had been written; an event more in the log is no fault.
    package mutating func compare(with acknowledgements: [Acknowledgement]) {
        var effects: [Effect: Count] = [:]
        for (index, told) in acknowledgements.enumerated() {
            if told.asked == .create {
                compareCreation(told, line: index + 1)
            } else if let number = told.session.map({ Session.Number(rawValue: $0) }) {
                compare(told, of: number, line: index + 1)
                if let effect = Effect(told, number) { effects[effect, default: Count()].add(told, line: index + 1) }
            }
        }
        for (effect, count) in effects.sorted(by: { $0.value.firstLine < $1.value.firstLine }) {
            compare(effect, count)
        }
    }

    // MARK: Creations

    private mutating func compareCreation(_ told: Acknowledgement, line: Int) {
        guard told.isDone, let id = told.id else { return }
        let found = told.chatServer.map { session(createdBy: RequestKey(chatServer: .init($0), text: id)) }
        guard let number = told.session else { return }
        let creation = stories[Session.Number(rawValue: number)]?.creation
        if creation?.text != id || (found != nil && found != Session.Number(rawValue: number)) {
            let logged = found.flatMap(\.self).map { "session \($0)" } ?? "no such session"
            note(
                LogFault(
                    .acknowledgedLost, line: line,
                    "“\(id)” was told to be session \(number); the log has \(logged) created by it, and session "
                        + "\(number) is “\(creation?.text ?? "none")”"))
        }
    }

    // MARK: What was done once

    private mutating func compare(_ told: Acknowledgement, of number: Session.Number, line: Int) {
        guard let story = stories[number] else {
            if told.isDone { note(lost("there is no session \(number) in the log", line)) }
            return
        }
        if let problem = told.problem { return compareRefusal(problem, told, story, number, line) }
        guard told.isDone else { return }
        let id = Operator.ID(told.operator ?? "")
        switch told.asked {
        case .accept where !story.acceptedBy.contains(id):
            note(lost("session \(number) was acknowledged as accepted by \(id)", line))
        case .decline where !story.declinedBy.contains(id):
            note(lost("session \(number) was acknowledged as declined by \(id)", line))
        case .wrapUp where !story.isWrappedUp:
            note(lost("session \(number) was acknowledged as being written up", line))
        case .end where story.outcome?.rawValue != told.outcome:
            note(
                lost(
                    "session \(number) was acknowledged as ended, \(told.outcome ?? "without an outcome"); it is "
                        + (story.outcome.map { "ended, \($0.rawValue)" } ?? "not ended"), line))
        default: break
        }
    }

    private func lost(_ text: String, _ line: Int) -> LogFault { LogFault(.acknowledgedLost, line: line, text) }

    private mutating func compareRefusal(
        _ problem: String, _ told: Acknowledgement, _ story: Story, _ number: Session.Number, _ line: Int
    ) {
        let isSo =
            switch problem {
            case "already-ended": story.outcome != nil
            case "already-taken": story.acceptedBy.contains { $0.rawValue != told.operator }
            default: true
            }
        if !isSo { note(LogFault(.falseRefusal, line: line, "\(problem) was told of session \(number)")) }
    }

    // MARK: What is done as often as it is asked

    /// What a request does, where doing it twice is told by two events.
    private enum Effect: Hashable {
        case requeue(Session.Number)
        case transfer(Session.Number, Transfer)
        case note(Session.Number, String)

        init?(_ told: Acknowledgement, _ number: Session.Number) {
            switch told.asked {
            case .requeue: self = .requeue(number)
            case .note: self = .note(number, told.text ?? "")
            case .transfer:
                let target = told.target ?? ""
                switch told.to {
                case "operator": self = .transfer(number, .toOperator(.init(target)))
                case "library": self = .transfer(number, .toLibrary(.init(target)))
                default: self = .transfer(number, .toQueue(.init(target)))
                }
            default: return nil
            }
        }
    }

    /// How often something was asked and acknowledged; requests with the same key are one.
    private struct Count {
        var firstLine = 0
        private var asked: Set<String> = []
        private var done: Set<String> = []

        var most: Int { asked.count }
        var least: Int { done.count }

        mutating func add(_ told: Acknowledgement, line: Int) {
            if firstLine == 0 { firstLine = line }
            let name = told.key.map { "key \($0)" } ?? "line \(line)"
            asked.insert(name)
            if told.isDone { done.insert(name) }
        }
    }

    private mutating func compare(_ effect: Effect, _ count: Count) {
        let found: Int
        let words: String
        switch effect {
        case .requeue(let number):
            found = stories[number]?.requeues ?? 0
            words = "requeues of session \(number)"
        case .transfer(let number, let target):
            found = stories[number]?.transfers[target] ?? 0
            words = "transfers of session \(number), \(target.words),"
        case .note(let number, let text):
            found = stories[number]?.notes[text] ?? 0
            words = "notes “\(text)” of session \(number)"
        }
        if found < count.least {
            note(lost("\(count.least) \(words) were acknowledged, the log has \(found)", count.firstLine))
        }
        if found > count.most {
            note(
                LogFault(
                    .effectTwice, line: count.firstLine,
                    "\(count.most) \(words) were asked, each with a key or once; the log has \(found)"))
        }
    }
}

extension Transfer {
    fileprivate var words: String {
        switch self {
        case .toOperator(let id): "to operator \(id)"
        case .toLibrary(let id): "to library \(id)"
        case .toQueue(let id): "to queue \(id)"
        }
    }
}
