package import AsyncHTTPClient
package import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

/// What a provider is asked over HTTP.
package struct ProviderQuestion: Hashable, Sendable {
    package var url: String
    /// Sent with POST, as forms are; nil asks with GET.
    package var form: [FormPair]?
    /// The header `Authorization`.
    package var authorization: String?

    /// A field of a form.
    package struct FormPair: Hashable, Sendable {
        package var name: String
        package var value: String

        init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }
}

/// What a provider answers.
package struct ProviderAnswer: Hashable, Sendable {
    package var status: Int
    package var body: Data

    package init(status: Int, body: Data) {
        self.status = status
        self.body = body
    }
}

/// How a provider is asked.
package struct ProviderExchange: Sendable {
    /// Asks; throws if no answer comes.
    package let ask: @Sendable (ProviderQuestion) async throws -> ProviderAnswer

    package init(ask: @escaping @Sendable (ProviderQuestion) async throws -> ProviderAnswer) {
        self.ask = ask
    }

    /// Over the network.
    ///
    /// - Parameter client: Must not follow redirects: secrets go to the addresses that the provider names alone.
    /// - Returns: An exchange that gives up after ten seconds.
    package static func live(_ client: HTTPClient) -> ProviderExchange {
        ProviderExchange { question in
            var request = HTTPClientRequest(url: question.url)
            request.headers.add(name: "Accept", value: "application/json")
            request.headers.add(name: "User-Agent", value: "coverdesk")
            if let authorization = question.authorization {
                request.headers.add(name: "Authorization", value: authorization)
            }
            if let form = question.form {
                request.method = .POST
                request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
                request.body = .bytes(ByteBuffer(string: FormText.encoded(form)))
            }
            let response = try await client.execute(request, timeout: .seconds(10))
            let body = try await response.body.collect(upTo: maximumBytes)
            return ProviderAnswer(status: Int(response.status.code), body: Data(buffer: body))
        }
    }

    private static let maximumBytes = 1_048_576

    /// Asks for a value in JSON.
    ///
    /// - Throws: ``ProviderTrouble/away(_:)`` if no answer comes or the provider does not work,
    ///   ``ProviderTrouble/misfit(_:)`` if it answers something else.
    func value<Value: Decodable>(
        _ type: Value.Type, at url: String, authorization: String? = nil, called name: String
    ) async throws(ProviderTrouble) -> Value {
        let answer = try await answer(to: ProviderQuestion(url: url, authorization: authorization), called: name)
        guard answer.status == 200 else { throw .misfit("\(name): answered \(answer.status)") }
        do {
            return try JSONDecoder().decode(type, from: answer.body)
        } catch {
            throw .misfit("\(name): the answer is not what the standard says")
        }
    }

    /// Asks, and takes any answer of a provider that works.
    func answer(to question: ProviderQuestion, called name: String) async throws(ProviderTrouble) -> ProviderAnswer {
        let answer: ProviderAnswer
        do {
            answer = try await ask(question)
        } catch let error as HTTPClientError {
            throw .away("\(name): \(error.shortDescription)")
        } catch {
            throw .away("\(name): \(type(of: error))")
        }
        guard answer.status < 500, answer.status != 429 else { throw .away("\(name): answered \(answer.status)") }
        return answer
    }
}
