import Coverage
import Foundation

/// One reading of a bundle, file after file: what was found so far, and what is wrong with it.
struct BundleReading {
    let folder: String
    let limits: BundleLimits

    private var faults: [FaultList] = []
    private var zones = ZoneCatalog()
    private var consortiumZone: TimeZoneRules?
    private var calendar: PlannedCalendar?
    private var libraryIDs = IdentifierIndex<Library>(of: .libraries, noun: "library")
    private var operatorIDs = IdentifierIndex<Operator>(of: .operators, noun: "operator")
    private var queueIDs = IdentifierIndex<Queue>(of: .queues, noun: "queue")
    /// The zone of each operator's library.
    private var zoneOfOperator: [String: TimeZoneRules] = [:]

    init(folder: String, limits: BundleLimits) {
        self.folder = folder
        self.limits = limits
    }

    /// Reads all files.
    ///
    /// - Throws: Every fault of every file.
    mutating func run() throws(BundleFaults) -> (bundle: ConsortiumBundle, history: HistoryFile?) {
        let settings = readSettings()
        let libraries = readLibraries()
        let operators = readOperators(of: libraries)
        let queues = readQueues(slotMinutes: settings.slotMinutes)
        let hours = readHours()
        let demand = readDemand()
        let availability = readAvailability()
        let absences = readAbsences()
        let closures = readClosures()
        let routings = readRoutings(of: queues)
        let libraryHours = readLibraryHours()
        let history = readHistory()
        guard let consortium = settings.consortium, faults.allSatisfy(\.isEmpty) else { throw BundleFaults(faults) }
        let bundle = ConsortiumBundle(
            consortium: consortium, libraries: libraries, operators: operators, queues: queues, hours: hours,
            demand: demand, availability: availability, absences: absences, closures: closures,
            routings: routings, libraryHours: libraryHours)
        return (bundle, history)
    }

    // MARK: Who

    private mutating func readSettings() -> SettingsReading {
        let settings = SettingsReading(folder: folder, limits: limits, zones: &zones)
        faults.append(settings.faults)
        consortiumZone = settings.zone
        if let consortium = settings.consortium, let zone = settings.zone {
            calendar = PlannedCalendar(
                zone: zone, slotMinutes: consortium.slotMinutes, period: consortium.period(in: zone))
        }
        return settings
    }

    private mutating func readLibraries() -> [Library] {
        var table = TableReader<LibraryColumn>(.libraries, in: folder, limits: limits, salvaging: .id)
        var libraries: [Library] = []
        while table.next() {
            if let library = table.row.library(ids: &libraryIDs, zones: &zones) { libraries.append(library) }
        }
        libraryIDs.close(after: table)
        faults.append(table.faults)
        return libraries
    }

    private mutating func readOperators(of libraries: [Library]) -> [Operator] {
        let zoneNames = Dictionary(libraries.map { ($0.id, $0.timeZone) }, uniquingKeysWith: { first, _ in first })
        var table = TableReader<OperatorColumn>(.operators, in: folder, limits: limits, salvaging: .id)
        var operators: [Operator] = []
        while table.next() {
            let row = table.row.operatorOfLibrary(ids: &operatorIDs, libraries: libraryIDs)
            guard let row else { continue }
            operators.append(row)
            zoneOfOperator[row.id.rawValue] = zoneNames[row.library].flatMap { zones.rules(of: $0) }
        }
        operatorIDs.close(after: table)
        faults.append(table.faults)
        return operators
    }

    // MARK: What is asked

    private mutating func readQueues(slotMinutes: Int?) -> [Queue] {
        var table = TableReader<QueueColumn>(.queues, in: folder, limits: limits, salvaging: .id)
        var queues: [Queue] = []
        while table.next() {
            if let queue = table.row.queue(ids: &queueIDs, slotMinutes: slotMinutes) { queues.append(queue) }
        }
        queueIDs.close(after: table)
        faults.append(table.faults)
        return queues
    }

    private struct QueueDay: Hashable {
        let queue: Queue.ID
        let weekday: Weekday
    }

    private mutating func readHours() -> [OpeningHours] {
        var table = TableReader<HoursColumn>(.hours, in: folder, limits: limits)
        var ledger = SpanLedger<QueueDay, MinuteOfDay>()
        var hours: [OpeningHours] = []
        while table.next() {
            guard let row = table.row.hours(queues: queueIDs) else { continue }
            hours.append(row)
            let day = QueueDay(queue: row.queue, weekday: row.weekday)
            ledger.add(row.opens..<row.closes, of: day, line: table.row.line)
        }
        for overlap in ledger.overlaps() {
            table.fault(
                line: overlap.line, .opens,
                "the hours overlap those of line \(overlap.earlierLine), \(overlap.span.lowerBound) to "
                    + "\(overlap.span.upperBound)",
                "expected hours of one queue and weekday that do not overlap")
        }
        faults.append(table.faults)
        return hours
    }

    private mutating func readDemand() -> [Demand] {
        var table = TableReader<DemandColumn>(.demand, in: folder, limits: limits)
        var ledger = SpanLedger<Queue.ID, Instant>()
        var demand: [Demand] = []
        while table.next() {
            guard let row = table.row.demand(queues: queueIDs, calendar: calendar) else { continue }
            demand.append(row)
            ledger.add(row.during, of: row.queue, line: table.row.line)
        }
        for overlap in ledger.overlaps() {
            table.fault(
                line: overlap.line, .startsAt, "the time overlaps that of line \(overlap.earlierLine)",
                "expected demand of one queue that does not overlap")
        }
        faults.append(table.faults)
        return demand
    }

    // MARK: When people can

    private mutating func readAvailability() -> [Availability] {
        var table = TableReader<AvailabilityColumn>(.availability, in: folder, limits: limits)
        var lines: [Availability: Int] = [:]
        var availability: [Availability] = []
        while table.next() {
            guard let row = table.row.availability(operators: operatorIDs) else { continue }
            if let earlier = lines.insert(row, line: table.row.line) {
                table.faultRepeated(.operator, of: earlier)
            } else {
                availability.append(row)
            }
        }
        faults.append(table.faults)
        return availability
    }

    private mutating func readAbsences() -> [Absence] {
        var table = TableReader<AbsenceColumn>(.absences, in: folder, limits: limits)
        var lines: [Absence: Int] = [:]
        var absences: [Absence] = []
        while table.next() {
            let row = table.row.absence(operators: operatorIDs) { id in
                [consortiumZone, zoneOfOperator[id]].compactMap { $0 }
            }
            guard let row else { continue }
            if let earlier = lines.insert(row, line: table.row.line) {
                table.faultRepeated(.operator, of: earlier)
            } else {
                absences.append(row)
            }
        }
        faults.append(table.faults)
        return absences
    }

    private mutating func readClosures() -> [Closure] {
        var table = TableReader<ClosureColumn>(.closures, in: folder, limits: limits)
        var lines: [Closure: Int] = [:]
        var closures: [Closure] = []
        while table.next() {
            guard let row = table.row.closure(libraries: libraryIDs) else { continue }
            // The reason is not part of what makes a closure the same one.
            let key = Closure(library: row.library, date: row.date, reason: "")
            if let earlier = lines.insert(key, line: table.row.line) {
                table.fault(
                    line: table.row.line, .date, "the library's closure on \(row.date) is already on line \(earlier)",
                    "expected one closure of a library and date")
            } else {
                closures.append(row)
            }
        }
        faults.append(table.faults)
        return closures
    }

    // MARK: What may be left out

    private func isThere(_ file: BundleFile) -> Bool {
        FileManager.default.fileExists(atPath: file.path(in: folder))
    }

    private mutating func readRoutings(of queues: [Queue]) -> [SetRouting]? {
        guard isThere(.routing) else { return nil }
        let channels = Dictionary(queues.map { ($0.id, $0.channel) }, uniquingKeysWith: { first, _ in first })
        var table = TableReader<RoutingColumn>(.routing, in: folder, limits: limits)
        var lines: [Queue.ID: Int] = [:]
        var routings: [SetRouting] = []
        while table.next() {
            guard let row = table.row.routing(queues: queueIDs, channels: channels) else { continue }
            if let earlier = lines.insert(row.queue, line: table.row.line) {
                table.fault(
                    line: table.row.line, .queue,
                    "the queue \(row.queue.rawValue.quoted) is already on line \(earlier)",
                    "expected each queue once")
            } else {
                routings.append(row)
            }
        }
        faults.append(table.faults)
        return routings
    }

    private struct LibraryDay: Hashable {
        let library: Library.ID
        let weekday: Weekday
    }

    private mutating func readLibraryHours() -> [LibraryHours]? {
        guard isThere(.libraryHours) else { return nil }
        var table = TableReader<LibraryHoursColumn>(.libraryHours, in: folder, limits: limits)
        var ledger = SpanLedger<LibraryDay, MinuteOfDay>()
        var hours: [LibraryHours] = []
        while table.next() {
            guard let row = table.row.libraryHours(libraries: libraryIDs) else { continue }
            hours.append(row)
            let day = LibraryDay(library: row.library, weekday: row.weekday)
            ledger.add(row.opens..<row.closes, of: day, line: table.row.line)
        }
        for overlap in ledger.overlaps() {
            table.fault(
                line: overlap.line, .opens,
                "the hours overlap those of line \(overlap.earlierLine), \(overlap.span.lowerBound) to "
                    + "\(overlap.span.upperBound)",
                "expected hours of one library and weekday that do not overlap")
        }
        faults.append(table.faults)
        return hours
    }

    private mutating func readHistory() -> HistoryFile? {
        let path = BundleFile.history.path(in: folder)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let (history, found) = HistoryFile.check(path: path, queues: queueIDs, libraries: libraryIDs, limits: limits)
        faults.append(found)
        return history
    }
}

extension IdentifierIndex {
    /// Takes in what a table told of ids beside its good rows.
    fileprivate mutating func close<Column>(after table: TableReader<Column>) {
        isComplete = table.isComplete
        for id in table.salvaged { _ = insert(id, line: 0) }
    }
}

extension Dictionary where Value == Int {
    /// Notes the line of a key; the line that has it already, if one does.
    fileprivate mutating func insert(_ key: Key, line: Int) -> Int? {
        if let earlier = self[key] { return earlier }
        self[key] = line
        return nil
    }
}

extension TableReader {
    fileprivate mutating func faultRepeated(_ column: Column, of line: Int) {
        fault(line: row.line, column, "the row is the same as line \(line)", "expected it once")
    }
}
