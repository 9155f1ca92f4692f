/// What was learned of a queue from its sessions.
package struct QueuePace: Hashable, Sendable {
    /// What sessions take once an operator has them.
    package var handling: HandlePace
    /// How long patrons wait for one.
    package var patience: Patience

    package init(handling: HandlePace = HandlePace(), patience: Patience = Patience()) {
        self.handling = handling
        self.patience = patience
    }
}
