import Accounts
import Hummingbird

/// The cookie of a browser on its way to the identity provider and back.
struct VisitCookie: Hashable, Sendable {
    /// Whether it goes by https alone.
    let isSecure: Bool

    private var name: String { isSecure ? "__Host-coverdesk-visit" : "coverdesk-visit" }

    /// What a request brings; nil if nothing.
    func value(of request: Request) -> String? { request.cookies[name]?.value }

    /// Lets the browser keep its way until it is back; from another site it brings the cookie along as it is a link.
    func keep(_ visit: ProviderVisit, seconds: Int64, in response: inout Response) {
        set(visit.cookie, seconds: seconds, in: &response)
    }

    /// Lets the browser forget.
    func forget(in response: inout Response) { set("", seconds: 0, in: &response) }

    private func set(_ value: String, seconds: Int64, in response: inout Response) {
        response.setCookie(
            Cookie(
                name: name, value: value, maxAge: Int(seconds), path: "/", secure: isSecure, httpOnly: true,
                sameSite: .lax))
    }
}
