import Coverage

/// Places in line.
extension LiveDesk {
    mutating func joinLines(_ session: Session) {
        guard let place = session.place else { return }
        let entry = WaitingLine.Entry(place: place, number: session.number)
        lines[session.queue, default: WaitingLine()].insert(entry)
        if wantsOffers(session) { seekers[session.queue, default: WaitingLine()].insert(entry) }
    }

    mutating func leaveLines(_ session: Session) {
        guard let place = session.place else { return }
        let entry = WaitingLine.Entry(place: place, number: session.number)
        lines[session.queue]?.remove(entry)
        if wantsOffers(session) { seekers[session.queue]?.remove(entry) }
    }

    /// Changes a session's place, queue or offers, and with them its entries in the lines.
    mutating func move(_ number: Session.Number, _ change: (inout Session) -> Void) {
        if let old = sessions[number] { leaveLines(old) }
        update(number, change)
        if let new = sessions[number] { joinLines(new) }
    }

    /// How many are in line before a session.
    func ahead(of session: Session) -> Int {
        guard let place = session.place else { return 0 }
        return lines[session.queue]?.index(of: .init(place: place, number: session.number)) ?? 0
    }

    /// Remembers the hours in which queues are open now, for they are asked of with every session.
    mutating func reviewHours() {
        guard now >= openHoursEnd else { return }
        openHours = [:]
        // Whoever is closed is looked at again each minute.
        openHoursEnd = now.advanced(byMinutes: 1)
        for (id, entry) in book.queues {
            openHours[id] = entry.calendar.stretch(at: now)
        }
    }

    private func wantsOffers(_ session: Session) -> Bool {
        session.offers.count < (book.queues[session.queue]?.routing.ringsAtOnce ?? 1)
    }

    /// When the ladder began for a session: when it joined the line, or when the queue opened after that; nil if it
    /// does not open in sight.
    func ladderStart(_ session: Session) -> Instant? {
        guard let place = session.place else { return nil }
        if openHours[session.queue]?.contains(place.since) == true { return place.since }
        return book.queues[session.queue]?.calendar.firstOpen(from: place.since)
    }
}
