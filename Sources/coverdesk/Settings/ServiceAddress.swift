import ArgumentParser

/// Where the service is reached, to print whole addresses.
struct ServiceAddress: ParsableArguments {
    @Option(help: "Where the service is reached, to print a whole address, like https://desk.example.org.")
    var service: String?

    func check() throws {
        guard let service, !service.hasPrefix("https://"), !service.hasPrefix("http://") else { return }
        throw CommandFailure.badInput(
            "--service: “\(service)” is no address: write it like https://desk.example.org")
    }

    /// What goes before a path.
    var prefix: String {
        service.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 } ?? ""
    }
}
