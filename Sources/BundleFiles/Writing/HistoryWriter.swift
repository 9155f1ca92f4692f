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
        for session in batch {
            let values = session.tableValues(in: zone)
            if let last, PastSession.precedes(session, last) {
                throw .historyOutOfOrder(session: values.joined(separator: ","))
            }
            last = session
            do {
                if writer == nil { writer = try CSVWriter(path: path, columns: HistoryColumn.names) }
                try writer?.append(values)
            } catch {
                throw .cannotWrite(path: path)
            }
        }
    }

    mutating func finish() throws(BundleWritingRefusal) {
        do {
            try writer?.finish()
        } catch {
            throw .cannotWrite(path: path)
        }
    }
}
