import BundleFiles
import Coverage
import ExampleConsortium
import Foundation
import TestSupport
import Testing

@Suite("The files of an example")
struct ExampleFilesTests {
    @Test("Examples holds what the generator writes, byte for byte", arguments: [ExampleScale.small, .statewide])
    func areWhatIsCommitted(scale: ExampleScale) async throws {
        let example = try ExampleBundle(scale: scale, startsOn: try #require(CivilDate("2026-10-26")))
        try await withTemporaryFolder { folder in
            let written = folder.path(of: "written")
            try await example.write(to: written)
            let committed = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().appendingPathComponent("Examples/\(scale.rawValue)").path
            let (bytes, expected) = (try contents(of: written), try contents(of: committed))
            #expect(bytes.keys.sorted() == expected.keys.sorted())
            let differing = expected.filter { bytes[$0.key] != $0.value }.keys.sorted()
            #expect(differing == [], "write it anew: swift run make-example --scale \(scale) Examples/\(scale)")
        }
    }

    @Test(
        "an example is read without faults, and as it was made",
        arguments: [
            Example(.small, seed: 2, startsOn: "2027-03-08"),
            Example(.small, seed: 3, startsOn: "2026-12-21"),
            Example(.small, seed: .max, startsOn: "2026-11-23"),
            Example(.statewide, seed: 5, startsOn: "2027-03-01"),
        ])
    func areReadBack(_ asked: Example) async throws {
        let start = try #require(CivilDate(asked.startsOn))
        let example = try ExampleBundle(scale: asked.scale, seed: asked.seed, startsOn: start, historyWeeks: 1)
        try await withTemporaryFolder { folder in
            let path = folder.path(of: "bundle")
            try await example.write(to: path)
            let (bundle, history) = try BundleReader(folder: path).readWithHistory()
            #expect(bundle == example.bundle)
            #expect(history != nil)
        }
    }

    struct Example: CustomTestStringConvertible {
        let scale: ExampleScale
        let seed: UInt64
        let startsOn: String

        init(_ scale: ExampleScale, seed: UInt64, startsOn: String) {
            (self.scale, self.seed, self.startsOn) = (scale, seed, startsOn)
        }

        var testDescription: String { "\(scale), seed \(seed), from \(startsOn)" }
    }

    private func contents(of folder: String) throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        return try Dictionary(
            uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)"))) })
    }
}

extension ExampleBundle {
    fileprivate func write(to folder: String) async throws {
        try await BundleWriter(folder: folder).write(bundle) { write in try await write(history) }
    }
}
