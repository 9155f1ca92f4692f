/// How long a session in line is likely to wait for a seat, where the queues' operators are partly the same people.
///
/// **What competes.** A seat that comes free takes the first session of the queue with the highest priority among those
/// that its operator answers. So what stands before a session is, in every queue that shares operators with its own or
/// with one of those: all that waits at a higher priority, and what came earlier at the same. Operators who answer the
/// same queues are one *pool*.
///
/// **How fast.** A pool's seats come free at the rate μ, the sum over its busy seats of 1 / (what a session of that
/// queue takes). Patrons who are still to come overtake where their queue's priority is higher; as many come as are
/// served, so by Little's law (J. D. C. Little, "A proof for the queuing formula L = λW", Operations Research 9, 1961) at
/// λ = sessions of that queue in seats / what one takes, which is spread over its pools by their rates.
///
/// **The mean** is that of the fluid: each pool works at μ − λ on the most urgent of its queues that is not yet empty,
/// on queues of the same priority in proportion to what is left of them, until a pool of the session's own queue has
/// nothing before the session; from then on such pools work on the session itself, which counts as one.
///
/// **Whoever gives up.** Patrons before the session leave at the rate θ of their queue (``Patience``), each for
/// themselves, so that a line of a that is worked off at d shrinks by d + θa and is empty after ln(1 + θa / d) / θ: the
/// fluid of a line with impatient customers (O. Garnett, A. Mandelbaum, M. Reiman, "Designing a call center with
/// impatient customers", Manufacturing & Service Operations Management 4, 2002). The session itself stays: what is told
/// is the wait of whoever does.
///
/// **Whoever goes.** A pool whose shifts end gives nothing from then on: the rates of the fluid fall at that time. If
/// nobody is left before the session's turn, nothing can be said.
///
/// **The spread.** While a pool works off n sessions and others overtake, the time is a busy period that n sessions
/// begin: its mean is n / (μ − λ), its variance n (μ + λ) / (μ − λ)³ (A. Cobham, "Priority assignment in waiting line
/// problems", Operations Research 2, 1954; L. Takács, "Introduction to the theory of queues", 1962). With λ = 0 that is
/// the Erlang distribution. Where patrons give up as well, the next in line moves up at μ − λ + Σθa, and each such step
/// adds less. Variances of the stretches of the fluid are added up, and the quantiles are those of the
/// gamma distribution with that mean and variance, by E. B. Wilson, M. M. Hilferty, "The distribution of chi-square",
/// PNAS 17 (1931).
///
/// What it does not know: operators who will come, or go though their shifts last, and
/// traffic that changes.
struct WaitEstimate {
    /// A queue, as far as it competes.
    struct Line {
        var priority: Int
        /// Sessions without an offer that come before the one in question.
        var ahead: Int
        /// What a session takes on average.
        var handleSeconds: Int
        /// Sessions in seats, offered or held.
        var held: Int = 0
        /// The chance that a patron in line gives up within the next second.
        var leavingPerSecond = 0.0
    }

    /// Operators who answer the same queues, for as long.
    struct Pool {
        /// Indices of ``WaitEstimate/lines``.
        var lines: [Int]
        var freeSeats: Int
        /// Ends a second to come, from the sessions on its seats.
        var rate: Double
        /// Until their shifts end; nil where they stay.
        var secondsLeft: Double?
    }

    /// Seconds that half of all wait at most, and nine of ten; zero is that a seat is free.
    struct Wait: Hashable {
        var medianSeconds: Double
        var ninetiethSeconds: Double
    }

    var lines: [Line]
    var pools: [Pool]
    /// The queue of the session in question.
    var target: Int

    /// - Returns: Nil where no seat of the queue is in use or free, so that nothing can be said.
    /// - Complexity: O(lines × pools × lines of a pool)
    func wait() -> Wait? {
        var fluid = Fluid(self)
        guard !fluid.takeFreeSeats() else { return Wait(medianSeconds: 0, ninetiethSeconds: 0) }
        guard let (mean, variance) = fluid.run() else { return nil }
        let shape = mean * mean / variance
        return Wait(
            medianSeconds: mean * Self.quantile(0, shape: shape),
            ninetiethSeconds: mean * Self.quantile(1.281_552, shape: shape))
    }

    /// A quantile of the gamma distribution with mean 1, at so many standard deviations of the normal distribution.
    private static func quantile(_ deviations: Double, shape: Double) -> Double {
        let step = 1 / (9 * shape)
        let root = max(0, 1 - step + deviations * step.squareRoot())
        return root * root * root
    }
}

extension WaitEstimate {
    /// What stands before the session, flowing off.
    private struct Fluid {
        /// A pool's part in it.
        private struct Flow {
            let lines: [Int]
            let isOwn: Bool
            var freeSeats: Int
            /// Ends a second.
            var rate: Double
            /// Of these, what goes to those who overtake.
            var overtaken = 0.0
            /// When it ends.
            let end: Double

            /// What is left for those in line; a tenth at least, or nothing would ever be told.
            var left: Double { max(rate - overtaken, rate / 10) }
        }

        private let lines: [Line]
        private let urgency: Int
        private var ahead: [Double]
        private var flows: [Flow]

        init(_ estimate: WaitEstimate) {
            lines = estimate.lines
            let urgency = estimate.lines[estimate.target].priority
            self.urgency = urgency
            ahead = estimate.lines.map { $0.priority >= urgency ? Double($0.ahead) : 0 }
            flows = estimate.pools.map { pool in
                Flow(
                    lines: pool.lines, isOwn: pool.lines.contains(estimate.target), freeSeats: pool.freeSeats,
                    rate: pool.rate, end: pool.secondsLeft ?? .infinity)
            }
        }

        /// Gives seats that are free to those before the session.
        ///
        /// - Returns: Whether one is left for the session.
        mutating func takeFreeSeats() -> Bool {
            for index in flows.indices {
                while flows[index].freeSeats > 0 {
                    let waiting = flows[index].lines.filter { ahead[$0] > 0 }
                    guard let line = waiting.max(by: { lines[$0].priority < lines[$1].priority }) else {
                        if flows[index].isOwn { return true }
                        break
                    }
                    ahead[line] = max(0, ahead[line] - 1)
                    flows[index].freeSeats -= 1
                    flows[index].rate += 1 / Double(lines[line].handleSeconds)
                }
            }
            return false
        }

        /// Lets it flow until the session's own turn is over.
        ///
        /// - Returns: The mean and the variance of the time; nil if no seat of the session's queue ever comes free.
        mutating func run() -> (mean: Double, variance: Double)? {
            countOvertaking()
            guard flows.contains(where: { $0.isOwn && $0.rate > 0 }) else { return nil }
            var (mean, variance, rest) = (0.0, 0.0, 1.0)
            // Each stretch empties a line or ends pools, but the last.
            for _ in 0...lines.count + flows.count {
                for index in flows.indices where flows[index].end <= mean { flows[index].rate = 0 }
                var drains = Array(repeating: 0.0, count: lines.count)
                var ready = 0.0
                var own = (rate: 0.0, left: 0.0, overtaken: 0.0)
                for flow in flows where flow.rate > 0 {
                    let isReady = !share(flow, &drains)
                    if isReady && flow.isOwn { ready += flow.left }
                    if flow.isOwn {
                        own.rate += flow.rate
                        own.left += flow.left
                        own.overtaken += flow.overtaken
                    }
                }
                let untilEmpty = lines.indices.filter { drains[$0] > 0 }.map { secondsUntilEmpty($0, drains[$0]) }.min()
                let untilServed = ready > 0 ? rest / ready : .infinity
                let untilGone = flows.filter { $0.rate > 0 }.map { $0.end - mean }.min() ?? .infinity
                let stretch = min(untilEmpty ?? .infinity, untilServed, untilGone)
                guard stretch.isFinite, own.rate > 0 else { return nil }
                // Only pools with nothing else to do matter to the session once there are some.
                let leavingBefore = ready > 0 ? 0 : leaving
                flow(for: stretch, drains)
                let pace = ready > 0 ? ready : own.left
                let steps = Self.integral(of: stretch, from: pace + leavingBefore, to: pace + (ready > 0 ? 0 : leaving))
                variance += steps * (own.rate + own.overtaken) / own.left
                guard untilServed > stretch else { return (mean + stretch, variance) }
                // Not a hair before it, whatever rounding makes of the sum.
                mean = stretch == untilGone ? flows.filter { $0.rate > 0 }.map(\.end).min() ?? mean : mean + stretch
                rest -= stretch * ready
            }
            return (mean, variance)
        }

        /// Until when a line is worked off at a rate, and left by those who give up.
        private func secondsUntilEmpty(_ line: Int, _ drain: Double) -> Double {
            let leaving = lines[line].leavingPerSecond
            guard leaving > 0 else { return ahead[line] / drain }
            return Curve.logarithm(1 + leaving * ahead[line] / drain) / leaving
        }

        /// Takes from the lines what is worked off in a while, and whoever gives up.
        private mutating func flow(for seconds: Double, _ drains: [Double]) {
            for line in lines.indices where ahead[line] > 0 {
                let leaving = lines[line].leavingPerSecond
                var left = ahead[line] - seconds * drains[line]
                if leaving > 0 {
                    let settled = drains[line] / leaving
                    // Whatever is that small is nothing.
                    left = (ahead[line] + settled) * Curve.exponential(max(-60, -leaving * seconds)) - settled
                }
                // What is emptied is empty, whatever rounding leaves of it.
                ahead[line] = left < 1e-6 ? 0 : left
            }
        }

        /// How many give up in a second, of those before the session whom its own pools would serve.
        private var leaving: Double {
            lines.indices.filter { line in ahead[line] > 0 && flows.contains { $0.isOwn && $0.lines.contains(line) } }
                .reduce(0) { $0 + ahead[$1] * lines[$1].leavingPerSecond }
        }

        /// The integral of 1 / rate over a time in which the rate goes from one to another as exponentials do.
        private static func integral(of seconds: Double, from first: Double, to last: Double) -> Double {
            let ratio = first / last
            guard ratio > 1.000_001 else { return seconds / first }
            return seconds * (1 / last - 1 / first) / Curve.logarithm(ratio)
        }

        /// Spreads those who are still to come at a higher priority over the pools that answer them.
        private mutating func countOvertaking() {
            for line in lines.indices where lines[line].priority > urgency && lines[line].held > 0 {
                let arrivals = Double(lines[line].held) / Double(lines[line].handleSeconds)
                let able = flows.indices.filter { flows[$0].lines.contains(line) }
                let total = able.reduce(0) { $0 + flows[$1].rate }
                guard total > 0 else { continue }
                for index in able { flows[index].overtaken += min(1, arrivals / total) * flows[index].rate }
            }
        }

        /// Has a pool work on the most urgent of its lines that are not empty.
        ///
        /// - Returns: Whether there is one.
        private func share(_ flow: Flow, _ drains: inout [Double]) -> Bool {
            let waiting = flow.lines.filter { ahead[$0] > 0 }
            guard let urgent = waiting.map({ lines[$0].priority }).max() else { return false }
            let first = waiting.filter { lines[$0].priority == urgent }
            let total = first.reduce(0) { $0 + ahead[$1] }
            for line in first { drains[line] += flow.left * ahead[line] / total }
            return true
        }
    }
}
