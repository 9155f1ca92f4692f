package import Coverage

/// Somebody whom an identity provider vouches for.
package struct ProvenIdentity: Hashable, Sendable {
    /// The provider, as its tokens name it.
    package let issuer: String
    /// The person, as the provider knows them, for good.
    package let subject: String
    /// An address of which the provider says that it is theirs; nil where it says nothing of the kind.
    package let verifiedEmail: EmailAddress?

    package init(issuer: String, subject: String, verifiedEmail: EmailAddress?) {
        self.issuer = issuer
        self.subject = subject
        self.verifiedEmail = verifiedEmail
    }
}
