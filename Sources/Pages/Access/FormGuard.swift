import Accounts
import HTTPTypes
import Hummingbird
import NIOCore

/// Sees to it that what changes something comes from our own pages.
///
/// Two checks of the kinds that OWASP's Cross-Site Request Forgery Prevention Cheat Sheet names: browsers tell where a
/// request comes from, and forms carry a token that belongs to the session.
struct FormGuard: Sendable {
    let address: SiteAddress

    /// The header in which scripts send the token.
    static let tokenHeader = HTTPField.Name("X-Form-Token")
    /// The field in which forms do.
    static let tokenField = "form_token"

    /// Looks at a request that changes something.
    ///
    /// - Parameters:
    ///   - request: The request; a form's body is read.
    ///   - signedIn: Whose session it belongs to; nil where it needs none, and so no token.
    /// - Returns: The fields of a form; nil if it is none.
    /// - Throws: ``PageProblem``
    func fields(of request: Request, for signedIn: SignedIn?) async throws -> FormFields? {
        guard isFromOurPages(request) else { throw PageProblem.forged }
        let form = try await form(of: request)
        guard let signedIn else { return form }
        let token = Self.tokenHeader.flatMap { request.headers[$0] } ?? form?[Self.tokenField] ?? ""
        guard signedIn.secret.accepts(formToken: token) else { throw PageProblem.forged }
        return form
    }

    private func form(of request: Request) async throws -> FormFields? {
        let header = request.headers[.contentType] ?? ""
        let type = header.lowercased()
        do {
            if type.hasPrefix("multipart/form-data") {
                let body = try await request.body.collect(upTo: FormFields.maximumUploadBytes)
                return MultipartForm.parts(Array(buffer: body), contentType: header).map { FormFields($0) }
            }
            guard type.hasPrefix("application/x-www-form-urlencoded") else { return nil }
            return FormFields(try await request.body.collect(upTo: FormFields.maximumBytes))
        } catch is NIOTooManyBytesError {
            throw PageProblem(
                .contentTooLarge, "This form is too long", "A form may have 64 kilobytes: write less.")
        }
    }

    /// What the browser says of where a request comes from.
    ///
    /// One that says nothing is no browser of these days.
    func isFromOurPages(_ request: Request) -> Bool {
        if let site = HTTPField.Name("Sec-Fetch-Site").flatMap({ request.headers[$0] }) {
            // `none`: typed into the browser itself.
            return site == "same-origin" || site == "none"
        }
        guard let origin = request.headers[.origin] else { return true }
        if let own = address.origin { return origin.lowercased() == own }
        guard let host = request.head.authority else { return false }
        return ["http://\(host)", "https://\(host)"].contains(origin)
    }
}

extension PageProblem {
    static let forged = PageProblem(
        .forbidden, "This form is out of date",
        "It was opened before you signed in or out, or it came from another site. Nothing was changed. Load the page "
            + "again, and send it once more.", way: ("/", "Go to the start"))
}
