import Coverage
import Yams

/// `consortium.yaml` as YAML: its nodes with their lines, and the faults found in it.
struct SettingsDocument {
    struct Entry {
        let line: Int
        let value: Node
    }

    private let path: String
    private let limit: Int
    private(set) var faults: FaultList
    /// The parser: nodes know their anchors only as long as it lives.
    private var parser: Parser?
    /// Keys that are missing where one is written that looks like them, and that was already a fault.
    private var misspelled: Set<String> = []

    init(path: String, limit: Int, faults: FaultList) {
        self.path = path
        self.limit = limit
        self.faults = faults
    }

    mutating func fault(line: Int, _ field: String?, _ problem: String, _ remedy: String) {
        faults.add(line: line, field: field, problem, remedy)
    }

    // MARK: Reading

    /// The document's root; nil where the file is no YAML that is taken here, and then there is a fault.
    mutating func root() -> Node? {
        let bytes: [UInt8]
        do {
            bytes = try ByteSource.contents(of: path, limit: limit)
        } catch {
            fault(line: 1, nil, error.problem, error.remedy)
            return nil
        }
        guard isSound(bytes) else { return nil }
        let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        let text = String(decoding: bytes.dropFirst(hasMark ? 3 : 0), as: UTF8.self)
        do {
            let parser = try Parser(yaml: text, encoding: .utf8)
            self.parser = parser
            guard let root = try parser.singleRoot() else {
                fault(line: 1, nil, "the file is empty", "expected the keys \(keyList)")
                return nil
            }
            return root
        } catch let error as YamlError {
            add(error)
        } catch {
            fault(line: 1, nil, "the file cannot be read as YAML", "expected the keys \(keyList)")
        }
        return nil
    }

    private var keyList: String { SettingsReading.Key.allCases.map(\.rawValue).joined(separator: ", ") }

    /// Whether the bytes are text, and text so plain that reading it takes neither much memory nor much stack.
    private mutating func isSound(_ bytes: [UInt8]) -> Bool {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            fault(line: 1, nil, "the file is UTF-16", "expected the file saved as UTF-8")
            return false
        }
        if let bad = UTF8Check.firstInvalid(in: bytes) {
            let byte = String(bytes[bad], radix: 16, uppercase: true)
            fault(
                line: line(of: bad, in: bytes), nil, "the byte 0x\(byte) is not UTF-8",
                "expected the file saved as UTF-8")
            return false
        }
        if let bad = bytes.firstIndex(where: { $0 < 0x20 && ![0x09, 0x0A, 0x0D].contains($0) || $0 == 0x7F }) {
            fault(line: line(of: bad, in: bytes), nil, "there is a control character", "expected text")
            return false
        }
        // Brackets nest, and what one alias repeats, others can repeat again: a small file could ask for all memory.
        let isTangled =
            bytes.count { $0 == 0x5B || $0 == 0x7B } > 200 || bytes.count { $0 == 0x2A } > 8
            || bytes.split(separator: 0x0A).contains { $0.count > 2000 }
        if isTangled {
            fault(
                line: 1, nil, "the file has more brackets or asterisks, or longer lines, than settings need",
                "expected the keys \(keyList), and one rule a line")
            return false
        }
        return true
    }

    private func line(of index: Int, in bytes: [UInt8]) -> Int {
        bytes[..<index].count { $0 == 0x0A } + 1
    }

    private mutating func add(_ error: YamlError) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let place = context.map { " \($0.text) that begins on line \($0.mark.line)" } ?? ""
            fault(
                line: mark.line, nil, "this is not YAML that can be read: \(problem)\(place)",
                "expected lines like “weeks: 4”")
        case .duplicatedKeysInMapping(let keys, let context):
            fault(line: context.mark.line, keys.first, "the key is there twice", "expected it once")
        default:
            fault(line: 1, nil, "the file cannot be read as YAML", "expected the keys \(keyList)")
        }
    }

    // MARK: Nodes

    /// The values of a mapping by key; unknown keys are faults.
    ///
    /// - Parameters:
    ///   - node: What should be the mapping.
    ///   - keys: The keys that it may have.
    ///   - field: How messages name it; nil is the file itself.
    /// - Returns: Nil where the node is no mapping.
    mutating func entries(of node: Node, keys: [String], in field: String?) -> [String: Entry]? {
        let line = node.mark?.line ?? 1
        guard refusesAnchor(node, field: field), case .mapping(let mapping) = node else {
            fault(
                line: line, field, "there are no keys with values",
                "expected the keys \(keys.joined(separator: ", "))")
            return nil
        }
        var entries: [String: Entry] = [:]
        for (key, value) in mapping {
            let keyLine = key.mark?.line ?? line
            guard case .scalar(let scalar) = key else {
                fault(line: keyLine, field, "a key is not a word", Nearest.remedy(for: "", among: keys))
                continue
            }
            guard keys.contains(scalar.string) else {
                let path = Self.path(scalar.string, in: field)
                fault(line: keyLine, path, "there is no such key", Nearest.remedy(for: scalar.string, among: keys))
                if let meant = Nearest.word(to: scalar.string, among: keys) {
                    misspelled.insert(Self.path(meant, in: field))
                }
                continue
            }
            guard refusesAnchor(key, field: scalar.string) else { continue }
            entries[scalar.string] = Entry(line: keyLine, value: value)
        }
        return entries
    }

    /// How messages name a key of a mapping.
    static func path(_ key: String, in field: String?) -> String {
        field.map { "\($0).\(key)" } ?? key
    }

    /// Adds a fault for a key that is not there, unless it is there in another spelling.
    mutating func missing(_ key: String, of field: String?, named shown: String, line: Int, _ remedy: String) {
        guard !misspelled.contains(Self.path(key, in: field)) else { return }
        fault(line: line, shown, "the key is missing", remedy)
    }

    /// The text of a value; nil where there is none, and then there is a fault.
    mutating func text(of node: Node, field: String) -> String? {
        let line = node.mark?.line ?? 1
        guard refusesAnchor(node, field: field) else { return nil }
        guard case .scalar(let scalar) = node else {
            fault(line: line, field, "there is more than one value", "expected one")
            return nil
        }
        let isNull = scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
        guard !isNull, scalar.string.utf8.contains(where: { $0 != 0x20 }) else {
            fault(line: line, field, "the value is empty", "expected one")
            return nil
        }
        return scalar.string
    }

    /// False, with a fault, where a node has an anchor, so that others could repeat it.
    mutating func refusesAnchor(_ node: Node, field: String?) -> Bool {
        guard node.anchor != nil else { return true }
        fault(
            line: node.mark?.line ?? 1, field, "there is an anchor", "expected each value written out where it is meant"
        )
        return false
    }
}
