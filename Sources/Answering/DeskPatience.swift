/// How a desk goes on while the database cannot be reached.
package enum DeskPatience {
    /// How long a batch is tried.
    static let whole = Duration.seconds(10)

    /// How long to wait after so many failures in a row.
    ///
    /// Short, for everybody waits: once the database is back, decisions must not stand still for seconds.
    package static func pause(after failures: Int) -> Duration { .milliseconds(min(20 << min(failures, 4), 250)) }
}
