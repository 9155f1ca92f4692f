package import Coverage

/// Writes a bundle's folder in its one canonical form: the same bundle is always the same bytes.
///
/// Rows are sorted by their ids' and texts' bytes, times are those of the consortium's zone, lines end with LF, and only
/// values that need quotes have them. What is in the folder is replaced when all is written, and only if it holds
/// nothing but a bundle: an export that is interrupted leaves no half of one.
package struct BundleWriter: Sendable {
    private let folder: String

    package init(folder: String) {
        self.folder = folder
    }

    /// Writes a bundle without history.
    ///
    /// - Throws: Where it cannot be written; then nothing was.
    package func write(_ bundle: ConsortiumBundle) throws(BundleWritingRefusal) {
        let zone = try Self.zone(of: bundle)
        let replacement = try FolderReplacement(of: folder, mayHold: Self.names)
        do {
            try Self.write(bundle, in: zone, to: replacement.workingPath)
            try replacement.commit()
        } catch {
            replacement.discard()
            throw error
        }
    }

    /// Writes a bundle and its history.
    ///
    /// - Parameters:
    ///   - bundle: What to write.
    ///   - history: Hands over the past sessions in batches, in the order of ``PastSession/precedes(_:_:)``; none is
    ///     kept in memory. Where there are none, no `history.csv` is written.
    /// - Throws: ``BundleWritingRefusal``, and what `history` throws; then nothing was written.
    package func write(
        _ bundle: ConsortiumBundle, history: (_ write: ([PastSession]) async throws -> Void) async throws -> Void
    ) async throws {
        let zone = try Self.zone(of: bundle)
        let replacement = try FolderReplacement(of: folder, mayHold: Self.names)
        do {
            try Self.write(bundle, in: zone, to: replacement.workingPath)
            var writer = HistoryWriter(path: BundleFile.history.path(in: replacement.workingPath), zone: zone)
            try await history { batch in try writer.append(batch) }
            try writer.finish()
            try replacement.commit()
        } catch {
            replacement.discard()
            throw error
        }
    }

    /// The names of a bundle's files, that of the settings first.
    private static let names = BundleFile.allCases.map(\.rawValue)

    private static func zone(of bundle: ConsortiumBundle) throws(BundleWritingRefusal) -> TimeZoneRules {
        do {
            return try TimeZoneRules(identifier: bundle.consortium.timeZone)
        } catch {
            throw .unknownTimeZone(error.identifier)
        }
    }

    private static func write(
        _ bundle: ConsortiumBundle, in zone: TimeZoneRules, to folder: String
    ) throws(BundleWritingRefusal) {
        func write<Row>(
            _ rows: [Row], to file: BundleFile, _ columns: [String], by precedes: (Row, Row) -> Bool,
            _ values: (Row) -> [String]
        ) throws(BundleWritingRefusal) {
            do {
                var writer = try CSVWriter(path: file.path(in: folder), columns: columns)
                for row in rows.sorted(by: precedes) { try writer.append(values(row)) }
                try writer.finish()
            } catch {
                throw .cannotWrite(path: error.path)
            }
        }
        try writeSettings(bundle.consortium, to: folder)
        try write(bundle.libraries, to: .libraries, LibraryColumn.names, by: { $0.id < $1.id }, \.tableValues)
        try write(bundle.operators, to: .operators, OperatorColumn.names, by: { $0.id < $1.id }, \.tableValues)
        try write(bundle.queues, to: .queues, QueueColumn.names, by: { $0.id < $1.id }, \.tableValues)
        try write(bundle.hours, to: .hours, HoursColumn.names, by: OpeningHours.precedes, \.tableValues)
        try write(bundle.demand, to: .demand, DemandColumn.names, by: Demand.precedes) { $0.tableValues(in: zone) }
        try write(
            bundle.availability, to: .availability, AvailabilityColumn.names, by: Availability.precedes, \.tableValues)
        try write(bundle.absences, to: .absences, AbsenceColumn.names, by: Absence.precedes) {
            $0.tableValues(in: zone)
        }
        try write(bundle.closures, to: .closures, ClosureColumn.names, by: Closure.precedes, \.tableValues)
        if let routings = bundle.routings {
            try write(routings, to: .routing, RoutingColumn.names, by: { $0.queue < $1.queue }, \.tableValues)
        }
        if let hours = bundle.libraryHours {
            try write(hours, to: .libraryHours, LibraryHoursColumn.names, by: LibraryHours.precedes, \.tableValues)
        }
    }

    private static func writeSettings(
        _ consortium: Consortium, to folder: String
    ) throws(BundleWritingRefusal) {
        let path = BundleFile.consortium.path(in: folder)
        do {
            var file = try TextFileWriter(path: path)
            file.append(consortium.settingsText.utf8)
            try file.finish()
        } catch {
            throw .cannotWrite(path: path)
        }
    }
}
