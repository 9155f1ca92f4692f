import Coverage
import Planning

extension GapsOutput {
    /// For scripts: a list of gaps, or with suggestions an object that holds it.
    func json() throws -> String {
        let lines = gaps.enumerated().map { index, gap in
            GapLine(gap, proof: proofs?.proofs[index], zone: zone)
        }
        guard let suggestions else { return try JSONText.encode(lines) }
        return try JSONText.encode(SuggestionReport(lines, suggestions, in: problem))
    }
}

/// A gap as `gaps --json` prints it.
struct GapLine: Encodable {
    let queueID: String
    let startsAt: String
    let endsAt: String
    let severity: String
    let missing: Int
    /// One of a fixed set of words for the kind of reason.
    let reason: String
    let explanation: String
    /// Only with `--explain`.
    let proof: ProofLine?

    private enum CodingKeys: String, CodingKey {
        case queueID = "queueId"
        case startsAt, endsAt, severity, missing, reason, explanation, proof
    }

    init(_ explained: ExplainedGap, proof: GapProof?, zone: TimeZoneRules) {
        queueID = explained.gap.queue.rawValue
        startsAt = explained.gap.during.lowerBound.text(in: zone)
        endsAt = explained.gap.during.upperBound.text(in: zone)
        severity = explained.gap.severity.rawValue
        missing = explained.gap.missing
        reason = explained.reason.kind.rawValue
        explanation = explained.reason.text
        self.proof = proof.map { ProofLine($0, zone: zone) }
    }
}

struct ProofLine: Encodable {
    let outcome: String
    let provenMinutes: Int
    let certificate: CertificateLine?
    let text: [String]

    init(_ proof: GapProof, zone: TimeZoneRules) {
        outcome = proof.outcome.rawValue
        provenMinutes = proof.provenMinutes
        certificate = proof.certificate.map { CertificateLine($0, zone: zone) }
        text = CertificateWords(proof, in: zone).lines
    }
}

struct CertificateLine: Encodable {
    let severity: String
    let wantedMinutes: Int
    let availableMinutes: Int
    let shortMinutes: Int
    let demands: [DemandLine]
    let operators: [OperatorLine]

    struct DemandLine: Encodable {
        let queueID: String
        let startsAt: String
        let endsAt: String
        let operators: Int

        private enum CodingKeys: String, CodingKey {
            case queueID = "queueId"
            case startsAt, endsAt, operators
        }
    }

    struct OperatorLine: Encodable {
        let operatorID: String
        let minutes: Int
        let freeMinutes: Int
        let limit: String

        private enum CodingKeys: String, CodingKey {
            case operatorID = "operatorId"
            case minutes, freeMinutes, limit
        }
    }

    init(_ certificate: CoverageCertificate, zone: TimeZoneRules) {
        severity = certificate.severity.rawValue
        wantedMinutes = certificate.wantedMinutes
        availableMinutes = certificate.availableMinutes
        shortMinutes = certificate.shortMinutes
        demands = certificate.wants.map { want in
            DemandLine(
                queueID: want.queue.rawValue, startsAt: want.during.lowerBound.text(in: zone),
                endsAt: want.during.upperBound.text(in: zone), operators: want.operators)
        }
        operators = certificate.givers.map { giver in
            OperatorLine(
                operatorID: giver.operator.rawValue, minutes: giver.minutes, freeMinutes: giver.freeMinutes,
                limit: giver.limit.rawValue)
        }
    }
}
