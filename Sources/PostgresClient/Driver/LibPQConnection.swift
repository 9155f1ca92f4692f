import CLibPQ
import Synchronization

/// libpq's connection, every call of which returns at once.
///
/// Only ``Link`` holds one, behind its lock: libpq wants that no two threads use a connection at a time.
@safe
// Sendable: see above; the pointer itself is never changed.
struct LibPQConnection: @unchecked Sendable {
    private let pointer: OpaquePointer

    /// Takes over an established connection.
    @unsafe
    init(_ pointer: OpaquePointer) {
        unsafe self.pointer = unsafe pointer
    }

    /// Ends the connection and frees it; nothing may be called afterwards.
    func finish() {
        unsafe PQfinish(pointer)
    }

    var socket: CInt { unsafe PQsocket(pointer) }
    var isBroken: Bool { unsafe PQstatus(pointer) == CONNECTION_BAD }
    var transactionStatus: PGTransactionStatusType { unsafe PQtransactionStatus(pointer) }
    var processID: Int32 { unsafe PQbackendPID(pointer) }
    /// Whether decrypted bytes may wait where the socket's readiness does not tell of them.
    var isEncrypted: Bool { unsafe PQsslInUse(pointer) != 0 || PQgssEncInUse(pointer) != 0 }

    var message: String {
        guard let text = unsafe PQerrorMessage(pointer) else { return "" }
        return unsafe String(cString: text).trimmedLines
    }

    func parameter(_ name: String) -> String? {
        guard let text = unsafe PQparameterStatus(pointer, name) else { return nil }
        return unsafe String(cString: text)
    }

    // MARK: Reading

    /// Takes what the socket has; false if the connection broke.
    func consumeInput() -> Bool { unsafe PQconsumeInput(pointer) == 1 }

    /// Whether ``nextResult()`` would have to wait.
    var isBusy: Bool { unsafe PQisBusy(pointer) == 1 }

    func nextResult() -> ServerResult? {
        guard let result = unsafe PQgetResult(pointer) else { return nil }
        return unsafe ServerResult(result)
    }

    func nextNotification() -> PostgresNotification? {
        guard let note = unsafe PQnotifies(pointer) else { return nil }
        defer { unsafe PQfreemem(note) }
        return PostgresNotification(
            channel: unsafe String(cString: note.pointee.relname), payload: unsafe String(cString: note.pointee.extra),
            senderProcessID: unsafe note.pointee.be_pid)
    }

    /// What ``nextCopyData()`` found.
    enum CopyData {
        case row([UInt8])
        case wouldBlock
        case end
    }

    func nextCopyData() -> CopyData {
        var buffer: UnsafeMutablePointer<CChar>?
        let count = unsafe PQgetCopyData(pointer, &buffer, 1)
        guard count > 0, let start = unsafe buffer else { return count == 0 ? .wouldBlock : .end }
        defer { unsafe PQfreemem(start) }
        return .row(unsafe Array(UnsafeRawBufferPointer(start: start, count: Int(count))))
    }

    // MARK: Sending

    /// How far ``flush()`` came.
    enum FlushOutcome {
        case done, wouldBlock, failed
    }

    func flush() -> FlushOutcome {
        switch unsafe PQflush(pointer) {
        case 0: .done
        case 1: .wouldBlock
        default: .failed
        }
    }

    func setNonBlocking() -> Bool { unsafe PQsetnonblocking(pointer, 1) == 0 }
    func enterPipelineMode() -> Bool { unsafe PQenterPipelineMode(pointer) == 1 }
    func exitPipelineMode() -> Bool { unsafe PQexitPipelineMode(pointer) == 1 }
    func sendSync() -> Bool { unsafe PQpipelineSync(pointer) == 1 }
    func sendFlushRequest() -> Bool { unsafe PQsendFlushRequest(pointer) == 1 }
    func setSingleRowMode() -> Bool { unsafe PQsetSingleRowMode(pointer) == 1 }

    /// Sends statements, separated by semicolons, by the simple protocol.
    func send(script: String) -> Bool { unsafe PQsendQuery(pointer, script) == 1 }

    /// Sends one statement without values, not prepared.
    func send(command: String) -> Bool {
        unsafe PQsendQueryParams(pointer, command, 0, nil, nil, nil, nil, 0) == 1
    }

    func sendPrepare(_ query: PostgresQuery, as name: StatementName) -> Bool {
        unsafe query.types.withUnsafeBufferPointer { types in
            unsafe types.withMemoryRebound(to: Oid.self) { types in
                unsafe name.withCString { name in
                    unsafe PQsendPrepare(pointer, name, query.sql, CInt(types.count), types.baseAddress) == 1
                }
            }
        }
    }

    func sendDescribe(_ name: StatementName) -> Bool {
        unsafe name.withCString { unsafe PQsendDescribePrepared(pointer, $0) == 1 }
    }

    /// Sends a prepared statement with the query's values.
    func sendExecute(_ query: PostgresQuery, as name: StatementName, resultFormat: PostgresFormat) -> Bool {
        let count = query.values.count
        // The pointers reach into the query's bytes, which stay in place until libpq has copied them.
        return unsafe query.bytes.bytes.withUnsafeBytes { bytes in
            unsafe withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) { values in
                unsafe withUnsafeTemporaryAllocation(of: CInt.self, capacity: 2 * count) { numbers in
                    for (index, value) in query.values.enumerated() {
                        let start = unsafe value.length < 0 ? nil : bytes.baseAddress.map { unsafe $0 + value.offset }
                        unsafe values.initializeElement(
                            at: index, to: start?.assumingMemoryBound(to: CChar.self))
                        unsafe numbers.initializeElement(at: index, to: CInt(max(0, value.length)))
                        unsafe numbers.initializeElement(at: count + index, to: value.format.rawValue)
                    }
                    return unsafe name.withCString { name in
                        unsafe PQsendQueryPrepared(
                            pointer, name, CInt(count), values.baseAddress, numbers.baseAddress,
                            numbers.baseAddress.map { unsafe $0 + count }, resultFormat.rawValue) == 1
                    }
                }
            }
        }
    }

    func putCopyData(_ bytes: [UInt8]) -> Bool {
        unsafe bytes.withUnsafeBytes { bytes in
            let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            return unsafe PQputCopyData(pointer, start, CInt(bytes.count)) == 1
        }
    }

    /// Ends a COPY; with a reason it fails.
    func putCopyEnd(failingBecause reason: String?) -> Bool {
        guard let reason else { return unsafe PQputCopyEnd(pointer, nil) == 1 }
        return unsafe PQputCopyEnd(pointer, reason) == 1
    }

    /// What is needed to ask the server to cancel what this connection runs.
    func cancelRequest() -> CancelRequest? {
        guard let request = unsafe PQgetCancel(pointer) else { return nil }
        return unsafe CancelRequest(request)
    }
}

/// A request to cancel what a connection runs, sent over a connection of its own.
@safe
// Sendable: it is made, sent once and freed, by one owner after the other.
final class CancelRequest: @unchecked Sendable {
    private let pointer: OpaquePointer

    @unsafe
    init(_ pointer: OpaquePointer) {
        unsafe self.pointer = unsafe pointer
    }

    deinit {
        unsafe PQfreeCancel(pointer)
    }

    /// Sends the request and blocks until the server has taken it.
    func send() {
        // A request that fails changes nothing: the statement then ends by itself, or the connection is given up.
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            _ = unsafe PQcancel(pointer, buffer.baseAddress, 256)
        }
    }
}
