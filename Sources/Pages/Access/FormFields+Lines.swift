/// Text as it is kept: without what a database or a mail could stumble over.
extension FormFields {
    /// A field of one line, without the spaces around it.
    func line(_ name: String) -> String {
        let text = text(name) ?? ""
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isControl ? " " : $0 }))
    }

    /// A field of several lines, which end in a line feed, without empty ones around it.
    func lines(_ name: String) -> String {
        let text = (text(name) ?? "").replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        let kept = text.unicodeScalars.filter { !$0.isControl || $0 == "\n" || $0 == "\t" }
        return String(String.UnicodeScalarView(kept))
    }
}

extension Unicode.Scalar {
    fileprivate var isControl: Bool { properties.generalCategory == .control }
}
