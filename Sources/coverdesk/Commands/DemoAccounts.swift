import Accounts
import Coverage
import PostgresClient
import Storage

/// The accounts of the demo: one of each role, with passwords that each run makes anew.
struct DemoAccounts: Sendable {
    /// An account that can be signed in to.
    struct Ready: Hashable, Sendable {
        var email: String
        var password: String
        /// What it is, in a few words.
        var role: String
    }

    let bundle: ConsortiumBundle

    /// Makes the accounts, or gives those that are there new passwords.
    func make(for consortium: Consortium.ID, in pool: PostgresPool, _ context: CommandContext) async throws -> [Ready] {
        let keeper = context.accounts(of: consortium, in: pool)
        var generator = SystemRandomNumberGenerator()
        var ready: [Ready] = []
        for (account, words) in wanted {
            let password = Self.password(using: &generator)
            try await keeper.provide(account, password: password, by: context.settings.actor)
            ready.append(Ready(email: account.email.text, password: password, role: words))
        }
        return ready
    }

    private var wanted: [(AccountRepository.NewAccount, String)] {
        var roles: [(Account.Role, String, String)] = [(.coordinator, "Coordinator", "sees and changes everything")]
        if let library = bundle.libraries.first {
            roles.append((.manager(library.id), "Manager", "manages \(library.id), \(library.name)"))
            let person = bundle.operators.first { $0.library == library.id } ?? bundle.operators.first
            if let person { roles.append((.operator(person.id), person.name, "is the operator \(person.id)")) }
        }
        roles.append((.reader(nil), "Reader", "only looks"))
        return roles.compactMap { role, name, words in
            // Names under .example belong to nobody (RFC 2606).
            EmailAddress("\(role.kind.rawValue)@demo.example").map {
                (AccountRepository.NewAccount(email: $0, name: name, role: role), words)
            }
        }
    }

    /// Twenty letters in groups of four, easy to type: 2⁹⁰ of them.
    static func password(using generator: inout some RandomNumberGenerator) -> String {
        // Without those that look like others.
        let letters = Array("abcdefghjkmnpqrstuvwxyz")
        return (0..<5).map { _ in
            String((0..<4).map { _ in letters[Int.random(in: letters.indices, using: &generator)] })
        }.joined(separator: "-")
    }
}
