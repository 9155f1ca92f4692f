import Coverage
import Planning
import Testing

@Suite("A certificate that a gap cannot be closed")
struct CertificateTests {
    /// The proof of the only gap, or of the one on a queue.
    private func proof(_ desk: SmallDesk, _ shifts: [Shift] = [], on queue: String = "ask") throws -> GapProof {
        let problem = try desk.problem()
        let gaps = GapReport(of: shifts, in: problem).gaps
        let proofs = GapProofs(of: gaps, in: shifts, for: problem)
        let index = try #require(gaps.firstIndex { $0.gap.queue.rawValue == queue })
        let proof = proofs.proofs[index]
        if let certificate = proof.certificate { #expect(CertificateChecker(problem).faults(of: certificate) == []) }
        return proof
    }

    private func givers(_ proof: GapProof) -> [String] {
        proof.certificate?.givers.map { "\($0.operator) \($0.minutes) \($0.limit.rawValue)" } ?? []
    }

    @Test("names nobody where nobody could come")
    func nobody() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann", hours: 8..<9)
        try desk.want("ask", 0, 9..<11)
        let proof = try proof(desk)
        #expect(proof.outcome == .proven)
        #expect(proof.provenMinutes == 120)
        #expect(proof.certificate?.wantedMinutes == 120)
        #expect(givers(proof) == [])
    }

    @Test("leaves out who is free for less than the shortest shift")
    func tooShort() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask", shift: 2...4)
        desk.add("ann", hours: 8..<9)
        try desk.want("ask", 0, 8..<11)
        #expect(givers(try proof(desk)) == [])
    }

    @Test("takes in the other queue that wants the same person, and no more")
    func twoQueues() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add(queue: "email")
        desk.add("ann")
        desk.add("bob", hours: 12..<20)
        for queue in ["ask", "email"] { try desk.want(queue, 0, 9..<11) }
        try desk.want("email", 0, 12..<14)
        try desk.want("email", 1, 9..<11)
        let proof = try proof(desk, [try desk.shift("email", "ann", 0, 9..<11)])
        #expect(proof.outcome == .proven)
        #expect(proof.certificate?.wants.map(\.queue.rawValue) == ["ask", "email"])
        #expect(proof.certificate?.wantedMinutes == 240)
        #expect(givers(proof) == ["ann 120 slots"])
    }

    @Test("counts the hours that a week leaves")
    func week() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann", perWeek: 3)
        for day in 0..<4 { try desk.want("ask", day, 9..<10) }
        let shifts = try (0..<3).map { try desk.shift("ask", "ann", $0, 9..<10) }
        let proof = try proof(desk, shifts)
        #expect(proof.outcome == .proven)
        #expect(givers(proof) == ["ann 180 week"])
    }

    @Test("counts the hours that a day leaves")
    func day() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann", perDay: 3)
        try desk.want("ask", 0, 9..<13)
        let proof = try proof(desk, [try desk.shift("ask", "ann", 0, 9..<12)])
        #expect(proof.provenMinutes == 60)
        #expect(givers(proof) == ["ann 180 day"])
    }

    @Test("counts no hours that a guideline only advises against, nor those of an override")
    func guidelines() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann", perWeek: 1)
        try desk.want("ask", 0, 9..<11)
        let shift = try desk.shift("ask", "ann", 0, 9..<10)
        #expect(try proof(desk, [shift]).outcome == .proven)
        var permitted = desk
        try permitted.override(.maxHoursPerWeek, "ann", 0, 10..<11)
        #expect(try proof(permitted, [shift]).outcome == .notProven)
        desk.bundle.consortium.rules = RuleBook([
            Rule(name: .maxHoursPerWeek, ruleClass: .green, parameters: [.weight: Thousandths(5)])
        ])
        #expect(try proof(desk, [shift]).outcome == .notProven)
    }

    @Test("is not there where somebody could come")
    func possible() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann")
        try desk.want("ask", 0, 9..<11)
        #expect(try proof(desk).outcome == .notProven)
        #expect(try proof(desk).certificate == nil)
    }

    @Test("proves of a longer gap the part that it can")
    func partly() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann", hours: 9..<11)
        try desk.want("ask", 0, 9..<11, minimum: 2, target: 2)
        let proof = try proof(desk)
        #expect(proof.outcome == .partlyProven)
        #expect(proof.provenMinutes == 120)
        #expect(proof.certificate?.shortMinutes == 120)
    }

    @Test("is about targets where the gap is thin")
    func thin() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann")
        try desk.want("ask", 0, 9..<10, minimum: 1, target: 2)
        let proof = try proof(desk, [try desk.shift("ask", "ann", 0, 9..<10)])
        #expect(proof.certificate?.severity == .thin)
        #expect(proof.certificate?.wantedMinutes == 120)
        #expect(givers(proof) == ["ann 60 slots"])
    }

    @Test("is read as a sentence")
    func words() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann", perDay: 3)
        try desk.want("ask", 0, 9..<13)
        let proof = try proof(desk, [try desk.shift("ask", "ann", 0, 9..<12)])
        #expect(
            CertificateWords(proof, in: try desk.problem().zone).lines == [
                "no plan within the rules covers it:", "the minimum of ask Mon 09:00–13:00 is 4 h of work;",
                "only ann 3 h (daily hours; free for 4 h) could do any of it, 3 h at most; "
                    + "so 1 h stays uncovered in every plan",
            ])
    }

    @Test("is not looked for when time is over")
    func timeIsOver() throws {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        try desk.want("ask", 0, 9..<13)
        let problem = try desk.problem()
        let proofs = GapProofs(of: GapReport(of: [], in: problem).gaps, in: [], for: problem) { true }
        #expect(proofs.proofs.map(\.outcome) == [.notTried])
    }
}

@Suite("The checker of certificates")
struct CertificateCheckerTests {
    private func desk() throws -> SmallDesk {
        var desk = SmallDesk()
        desk.add(queue: "ask")
        desk.add("ann", perDay: 3)
        try desk.want("ask", 0, 9..<13)
        return desk
    }

    private func certificate(
        _ desk: SmallDesk, _ hours: Range<Int> = 9..<13, operators: Int = 1, giver: String? = "ann", minutes: Int = 180
    ) throws -> CoverageCertificate {
        CoverageCertificate(
            severity: .critical,
            wants: [.init(queue: Queue.ID("ask"), during: try desk.time(0, hours), operators: operators)],
            givers: giver.map {
                [.init(operator: Operator.ID($0), minutes: minutes, freeMinutes: 240, limit: .day)]
            } ?? [])
    }

    private func faults(_ certificate: CoverageCertificate, _ desk: SmallDesk) throws -> [CertificateChecker.Fault] {
        CertificateChecker(try desk.problem()).faults(of: certificate)
    }

    @Test("finds nothing wrong with a sound one")
    func sound() throws {
        let desk = try desk()
        #expect(try faults(certificate(desk), desk) == [])
    }

    @Test("finds who was left out or given too little")
    func leftOut() throws {
        let desk = try desk()
        let ann = Operator.ID("ann")
        #expect(try faults(certificate(desk, giver: nil), desk) == [.canGiveMore(ann, minutes: 180)])
        #expect(try faults(certificate(desk, minutes: 120), desk) == [.canGiveMore(ann, minutes: 180)])
        #expect(
            try faults(certificate(desk, giver: "zoe"), desk) == [
                .unknownOperator(Operator.ID("zoe")), .canGiveMore(ann, minutes: 180),
            ])
    }

    @Test("finds demand that is not there")
    func noDemand() throws {
        let desk = try desk()
        let ask = Queue.ID("ask")
        let before = try desk.time(0, 8..<9).lowerBound
        #expect(try faults(certificate(desk, 8..<13), desk) == [.noSuchDemand(ask, before)])
        let hours = try (9..<13).map {
            CertificateChecker.Fault.noSuchDemand(ask, try desk.time(0, $0..<$0 + 1).lowerBound)
        }
        #expect(try faults(certificate(desk, operators: 2), desk) == hours)
    }

    @Test("finds one that proves nothing, and hours counted twice")
    func nothing() throws {
        let desk = try desk()
        #expect(try faults(certificate(desk, 9..<12), desk) == [.wantsNoMore])
        let once = try certificate(desk, 9..<10)
        let twice = CoverageCertificate(severity: .critical, wants: once.wants + once.wants, givers: [])
        #expect(try faults(twice, desk).contains(.countedTwice(Queue.ID("ask"), once.wants[0].during.lowerBound)))
    }
}
