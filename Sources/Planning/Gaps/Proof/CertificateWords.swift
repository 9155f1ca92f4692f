package import Coverage

/// A certificate as a coordinator reads it.
package struct CertificateWords {
    private let proof: GapProof
    private let zone: TimeZoneRules
    /// Beyond so many, operators are counted and not named; JSON has them all.
    private static let mostGivers = 6
    private static let mostWants = 5

    package init(_ proof: GapProof, in zone: TimeZoneRules) {
        self.proof = proof
        self.zone = zone
    }

    /// One sentence for each step of the proof; nothing where nothing is proven.
    package var lines: [String] {
        guard let certificate = proof.certificate else { return [] }
        let aim = certificate.severity == .critical ? "minimum" : "target"
        var lines = [
            proof.outcome == .proven
                ? "no plan within the rules covers it:"
                : "\(Self.hours(proof.provenMinutes)) of it no plan within the rules covers:"
        ]
        let wants = certificate.wants.prefix(Self.mostWants).map { want in
            "\(want.queue) \(time(want.during))" + (want.operators == 1 ? "" : " × \(want.operators)")
        }
        lines.append(
            "the \(aim) of " + Self.list(wants, hidden: certificate.wants.count - wants.count, "more times")
                + " is \(Self.hours(certificate.wantedMinutes)) of work;")
        let stay = certificate.shortMinutes == 60 ? "stays" : "stay"
        lines.append(
            "\(givers(certificate)); so \(Self.hours(certificate.shortMinutes)) \(stay) uncovered in every plan")
        return lines
    }

    private func givers(_ certificate: CoverageCertificate) -> String {
        let most = "\(Self.hours(certificate.availableMinutes)) at most"
        switch certificate.givers.count {
        case 0: return "nobody could do any of it"
        case 1: return "only \(text(of: certificate.givers[0])) could do any of it, \(most)"
        case ...Self.mostGivers:
            let texts = certificate.givers.sorted { $0.minutes > $1.minutes }.map(text)
            return "only \(texts.joined(separator: ", ")) could do any of it, together \(most)"
        default:
            let limits = [(CoverageCertificate.Limit.week, "weekly hours"), (.day, "daily hours")].compactMap {
                limit, words in
                let count = certificate.givers.count { $0.limit == limit }
                return count > 0 ? "\(words) hold \(count)" : nil
            }
            return "only \(certificate.givers.count) operators could do any of it, together \(most)"
                + (limits.isEmpty ? "" : " (\(limits.joined(separator: ", ")))")
        }
    }

    /// `ann 5 h (weekly hours; free for 34 h)`.
    private func text(of giver: CoverageCertificate.Giver) -> String {
        let text = "\(giver.operator) \(Self.hours(giver.minutes))"
        switch giver.limit {
        case .slots: return text
        case .day: return "\(text) (daily hours; free for \(Self.hours(giver.freeMinutes)))"
        case .week: return "\(text) (weekly hours; free for \(Self.hours(giver.freeMinutes)))"
        }
    }

    private static func list(_ texts: [String], hidden: Int, _ word: String) -> String {
        let shown = texts.joined(separator: ", ")
        return hidden > 0 ? "\(shown) and \(hidden) \(word)" : shown
    }

    /// `2 h`, `1.5 h`, `20 min`.
    static func hours(_ minutes: Int) -> String {
        if minutes % 60 == 0 { return "\(minutes / 60) h" }
        return minutes % 30 == 0 ? "\(minutes / 60).5 h" : "\(minutes) min"
    }

    private func time(_ during: Range<Instant>) -> String {
        let (from, to) = (zone.civil(at: during.lowerBound), zone.civil(at: during.upperBound))
        let start = "\(from.date.weekday.abbreviation) \(from.timeText)"
        if to.date == from.date { return "\(start)–\(to.timeText)" }
        if to.date == from.date.advanced(byDays: 1), to.secondOfDay == 0 { return "\(start)–24:00" }
        return "\(start)–\(to.date.weekday.abbreviation) \(to.timeText)"
    }
}
