import Coverage

extension Schema {
    /// The most faults that are told at once.
    private static let maximumFaults = 20

    /// Compares a value with what it must be.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - path: The JSON pointer to it.
    /// - Returns: Every fault, up to a few dozen; none if the value fits.
    func faults(of value: JSONValue, at path: String = "") -> [FieldFault] {
        var faults: [FieldFault] = []
        check(value, at: path, into: &faults)
        guard !faults.isEmpty else { return faults }
        return Array(faults.prefix(Self.maximumFaults))
    }

    /// The path is put together for faults alone, of which there are none nearly always.
    private func check(_ value: JSONValue, at path: @autoclosure () -> String, into faults: inout [FieldFault]) {
        guard faults.count < Self.maximumFaults else { return }
        switch (self, value) {
        case (.object(let fields), .object(let object)), (.named(_, let fields), .object(let object)):
            Self.check(object, against: fields, at: path(), into: &faults)
        case (.array(let element, let count), .array(let values)):
            if !count.contains(values.count) {
                faults.append(
                    FieldFault(field: path(), problem: "must hold \(count.words) values, not \(values.count)"))
            }
            for (index, value) in values.prefix(count.upperBound).enumerated() {
                element.check(value, at: "\(path())/\(index)", into: &faults)
            }
        case (.anyObject, .object), (.boolean, .boolean), (.nullable, .null): break
        case (.nullable(let schema), _): schema.check(value, at: path(), into: &faults)
        case (.integer(let range), .integer(let number)):
            if !range.contains(number) {
                faults.append(
                    FieldFault(field: path(), problem: "must be a whole number \(range.words), not \(number)"))
            }
        case (.text, .string(let text)), (.headerText, .string(let text)), (.identifier, .string(let text)),
            (.choice, .string(let text)),
            (.timestamp, .string(let text)), (.timeOfDay, .string(let text)), (.webAddress, .string(let text)):
            if let problem = problem(of: text) { faults.append(FieldFault(field: path(), problem: problem)) }
        default:
            faults.append(FieldFault(field: path(), problem: "must be \(words), not \(value.article)"))
        }
    }

    private static func check(
        _ object: JSONObject, against fields: [Field], at path: @autoclosure () -> String,
        into faults: inout [FieldFault]
    ) {
        for field in fields where field.isRequired && object[field.name] == nil {
            faults.append(
                FieldFault(field: "\(path())/\(field.name)", problem: "is missing: it must be \(field.schema.words)"))
        }
        for member in object.members {
            if let field = fields.first(where: { $0.name == member.name }) {
                field.schema.check(
                    member.value, at: "\(path())/\(member.name.shortened.escapedForPointer)", into: &faults)
            } else {
                let known = fields.map(\.name).joined(separator: ", ")
                faults.append(
                    FieldFault(
                        field: "\(path())/\(member.name.shortened.escapedForPointer)",
                        problem: fields.isEmpty
                            ? "is unknown: no members are known here" : "is unknown; known: \(known)"))
            }
        }
    }

    /// What is wrong with a text, if anything is.
    func problem(of text: String) -> String? {
        switch self {
        case .text(let length):
            if text.utf8.contains(0) { return "must not hold the character U+0000" }
            let count = text.unicodeScalars.count
            return length.contains(count) ? nil : "must be \(length.words) characters long, not \(count)"
        case .headerText:
            let isPrintable = text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
            let isTrimmed = text.first != " " && text.last != " "
            return isPrintable && isTrimmed && (1...200).contains(text.utf8.count) ? nil : "must be \(words)"
        case .identifier:
            return Consortium.ID.isValid(text) ? nil : "must be \(words), not “\(text.shortened)”"
        case .choice(let words):
            return words.contains(text) ? nil : "must be \(self.words), not “\(text.shortened)”"
        case .timestamp:
            return Instant(rfc3339: text) == nil ? "must be \(words), not “\(text.shortened)”" : nil
        case .timeOfDay:
            return text.utf8.count == 5 && MinuteOfDay(text) != nil
                ? nil : "must be \(words), not “\(text.shortened)”"
        case .webAddress:
            return WebAddress.accepts(text) ? nil : "must be \(words), not “\(text.shortened)”"
        default:
            return nil
        }
    }

    /// What is expected, to go behind "must be".
    var words: String {
        switch self {
        case .text(let length): "a text of \(length.words) characters"
        case .headerText: "1 to 200 printable characters of ASCII"
        case .identifier: "an id of 1 to 64 letters, digits, “-”, “_” and “.”, beginning with a letter or digit"
        case .choice(let words): "one of " + words.map { "“\($0)”" }.joined(separator: ", ")
        case .timestamp: "an instant like 2026-11-25T09:30:00Z"
        case .timeOfDay: "a time like 09:30, up to 24:00"
        case .webAddress: "an address that begins with http:// or https://, at most 2000 characters long"
        case .integer(let range): "a whole number \(range.words)"
        case .boolean: "true or false"
        case .array: "an array"
        case .object, .named, .anyObject: "an object"
        case .nullable(let schema): "\(schema.words) or null"
        }
    }
}

extension JSONValue {
    /// Its type with the article: “an integer”.
    fileprivate var article: String {
        switch self {
        case .null: "null"
        case .integer, .array, .object: "an \(typeName)"
        default: "a \(typeName)"
        }
    }
}

extension ClosedRange<Int> {
    fileprivate var words: String {
        lowerBound == upperBound ? "\(lowerBound)" : "\(lowerBound) to \(upperBound)"
    }
}

extension ClosedRange<Int64> {
    fileprivate var words: String { "from \(lowerBound) to \(upperBound)" }
}

extension String {
    /// As a JSON pointer has it.
    fileprivate var escapedForPointer: String {
        guard utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return self }
        return replacing("~", with: "~0").replacing("/", with: "~1")
    }
}
