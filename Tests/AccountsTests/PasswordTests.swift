import Accounts
import Coverage
import Foundation
import StorageTestSupport
import Testing

@Suite("Passwords")
struct PasswordTests {
    private func refusal(of text: String) -> PasswordRefusal? {
        do throws(PasswordRefusal) {
            try Password(text)?.check(
                for: "ada.lovelace@example.org", name: "Ada Lovelace King", consortium: "Two counties of Maryland")
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "long ones are taken, with no rules about signs",
        arguments: [
            "seven quiet reading rooms", "aaaabbbbccccddd", "пятнадцать книг", "correct horse staple",
            String(repeating: "ab cd", count: 40) + "x",
        ])
    func takes(text: String) {
        #expect(refusal(of: text) == nil)
    }

    @Test(
        "those that are easily guessed are refused, and why is told",
        arguments: [
            ("fourteen chars", PasswordRefusal.tooShort(minimumCharacters: 15)),
            ("👩‍👩‍👧‍👦", .tooShort(minimumCharacters: 15)),
            (String(repeating: "x", count: 257), .tooLong(maximumBytes: 256)),
            ("ADA.lovelace@example.org", .knownToEverybody), ("ada lovelace king", .knownToEverybody),
            ("Ada.LovelaceAda.Lovelace", .knownToEverybody), ("two counties of maryland", .knownToEverybody),
            ("coverdeskcoverdesk", .knownToEverybody), ("aaaaaaaaaaaaaaa", .tooCommon),
            ("abcabcabcabcabcabc", .tooCommon), ("PasswordPassword", .tooCommon), ("123456789012345", .tooCommon),
            ("qwertyuiopasdfgh", .tooCommon), ("Correct Horse Battery Staple", .tooCommon),
        ])
    func refuses(text: String, because refused: PasswordRefusal) {
        #expect(refusal(of: text) == refused)
    }

    @Test("a letter with an accent is the same however the keyboard writes it")
    func normalizes() async throws {
        let work = PasswordWork(cost: AccountsCase.cheap)
        let composed = try #require(Password("caf\u{E9} in the reading room"))
        let decomposed = try #require(Password("cafe\u{301} in the reading room"))
        let hash = try await work.hash(composed, salt: Array(repeating: 7, count: 16))
        #expect(try await work.matches(decomposed, hash))
    }

    @Test("hashing is scrypt, as RFC 7914 has it")
    func isScrypt() throws {
        let cost = PasswordHash.Cost(logRounds: 14, blockSize: 8, parallelism: 1)
        let key = try PasswordHash.scrypt(
            try #require(Password("pleaseletmein")), Array("SodiumChloride".utf8), cost)
        #expect(
            key.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
                == "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2")
    }

    @Test("what is stored can be read again")
    func readsBack() async throws {
        let work = PasswordWork(cost: AccountsCase.cheap)
        let hash = try await work.hash(try #require(Password("x")), salt: Array(0..<16))
        #expect(hash.text.hasPrefix("$scrypt$ln=1,r=1,p=1$AAECAwQFBgcICQoLDA0ODw$"))
        #expect(PasswordHash(hash.text) == hash)
    }

    @Test(
        "what is no hash, or one that would use up the machine, is not followed",
        arguments: [
            "", "$scrypt$", "$scrypt$ln=16,r=8,p=2$$", "$scrypt$ln=40,r=8,p=2$AAECAwQFBgcICQoLDA0ODw$\(key)",
            "$scrypt$ln=20,r=16,p=2$AAECAwQFBgcICQoLDA0ODw$\(key)",
            "$argon2id$ln=1,r=1,p=1$AAECAwQFBgcICQoLDA0ODw$\(key)",
            "$scrypt$ln=1,r=1,p=1$AAECAwQFBgcICQoLDA0ODw$AAEC", "$scrypt$ln=x,r=1,p=1$AAECAwQFBgcICQoLDA0ODw$\(key)",
        ])
    func refusesHashes(text: String) {
        #expect(PasswordHash(text) == nil)
    }

    private static let key = "AAECAwQFBgcICQoLDA0ODwABAgMEBQYHCAkKCwwNDg8"
}
