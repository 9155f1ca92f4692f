import Coverage
import Scheduling
import Storage

/// What becomes of published shifts, for whoever is about to save something that hits them.
struct ImpactView {
    let impact: ScheduleImpact
    /// The library's clock.
    let zone: TimeZoneRules
    /// What is about to be saved, `Dana Reyes is away on 26 October 2026`.
    let what: String
    /// Where the form goes.
    let action: String
    /// What it carries, by name.
    let fields: [(name: String, value: String)]
    var save: String
    let back: String
    /// The button by which somebody asks for it instead; nil where they decide it themselves.
    var ask: String?
    /// Whether the schedule has changed since it was looked at.
    var hasChanged = false

    func page(heading: String, parts: [[String: Any]]) -> Page {
        let hidden = fields + [("seen", impact.fingerprint)]
        return Page(
            template: "impact", title: heading, section: .library,
            values: .present([
                "parts": parts, "heading": heading, "what": what, "impact": ImpactWords(impact, in: zone).values,
                "action": action,
                "fields": hidden.map { ["name": $0.name, "value": $0.value] }, "save": save, "ask": ask,
                "back": back,
                "changed": hasChanged
                    ? "The schedule has changed since you looked, so nothing was saved yet. This is how it is now."
                    : nil,
            ]), stylesheets: ["library.css"])
    }
}
