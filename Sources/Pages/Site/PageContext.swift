package import Hummingbird
import Logging
package import NIOCore

/// What is known of a request for a page.
package struct PageContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    package let channel: any Channel
    /// Nil before they have signed in.
    package var visitor: Visitor?

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
