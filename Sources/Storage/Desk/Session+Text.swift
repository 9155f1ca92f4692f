import Coverage
import Routing

// The parts of a live session that travel as short texts: a row of arrays inside a batch of rows cannot be sent.

extension Session {
    /// Operators not to be asked: `operator=reason=seconds`, with spaces between.
    var passedText: String {
        passed.sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value.reason.rawValue)=\($0.value.until.secondsSince1970)" }
            .joined(separator: " ")
    }

    static func passed(_ text: String) -> [Operator.ID: Passed] {
        var found: [Operator.ID: Passed] = [:]
        for part in text.split(separator: " ") {
            let fields = part.split(separator: "=").map(String.init)
            guard fields.count == 3, let reason = PassedOver.Reason(rawValue: fields[1]), let until = Int64(fields[2])
            else { continue }
            found[Operator.ID(fields[0])] = .init(reason: reason, until: Instant(secondsSince1970: until))
        }
        return found
    }

    /// `operator=id=seconds` or `library=id=seconds`.
    var wishText: String? {
        guard let wish else { return nil }
        return switch wish.target {
        case .toOperator(let id): "operator=\(id)=\(wish.until.secondsSince1970)"
        case .toLibrary(let id): "library=\(id)=\(wish.until.secondsSince1970)"
        }
    }

    static func wish(_ text: String?) -> Wish? {
        let fields = (text ?? "").split(separator: "=").map(String.init)
        guard fields.count == 3, let until = Int64(fields[2]) else { return nil }
        let target: Wish.Target =
            fields[0] == "operator" ? .toOperator(Operator.ID(fields[1])) : .toLibrary(Library.ID(fields[1]))
        return Wish(target: target, until: Instant(secondsSince1970: until))
    }

    var fallbacksText: String { fallbacks.map(\.rawValue).sorted().joined(separator: " ") }

    static func fallbacks(_ text: String) -> Set<Rung> {
        Set(text.split(separator: " ").compactMap { Rung(rawValue: String($0)) })
    }
}
