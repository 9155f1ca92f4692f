import Coverage

extension Schema {
    /// The schema as OpenAPI 3.1 has it, with a reference in the place of what has a name.
    var openAPI: JSONValue {
        switch self {
        case .text(let length):
            [
                "type": "string", "minLength": .integer(length.lowerBound), "maxLength": .integer(length.upperBound),
                "pattern": "^[^\\u0000]*$",
            ]
        case .headerText: ["type": "string", "pattern": "^[!-~]([ -~]{0,198}[!-~])?$"]
        case .identifier: ["type": "string", "pattern": .string(Self.identifierPattern)]
        case .choice(let words): ["type": "string", "enum": .array(words.map { .string($0) })]
        case .timestamp:
            ["type": "string", "format": "date-time", "pattern": .string(Self.timestampPattern)]
        case .timeOfDay: ["type": "string", "pattern": .string(Self.timeOfDayPattern)]
        case .webAddress:
            [
                "type": "string", "format": "uri", "pattern": .string(WebAddress.pattern),
                "minLength": .integer(WebAddress.length.lowerBound),
                "maxLength": .integer(WebAddress.length.upperBound),
            ]
        case .integer(let range):
            ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
        case .boolean: ["type": "boolean"]
        case .array(let element, let count):
            [
                "type": "array", "items": element.openAPI, "minItems": .integer(count.lowerBound),
                "maxItems": .integer(count.upperBound),
            ]
        case .object(let fields): Self.described(fields)
        case .named(let name, _): ["$ref": .string("#/components/schemas/\(name)")]
        case .nullable(let schema): ["anyOf": [schema.openAPI, ["type": "null"]]]
        case .anyObject: ["type": "object"]
        }
    }

    /// Every schema that has a name, in this one and below.
    var namedSchemas: [(name: String, fields: [Field])] {
        switch self {
        case .named(let name, let fields): [(name, fields)] + fields.flatMap(\.schema.namedSchemas)
        case .object(let fields): fields.flatMap(\.schema.namedSchemas)
        case .array(let element, _), .nullable(let element): element.namedSchemas
        default: []
        }
    }

    /// An object with these members and no others.
    static func described(_ fields: [Field]) -> JSONValue {
        let properties = fields.map { field in
            JSONObject.Member(name: field.name, value: field.schema.described(field.summary))
        }
        let required = fields.filter(\.isRequired).map { JSONValue.string($0.name) }
        return [
            "type": "object", "properties": .object(JSONObject(properties)),
            "required": required.isEmpty ? nil : .array(required), "additionalProperties": false,
        ]
    }

    private func described(_ summary: String) -> JSONValue {
        guard case .object(var object) = openAPI else { return openAPI }
        object["description"] = .string(summary)
        return .object(object)
    }
}
