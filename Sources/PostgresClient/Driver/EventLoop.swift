import CEpoll
import Glibc
import Synchronization

/// A thread that tells connections when their sockets are ready, and timers when their time has come.
///
/// Its work per answer is a few microseconds, of which libpq's parsing is the most. It also runs tasks that prefer it as
/// their executor: one that waits for a connection of the loop's then goes on without a change of threads.
final class EventLoop: Sendable {
    /// What stands for a connection in the kernel; never used twice, unlike the number of a socket.
    typealias Token = UInt64

    /// What of a socket is watched now.
    struct Interest: Sendable, Equatable {
        var reading = false
        var writing = false
    }

    /// The loop for what belongs to no connection.
    static let shared = EventLoop()

    /// The loops among which connections are shared out: one for two cores, as the others have their own work to do.
    private static let all =
        [shared] + (1..<max(1, min(8, sysconf(CInt(_SC_NPROCESSORS_ONLN)) / 2))).map { _ in EventLoop() }
    private static let lastUsed = Atomic(0)

    /// The loop for the next connection.
    static func next() -> EventLoop {
        all[lastUsed.wrappingAdd(1, ordering: .relaxed).newValue % all.count]
    }

    fileprivate struct State {
        var lastToken: Token = 0
        var links: [Token: Link] = [:]
        var timers: [Token: Timer] = [:]
        /// When the first of the timers is due; may be too early, as a timer that was forgotten stays counted.
        var nextDeadline: ContinuousClock.Instant?
        /// Jobs of tasks, in the order in which they came.
        var jobs: [UnownedJob] = []
        /// The loop is about to sleep, or sleeps, in which it must be woken.
        var mayBeAsleep = false
    }

    fileprivate struct Timer {
        let deadline: ContinuousClock.Instant
        let action: @Sendable () -> Void
    }

    private let epoll: CInt
    private let wakeUp: CInt
    private let state = Mutex(State())
    private static let wakeUpToken: Token = 0

    private init() {
        epoll = epoll_create1(CInt(EPOLL_CLOEXEC))
        wakeUp = eventfd(0, CInt(EFD_CLOEXEC | EFD_NONBLOCK))
        precondition(epoll >= 0 && wakeUp >= 0, "the system has no file descriptors left for the event loop")
        change(EPOLL_CTL_ADD, wakeUp, Self.wakeUpToken, Interest(reading: true))
        start()
    }

    // MARK: Sockets

    func makeToken() -> Token {
        state.withLock { state in
            state.lastToken += 1
            return state.lastToken
        }
    }

    /// Keeps a connection alive and tells it of its socket's readiness, until it is forgotten.
    func add(_ link: Link) {
        state.withLock { $0.links[link.token] = link }
    }

    func forget(_ token: Token) {
        _ = state.withLock { $0.links.removeValue(forKey: token) }
    }

    /// Watches a socket for what is wanted.
    func watch(_ token: Token, socket: CInt, wanted: Interest, interest: inout Interest) {
        guard wanted != interest else { return }
        if wanted == Interest() {
            change(EPOLL_CTL_DEL, socket, token, wanted)
        } else {
            change(interest == Interest() ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, token, wanted)
        }
        interest = wanted
    }

    /// Leaves a socket's input alone.
    ///
    /// A socket that is watched for nothing would still report that the other side hung up, again and again; so it is
    /// not watched at all.
    func stopReading(_ token: Token, socket: CInt, interest: inout Interest) {
        watch(token, socket: socket, wanted: Interest(reading: false, writing: interest.writing), interest: &interest)
    }

    func remove(_ token: Token, socket: CInt, interest: inout Interest) {
        watch(token, socket: socket, wanted: Interest(), interest: &interest)
    }

    private func change(_ operation: CInt, _ socket: CInt, _ token: Token, _ interest: Interest) {
        var event = unsafe epoll_event()
        unsafe event.events = (interest.reading ? EPOLLIN.rawValue : 0) | (interest.writing ? EPOLLOUT.rawValue : 0)
        unsafe event.data = unsafe epoll_data_t(u64: token)
        // Fails only for a socket that libpq has closed already, of which there is nothing to tell.
        _ = unsafe epoll_ctl(epoll, operation, socket, &event)
    }

    // MARK: Timers

    /// Calls the closure on the loop's thread when the time has passed; it must not block.
    @discardableResult
    func schedule(after delay: Duration, _ action: @escaping @Sendable () -> Void) -> Token {
        let deadline = ContinuousClock.now + delay
        let (token, mustWake) = state.withLock { state in
            state.lastToken += 1
            state.timers[state.lastToken] = Timer(deadline: deadline, action: action)
            let isEarliest = state.nextDeadline.map { deadline < $0 } ?? true
            if isEarliest { state.nextDeadline = deadline }
            return (state.lastToken, isEarliest && state.isAsleepNoMore())
        }
        if mustWake { wake() }
        return token
    }

    /// Forgets a timer; does nothing if its time has come.
    func unschedule(_ token: Token) {
        _ = state.withLock { $0.timers.removeValue(forKey: token) }
    }

    private func wake() {
        var one: UInt64 = 1
        _ = unsafe write(wakeUp, &one, MemoryLayout<UInt64>.size)
    }

    // MARK: The thread

    private func start() {
        var thread = pthread_t()
        let loop = unsafe Unmanaged.passRetained(self).toOpaque()
        let failure = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<EventLoop>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, loop)
        precondition(failure == 0, "the system has no thread left for the event loop")
        pthread_detach(thread)
    }

    /// Never returns.
    private func run() {
        let capacity = 256
        unsafe withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: capacity) { events in
            unsafe events.initialize(repeating: epoll_event())
            while true {
                let count = unsafe epoll_wait(epoll, events.baseAddress, CInt(capacity), millisecondsToSleep())
                runTimers()
                for index in 0..<max(0, Int(count)) { unsafe handle(events[index]) }
                runJobs()
            }
        }
    }

    private func handle(_ event: epoll_event) {
        let token = unsafe event.data.u64
        guard token != Self.wakeUpToken else {
            var ignored: UInt64 = 0
            _ = unsafe read(wakeUp, &ignored, MemoryLayout<UInt64>.size)
            return
        }
        guard let link = state.withLock({ $0.links[token] }) else { return }
        link.socketIsReady(readable: unsafe event.events & ~EPOLLOUT.rawValue != 0)
    }

    /// Until the next timer, rounded up; -1 where there is none, and 0 where jobs wait.
    private func millisecondsToSleep() -> CInt {
        let deadline = state.withLock { state -> ContinuousClock.Instant?? in
            guard state.jobs.isEmpty else { return nil }
            state.mayBeAsleep = true
            return .some(state.nextDeadline)
        }
        guard let deadline else { return 0 }
        guard let deadline else { return -1 }
        let (seconds, attoseconds) = max(.zero, deadline - ContinuousClock.now).components
        return CInt(clamping: seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
    }

    /// Runs the timers whose time has come.
    private func runTimers() {
        let due = state.withLock { state -> [Timer] in
            state.mayBeAsleep = false
            guard let deadline = state.nextDeadline else { return [] }
            let now = ContinuousClock.now
            guard deadline <= now else { return [] }
            let due = state.timers.filter { $0.value.deadline <= now }
            for token in due.keys { state.timers[token] = nil }
            state.nextDeadline = state.timers.values.map(\.deadline).min()
            return Array(due.values)
        }
        for timer in due { timer.action() }
    }
}

// MARK: Tasks

extension EventLoop: TaskExecutor {
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let mustWake = state.withLock { state in
            state.jobs.append(job)
            return state.isAsleepNoMore()
        }
        if mustWake { wake() }
    }

    /// Runs the jobs that are there; those that come of them wait until sockets and timers were looked at.
    private func runJobs() {
        let jobs = state.withLock { state in
            defer { state.jobs = [] }
            return state.jobs
        }
        let executor = unsafe asUnownedTaskExecutor()
        for job in jobs { unsafe job.runSynchronously(on: executor) }
    }
}

extension EventLoop.State {
    /// Notes that the loop is woken.
    ///
    /// - Returns: Whether it has to be.
    fileprivate mutating func isAsleepNoMore() -> Bool {
        defer { mayBeAsleep = false }
        return mayBeAsleep
    }
}

extension LinkState {
    /// Watches the socket for what the state has use for.
    ///
    /// Reading is only stopped once the socket has something that nobody wants: most often somebody does again before.
    mutating func updateInterest() {
        let wanted = EventLoop.Interest(reading: interest.reading || wantsInput, writing: hasUnsentBytes)
        loop.watch(token, socket: connection.socket, wanted: wanted, interest: &interest)
    }
}
