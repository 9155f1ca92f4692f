import Coverage

/// The shapes that charts are made of: across in shares of the width, down in pixels.
extension Picture {
    mutating func rectangle(
        _ style: String, x: Share, width: Share, y: Int, height: Int, tip: String? = nil
    ) {
        let attributes: Attributes = [
            "class": style, "x": x.rawValue == 0 ? "" : x.description, "y": "\(y)", "width": width.description,
            "height": "\(height)",
        ]
        guard let tip else { return element("rect", attributes) }
        element("rect", attributes) { $0.element("title", [:], text: tip) }
    }

    mutating func line(_ style: String, from: (x: Share, y: Int), to: (x: Share, y: Int)) {
        element(
            "line",
            [
                "class": style, "x1": from.x.description, "y1": "\(from.y)", "x2": to.x.description, "y2": "\(to.y)",
            ])
    }

    /// Where a text begins, has its middle or ends.
    enum Anchor: String {
        case start, middle, end
    }

    /// Text with its baseline at `y`, moved to the right by `shift` pixels.
    mutating func label(
        _ content: String, x: Share, y: Int, _ anchor: Anchor = .start, style: String, shift: Int = 0
    ) {
        element(
            "text",
            [
                "class": style, "x": x.rawValue == 0 ? "" : x.description, "y": "\(y)",
                "dx": shift == 0 ? "" : "\(shift)", "text-anchor": anchor == .start ? "" : anchor.rawValue,
            ], text: content)
    }

    /// A key to the colours: a swatch and a word each, side by side; of more than four, three to a row of 20 pixels.
    mutating func legend(_ entries: [(style: String, word: String)], y: Int) {
        let most = entries.count > 4 ? 3 : 4
        var x = 0
        for (number, entry) in entries.enumerated() {
            if number % most == 0 { x = 0 }
            let row = y + number / most * 20
            element(
                "svg", ["x": "\(x)", "y": "\(row)", "width": "14", "height": "14", "overflow": "visible"]
            ) { picture in
                picture.swatch(entry.style)
                picture.element("text", ["class": "chart-note", "x": "20", "y": "12"], text: entry.word)
            }
            // Words are short and written in the code: seven pixels a letter leave room in usual typefaces.
            x += 34 + entry.word.count * 7
        }
    }

    private mutating func swatch(_ style: String) {
        if style.hasSuffix("-line") {
            element("line", ["class": style, "x1": "0", "x2": "14", "y1": "7", "y2": "7"])
        } else if style.hasSuffix("-mark") {
            element("path", ["class": style, "d": "M7 7h.1"])
        } else {
            element("rect", ["class": style, "width": "14", "height": "14"])
            hatch(style, x: "0", width: "14", y: 0, height: 14)
        }
    }

    // MARK: Patterns

    /// The stripes and dots that tell critical and thin without their colours.
    mutating func drawPatterns() {
        element("defs", [:]) { picture in
            picture.pattern("stripes", size: 6) { picture in
                picture.element("path", ["class": "chart-stripe", "d": "M-1 1L1 -1M0 6L6 0M5 7L7 5"])
            }
            picture.pattern("dots", size: 6) { picture in
                picture.element("circle", ["class": "chart-dot", "cx": "3", "cy": "3", "r": "1"])
            }
        }
    }

    private mutating func pattern(_ id: StaticString, size: Int, content: (inout Picture) -> Void) {
        element(
            "pattern",
            [
                "id": "\(name)-\(id)", "width": "\(size)", "height": "\(size)", "patternUnits": "userSpaceOnUse",
            ], content: content)
    }

    /// Lays the pattern of a state over a place, if it has one.
    mutating func hatch(_ style: String, x: String, width: String, y: Int, height: Int) {
        let pattern: String
        switch style {
        case "\(Staffing.State.critical.style) chart-cell": pattern = "stripes"
        case "\(Staffing.State.thin.style) chart-cell": pattern = "dots"
        default: return
        }
        element(
            "rect",
            [
                "fill": "url(#\(name)-\(pattern))", "x": x, "y": "\(y)", "width": width, "height": "\(height)",
            ])
    }
}

extension Staffing.State {
    /// The class of its colour.
    var style: String { "chart-\(rawValue)" }

    /// What people call it.
    package var word: String {
        switch self {
        case .critical: "below the minimum"
        case .thin: "below the target"
        case .covered: "covered"
        case .over: "more than wanted"
        }
    }

    /// For a key, where there is little room.
    var shortWord: String {
        switch self {
        case .critical: "critical"
        case .thin: "thin"
        case .covered: "covered"
        case .over: "over"
        }
    }
}
