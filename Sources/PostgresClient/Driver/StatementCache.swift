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
///
/// Two are the same if their text is, and how their values are declared.
struct StatementCache: Sendable {
    private struct Entry: Sendable {
        let types: [PostgresType]
        var statement: PreparedStatement
    }

    let capacity: Int
    /// By text; mostly there is one for each.
    private var entries: [String: [Entry]] = [:]
    private(set) var count = 0
    private var uses = 0
    private var namesGiven = 0
    /// Statements that the server still holds and nobody will use again.
    private(set) var discarded: [StatementName] = []

    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    /// Finds a statement and notes that it is used.
    mutating func use(_ query: PostgresQuery) -> PreparedStatement? {
        guard let place = entries.index(forKey: query.sql),
            let position = entries.values[place].firstIndex(where: { query.hasTypes($0.types) })
        else { return nil }
        uses += 1
        entries.values[place][position].statement.lastUse = uses
        return entries.values[place][position].statement
    }

    /// A name that no statement of the connection has had.
    mutating func newName() -> StatementName {
        namesGiven += 1
        return StatementName(number: namesGiven)
    }

    /// Notes a statement that the server has prepared.
    ///
    /// - Complexity: O(1), and O(capacity) where another statement makes room for it.
    mutating func insert(_ query: PostgresQuery, name: StatementName, resultFormat: PostgresFormat) {
        remove(query)
        if count >= capacity { removeOldest() }
        uses += 1
        let statement = PreparedStatement(name: name, resultFormat: resultFormat, lastUse: uses)
        entries[query.sql, default: []].append(Entry(types: query.types, statement: statement))
        count += 1
    }

    private mutating func removeOldest() {
        let all = entries.lazy.flatMap { text, entries in entries.map { (text, $0) } }
        guard let (text, oldest) = all.min(by: { $0.1.statement.lastUse < $1.1.statement.lastUse }) else { return }
        remove(text) { $0.statement.lastUse == oldest.statement.lastUse }
    }

    /// Forgets a statement that is to be prepared anew.
    mutating func remove(_ query: PostgresQuery) {
        remove(query.sql) { query.hasTypes($0.types) }
    }

    private mutating func remove(_ text: String, where condition: (Entry) -> Bool) {
        guard var some = entries[text], let position = some.firstIndex(where: condition) else { return }
        discarded.append(some.remove(at: position).statement.name)
        count -= 1
        entries[text] = some.isEmpty ? nil : some
    }

    /// Forgets everything, as the server has.
    mutating func removeAll() {
        entries = [:]
        count = 0
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
