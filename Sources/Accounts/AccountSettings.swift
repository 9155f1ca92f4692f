package import Storage

/// How long signing in lasts, and how often it may be tried.
package struct AccountSettings: Hashable, Sendable {
    /// A session that is not used for so long is over.
    package var idleSeconds: Int64 = 12 * 3600
    /// A session is over after so long, however often it is used.
    package var maximumSeconds: Int64 = 14 * 86_400
    /// How long an invitation can be accepted.
    package var invitationSeconds: Int64 = 7 * 86_400
    /// How long a link for a lost password can be used.
    package var resetSeconds: Int64 = 86_400
    /// How long the link for the first coordinator can be used.
    package var setUpSeconds: Int64 = 86_400
    /// How long somebody may take at an identity provider.
    package var visitSeconds: Int64 = 600
    /// Whether anybody has a password; otherwise all sign in at the identity provider.
    package var takesPasswords = true
    /// How often a password may be tried on one account, from wherever.
    package var ofEmail = SignInAttemptRepository.Allowance(burst: 10, secondsEach: 60)
    /// How often passwords may be tried from one address, on whichever accounts; a library's people may share one.
    package var ofAddress = SignInAttemptRepository.Allowance(burst: 50, secondsEach: 10)

    package init() {}
}
