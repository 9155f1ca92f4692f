/// Where requests end that are too long, too slow or too many.
package struct ServiceLimits: Hashable, Sendable {
    /// The most bytes of a request's body.
    package var bodyBytes = 65_536
    /// What a page's form takes: as long a policy page as there may be, with each letter written as several bytes.
    static let formBytes = 393_216
    /// The path to which files may be sent that are longer; nil for none.
    package var uploadPath: String?
    /// The most bytes of a body that is sent there.
    package var uploadBytes = 16 << 20
    /// The most bytes of a request's line and headers together.
    package var headerBytes = 16_384
    /// How long a request may take to arrive: from the connection's start to the first headers, and from the headers
    /// to the body's end.
    package var arrivalSeconds: Int64 = 15
    /// How long a connection is kept on which nothing is asked.
    package var idleSeconds: Int64 = 75
    /// How long a client may leave an answer unread before it is cut off.
    package var stallSeconds: Int64 = 30
    /// How long a replica may take for the rows of one state: while it does, it has a connection to the database, which
    /// keeps what that state shows.
    package var readingSeconds: Int64 = 900
    package var connections = 20_000

    package init() {}
}
