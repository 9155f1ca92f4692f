/// How large an instance may be: what keeps reading and solving it bounded, whatever the file holds.
package struct RosterLimits: Sendable {
    package var fileBytes = 64 << 20
    package var lineBytes = 64 << 10
    package var days = 1000
    /// Families of shifts are the bits of a word.
    package var shiftTypes = 64
    package var people = 20_000
    /// People times days times shift types.
    package var cells = 100_000_000
    package var minutes = 10_000_000
    package var weight = 100_000

    package init() {}
}
