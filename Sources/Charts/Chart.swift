/// Something drawn: as a picture, and the same as a table and as a file.
///
/// The picture takes its colours, and what is drawn in them, from the classes of `charts.css`: it has no style of its own,
/// so dark mode and print are that file's affair. It is as wide as the place it is put in; positions across are shares of
/// that width, heights and text are pixels, so that text stays as large on a telephone as on a desk.
package protocol Chart: Sendable {
    /// What it shows, in a few words.
    var title: String { get }
    /// What it says, in a sentence or two, for who does not see it.
    var summary: String { get }
    /// The same in numbers.
    var table: ChartTable { get }
    /// The pixels that it is high.
    var height: Int { get }
    /// Draws what stands below title and summary.
    func draw(into picture: inout Picture)
}

extension Chart {
    /// The picture as SVG, to be put into a page.
    ///
    /// - Parameter name: The beginning of the ids in it: another for each picture of a page. What is neither a lower-case
    ///   letter nor a digit of ASCII is left out.
    /// - Returns: One element `svg`, well-formed as XML; the same chart gives the same text.
    package func svg(named name: String) -> String {
        let safe = name.filter { $0.isASCII && ($0.isLowercase || $0.isNumber) }
        var picture = Picture(name: safe.isEmpty ? "chart" : safe)
        picture.element(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "class": "chart", "role": "img", "width": "100%",
                "height": "\(height)", "aria-labelledby": "\(picture.name)-title",
                "aria-describedby": "\(picture.name)-summary",
            ]
        ) { picture in
            picture.element("title", ["id": "\(picture.name)-title"], text: title)
            picture.element("desc", ["id": "\(picture.name)-summary"], text: summary)
            draw(into: &picture)
        }
        return picture.text
    }
}
