import Coverage

/// The ids of one of a bundle's files, and the lines that define them.
struct IdentifierIndex<Subject> {
    /// Which file defines them, for messages.
    let file: BundleFile
    /// What an id names, for messages.
    let noun: String
    private var lines: [String: Int] = [:]
    /// Whether every id of the file is here; if not, one that is missing may stand in the part not read.
    var isComplete = true
    /// Whether an id that is not here is a fault.
    var isClosed = true

    init(of file: BundleFile, noun: String) {
        self.file = file
        self.noun = noun
    }

    func contains(_ id: String) -> Bool { lines[id] != nil }

    /// Adds an id; the line that has it already, if one does.
    mutating func insert(_ id: String, line: Int) -> Int? {
        if let earlier = lines[id] { return earlier }
        lines[id] = line
        return nil
    }

    /// Another writing of an id that is here, as people mistake them: other case, spaces around it.
    ///
    /// - Complexity: linear in the ids.
    func respelled(_ id: String) -> String? {
        let wanted = id.lowercased().filter { !$0.isWhitespace }
        return lines.keys.filter { $0.lowercased() == wanted }.min()
    }
}

extension TableRow {
    /// The id that the row defines; a second row with the same id is a fault.
    mutating func newIdentifier<Subject>(
        _ column: Column, in index: inout IdentifierIndex<Subject>
    ) -> Identifier<Subject>? {
        guard let text = text(column) else { return nil }
        // Even an id that is not allowed is there: what refers to it is not wrong a second time.
        if let earlier = index.insert(text, line: line), !text.isEmpty {
            fault(column, "the \(index.noun) \(text.quoted) is already on line \(earlier)", "expected each id once")
            return nil
        }
        return identifier(column)
    }

    /// An id whatever it names.
    mutating func identifier<Subject>(_ column: Column) -> Identifier<Subject>? {
        guard let text = text(column) else { return nil }
        guard Identifier<Subject>.isValid(text) else {
            refuse(
                text, in: column, "is not an id",
                "expected 1 to 64 ASCII letters, digits, - _ or ., beginning with a letter or digit")
            return nil
        }
        return Identifier(text)
    }

    /// The id of something that another file defines.
    mutating func reference<Subject>(
        _ column: Column, to index: IdentifierIndex<Subject>
    ) -> Identifier<Subject>? {
        guard let text = text(column) else { return nil }
        if index.contains(text) { return Identifier(text) }
        guard !text.isEmpty, index.isClosed else { return identifier(column) }
        guard index.isComplete else { return nil }
        fault(
            column, "there is no \(index.noun) \(text.quoted) in \(index.file.rawValue)",
            index.respelled(text).map { "expected perhaps \($0)" } ?? "expected the id of one that is")
        return nil
    }

    /// Ids with `;` between them, sorted, each once; none in an empty text.
    mutating func skills(_ column: Column) -> [Skill]? {
        guard let text = text(column) else { return nil }
        guard !text.isEmpty else { return [] }
        var skills: [Skill] = []
        for part in text.split(separator: ";", omittingEmptySubsequences: false) {
            guard Skill.isValid(String(part)) else {
                let problem = part.isEmpty ? "a skill is empty" : "\(String(part).quoted) is not a skill"
                fault(column, problem, "expected ids with ; between them, like general;spanish")
                return nil
            }
            skills.append(Skill(String(part)))
        }
        return Set(skills).sorted()
    }
}
