import Foundation
import NIOCore
import Routing
import TestSupport

/// A chat server in a storm: asks one thing after the other of whichever nodes are up, often of two at once.
struct StormClient {
    let name: String
    let nodes: [StormNode]
    let token: String
    let chatServer: String
    let book: ToldBook
    let floor: StormFloor
    var random: SplitMix64
    private var lines: [Int: HTTPLine] = [:]
    private var count = 0

    init(
        _ number: Int, seed: UInt64, nodes: [StormNode], tokens: [(chatServer: String, token: String)], book: ToldBook,
        floor: StormFloor
    ) {
        name = "\(seed)-\(number)"
        self.nodes = nodes
        (chatServer, token) = tokens[number % tokens.count]
        self.book = book
        self.floor = floor
        random = SplitMix64(seed: seed &* 1_000_003 &+ UInt64(number))
    }

    /// Asks until a time.
    mutating func run(until end: ContinuousClock.Instant) async {
        await arrive()
        while ContinuousClock.now < end, !Task.isCancelled { await step() }
        for line in lines.values { line.close() }
    }

    private mutating func step() async {
        count += 1
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<5: if floor.isFull { await endOne() } else { await createAndTake() }
        case 5..<11: await actOnOne()
        case 11..<14: await endOne()
        case 14..<17: await arrive()
        case 17: await renew()
        case 18: await leave()
        // Lets leases lapse and offers run out.
        default: try? await Task.sleep(for: .milliseconds(Int.random(in: 1...120, using: &random)))
        }
    }

    // MARK: What is asked

    private mutating func createAndTake() async {
        var told = Acknowledgement(.create)
        told.id = "\(name)-\(count)"
        let library = StormStage.libraryID(Int.random(in: 0..<StormStage.libraryCount, using: &random))
        let queue = Int.random(in: 0..<5, using: &random) == 0 ? StormStage.email : StormStage.queue
        let channel = queue == StormStage.email ? "email" : "chat"
        let json =
            #"{"id":"\#(told.id ?? "")","queue":"\#(queue)","channel":"\#(channel)","library":"\#(library)"}"#
        let answer = await ask(Question("POST", "/v1/sessions", json, told), isRepeatable: true)
        guard let answer, let offers = answer.offers, !offers.isEmpty else { return }
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<7: await race(.accept, answer.session, by: offers.map(\.operator))
        case 7: await race(.decline, answer.session, by: offers.map(\.operator))
        // Nobody takes it: it expires.
        default: break
        }
    }

    /// Several operators want the same at the same time, on different nodes.
    private mutating func race(_ asked: Acknowledgement.Asked, _ number: Int64, by operators: [String]) async {
        let operators = operators.count == 1 ? [operators[0], operators[0]] : operators
        var questions = operators.map { act(asked, number, by: $0) }
        if Bool.random(using: &random) { questions.removeLast() }
        await askTogether(questions)
    }

    private mutating func actOnOne() async {
        guard let drawn = floor.draw(using: &random), let known = await look(at: drawn.number) else { return }
        if !known.offered.isEmpty, Int.random(in: 0..<3, using: &random) > 0 {
            return await race(.accept, known.number, by: Array(known.offered.prefix(2)))
        }
        let id = known.holder ?? known.offered.randomElement(using: &random) ?? anyOperator()
        let asked: [Acknowledgement.Asked] = [.accept, .decline, .activity, .requeue, .transfer, .note, .wrapUp]
        switch asked.randomElement(using: &random) ?? .activity {
        case .requeue: await askKeyed(act(.requeue, known.number, by: Bool.random(using: &random) ? id : nil))
        case .transfer: await askKeyed(transfer(known.number))
        case .note:
            var told = Acknowledgement(.note)
            told.session = known.number
            told.text = "step \(name)-\(count)"
            await askKeyed(
                Question("POST", "/v1/sessions/\(known.number)/notes", #"{"text":"\#(told.text ?? "")"}"#, told))
        case let other: await race(other, known.number, by: [id, anyOperator()])
        }
    }

    /// Reads a session as it stands: who is offered one that waited learns of it so.
    private mutating func look(at number: Int64) async -> StormFloor.Known? {
        guard let line = await line(to: Int.random(in: 0..<nodes.count, using: &random)),
            let answer = try? await line.ask(RequestText.bytes("GET", "/v1/sessions/\(number)", token: token)),
            let session = try? JSONDecoder().decode(SessionAnswer.self, from: Data(answer.body.readableBytesView))
        else { return nil }
        floor.note(session)
        return StormFloor.Known(
            number: number, holder: session.operator, offered: (session.offers ?? []).map(\.operator))
    }

    private mutating func transfer(_ number: Int64) -> Question {
        var told = Acknowledgement(.transfer)
        told.session = number
        switch Int.random(in: 0..<3, using: &random) {
        case 0: (told.to, told.target) = ("operator", anyOperator())
        case 1:
            let library = Int.random(in: 0..<StormStage.libraryCount, using: &random)
            (told.to, told.target) = ("library", StormStage.libraryID(library))
        default: (told.to, told.target) = ("queue", Bool.random(using: &random) ? StormStage.email : StormStage.queue)
        }
        let json = #"{"to":"\#(told.to ?? "")","id":"\#(told.target ?? "")"}"#
        return Question("POST", "/v1/sessions/\(number)/transfer", json, told)
    }

    private mutating func endOne() async {
        guard let known = floor.draw(using: &random) else { return }
        var told = Acknowledgement(.end)
        told.session = known.number
        told.outcome = ["answered", "referred", "patron_left"].randomElement(using: &random)
        let json = #"{"outcome":"\#(told.outcome ?? "")"}"#
        let question = Question("POST", "/v1/sessions/\(known.number)/end", json, told)
        if Bool.random(using: &random) { await askTogether([question, question]) } else { await askAnyway(question) }
    }

    private mutating func arrive() async {
        let seats = Int.random(in: 1...3, using: &random)
        let availability = Int.random(in: 0..<8, using: &random) == 0 ? "away" : "available"
        let json =
            #"{"availability":"\#(availability)","seats":\#(seats),"lease_seconds":\#(Int.random(in: 5...9, using: &random))}"#
        await askAnyway(Question("PUT", "/v1/presence/\(anyOperator())", json, Acknowledgement(.presence)))
    }

    private mutating func renew() async {
        let path = "/v1/presence/\(anyOperator())/renew"
        await askAnyway(Question("POST", path, #"{"lease_seconds":5}"#, Acknowledgement(.renew)))
    }

    private mutating func leave() async {
        await askAnyway(Question("DELETE", "/v1/presence/\(anyOperator())", nil, Acknowledgement(.leave)))
    }

    private mutating func anyOperator() -> String {
        StormStage.operatorID(Int.random(in: 0..<StormStage.operatorCount, using: &random))
    }

    private func act(_ asked: Acknowledgement.Asked, _ number: Int64, by id: String?) -> Question {
        var told = Acknowledgement(asked)
        told.session = number
        told.operator = id
        let json = id.map { #"{"operator":"\#($0)"}"# } ?? "{}"
        return Question("POST", "/v1/sessions/\(number)/\(asked.rawValue)", json, told)
    }

    // MARK: Asking

    /// A request, and the line of the book that it becomes.
    struct Question: Sendable {
        var method: String
        var path: String
        var json: String?
        var told: Acknowledgement

        init(_ method: String, _ path: String, _ json: String?, _ told: Acknowledgement) {
            self.method = method
            self.path = path
            self.json = json
            self.told = told
        }
    }

    private mutating func askAnyway(_ question: Question) async {
        _ = await ask(question, isRepeatable: false)
    }

    /// With a key, mostly; then it may be sent to two nodes at once, and again until there is an answer.
    private mutating func askKeyed(_ question: Question) async {
        guard Int.random(in: 0..<5, using: &random) > 0 else { return await askAnyway(question) }
        var question = question
        question.told.key = "key-\(name)-\(count)"
        if Bool.random(using: &random) { await askTogether([question, question]) }
        _ = await ask(question, isRepeatable: true)
    }

    /// Asks on one node; what is repeatable is asked again, elsewhere, while nobody has answered.
    private mutating func ask(_ question: Question, isRepeatable: Bool) async -> SessionAnswer? {
        // A creation is often sent twice at once: the chat server's own id makes them one.
        if question.told.asked == .create, Int.random(in: 0..<4, using: &random) == 0 {
            await askTogether([question, question])
        }
        for _ in 0..<(isRepeatable ? 20 : 1) {
            let node = Int.random(in: 0..<nodes.count, using: &random)
            guard let line = await line(to: node) else {
                try? await Task.sleep(for: .milliseconds(50))
                continue
            }
            let (status, answer) = await Self.send(question, on: line, self)
            if let status, status != 503 { return answer }
            try? await Task.sleep(for: .milliseconds(30))
        }
        return nil
    }

    /// Asks each on a connection of its own at the same time, on different nodes where there are.
    private mutating func askTogether(_ questions: [Question]) async {
        let first = Int.random(in: 0..<nodes.count, using: &random)
        let client = self
        await withTaskGroup { group in
            for (index, question) in questions.enumerated() {
                guard let port = nodes[(first + index) % nodes.count].port else { continue }
                group.addTask {
                    guard let line = try? await HTTPLine.open(port: port) else { return }
                    _ = await Self.send(question, on: line, client)
                    line.close()
                }
            }
        }
    }

    private mutating func line(to node: Int) async -> HTTPLine? {
        if let line = lines[node], line.isOpen { return line }
        guard let port = nodes[node].port else { return nil }
        lines[node] = try? await HTTPLine.open(port: port)
        return lines[node]
    }

    /// Sends, and writes into the book what came of it.
    private static func send(_ question: Question, on line: HTTPLine, _ client: StormClient) async -> (
        Int?, SessionAnswer?
    ) {
        var told = question.told
        told.chatServer = client.chatServer
        let bytes = RequestText.bytes(
            question.method, question.path, token: client.token, key: told.key, json: question.json)
        guard let answer = try? await line.ask(bytes) else {
            client.book.note(told)
            return (nil, nil)
        }
        told.status = answer.status
        let body = Data(answer.body.readableBytesView)
        guard answer.status < 300 else {
            told.problem = (try? JSONDecoder().decode(ProblemAnswer.self, from: body))?.word
            client.book.note(told)
            if told.problem == "already-ended", let number = told.session { client.floor.forget(number) }
            return (answer.status, nil)
        }
        let session = try? JSONDecoder().decode(SessionAnswer.self, from: body)
        if told.asked == .create { told.session = session?.session }
        client.book.note(told)
        if let session { client.floor.note(session) }
        return (answer.status, session)
    }
}
