import Accounts
import Coverage
import Foundation
import JWTKit
import OpenID
import Synchronization
import Testing

@Suite("An identity provider")
struct IdentityProviderTests {
    private let still = StillProvider()
    private let visit: ProviderVisit

    init() throws {
        let cookie = "\(String(repeating: "A", count: 43)).1790000000.\(Data("/week".utf8).base64URL)"
        visit = try #require(ProviderVisit(cookie: cookie))
    }

    private func identity(
        _ provider: IdentityProvider? = nil, issuer: String? = nil
    ) async throws -> ProvenIdentity {
        try await (try provider ?? still.provider()).identity(
            for: "code-1", issuer: issuer, of: visit, redirect: StillProvider.redirect)
    }

    @Test("browsers are sent to it with what is needed to know the answer again, and no secret")
    func sendsThere() async throws {
        let address = try await still.provider().address(for: visit, redirect: StillProvider.redirect)
        #expect(
            address.hasPrefix(
                "https://login.example.org/authorize?response_type=code&client_id=desk&redirect_uri="
                    + "https%3A%2F%2Fdesk.example.org%2Fsign-in%2Fprovider%2Fanswer&scope=openid%20email&state="))
        for part in ["state=\(visit.state)", "nonce=\(visit.nonce)", "code_challenge=\(visit.challenge)"] {
            #expect(address.contains(part))
        }
        #expect(address.hasSuffix("&code_challenge_method=S256"))
        #expect(!address.contains(visit.verifier))
        #expect(Set([visit.state, visit.nonce, visit.verifier]).count == 3)
    }

    @Test("whom it vouches for is who its token says, with the address in small letters")
    func vouches() async throws {
        try await still.give(still.claims(for: visit))
        let identity = try await identity(issuer: StillProvider.issuer)
        #expect(
            identity
                == ProvenIdentity(
                    issuer: StillProvider.issuer, subject: "u-1", verifiedEmail: EmailAddress("ada@example.org")))
        let question = try #require(still.state.withLock { $0.asked.first { $0.url.hasSuffix("/token") } })
        #expect(question.authorization == "Basic " + Data("desk:hush%2C%20hush".utf8).base64EncodedString())
        let form = Dictionary(uniqueKeysWithValues: (question.form ?? []).map { ($0.name, $0.value) })
        #expect(form["code"] == "code-1" && form["code_verifier"] == visit.verifier)
        #expect(form["redirect_uri"] == StillProvider.redirect && form["client_secret"] == nil)
    }

    @Test("a provider that wants the secret in the form, or gave none, is asked so")
    func asksOtherwise() async throws {
        try await still.give(still.claims(for: visit))
        let open = try still.provider(secret: nil)
        _ = try await identity(open)
        let question = try #require(still.state.withLock { $0.asked.first { $0.url.hasSuffix("/token") } })
        #expect(question.authorization == nil)
        #expect(question.form?.contains { $0.name == "client_id" && $0.value == "desk" } == true)
        #expect(question.form?.contains { $0.name == "client_secret" } == false)
    }

    /// What is changed in a token that is right, and what is wrong then.
    private static let faults: [(String, Claim?, TokenFault)] = [
        ("iss", .text("https://evil.example"), .otherIssuer), ("aud", .text("another"), .otherAudience),
        ("aud", .texts(["desk", "another"]), .otherAudience), ("azp", .text("another"), .otherAudience),
        ("exp", .number(1_789_999_000), .expired), ("exp", .number(1_789_999_940), .expired),
        ("iat", .number(1_790_000_061), .early), ("nbf", .number(1_790_000_061), .early),
        ("nonce", .text("another"), .otherNonce), ("nonce", nil, .otherNonce), ("sub", .text(""), .malformed),
        ("sub", nil, .malformed), ("exp", nil, .malformed), ("iat", nil, .malformed), ("aud", nil, .malformed),
        ("exp", .text("tomorrow"), .malformed),
    ]

    @Test("a token that is not the answer to what was asked is not taken", arguments: faults)
    func refuses(name: String, claim: Claim?, because fault: TokenFault) async throws {
        var claims = still.claims(for: visit)
        claims[name] = claim
        try await still.give(claims)
        await #expect(throws: ProviderTrouble.badToken(fault)) { try await identity() }
    }

    @Test("clocks may differ by a minute, and several audiences may be named where the token is for us")
    func bears() async throws {
        var claims = still.claims(for: visit)
        claims["exp"] = .number(1_789_999_941)
        claims["iat"] = .number(1_790_000_060)
        claims["aud"] = .texts(["another", "desk"])
        claims["azp"] = .text("desk")
        try await still.give(claims)
        #expect(try await identity().subject == "u-1")
    }

    @Test("a token that is signed by nobody, by another key, or with a secret that all know is not taken")
    func refusesForgeries() async throws {
        let claims = still.claims(for: visit)
        let provider = try still.provider()
        let bare = JWTKeyCollection()
        await bare.addUnsecuredNone()
        still.give(try await bare.sign(Claims(values: claims)))
        await #expect(throws: ProviderTrouble.badToken(.unsigned)) { try await identity(provider) }
        let shared = JWTKeyCollection()
        await shared.add(hmac: "hush, hush", digestAlgorithm: .sha256, kid: "first")
        still.give(try await shared.sign(Claims(values: claims), kid: "first"))
        await #expect(throws: ProviderTrouble.badToken(.unsigned)) { try await identity(provider) }
        try await still.give(claims, signedBy: "second", named: "first")
        await #expect(throws: ProviderTrouble.badToken(.badSignature)) { try await identity(provider) }
        still.give("a.b")
        await #expect(throws: ProviderTrouble.badToken(.malformed)) { try await identity(provider) }
    }

    @Test("a token that was changed after it was signed is not taken")
    func refusesChanges() async throws {
        try await still.give(still.claims(for: visit))
        let token = try #require(still.state.withLock { $0.tokenFields["id_token"] })
        var parts = token.split(separator: ".").map(String.init)
        let body = String(decoding: try #require(Data(base64URL: parts[1])), as: UTF8.self)
        parts[1] = Data(body.replacing("u-1", with: "u-2").utf8).base64URL
        still.give(parts.joined(separator: "."))
        await #expect(throws: ProviderTrouble.badToken(.badSignature)) { try await identity() }
    }

    @Test("a new key is fetched when a token names it, but not more often than once a minute")
    func followsKeys() async throws {
        let provider = try still.provider()
        still.state.withLock { $0.shownKeys = ["odd", "first"] }
        try await still.give(still.claims(for: visit))
        _ = try await identity(provider)
        try await still.give(still.claims(for: visit), signedBy: "second")
        await #expect(throws: ProviderTrouble.badToken(.unknownKey)) { try await identity(provider) }
        #expect(still.asks(of: "/keys") == 1)
        still.advance(bySeconds: 60)
        await #expect(throws: ProviderTrouble.badToken(.unknownKey)) { try await identity(provider) }
        #expect(still.asks(of: "/keys") == 2)
        still.advance(bySeconds: 60)
        still.state.withLock { $0.shownKeys = ["first", "second"] }
        _ = try await identity(provider)
        #expect(still.asks(of: "/keys") == 3)
        #expect(still.asks(of: "/openid-configuration") == 1)
    }

    @Test("while it is away what it said before is used for a day")
    func outlastsOutages() async throws {
        let provider = try still.provider()
        _ = try await provider.address(for: visit, redirect: StillProvider.redirect)
        still.state.withLock { $0.isAway = true }
        still.advance(bySeconds: 3601)
        _ = try await provider.address(for: visit, redirect: StillProvider.redirect)
        await #expect(throws: ProviderTrouble.away("token endpoint: Away")) { try await identity(provider) }
        still.advance(bySeconds: 86_400)
        await #expect(throws: ProviderTrouble.away("discovery: Away")) { try await identity(provider) }
    }

    @Test("a code that was used, and a client that it does not know, are told apart")
    func tellsApart() async throws {
        still.state.withLock { ($0.tokenStatus, $0.tokenFields) = (400, ["error": "invalid_grant"]) }
        await #expect(throws: ProviderTrouble.codeOver) { try await identity() }
        still.state.withLock { ($0.tokenStatus, $0.tokenFields) = (401, ["error": "invalid_client"]) }
        await #expect(
            throws: ProviderTrouble.misfit(
                "it does not know openid.clientID, or openid.clientSecret is not the one it gave us")
        ) { try await identity() }
        still.state.withLock { $0.tokenStatus = 503 }
        await #expect(throws: ProviderTrouble.away("token endpoint: answered 503")) { try await identity() }
    }

    @Test("one that calls itself otherwise, answers for another, or names unsafe addresses is not used")
    func checksItself() async throws {
        still.state.withLock { $0.description = ["issuer": "https://evil.example"] }
        await #expect(throws: ProviderTrouble.misfit("it calls itself otherwise than openid.issuer")) {
            try await identity()
        }
        still.state.withLock { $0.description = ["token_endpoint": "http://login.example.org/token"] }
        await #expect(throws: ProviderTrouble.misfit("it names an address that is not by https")) {
            try await identity()
        }
        still.state.withLock { $0.description = [:] }
        await #expect(throws: ProviderTrouble.badToken(.otherIssuer)) {
            try await identity(issuer: "https://evil.example")
        }
        _ = try await still.provider(issuer: StillProvider.issuer + "/")
            .address(for: visit, redirect: StillProvider.redirect)
    }

    @Test("an address that it does not vouch for is none, and one that the token leaves out is asked for")
    func asksForAddress() async throws {
        var claims = still.claims(for: visit)
        claims["email_verified"] = nil
        try await still.give(claims)
        #expect(try await identity().verifiedEmail == nil)
        claims["email_verified"] = .text("true")
        try await still.give(claims)
        #expect(try await identity().verifiedEmail?.text == "ada@example.org")
        (claims["email"], claims["email_verified"]) = (nil, nil)
        try await still.give(claims)
        still.state.withLock { $0.userInfo = ["sub": "u-1", "email": "bo@example.org", "email_verified": "true"] }
        #expect(try await identity().verifiedEmail?.text == "bo@example.org")
        #expect(still.latest?.authorization == "Bearer let-me-see")
        still.state.withLock { $0.userInfo["sub"] = "u-2" }
        await #expect(throws: ProviderTrouble.badToken(.malformed)) { try await identity() }
    }

    @Test(
        "its address is by https, but on this very machine",
        arguments: [
            ("https://login.example.org", true), ("https://login.example.org/realms/one", true),
            ("http://127.0.0.1:9400", true), ("http://localhost:9400/", true), ("http://[::1]:9400", true),
            ("http://login.example.org", false), ("http://localhost.evil.example", false), ("login.example.org", false),
            ("https://", false), ("https://ada@login.example.org", false), ("https://login.example.org?x=1", false),
            ("http://localhost@evil.example", false), ("http://localhost:x", false), ("https://a b", false),
        ])
    func checksAddress(issuer: String, isGood: Bool) {
        let settings = try? ProviderSettings(issuer: issuer, clientID: "desk", clientSecret: nil, name: nil)
        #expect((settings != nil) == isGood)
    }

    @Test("no log shows its secret")
    func keepsSecret() async throws {
        #expect(!"\(try still.provider().settings)".contains("hush"))
    }
}
