package import Accounts
package import Coverage
import Foundation
import JWTKit

/// The consortium's identity provider: an OpenID provider, asked by the authorization code flow with PKCE.
///
/// What it says of itself and its keys are kept for an hour, and for a day where it is away. A token with a key that is
/// not known has the keys fetched anew, once a minute at most.
package actor IdentityProvider {
    package nonisolated let settings: ProviderSettings
    private let exchange: ProviderExchange
    private let now: @Sendable () -> Instant
    private var description: Kept<ProviderDescription>?
    private var keys: Kept<ProviderKeys>?

    /// After so long keys may be fetched anew, for a key that is not among them.
    static let keyPauseSeconds: Int64 = 60

    /// Sets it up; nothing is asked before somebody signs in.
    ///
    /// - Parameters:
    ///   - settings: Which it is, and who we are to it.
    ///   - exchange: How it is asked.
    ///   - now: The world's clock, by which tokens run out.
    package init(_ settings: ProviderSettings, exchange: ProviderExchange, now: @escaping @Sendable () -> Instant) {
        self.settings = settings
        self.exchange = exchange
        self.now = now
    }

    /// Where a browser goes to sign in.
    ///
    /// - Parameters:
    ///   - visit: The browser's way there and back.
    ///   - redirect: Our address to which it comes back, which the provider must know.
    /// - Returns: An address of the provider.
    /// - Throws: ``ProviderTrouble``
    package func address(for visit: ProviderVisit, redirect: String) async throws(ProviderTrouble) -> String {
        let endpoint = try await described().authorizationEndpoint
        let query = FormText.encoded([
            .init("response_type", "code"), .init("client_id", settings.clientID), .init("redirect_uri", redirect),
            .init("scope", "openid email"), .init("state", visit.state), .init("nonce", visit.nonce),
            .init("code_challenge", visit.challenge), .init("code_challenge_method", "S256"),
        ])
        return endpoint + (endpoint.contains("?") ? "&" : "?") + query
    }

    /// Whom the provider vouches for, by what a browser brings back.
    ///
    /// - Parameters:
    ///   - code: The provider's, to be used once.
    ///   - issuer: As which the provider answers, where it says so (RFC 9207).
    ///   - visit: The browser's way, which was looked at before.
    ///   - redirect: The same as in ``address(for:redirect:)``.
    /// - Returns: Them, with their address if the provider says that it is theirs.
    /// - Throws: ``ProviderTrouble``
    package func identity(
        for code: String, issuer: String?, of visit: ProviderVisit, redirect: String
    ) async throws(ProviderTrouble) -> ProvenIdentity {
        let description = try await described()
        guard issuer == nil || issuer == description.issuer else { throw .badToken(.otherIssuer) }
        let tokens = try await tokens(for: code, of: visit, redirect: redirect, description)
        let claims = try await claims(of: tokens.idToken, description)
        do {
            try claims.check(
                issuer: description.issuer, client: settings.clientID, nonce: visit.nonce, at: now())
        } catch {
            throw .badToken(error)
        }
        var (email, isVerified) = (claims.email, claims.emailVerified)
        // Tokens that are kept short leave the address to be asked for.
        if email == nil, let address = description.userInfoEndpoint, let token = tokens.accessToken {
            let info = try await exchange.value(
                UserInfo.self, at: address, authorization: "Bearer \(token)", called: "userinfo")
            // It may be about somebody else (section 5.3.2).
            guard info.sub == claims.sub else { throw .badToken(.malformed) }
            (email, isVerified) = (info.email, info.emailVerified)
        }
        return ProvenIdentity(
            issuer: claims.iss, subject: claims.sub,
            verifiedEmail: isVerified?.isTrue == true ? email.flatMap { EmailAddress($0) } : nil)
    }

    // MARK: What it says of itself

    private func described() async throws(ProviderTrouble) -> ProviderDescription {
        if let description, description.isFresh(at: now()) { return description.value }
        do {
            let fetched = try await exchange.value(
                ProviderDescription.self, at: settings.descriptionAddress, called: "discovery")
            try fetched.check(settings)
            description = Kept(value: fetched, at: now())
            return fetched
        } catch {
            guard case .away = error, let description, description.isUsable(at: now()) else { throw error }
            return description.value
        }
    }

    // MARK: The code becomes tokens

    private func tokens(
        for code: String, of visit: ProviderVisit, redirect: String, _ description: ProviderDescription
    ) async throws(ProviderTrouble) -> TokenAnswer {
        var form: [ProviderQuestion.FormPair] = [
            .init("grant_type", "authorization_code"), .init("code", code), .init("redirect_uri", redirect),
            .init("code_verifier", visit.verifier),
        ]
        var authorization: String?
        if let secret = settings.clientSecret?.text, !description.wantsSecretInForm {
            // Encoded before they are joined: RFC 6749, section 2.3.1.
            let pair = "\(FormText.encoded(settings.clientID)):\(FormText.encoded(secret))"
            authorization = "Basic " + Data(pair.utf8).base64EncodedString()
        } else {
            form.append(.init("client_id", settings.clientID))
            if let secret = settings.clientSecret?.text { form.append(.init("client_secret", secret)) }
        }
        let question = ProviderQuestion(
            url: description.tokenEndpoint, form: form, authorization: authorization)
        return try TokenAnswer.read(try await exchange.answer(to: question, called: "token endpoint"))
    }

    // MARK: The token is believed

    private func claims(
        of token: String, _ description: ProviderDescription
    ) async throws(ProviderTrouble) -> IdentityClaims {
        let header: TokenHeader
        do { header = try TokenHeader(of: token) } catch { throw .badToken(error) }
        var key = try await key(for: header, description)
        // By the name it is found again, and no other one is taken in its place.
        let name = JWKIdentifier(string: header.key ?? "key")
        key.keyIdentifier = name
        // A key that gives away its private half is no other key to us.
        (key.privateExponent, key.prime1, key.prime2) = (nil, nil, nil)
        key.algorithm = JWK.Algorithm(rawValue: header.algorithm.rawValue)
        do {
            return try await JWTKeyCollection().add(jwk: key).verify(token, as: IdentityClaims.self)
        } catch let error as JWTError where error.errorType == .signatureVerificationFailed {
            throw .badToken(.badSignature)
        } catch {
            throw .badToken(.malformed)
        }
    }

    private func key(
        for header: TokenHeader, _ description: ProviderDescription
    ) async throws(ProviderTrouble) -> JWK {
        if let keys, keys.isFresh(at: now()), let key = keys.value.key(for: header) { return key }
        if let keys, keys.isFresh(at: now()), now().seconds(since: keys.at) < Self.keyPauseSeconds {
            throw .badToken(.unknownKey)
        }
        do {
            let fetched = try await exchange.value(ProviderKeys.self, at: description.keysAddress, called: "keys")
            keys = Kept(value: fetched, at: now())
        } catch {
            guard case .away = error, let keys, keys.isUsable(at: now()), let key = keys.value.key(for: header) else {
                throw error
            }
            return key
        }
        guard let key = keys?.value.key(for: header) else { throw .badToken(.unknownKey) }
        return key
    }
}
