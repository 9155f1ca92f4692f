/// When somebody is usually at work.
enum WorkingPattern {
    case daytime, evenings, nights
}
