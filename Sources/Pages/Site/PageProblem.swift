import HTTPTypes

/// Something that keeps a page from being shown, in words for whoever looks.
struct PageProblem: Error {
    var status: HTTPResponse.Status
    /// What is the matter, `No such week`.
    var title: String
    /// What would be right, in a sentence or two.
    var advice: String
    /// Where to go on.
    var way: (address: String, text: String)?

    init(
        _ status: HTTPResponse.Status, _ title: String, _ advice: String,
        way: (address: String, text: String)? = nil
    ) {
        self.status = status
        self.title = title
        self.advice = advice
        self.way = way
    }

    static let notFound = PageProblem(
        .notFound, "There is no such page", "The address may have been mistyped, or what it named is gone.",
        way: ("/", "Go to the start"))

    var page: Page {
        var values: [String: Any] = ["heading": title, "advice": advice]
        if let way { values["way"] = ["address": way.address, "text": way.text] }
        return Page(template: "problem", title: title, section: .other, values: values)
    }
}
