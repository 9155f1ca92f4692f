import Coverage

/// Writes `history.csv` batch by batch; without sessions there is no file.
struct HistoryWriter {
    private let path: String
    private let zone: TimeZoneRules
    private var writer: CSVWriter?
    private var last: PastSession?

    init(path: String, zone: TimeZoneRules) {
        self.path = path
        self.zone = zone
    }

    mutating func append(_ batch: [PastSession]) throws(BundleWritingRefusal) {
        do {
            for session in batch {
                if let last, PastSession.precedes(session, last) { throw Disorder.found(session) }
                if writer == nil { writer = try CSVWriter(path: path, columns: HistoryColumn.names) }
                try writer?.append(session.tableValues(in: zone))
                last = session
            }
        } catch let disorder as Disorder {
            guard case .found(let session) = disorder else { return }
            throw .historyOutOfOrder(session: session.tableValues(in: zone).joined(separator: ","))
        } catch {
            throw .cannotWrite(path: path)
        }
    }

    mutating func finish() throws(BundleWritingRefusal) {
        do {
            try writer?.finish()
        } catch {
            throw .cannotWrite(path: path)
        }
    }

    private enum Disorder: Error {
        case found(PastSession)
    }
}
