import BundleFiles
import Coverage
import ExampleConsortium
import Foundation
import Testing

@Suite("Example consortia")
struct ExampleBundleTests {
    @Test("the same seed makes the same consortium")
    func repeats() throws {
        let start = try #require(CivilDate("2026-10-26"))
        #expect(
            try ExampleBundle(scale: .small, startsOn: start) == ExampleBundle(scale: .small, startsOn: start))
    }
}
