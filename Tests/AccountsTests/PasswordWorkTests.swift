import Accounts
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("Hashing passwords")
struct PasswordWorkTests {
    /// Hashing that goes on only when a test lets it.
    private final class Gate: Sendable {
        private let counts = Mutex((now: 0, most: 0, refused: 0))
        private let opened = DispatchSemaphore(value: 0)

        var most: Int { counts.withLock { $0.most } }
        var refused: Int { counts.withLock { $0.refused } }

        func refuse() {
            counts.withLock { $0.refused += 1 }
        }

        func pass() {
            counts.withLock { counts in
                counts.now += 1
                counts.most = max(counts.most, counts.now)
            }
            opened.wait()
            counts.withLock { $0.now -= 1 }
        }

        func letThrough(_ count: Int) {
            for _ in 0..<count { opened.signal() }
        }
    }

    @Test("two run at once, some wait, and the others are told to try again")
    func limits() async throws {
        let gate = Gate()
        let work = PasswordWork(atOnce: 2, waitingLimit: 3) { _, _, _ in
            gate.pass()
            return Array(repeating: 0, count: 32)
        }
        let password = try #require(Password("seven quiet reading rooms"))
        try await withThrowingTaskGroup { group in
            for _ in 0..<12 {
                group.addTask {
                    do {
                        _ = try await work.hash(password, salt: Array(repeating: 0, count: 16))
                    } catch is PasswordsBusy {
                        gate.refuse()
                    }
                }
            }
            try await eventually("all others are refused") { gate.refused == 7 }
            gate.letThrough(5)
            try await group.waitForAll()
        }
        #expect(gate.most == 2)
        #expect(gate.refused == 7)
        // Whoever comes later finds the threads free.
        gate.letThrough(1)
        _ = try await work.hash(password, salt: Array(repeating: 0, count: 16))
    }

    @Test("where there is no account the same is worked out")
    func worksForNobody() async throws {
        let hashing = CountedHashing()
        let work = PasswordWork(cost: AccountsCase.cheap, derive: hashing.derive)
        let password = try #require(Password("seven quiet reading rooms"))
        #expect(try await !work.matches(password, nil))
        #expect(hashing.count == 1)
    }

    @Test("the cost is the one that OWASP names, and is stored with the password")
    func isCostly() async throws {
        let hash = try await PasswordWork().hash(
            try #require(Password("seven quiet reading rooms")), salt: Array(repeating: 9, count: 16))
        #expect(hash.text.hasPrefix("$scrypt$ln=16,r=8,p=2$"))
    }
}
