/// What a token allows.
package enum Scope: String, CaseIterable, Sendable, Hashable {
    /// Create sessions and do all that a chat server does with them.
    case sessionsWrite = "sessions:write"
    /// Read sessions and their trails.
    case sessionsRead = "sessions:read"
    /// Tell who is here.
    case presenceWrite = "presence:write"
    /// Read the stream of events.
    case eventsRead = "events:read"
    /// Read libraries' policy pages.
    case policyRead = "policy:read"
    /// Write libraries' policy pages.
    case policyWrite = "policy:write"
    /// Set up webhooks and see their deliveries.
    case webhooks = "webhooks"
    /// Read how queues are routed and when libraries answer their telephones.
    case settingsRead = "settings:read"
    /// Change that: for the consortium's own people, not for chat servers.
    case settingsWrite = "settings:write"
    /// Read what one library may see: for its replica.
    case replicaRead = "replica:read"
    /// Send what that library did while it was away.
    case replicaWrite = "replica:write"

    /// Whether it goes with tokens that belong to one library, and with no others.
    package var isOfLibrary: Bool { self == .replicaRead || self == .replicaWrite }
}
