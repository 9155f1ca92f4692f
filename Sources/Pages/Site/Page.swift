/// A page before it is rendered.
struct Page {
    /// A part of the site that the navigation leads to.
    enum Section: String {
        case week, now, charts, library, plans, requests, accounts, account
        /// None of them.
        case other
    }

    /// The template of its main part.
    var template: String
    var title: String
    var section: Section
    /// What the template reads.
    var values: [String: Any]
    /// Files of ``PageAssets`` beside those that every page has.
    var stylesheets: [String] = []
    var scripts: [String] = []
}
