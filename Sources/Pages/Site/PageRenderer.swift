import Accounts
import HTTPTypes
import Hummingbird
import Mustache
import NIOCore
import PageAssets

/// Makes HTML of pages.
struct PageRenderer: Sendable {
    private let templates: MustacheLibrary
    private let assets: Assets

    /// - Throws: What Mustache says of a template that is none: a fault of ours that every test of a page finds.
    init(assets: Assets) throws {
        var templates = MustacheLibrary()
        for (name, text) in PageAssets.templates { try templates.register(text, named: name) }
        self.templates = templates
        self.assets = assets
    }

    /// The page as an answer.
    func response(_ page: Page, status: HTTPResponse.Status = .ok, to context: PageContext) throws -> Response {
        guard let html = templates.render(values(of: page, for: context), withTemplate: page.template) else {
            throw UnknownTemplate(name: page.template)
        }
        return Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "private, no-cache"],
            body: .init(byteBuffer: ByteBuffer(string: html)))
    }

    /// A part of a page by itself, for what is shown anew while the page stands.
    func part(_ template: String, _ values: [String: Any]) throws -> String {
        guard let html = templates.render(values, withTemplate: template) else {
            throw UnknownTemplate(name: template)
        }
        return html
    }

    private func values(of page: Page, for context: PageContext) -> [String: Any] {
        let visitor = context.visitor
        var values = page.values
        values["title"] = page.title
        values["stylesheets"] = (["base.css"] + page.stylesheets).compactMap(assets.address)
        values["scripts"] = page.scripts.compactMap(assets.address)
        values["mark"] = assets.address(of: "mark.svg")
        values["navigation"] = Navigation.links(for: visitor, in: page.section)
        values["hasNavigation"] = visitor != nil
        values["formToken"] = context.signedIn?.formToken
        if let visitor {
            let isHere = page.section == .account
            values["visitor"] = ["name": visitor.name, "role": visitor.role.words, "isHere": isHere] as [String: Any]
        }
        return values
    }
}

/// A template that is asked for and is not there: a fault of ours.
struct UnknownTemplate: Error, CustomStringConvertible {
    let name: String

    var description: String { "there is no template “\(name)”" }
}
