/// A member of the consortium.
package struct Library: Hashable, Sendable {
    package typealias ID = Identifier<Library>

    /// What sort of library it is; the raw value is what bundles write.
    package enum Kind: String, Hashable, CaseIterable, Sendable {
        case `public`, academic, special, regional
    }

    package var id: ID
    package var name: String
    package var kind: Kind
    /// The IANA zone in which its people's availability and closures are meant.
    package var timeZone: String
    /// Hours of staffed service a week that the library has promised.
    package var contributionHoursPerWeek: Thousandths
    package var phone: String
    package var email: String
    package var url: String

    package init(
        id: ID, name: String, kind: Kind, timeZone: String, contributionHoursPerWeek: Thousandths,
        phone: String = "", email: String = "", url: String = ""
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.timeZone = timeZone
        self.contributionHoursPerWeek = contributionHoursPerWeek
        self.phone = phone
        self.email = email
        self.url = url
    }
}

/// A day on which a library, or with no library named every one, lends nobody.
package struct Closure: Hashable, Sendable {
    /// Nil is all libraries, written `*` in a bundle.
    package var library: Library.ID?
    /// The local date at the library.
    package var date: CivilDate
    package var reason: String

    package init(library: Library.ID?, date: CivilDate, reason: String) {
        self.library = library
        self.date = date
        self.reason = reason
    }
}
