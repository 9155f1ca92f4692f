import Coverage
import Scheduling
import Storage

extension WeekBoard {
    /// What was said when the week's plans were published; nil where nothing was.
    var messages: String? {
        let said = plans.filter { $0.state == .published && !$0.message.isEmpty }.map { "“\($0.message)”" }
        return said.isEmpty
            ? nil : said.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }.joined(separator: " ")
    }
}
