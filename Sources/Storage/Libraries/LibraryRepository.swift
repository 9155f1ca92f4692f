package import Coverage
package import PostgresClient

/// What one library decides for itself: its closures and its people's absences.
package struct LibraryRepository: Sendable {
    /// Somebody of the library who has not left.
    package struct Person: Hashable, Sendable {
        package var id: Operator.ID
        package var name: String
    }

    /// A time in which one of the library's people is away.
    package struct PersonAbsence: Hashable, Sendable {
        package var absence: Absence
        package var name: String
    }

    /// A published shift with what it is called.
    package struct NamedShift: Hashable, Sendable {
        package var shift: IntentRepository.PublishedShift
        package var name: String
        package var queueName: String
    }

    package let consortium: Consortium.ID
    package let library: Library.ID

    package init(consortium: Consortium.ID, library: Library.ID) {
        self.consortium = consortium
        self.library = library
    }

    /// The library; nil if there is none, or it has left.
    package func library(in session: some PostgresSession) async throws -> Library? {
        try await ConsortiumRepository(consortium: consortium).libraries(in: session).first { $0.id == library }
    }

    /// The library's people, by name.
    package func people(in session: some PostgresSession) async throws -> [Person] {
        try await session.query(
            """
            SELECT operator_id, name FROM operator
            WHERE consortium_id = \(consortium) AND library_id = \(library) AND retired_at IS NULL
            ORDER BY name, operator_id
            """
        ).map { row in
            let (id, name) = try row.decode((Operator.ID, String).self)
            return Person(id: id, name: name)
        }
    }

    // MARK: Closures

    /// The library's own closures and those of all libraries, past ones too, by date.
    package func closures(in session: some PostgresSession) async throws -> [Closure] {
        try await session.query(
            """
            SELECT library_id, closed_on, reason FROM closure
            WHERE consortium_id = \(consortium) AND (library_id IS NULL OR library_id = \(library))
            ORDER BY closed_on, library_id NULLS FIRST
            """
        ).map { row in
            let (library, date, reason) = try row.decode((Library.ID?, CivilDate, String).self)
            return Closure(library: library, date: date, reason: reason)
        }
    }

    /// Adds closures of the library; days on which it is closed already stay as they are.
    ///
    /// - Returns: How many days were added.
    package func addClosures(
        on dates: [CivilDate], reason: String, in transaction: some PostgresSession
    ) async throws -> Int {
        var added = 0
        for date in dates {
            added += try await transaction.execute(
                """
                INSERT INTO closure (consortium_id, library_id, closed_on, reason)
                VALUES (\(consortium), \(library), \(date), \(reason)) ON CONFLICT DO NOTHING
                """)
        }
        return added
    }

    /// Removes the library's closure on a date.
    ///
    /// - Returns: What it was; nil if there was none.
    package func removeClosure(on date: CivilDate, in transaction: some PostgresSession) async throws -> Closure? {
        try await transaction.query(
            """
            DELETE FROM closure
            WHERE consortium_id = \(consortium) AND library_id = \(library) AND closed_on = \(date)
            RETURNING reason
            """
        ).first.map { Closure(library: library, date: date, reason: try $0.decode(String.self)) }
    }

    // MARK: Absences

    /// The absences of the library's people that end after an instant, by their begin.
    package func absences(
        endingAfter start: Instant, in session: some PostgresSession
    ) async throws -> [PersonAbsence] {
        try await session.query(
            """
            SELECT operator_id, name, lower(during), upper(during), reason
            FROM absence JOIN operator USING (consortium_id, operator_id)
            WHERE consortium_id = \(consortium) AND library_id = \(library) AND retired_at IS NULL
                AND upper(during) > \(start)
            ORDER BY lower(during), name, operator_id, upper(during), reason
            """
        ).map { row in
            let (id, name, from, to, reason) = try row.decode((Operator.ID, String, Instant, Instant, String).self)
            return PersonAbsence(absence: Absence(operator: id, during: from..<to, reason: reason), name: name)
        }
    }

    /// Adds an absence; one that is there already stays as it is.
    ///
    /// - Returns: Whether it was new.
    package func add(_ absence: Absence, in transaction: some PostgresSession) async throws -> Bool {
        try await transaction.execute(
            """
            INSERT INTO absence (consortium_id, operator_id, during, reason)
            VALUES (\(consortium), \(absence.operator),
                tstzrange(\(absence.during.lowerBound), \(absence.during.upperBound)), \(absence.reason))
            ON CONFLICT DO NOTHING
            """) == 1
    }

    /// Removes an absence of one of the library's people.
    ///
    /// - Returns: Whether it was there.
    package func remove(_ absence: Absence, in transaction: some PostgresSession) async throws -> Bool {
        try await transaction.execute(
            """
            DELETE FROM absence USING operator
            WHERE absence.consortium_id = \(consortium) AND absence.operator_id = \(absence.operator)
                AND during = tstzrange(\(absence.during.lowerBound), \(absence.during.upperBound))
                AND reason = \(absence.reason)
                AND operator.consortium_id = \(consortium) AND operator.operator_id = absence.operator_id
                AND operator.library_id = \(library)
            """) == 1
    }

    // MARK: Shifts

    /// The published shifts of the library's people that touch a period, in its order.
    ///
    /// - Parameters:
    ///   - person: Only theirs; nil is everybody's.
    ///   - period: From when to when.
    ///   - session: Where to read.
    /// - Returns: The shifts, with what they are called.
    /// - Throws: ``PostgresError``.
    package func shifts(
        of person: Operator.ID?, touching period: Range<Instant>, in session: some PostgresSession
    ) async throws -> [NamedShift] {
        try await session.query(
            """
            SELECT plan_number, shift_number, queue_id, operator_id, lower(during), upper(during), operator.name,
                queue.name
            FROM shift JOIN plan USING (consortium_id, plan_number) JOIN operator USING (consortium_id, operator_id)
                JOIN queue USING (consortium_id, queue_id)
            WHERE consortium_id = \(consortium) AND library_id = \(library) AND plan.state = 'published'
                AND (\(person)::text IS NULL OR operator_id = \(person)::text)
                AND during && tstzrange(\(period.lowerBound), \(period.upperBound))
            ORDER BY lower(during), operator_id
            """
        ).map { row in
            let (plan, number, queue, person, from, to, name, queueName) = try row.decode(
                (Int, Int, Queue.ID, Operator.ID, Instant, Instant, String, String).self)
            return NamedShift(
                shift: IntentRepository.PublishedShift(
                    plan: plan, number: number, queue: queue, operator: person, library: library, during: from..<to),
                name: name, queueName: queueName)
        }
    }
}
