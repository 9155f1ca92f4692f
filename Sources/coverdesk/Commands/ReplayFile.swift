import Foundation
import Planning
import Scheduling

/// A search that can be made again, as a file holds it: what `plan --record` writes, and `plan --json` prints with
/// the plan.
struct ReplayFile {
    private let path: String

    init(path: String) {
        self.path = path
    }

    /// The part of `plan --json` that tells of the search.
    private struct Report: Decodable {
        let search: PlanMaking
    }

    /// - Throws: ``CommandFailure`` if the file cannot be read or holds no search.
    func read() throws -> PlanMaking {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure.badInput(
                "--replay: there is no file “\(path)” that can be read: name one that `coverdesk plan --record` wrote")
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let making =
            (try? decoder.decode(Report.self, from: data))?.search ?? (try? decoder.decode(PlanMaking.self, from: data))
        guard let making, making.record != nil else {
            throw CommandFailure.badInput(
                "--replay: “\(path)” holds no search: name a file that `coverdesk plan --record` or `plan --json` wrote"
            )
        }
        return making
    }

    /// - Throws: ``CommandFailure`` if the file cannot be written.
    func write(_ making: PlanMaking) throws {
        do {
            try Data((JSONText.encode(making) + "\n").utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw CommandFailure.refused("--record: “\(path)” cannot be written: does its folder exist, and may you?")
        }
    }
}
