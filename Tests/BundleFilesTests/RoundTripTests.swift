import BundleFiles
import Coverage
import Foundation
import TestSupport
import Testing

@Suite("Writing a bundle and reading it again")
struct RoundTripTests {
    @Test(
        "whatever its texts hold, a bundle reads as what was written, and is written as the same bytes",
        arguments: 1...40 as ClosedRange<UInt64>)
    func same(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let bundle = ConsortiumBundle.random(using: &random)
        let folder = try BundleFolder()
        try BundleWriter(folder: folder.path).write(bundle)
        let first = try folder.contents()
        let again = try BundleReader(folder: folder.path).read()
        #expect(again.consortium == bundle.consortium)
        #expect(again.libraries == bundle.libraries.sorted { $0.id < $1.id })
        #expect(again.operators == bundle.operators.sorted { $0.id < $1.id })
        #expect(again.queues == bundle.queues)
        #expect(Set(again.hours) == Set(bundle.hours))
        #expect(Set(again.demand) == Set(bundle.demand))
        #expect(Set(again.availability) == Set(bundle.availability))
        #expect(Set(again.absences) == Set(bundle.absences))
        #expect(Set(again.closures) == Set(bundle.closures))
        try BundleWriter(folder: folder.path).write(again)
        #expect(try folder.contents() == first)
    }

    @Test("a bundle in canonical form is written as it was, byte for byte")
    func canonical() throws {
        let folder = try BundleFolder()
        let bundle = try BundleReader(folder: folder.path).read()
        try BundleWriter(folder: folder.path).write(bundle)
        for (name, text) in BundleFolder.texts { #expect(try folder.text(of: name) == text) }
    }

    @Test("rows of an hour that the clocks skip are read as what is left of them, and written so")
    func skippedHour() throws {
        let folder = try BundleFolder()
        // As a program writes the hours of that night that adds an hour to the one before.
        try folder.write(
            """
            queue_id,starts_at,ends_at,minimum,target
            ask,2027-03-14T01:00:00-05:00,2027-03-14T02:00:00-05:00,1,1
            ask,2027-03-14T02:00:00-05:00,2027-03-14T03:00:00-04:00,2,2
            ask,2027-03-14T03:00:00-04:00,2027-03-14T04:00:00-04:00,3,3

            """, to: "demand.csv")
        try BundleWriter(folder: folder.path).write(BundleReader(folder: folder.path).read())
        #expect(
            try folder.text(of: "demand.csv") == """
                queue_id,starts_at,ends_at,minimum,target
                ask,2027-03-14T01:00:00-05:00,2027-03-14T03:00:00-04:00,1,1
                ask,2027-03-14T03:00:00-04:00,2027-03-14T04:00:00-04:00,3,3

                """)
    }

    @Test("times written in another offset are the same moments")
    func otherOffsets() throws {
        let folder = try BundleFolder()
        let plain = try BundleReader(folder: folder.path).read()
        try folder.replace("ask,2027-03-08T09:00:00-05:00", with: "ask,2027-03-08T14:00Z", in: "demand.csv")
        try folder.replace("2027-03-15T00:00:00-04:00", with: "2027-03-15 09:30:00+05:30", in: "absences.csv")
        #expect(try BundleReader(folder: folder.path).read() == plain)
    }
}
