/// Which request: `swap-UUID`, `giveaway-UUID`, `claim-7`, `leave-7`.
package enum RequestReference: Hashable, Sendable {
    /// A UUID in lower case.
    case swap(String)
    case giveaway(String)
    case claim(Int)
    case leave(Int)

    /// Nil where the text names no request.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        switch parts[0] {
        case "swap" where Self.isUUID(parts[1]): self = .swap(parts[1])
        case "giveaway" where Self.isUUID(parts[1]): self = .giveaway(parts[1])
        case "claim", "leave":
            guard let number = Int(parts[1]), (1...Int(Int32.max)).contains(number) else { return nil }
            self = parts[0] == "claim" ? .claim(number) : .leave(number)
        default: return nil
        }
    }

    package var text: String {
        switch self {
        case .swap(let id): "swap-\(id)"
        case .giveaway(let id): "giveaway-\(id)"
        case .claim(let number): "claim-\(number)"
        case .leave(let number): "leave-\(number)"
        }
    }

    private static func isUUID(_ text: String) -> Bool {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        return groups.map(\.count) == [8, 4, 4, 4, 12]
            && groups.joined().allSatisfy { $0.isASCII && $0.isHexDigit && !$0.isUppercase }
    }
}
