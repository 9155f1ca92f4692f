import Coverage

/// How the questions of a week spread over its days and hours; only the proportions matter.
struct QuestionRhythm {
    /// By hour of the day.
    private let hours: [Double]
    /// Monday first.
    private let days: [Double]

    func weight(on weekday: Weekday, hours range: Range<Int>) -> Double {
        days[weekday.rawValue] * hours[range].reduce(0, +)
    }

    /// Errands and homework: a broad day, a second rise after school.
    static let everyday = QuestionRhythm(
        hours: [
            3, 2, 1, 1, 1, 2, 4, 8, 16, 30, 38, 40, 36, 38, 42, 45, 44, 38, 32, 33, 30, 24, 14, 7,
        ],
        days: [118, 120, 116, 110, 92, 70, 74])

    /// Papers are written in the afternoon and late, and on Sundays.
    static let study = QuestionRhythm(
        hours: [
            8, 4, 2, 1, 1, 1, 2, 5, 14, 26, 34, 38, 36, 42, 46, 46, 42, 36, 36, 42, 45, 42, 32, 18,
        ],
        days: [120, 124, 120, 108, 72, 40, 140])

    /// Office hours.
    static let office = QuestionRhythm(
        hours: [
            1, 1, 1, 1, 1, 1, 3, 10, 26, 40, 44, 40, 30, 36, 42, 38, 28, 18, 10, 8, 6, 4, 2, 1,
        ],
        days: [125, 115, 110, 105, 90, 30, 25])
}
