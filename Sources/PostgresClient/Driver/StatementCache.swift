/// The name of a prepared statement on one connection: `s17`.
struct StatementName: Hashable, Sendable {
    private let zeroTerminated: [CChar]

    init(number: Int) {
        zeroTerminated = "s\(number)".utf8.map(CChar.init) + [0]
    }

    var text: String { String(decoding: zeroTerminated.dropLast().map(UInt8.init), as: UTF8.self) }

    @unsafe
    func withCString<Result>(_ body: (UnsafePointer<CChar>?) -> Result) -> Result {
        unsafe zeroTerminated.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
    }
}

/// A statement that the server has parsed for a connection.
struct PreparedStatement: Sendable {
    let name: StatementName
    /// Binary where this module reads the binary form of every column.
    let resultFormat: PostgresFormat
    fileprivate(set) var lastUse = 0
}

/// Which statements one connection has prepared; the one not used for longest makes room for a new one.
struct StatementCache: Sendable {
    /// What makes two statements the same: the text, and how the values are declared.
    struct Key: Hashable, Sendable {
        let sql: String
        let types: [PostgresType]

        init(_ query: PostgresQuery) {
            sql = query.sql
            types = query.types
        }
    }

    let capacity: Int
    private var statements: [Key: PreparedStatement] = [:]
    private var uses = 0
    private var namesGiven = 0
    /// Statements that the server still holds and nobody will use again.
    private(set) var discarded: [StatementName] = []

    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    var count: Int { statements.count }

    /// Finds a statement and notes that it is used.
    mutating func use(_ key: Key) -> PreparedStatement? {
        guard let index = statements.index(forKey: key) else { return nil }
        uses += 1
        statements.values[index].lastUse = uses
        return statements.values[index]
    }

    /// A name that no statement of the connection has had.
    mutating func newName() -> StatementName {
        namesGiven += 1
        return StatementName(number: namesGiven)
    }

    /// Notes a statement that the server has prepared.
    ///
    /// - Complexity: O(1), and O(capacity) where another statement makes room for it.
    mutating func insert(_ key: Key, name: StatementName, resultFormat: PostgresFormat) {
        if statements.count >= capacity, let oldest = statements.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            remove(oldest.key)
        }
        uses += 1
        statements[key] = PreparedStatement(name: name, resultFormat: resultFormat, lastUse: uses)
    }

    /// Forgets a statement that is to be prepared anew.
    mutating func remove(_ key: Key) {
        if let statement = statements.removeValue(forKey: key) { discarded.append(statement.name) }
    }

    /// Forgets everything, as the server has.
    mutating func removeAll() {
        statements = [:]
        discarded = []
    }

    /// Takes out some of those that nobody will use again, for the server to be told.
    mutating func takeDiscarded(atMost limit: Int) -> [StatementName] {
        let taken = Array(discarded.prefix(limit))
        discarded.removeFirst(taken.count)
        return taken
    }

    /// Notes that the server still holds a statement that was to be dropped.
    mutating func stillHeld(_ name: StatementName) {
        discarded.append(name)
    }
}
