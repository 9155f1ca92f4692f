/// The files of a bundle, in the order in which they are read and their faults are listed.
enum BundleFile: String, CaseIterable {
    case consortium = "consortium.yaml"
    case libraries = "libraries.csv"
    case operators = "operators.csv"
    case queues = "queues.csv"
    case hours = "hours.csv"
    case demand = "demand.csv"
    case availability = "availability.csv"
    case absences = "absences.csv"
    case closures = "closures.csv"
    case routing = "routing.csv"
    case libraryHours = "library_hours.csv"
    case history = "history.csv"

    func path(in folder: String) -> String { "\(folder)/\(rawValue)" }
}
