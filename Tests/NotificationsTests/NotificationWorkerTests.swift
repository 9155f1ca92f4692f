import Coverage
import Logging
import Notifications
import PostgresClient
import Storage
import StorageTestSupport
import Testing

@Suite("News by mail")
struct NotificationWorkerTests {
    /// Monday 26 October 2026, 10:00 in New York.
    private static let now = Instant.newYork(CivilDate(daysSince1970: 20_752), hour: 10)
    private static let shift = NoticeShift(
        queue: "Ask", during: now.advanced(byMinutes: 60)..<now.advanced(byMinutes: 180))
    private static let news = Notice.scheduleChanged(gained: [shift], lost: [], message: "Enjoy")

    private struct Case {
        let pool: PostgresPool
        let repository = NotificationRepository(consortium: "two")

        func account(_ name: String, _ role: Account.Role) async throws -> Int {
            let email = try #require(EmailAddress("\(name)@example.org"))
            return try await pool.withTransaction { transaction in
                try await AccountRepository(consortium: "two").insert(
                    AccountRepository.NewAccount(email: email, name: name, role: role), by: "test", at: now,
                    in: transaction)
            }
        }

        func tell(
            _ notice: Notice = news, _ recipient: NotificationRepository.Recipient = .operator("pub01-01"),
            by actor: String = "coordinator@example.org", at time: Instant = now
        ) async throws {
            try await pool.withTransaction { transaction in
                try await repository.enqueue(notice, to: recipient, by: actor, at: time, in: transaction)
            }
        }

        func worker(
            _ mailbox: Mailbox? = nil, posting poster: NoticePoster? = nil, at time: Instant = now
        ) -> NotificationWorker {
            NotificationWorker(
                pool: pool, consortium: "two", mailbox: mailbox, poster: poster, now: { time },
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        }

        func states() async throws -> [String] {
            try await pool.withConnection { connection in
                try await connection.query("SELECT state FROM notification ORDER BY notification_number")
                    .map { try $0.decode(String.self) }
            }
        }
    }

    private func withCase(_ body: (Case) async throws -> Void) async throws {
        try await withServiceDatabase { pool in
            try await pool.importing(.valid())
            try await body(Case(pool: pool))
        }
    }

    @Test("goes to whom it concerns, by their library's clock, and is over then")
    func sends() async throws {
        try await withCase { desk in
            _ = try await desk.account("pat", .operator("pub01-01"))
            _ = try await desk.account("other", .operator("pub01-02"))
            try await desk.tell()
            try await PostOffice.open { post in
                #expect(try await desk.worker(try post.mailbox()).sendDue() == 1)
                let mail = try #require(try post.mails.first)
                #expect(mail.contains("To: pat <pat@example.org>"))
                #expect(mail.contains("Subject: Your shifts have changed"))
                #expect(mail.contains("Mon 26 October 2026, 11:00=E2=80=9313:00, Ask"))
                #expect(try await desk.worker(try post.mailbox()).sendDue() == 0)
                #expect(try post.mails.count == 1)
            }
            #expect(try await desk.states().isEmpty)
        }
    }

    @Test("tells nobody of what they did themselves, and nobody who wants to know nothing")
    func keepsSilent() async throws {
        try await withCase { desk in
            let pat = try await desk.account("pat", .operator("pub01-01"))
            try await desk.tell(by: "pat@example.org")
            #expect(try await desk.states().isEmpty)
            try await desk.pool.withTransaction { transaction in
                try await desk.repository.choose([.ownSchedule: .never], hour: 7, for: pat, in: transaction)
            }
            try await desk.tell()
            #expect(try await desk.states().isEmpty)
        }
    }

    @Test("is tried again when the mail program fails, says why, and is given up after three days")
    func retries() async throws {
        try await withCase { desk in
            _ = try await desk.account("pat", .operator("pub01-01"))
            try await desk.tell()
            try await PostOffice.open("echo 'no room' >&2; exit 75") { post in
                let mailbox = try post.mailbox()
                #expect(try await desk.worker(mailbox).sendDue() == 1)
                #expect(try await desk.worker(mailbox).sendDue() == 0, "not at once again")
                #expect(try await desk.states() == ["due"])
                let later = Self.now.advanced(bySeconds: 3 * 86_400 + 1)
                #expect(try await desk.worker(mailbox, at: later).sendDue() == 1)
                #expect(try await desk.states() == ["given_up"])
            }
            let problem = try await desk.pool.withConnection { try await desk.repository.latestProblem(of: 1, in: $0) }
            #expect(problem == "the mail program ended with status 75: no room")
        }
    }

    @Test("that a node had when it died is sent by another, with the same Message-ID, and never after it was noted")
    func survives() async throws {
        try await withCase { desk in
            _ = try await desk.account("pat", .operator("pub01-01"))
            try await desk.tell()
            // The node that dies: it takes the mail and is heard of no more.
            let taken = try await desk.pool.withConnection { connection in
                try await desk.repository.claim(atMost: 10, at: Self.now, leaseSeconds: 900, in: connection)
            }
            #expect(taken.count == 1)
            try await PostOffice.open { post in
                let mailbox = try post.mailbox()
                #expect(try await desk.worker(mailbox).sendDue() == 0, "it is the other's")
                let later = Self.now.advanced(bySeconds: 901)
                #expect(try await desk.worker(mailbox, at: later).sendDue() == 1)
                #expect(try post.mails.first?.contains("Message-ID: <notification-\(taken[0].number).two@") == true)
                // Should it live after all, what it says of the mail changes nothing.
                try await desk.pool.withConnection { connection in
                    try await desk.repository.fail(taken[0], because: "late", retryAt: Self.now, in: connection)
                }
                #expect(try await desk.worker(mailbox, at: later).sendDue() == 0)
                #expect(try post.mails.count == 1)
            }
        }
    }

    @Test("of a day comes in one mail from its hour on, once however many nodes make it, and not at all without news")
    func digest() async throws {
        try await withCase { desk in
            let pat = try await desk.account("pat", .operator("pub01-01"))
            try await desk.pool.withTransaction { transaction in
                try await desk.repository.choose([.ownSchedule: .daily], hour: 17, for: pat, in: transaction)
            }
            try await desk.tell()
            try await desk.tell(.absenceRemoved(NoticeTime(Self.shift.during), by: "Bo"))
            #expect(try await desk.states() == ["collected", "collected"])
            #expect(try await desk.worker(at: Self.now).makeDigests() == 0, "its hour has not come")
            let evening = Self.now.advanced(byMinutes: 7 * 60 + 1)
            let made = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 { group.addTask { try await desk.worker(at: evening).makeDigests() } }
                return try await group.reduce(0, +)
            }
            #expect(made == 1)
            try await PostOffice.open { post in
                #expect(try await desk.worker(try post.mailbox(), at: evening).sendDue() == 1)
                let mail = try #require(try post.mails.first)
                #expect(mail.contains("Subject: Your day at the desk"))
                #expect(mail.contains("Your shifts have changed") && mail.contains("Bo has taken back"))
            }
            #expect(try await desk.worker(at: evening.advanced(byMinutes: 24 * 60)).makeDigests() == 0)
        }
    }

    @Test("of what happened in a transaction that is rolled back goes to nobody")
    func rollsBack() async throws {
        struct Second: Error {}
        try await withCase { desk in
            _ = try await desk.account("pat", .operator("pub01-01"))
            await #expect(throws: Second.self) {
                try await desk.pool.withTransaction { transaction in
                    try await desk.repository.enqueue(
                        Self.news, to: .operator("pub01-01"), by: "x", at: Self.now, in: transaction)
                    throw Second()
                }
            }
            #expect(try await desk.states().isEmpty)
        }
    }
}
