import Glibc

/// Puts a file that was written whole in the place of another, at once.
enum FileReplacement {
    static func replace(_ target: String, by working: String) throws(FileWritingProblem) {
        guard unsafe rename(working, target) == 0 else { throw FileWritingProblem(path: target) }
    }
}
