import Foundation
package import Planning

/// Reads instances in the text format of Curtois and Qu: sections of lines with fields between commas.
package struct RosterReader: Sendable {
    private let path: String
    private let limits: RosterLimits

    package init(path: String, limits: RosterLimits = RosterLimits()) {
        self.path = path
        self.limits = limits
    }

    /// Reads the instance.
    ///
    /// - Returns: The problem, free of faults; whether everybody has a legal row is not looked at.
    /// - Throws: Every fault of the file.
    package func read() throws(RosterFaults) -> RosterProblem {
        var faults = RosterFaults(file: URL(fileURLWithPath: path).lastPathComponent)
        guard let lines = lines(&faults) else { throw faults }
        var reading = RosterReading(limits: limits, faults: faults)
        reading.read(lines)
        reading.faults.sort()
        guard reading.faults.isEmpty else { throw reading.faults }
        return reading.problem
    }

    /// The file's lines, without the spaces around them; nil where the file cannot be read as text.
    private func lines(_ faults: inout RosterFaults) -> [(number: Int, text: Substring)]? {
        guard let bytes = bytes(&faults) else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let line = firstLineThatIsNotText(bytes)
            faults.add(line, "these bytes are not UTF-8", "expected plain text: save the file as UTF-8")
            return nil
        }
        var lines: [(number: Int, text: Substring)] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard line.utf8.count <= limits.lineBytes else {
                faults.add(
                    index + 1, "the line has \(line.utf8.count) bytes", "expected at most \(limits.lineBytes)")
                continue
            }
            lines.append((index + 1, line.trimmed))
        }
        return lines
    }

    private func bytes(_ faults: inout RosterFaults) -> [UInt8]? {
        let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: resolved) else {
            faults.add(1, "the file is missing", "expected an instance in the format of Curtois and Qu")
            return nil
        }
        // A pipe or a device could keep the reader waiting, or never end.
        guard attributes[.type] as? FileAttributeType == .typeRegular else {
            faults.add(1, "this is no file", "expected an instance in the format of Curtois and Qu")
            return nil
        }
        let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
        guard size <= limits.fileBytes else {
            faults.add(1, "the file has \(size) bytes", "expected at most \(limits.fileBytes)")
            return nil
        }
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: resolved)) else {
            faults.add(1, "the file cannot be read", "expected one that this user may read")
            return nil
        }
        let bytes = [UInt8](data)
        // A byte order mark, and CRLF at the lines' ends, which Swift takes for one character.
        return (bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes).filter { $0 != 0x0D }
    }

    private func firstLineThatIsNotText(_ bytes: [UInt8]) -> Int {
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        return (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0) + 1
    }
}
