import Foundation

/// What the system says of a file or a process.
enum FileFacts {
    /// Whose the file is.
    static func owner(of path: String) throws -> UInt32 {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.ownerAccountID] as? NSNumber)?.uint32Value ?? .max
    }

    /// The permission bits.
    static func permissions(of path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? -1
    }

    /// Whether the process runs; one that has ended and waits to be reaped does not.
    static func isRunning(_ processID: Int32) -> Bool {
        guard let data = FileManager.default.contents(atPath: "/proc/\(processID)/stat"),
            let state = String(decoding: data, as: UTF8.self).split(separator: ")").last?.first(where: { $0 != " " })
        else {
            return false
        }
        return state != "Z" && state != "X"
    }

    /// The internet sockets that a process holds, by their inode.
    static func internetSockets(of processID: Int32) throws -> Set<String> {
        let folder = "/proc/\(processID)/fd"
        let targets = try FileManager.default.contentsOfDirectory(atPath: folder).compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")
        }
        let held = targets.filter { $0.hasPrefix("socket:[") }.map { String($0.dropFirst("socket:[".count).dropLast()) }
        let tables = ["tcp", "tcp6", "udp", "udp6"].compactMap {
            FileManager.default.contents(atPath: "/proc/\(processID)/net/\($0)")
        }
        let inodes = tables.flatMap { table in
            String(decoding: table, as: UTF8.self).split(separator: "\n").dropFirst().compactMap { line in
                let columns = line.split(separator: " ")
                return columns.count > 9 ? String(columns[9]) : nil
            }
        }
        return Set(held).intersection(inodes)
    }
}
