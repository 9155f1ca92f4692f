import Foundation

/// The running processes, as `/proc` tells of them.
enum ProcessTable {
    /// What tells a process from a later one with the same number.
    struct Identity: Sendable, Hashable {
        let processID: Int32
        /// When it started, in clock ticks since the system's start.
        let startTicks: UInt64
    }

    static var ourselves: Identity? { identity(of: getpid()) }

    /// The process with that number, unless it has ended: a zombie has, and where no init reaps it, it stays for ever.
    static func identity(of processID: Int32) -> Identity? {
        guard let fields = statFields(processID), fields.count > 19, fields[0] != "Z", fields[0] != "X",
            let startTicks = UInt64(fields[19])
        else {
            return nil
        }
        return Identity(processID: processID, startTicks: startTicks)
    }

    static func isAlive(_ process: Identity) -> Bool {
        identity(of: process.processID) == process
    }

    static func parent(of processID: Int32) -> Int32? {
        guard let fields = statFields(processID), fields.count > 1 else {
            return nil
        }
        return Int32(fields[1])
    }

    /// The processes of one user whose arguments satisfy the condition.
    static func all(uid: UInt32, where condition: ([String]) -> Bool) -> [Identity] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.compactMap { processID in
            guard owner(of: processID) == uid, condition(arguments(of: processID)) else {
                return nil
            }
            return identity(of: processID)
        }
    }

    private static func owner(of processID: Int32) -> UInt32? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: "/proc/\(processID)")
        return (attributes?[.ownerAccountID] as? NSNumber)?.uint32Value
    }

    private static func arguments(of processID: Int32) -> [String] {
        guard let data = FileManager.default.contents(atPath: "/proc/\(processID)/cmdline") else {
            return []
        }
        return data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The fields after the program's name, which is in brackets and may itself hold brackets and spaces.
    private static func statFields(_ processID: Int32) -> [Substring]? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(processID)/stat") else {
            return nil
        }
        let text = String(decoding: data, as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else {
            return nil
        }
        return text[text.index(after: end)...].split(separator: " ")
    }
}
