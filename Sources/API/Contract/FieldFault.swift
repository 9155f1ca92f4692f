/// What is wrong with one member of a request.
package struct FieldFault: Hashable, Sendable {
    /// Where: a JSON pointer (RFC 6901) into the body such as `/operators/2/seats`, or a parameter's name.
    package let field: String
    /// What it must be instead.
    package let problem: String
}
