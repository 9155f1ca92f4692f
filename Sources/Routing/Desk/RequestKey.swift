/// A chat server's own name for a request: the same key has its effect once, however often it is sent.
package struct RequestKey: Hashable, Sendable {
    package var chatServer: ChatServer.ID
    /// 1…200 characters without control characters.
    package var text: String

    package init(chatServer: ChatServer.ID, text: String) {
        self.chatServer = chatServer
        self.text = text
    }
}
