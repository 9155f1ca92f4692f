import Accounts
import Coverage
import Hummingbird
import PostgresClient
import Scheduling

/// Lets people into what is a library's own.
struct LibraryDoor: Sendable {
    let consortium: Consortium.ID
    let pool: PostgresPool
    let boards: WeekBoards

    /// The library that the address names, for somebody who may see what is its own.
    ///
    /// - Throws: ``PageProblem``
    func enter(_ context: PageContext) async throws -> (book: LibraryBook, account: Account) {
        let (name, account) = (try context.parameters.require("library"), try context.requireSignedIn().account)
        // Before anything is looked up: whoever may not see it is not told whether it is there.
        guard account.library == nil || account.library?.rawValue == name else { throw PageProblem.notForYou }
        return (try await read(name), account)
    }

    /// The same for somebody who decides for the library: its manager, and coordinators.
    ///
    /// - Throws: ``PageProblem``
    func enterAsDecider(_ context: PageContext) async throws -> (book: LibraryBook, account: Account) {
        let (book, account) = try await enter(context)
        guard account.decides(for: book.library.id) else { throw PageProblem.notForYou }
        return (book, account)
    }

    /// The library that the address names, for everybody who has signed in: what libraries tell each other.
    ///
    /// - Throws: ``PageProblem``
    func enterAsColleague(_ context: PageContext) async throws -> (book: LibraryBook, account: Account) {
        (try await read(try context.parameters.require("library")), try context.requireSignedIn().account)
    }

    private func read(_ name: String) async throws -> LibraryBook {
        guard Library.ID.isValid(name),
            let book = try await LibraryBook.read(
                Library.ID(name), of: consortium, boards: boards, in: pool)
        else { throw PageProblem.noLibrary(name) }
        return book
    }
}

extension Account {
    /// Whether it sees what is a library's own.
    func sees(_ library: Library.ID) -> Bool { self.library == nil || self.library == library }

    /// Whether it decides what a library decides for itself.
    func decides(for library: Library.ID) -> Bool { role == .coordinator || role == .manager(library) }
}

extension PageProblem {
    init(_ refusal: LibraryRefusal) {
        switch refusal {
        case .noLibrary(let id): self = .noLibrary(id.rawValue)
        case .notOurs(let person, _):
            self.init(
                .notFound, "There is no operator “\(person)” here",
                "They may have left, or belong to another library now.", way: ("/libraries", "Go to the library"))
        case .hoursChangedMeanwhile, .availabilityChangedMeanwhile, .policyChangedMeanwhile,
            .scheduleChangedMeanwhile:
            self.init(
                .conflict, "Somebody else was faster", "Nothing was changed. Look at it as it is now, and try again.",
                way: ("/libraries", "Go to the library"))
        }
    }
}
