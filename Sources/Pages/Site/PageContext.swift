package import Accounts
package import Hummingbird
import Logging
package import NIOCore

/// What is known of a request for a page.
package struct PageContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    package let channel: any Channel
    /// Nil before they have signed in.
    package var signedIn: SignedIn?
    /// What a form sends, once it is known to come from our own pages.
    var form: FormFields?

    /// Nil before they have signed in.
    package var visitor: Visitor? { signedIn.map { Visitor($0.account) } }

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
