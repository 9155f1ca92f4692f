/// How long the agent waits for what.
package struct SyncLimits: Hashable, Sendable {
    /// Until a connection stands.
    package var connect = Duration.seconds(10)
    /// Without progress until an answer is given up.
    ///
    /// Progress is a step of the feed, or ``progressBytes``. The service says something every 15 s at least.
    package var silence = Duration.seconds(60)
    /// Bytes that count as progress; fewer in ``silence`` and no step is a drip.
    package var progressBytes = 16_384
    /// How long an answer is asked to stay open for changes.
    package var waitSeconds = 300
    /// The first pause after a failure, which doubles up to the longest.
    package var firstPause = Duration.milliseconds(500)
    package var longestPause = Duration.seconds(60)
    /// The shortest time between two requests that brought nothing.
    package var idlePause = Duration.seconds(1)
    /// How often the outbox is looked into.
    package var outboxPause = Duration.seconds(1)
    /// Between two checks of all tables.
    package var proofInterval = Duration.seconds(6 * 3600)
    /// Rows of a range that is fetched anew rather than cut further.
    package var repairRows = 512
    /// Parts into which a range that differs is cut.
    package var parts = 16

    package init() {}
}
