/// Reads a request's query as its route declares it.
enum QueryReading {
    /// - Throws: ``Problem`` with the status 400 that names what is unknown, twice there, or not as it must be.
    static func read(_ query: Substring?, of route: Route) throws(Problem) -> [String: JSONValue] {
        guard let query, !query.isEmpty else { return [:] }
        let known = route.parameters.filter { $0.place == .query }
        var values: [String: JSONValue] = [:]
        var faults: [FieldFault] = []
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decoded(parts[0], plusIsSpace: true),
                let text = PercentEncoding.decoded(parts.count > 1 ? parts[1] : "", plusIsSpace: true)
            else { throw Problem.invalidRequest("the query is not percent-encoded UTF-8") }
            guard let parameter = known.first(where: { $0.name == name }) else {
                let names = known.isEmpty ? "none are" : known.map(\.name).joined(separator: ", ")
                faults.append(FieldFault(field: name.shortened, problem: "is unknown; known: \(names)"))
                continue
            }
            if case .array(let element, let count) = parameter.schema {
                append(text, to: &values[name], each: element, count, name, &faults)
                continue
            }
            guard values[name] == nil else {
                faults.append(FieldFault(field: name, problem: "is there twice"))
                continue
            }
            if let problem = parameter.schema.problem(parsing: text) {
                faults.append(FieldFault(field: name, problem: problem))
            } else {
                values[name] = parameter.schema.value(parsing: text)
            }
        }
        guard faults.isEmpty else {
            throw Problem.invalidRequest(
                "parameters of the query are not as they must be", faults: Array(faults.prefix(20)))
        }
        return values
    }
}

extension QueryReading {
    /// Takes one more value of a parameter that may be there several times.
    private static func append(
        _ text: String, to value: inout JSONValue?, each element: Schema, _ count: ClosedRange<Int>, _ name: String,
        _ faults: inout [FieldFault]
    ) {
        let values = value?.array ?? []
        if let problem = element.problem(parsing: text) {
            faults.append(FieldFault(field: name, problem: problem))
        } else if values.count == count.upperBound {
            faults.append(FieldFault(field: name, problem: "is there more than \(count.upperBound) times"))
        } else {
            value = .array(values + [element.value(parsing: text)])
        }
    }
}

extension Schema {
    /// The value that a parameter's text stands for.
    func value(parsing text: String) -> JSONValue {
        switch self {
        case .integer: Self.integer(text).map { .integer($0) } ?? .string(text)
        case .boolean: text == "true" ? true : text == "false" ? false : .string(text)
        default: .string(text)
        }
    }

    /// What is wrong with a parameter's text, if anything is.
    func problem(parsing text: String) -> String? {
        faults(of: value(parsing: text)).first?.problem
    }

    private static func integer(_ text: String) -> Int64? {
        // Int64 would read “+7” as well, which a URL's query means to be “ 7”.
        text.hasPrefix("+") ? nil : Int64(text)
    }
}
