import Charts
import Foundation
import FoundationXML
import Testing

/// A chart's SVG as an XML parser sees it.
final class ParsedPicture: NSObject, XMLParserDelegate {
    private(set) var elements: [(name: String, attributes: [String: String])] = []
    private(set) var texts: [String] = []
    private var text = ""

    init(_ chart: any Chart) throws {
        super.init()
        let parser = XMLParser(data: Data(chart.svg(named: "test").utf8))
        parser.delegate = self
        let isWellFormed = parser.parse()
        try #require(isWellFormed, "\(String(describing: parser.parserError)) in \(chart.svg(named: "test"))")
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        elements.append((name, attributes))
        text = ""
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        if !text.isEmpty { texts.append(text) }
        text = ""
    }

    /// Where things are and how large.
    var lengths: [String] {
        elements.flatMap { element in ["x", "y", "width", "height"].compactMap { element.attributes[$0] } }
    }

    /// The elements that are drawn in a class.
    func drawn(_ style: String) -> [[String: String]] {
        elements.map(\.attributes).filter { $0["class"]?.split(separator: " ").contains { $0 == style } ?? false }
    }
}
