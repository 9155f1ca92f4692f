import Accounts
import Hummingbird

/// The cookie by which a browser is known again.
struct SessionCookie: Hashable, Sendable {
    /// Whether it goes by https alone.
    let isSecure: Bool

    /// With `__Host-` browsers take it from this very host by https alone (RFC 6265bis, section 4.1.3.2), so that no
    /// neighbour can set another one.
    private var name: String { isSecure ? "__Host-coverdesk" : "coverdesk" }

    /// What a request brings; nil if nothing.
    func value(of request: Request) -> String? { request.cookies[name]?.value }

    /// Lets the browser keep a session that has just begun until it is over.
    func keep(_ signedIn: SignedIn, seconds: Int64, in response: inout Response) {
        set(signedIn.secret.text, seconds: seconds, in: &response)
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
