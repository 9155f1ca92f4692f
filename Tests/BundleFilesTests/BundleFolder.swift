import BundleFiles
import Coverage
import Foundation

/// A folder with a small bundle in order, of a week in which New York's clocks go forward; removed with its owner.
final class BundleFolder: Sendable {
    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("bundle-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in Self.texts { try write(text, to: name) }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func write(_ text: String, to name: String) throws {
        try write(Array(text.utf8), to: name)
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    }

    func bytes(of name: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: URL(fileURLWithPath: file(name))))
    }

    func text(of name: String) throws -> String {
        try String(decoding: bytes(of: name), as: UTF8.self)
    }

    /// Every file's bytes, by name.
    func contents() throws -> [String: [UInt8]] {
        let names = try FileManager.default.contentsOfDirectory(atPath: path)
        return try Dictionary(uniqueKeysWithValues: names.map { try ($0, bytes(of: $0)) })
    }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: file(name))
    }

    /// Writes another text in the place of one that the file has.
    func replace(_ old: String, with new: String, in name: String) throws {
        let text = try text(of: name)
        guard text.contains(old) else { throw NotThere(text: old, file: name) }
        try write(text.replacingOccurrences(of: old, with: new), to: name)
    }

    struct NotThere: Error {
        let text: String
        let file: String
    }

    /// What reading finds wrong, one line each; none where the bundle is in order.
    func faults(limits: BundleLimits = BundleLimits()) -> [String] {
        do {
            _ = try BundleReader(folder: path, limits: limits).read()
            return []
        } catch {
            return error.description.split(separator: "\n").map(String.init)
        }
    }

    /// The files of the bundle in order, in the form in which they are written.
    static let texts = [
        "consortium.yaml": """
        name: Two counties
        timezone: America/New_York
        slot_minutes: 60
        starts_on: 2027-03-08
        weeks: 1
        rules:
          - {id: skill, class: red}
          - {id: availability, class: red}
          - {id: absence, class: red}
          - {id: library_closed, class: red}
          - {id: one_place_at_a_time, class: red}
          - {id: shift_length, class: red}
          - {id: min_rest_hours, class: yellow, hours: 10, split_hours: 4}
          - {id: max_hours_per_day, class: yellow}
          - {id: max_hours_per_week, class: yellow}
          - {id: library_contribution, class: green, weight: 20}
          - {id: preference, class: green, weight: 2}
          - {id: blocks_per_day, class: green, weight: 10}

        """,
        "libraries.csv": """
        library_id,name,kind,timezone,contribution_hours_per_week,phone,email,url
        acad01,Harbour College,academic,America/New_York,6.5,+1-410-555-0100,ask@acad01.example.org,https://acad01.example.org
        pub01,"Bay County, Main",public,America/Chicago,4,+1-410-555-0101,ask@pub01.example.org,https://pub01.example.org

        """,
        "operators.csv": """
        operator_id,library_id,name,email,skills,max_hours_per_week,max_hours_per_day,chat_capacity
        acad01-01,acad01,Operator 1,one@acad01.example.org,academic;general,6,3,2
        pub01-01,pub01,Operator 2,two@pub01.example.org,general,4.5,2,1

        """,
        "queues.csv": """
        queue_id,name,channel,skill,min_shift_minutes,max_shift_minutes,answer_seconds,answer_share,priority
        ask,Ask a librarian,chat,general,60,180,30,0.8,3
        email,Email reference,email,general,60,240,14400,0.9,1

        """,
        "hours.csv": """
        queue_id,weekday,opens,closes
        ask,0,09:00,12:00
        ask,0,13:00,17:00
        ask,6,00:00,24:00
        email,0,09:00,17:00

        """,
        "demand.csv": """
        queue_id,starts_at,ends_at,minimum,target
        ask,2027-03-08T09:00:00-05:00,2027-03-08T10:00:00-05:00,1,2
        ask,2027-03-08T10:00:00-05:00,2027-03-08T11:00:00-05:00,1,2
        ask,2027-03-14T01:00:00-05:00,2027-03-14T03:00:00-04:00,0,1
        email,2027-03-08T09:00:00-05:00,2027-03-08T17:00:00-05:00,1,1

        """,
        "availability.csv": """
        operator_id,weekday,from,to,preference
        acad01-01,0,09:00,17:00,0
        acad01-01,0,10:00,11:00,2
        pub01-01,6,00:00,24:00,-1

        """,
        "absences.csv": """
        operator_id,starts_at,ends_at,reason
        acad01-01,2027-03-09T00:00:00-05:00,2027-03-10T00:00:00-05:00,leave
        pub01-01,2027-03-13T00:00:00-05:00,2027-03-15T00:00:00-04:00,leave

        """,
        "closures.csv": """
        library_id,date,reason
        *,2027-03-12,state holiday
        pub01,2027-03-10,staff day

        """,
    ]

    /// Files that a bundle may have, in the form in which they are written.
    static let optionalTexts = [
        "routing.csv": """
        queue_id,ladder,rings_at_once,accept_seconds,ask_again_seconds,check_back_seconds,grace_seconds,wrap_up_seconds,handle_seconds,email_queue_id,partner_name,partner_contact
        ask,own_library:0;other_libraries:10;overflow:10;partner:60;email:120,2,25,60,300,60,120,540,email,"Elsewhere, Inc.",https://elsewhere.example.org
        email,own_library:0;other_libraries:0,1,900,3600,14400,3600,600,1200,,,

        """,
        "library_hours.csv": """
        library_id,weekday,opens,closes
        acad01,0,08:00,12:00
        acad01,0,13:00,17:00
        pub01,5,10:00,24:00

        """,
    ]
}
