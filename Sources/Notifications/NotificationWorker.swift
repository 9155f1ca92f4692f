package import Coverage
package import Logging
package import PostgresClient
import ServiceLifecycle
import Storage

/// Sends people's news by mail and posts it to programs, beside all else and never in its way.
///
/// Every process has one. What one takes it holds by a lease, so any of them may die: another sends it once the lease is
/// over. A node that dies between handing a mail over and noting that leaves it to be sent once more, with the same
/// `Message-ID`; one whose sending was noted is never sent again.
package struct NotificationWorker: Service {
    private let pool: PostgresPool
    private let repository: NotificationRepository
    /// Nil where no program is set that takes mails: they stay until there is one, or nobody wants to know any more.
    private let mailbox: Mailbox?
    /// Nil where nothing may be posted anywhere.
    private let poster: NoticePoster?
    private let now: @Sendable () -> Instant
    private let logger: Logger
    private let plan = RetryPlan(attempts: 100, giveUpSeconds: 3 * 86_400)

    private static let interval = Duration.seconds(2)
    private static let atOnce = 10
    /// Longer than a mail program may take for each of them.
    private static let leaseSeconds = 900
    private static let roundsBetweenDigests = 15
    private static let roundsBetweenCleanings = 1800
    /// After so long nobody wants to know any more.
    private static let keptSeconds: Int64 = 30 * 86_400

    /// Sets it up.
    ///
    /// - Parameters:
    ///   - pool: Of connections to the database.
    ///   - consortium: Whose people are told.
    ///   - mailbox: How mail is sent; nil sends none.
    ///   - poster: How news is posted; nil posts none.
    ///   - now: The desk's clock.
    ///   - logger: Told of what was sent and what was not.
    package init(
        pool: PostgresPool, consortium: Consortium.ID, mailbox: Mailbox?, poster: NoticePoster? = nil,
        now: @escaping @Sendable () -> Instant, logger: Logger
    ) {
        self.pool = pool
        repository = NotificationRepository(consortium: consortium)
        self.mailbox = mailbox
        self.poster = poster
        self.now = now
        self.logger = logger
    }

    /// Works until the process is told to stop; a mail under way is handed over first.
    package func run() async throws {
        var rounds = 0
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do {
                if mailbox != nil || poster != nil {
                    if rounds.isMultiple(of: Self.roundsBetweenDigests) { try await makeDigests() }
                    while try await sendDue() > 0, !Task.isShuttingDownGracefully {}
                }
                if rounds.isMultiple(of: Self.roundsBetweenCleanings) { try await forgetOld() }
            } catch {
                logger.warning("notifications are held up", metadata: ["error": "\(error)"])
            }
            rounds += 1
            await cancelWhenGracefulShutdown { try? await Task.sleep(for: Self.interval) }
        }
    }

    // MARK: Sending

    /// Sends some of what is due.
    ///
    /// - Returns: How many were tried.
    package func sendDue() async throws -> Int {
        let claims = try await pool.withConnection { connection in
            try await repository.claim(
                atMost: Self.atOnce, mails: mailbox != nil, posts: poster != nil, at: now(),
                leaseSeconds: Self.leaseSeconds, in: connection)
        }
        guard !claims.isEmpty else { return 0 }
        let zone = try await consortiumZone()
        for claim in claims {
            let zone = try claim.timeZone.map { try TimeZoneRules(identifier: $0) } ?? zone
            try await note(await send(claim, zone), of: claim)
        }
        return claims.count
    }

    /// - Returns: Nil if it was taken; otherwise what happened instead.
    private func send(_ claim: NotificationRepository.Claim, _ zone: TimeZoneRules) async -> String? {
        let words = NoticeWords(zone: zone, site: mailbox?.site ?? poster?.site)
        let (subject, body) = (words.subject(claim.notice), words.body(claim.notice))
        if case .post(let url, let secret) = claim.way {
            let message = NoticePoster.Message(
                number: claim.number, kind: claim.notice.kind, at: claim.happenedAt, to: claim.email, subject: subject,
                body: body)
            guard let poster else { return "nothing is posted here" }
            return await poster.post(message, to: url, secret: secret)
        }
        guard let mailbox else { return "no mail is sent here" }
        guard let email = EmailAddress(claim.email) else { return "there is no address to send it to" }
        return await mailbox.send(
            subject, Self.letter(body, to: claim.name, mailbox.site),
            to: MailAddress(name: claim.name, email: email),
            id: "notification-\(claim.number).\(repository.consortium)")
    }

    /// Notes what became of an attempt.
    private func note(_ problem: String?, of claim: NotificationRepository.Claim) async throws {
        let facts: Logger.Metadata = [
            "notification.number": "\(claim.number)", "notification.kind": "\(claim.notice.kind)",
            "notification.attempts": "\(claim.attempts)",
        ]
        guard let problem else {
            try await pool.withConnection { try await repository.finish(claim, in: $0) }
            return logger.info("a notification was sent", metadata: facts)
        }
        var generator = SystemRandomNumberGenerator()
        let retryAt = plan.retry(
            after: claim.attempts, since: claim.firstAttemptAt, at: now(), using: &generator)
        try await pool.withConnection { connection in
            try await repository.fail(claim, because: problem, retryAt: retryAt, in: connection)
        }
        logger.warning(
            retryAt == nil ? "a notification was given up" : "a notification was not sent",
            metadata: facts.merging(["notification.problem": "\(problem)"]) { $1 })
    }

    private static func letter(_ body: String, to name: String, _ site: String?) -> String {
        let place = site.map { "here: \($0)/account" } ?? "on the page of your account."
        let choice = "What you are told, and when, you choose \(place)"
        return "Dear \(name),\n\n\(body)\n\n-- \n\(choice)\n"
    }

    // MARK: Daily mails

    /// Makes the daily mails whose hour has come.
    ///
    /// - Returns: How many.
    @discardableResult
    package func makeDigests() async throws -> Int {
        let readers = try await pool.withConnection { try await repository.readers(in: $0) }
        guard !readers.isEmpty else { return 0 }
        let (now, zone) = (now(), try await consortiumZone())
        var made = 0
        for reader in readers {
            let (day, moment) = Self.latestMoment(hour: reader.hour, at: now, in: zone)
            guard reader.madeFor.map({ $0 < day }) ?? true else { continue }
            let isMade = try await pool.withTransaction { transaction in
                try await repository.makeDigest(for: reader, day: day, before: moment, at: now, in: transaction)
            }
            if isMade { made += 1 }
        }
        return made
    }

    /// When an hour of the day was last, and on which day.
    static func latestMoment(
        hour: Int, at now: Instant, in zone: TimeZoneRules
    ) -> (day: CivilDate, moment: Instant) {
        let time = MinuteOfDay(rawValue: hour * 60) ?? .startOfDay
        let today = zone.civil(at: now).date
        let moment = zone.firstInstant(ofDate: today, time: time)
        guard now < moment else { return (today, moment) }
        let yesterday = today.advanced(byDays: -1)
        return (yesterday, zone.firstInstant(ofDate: yesterday, time: time))
    }

    private func consortiumZone() async throws -> TimeZoneRules {
        let settings = try await pool.withConnection {
            try await ConsortiumRepository(consortium: repository.consortium).settings(in: $0)
        }
        return try TimeZoneRules(identifier: settings?.timeZone ?? "UTC")
    }

    private func forgetOld() async throws {
        let time = now().advanced(bySeconds: -Self.keptSeconds)
        let count = try await pool.withConnection { try await repository.forget(happenedBefore: time, in: $0) }
        if count > 0 { logger.warning("notifications were forgotten", metadata: ["notification.count": "\(count)"]) }
    }
}
