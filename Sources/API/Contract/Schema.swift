/// What a JSON value must be: it checks what comes in, and is told to clients in the OpenAPI document.
///
/// One value serves both, so that the document cannot promise what the service does not keep.
package enum Schema: Sendable {
    /// A text of so many Unicode characters (scalars), of which none is U+0000: the database cannot hold it.
    case text(ClosedRange<Int>)
    /// A header's value: 1 to 200 printable characters of ASCII, which do not begin or end with a space.
    case headerText
    /// An id of the consortium's, as bundles have them.
    case identifier
    /// One of some words.
    case choice([String])
    /// An instant as RFC 3339 writes it, in UTC: `2026-11-25T09:30:00Z`.
    case timestamp
    /// A time by the clock on the wall, 00:00 to 24:00: `09:30`.
    case timeOfDay
    /// An address that begins with http:// or https://.
    case webAddress
    case integer(ClosedRange<Int64>)
    case boolean
    indirect case array(Schema, ClosedRange<Int>)
    case object([Field])
    /// An object that the document describes once, under a name.
    case named(String, [Field])
    /// As it is, or null.
    indirect case nullable(Schema)
    /// Any JSON object; told to clients, never taken from them.
    case anyObject

    /// A member of an object.
    package struct Field: Sendable {
        let name: String
        let schema: Schema
        let isRequired: Bool
        let summary: String

        static func required(_ name: String, _ schema: Schema, _ summary: String) -> Field {
            Field(name: name, schema: schema, isRequired: true, summary: summary)
        }

        static func optional(_ name: String, _ schema: Schema, _ summary: String) -> Field {
            Field(name: name, schema: schema, isRequired: false, summary: summary)
        }
    }

    var fields: [Field]? {
        switch self {
        case .object(let fields), .named(_, let fields): fields
        default: nil
        }
    }
}

extension Schema {
    static let identifierPattern = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"
    static let timestampPattern = #"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"#
    static let timeOfDayPattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
}
