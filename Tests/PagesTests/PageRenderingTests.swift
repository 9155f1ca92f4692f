import PageAssets
import Testing

@Suite("The pages' assets")
struct PageAssetTests {
    @Test("no style, script or template fetches anything from another host")
    func ownHostOnly() {
        let files = PageAssets.files.values.map { String(decoding: $0.bytes, as: UTF8.self) }
        let texts = PageAssets.templates.values + files
        for text in texts {
            // What a field shows before anything is typed is fetched by nobody.
            let fetched = text.replacing("http://www.w3.org/", with: "").replacing("placeholder=\"https://\"", with: "")
            #expect(!fetched.contains("://"), "\(text.prefix(80))")
        }
    }

    @Test("no template holds inline styles or scripts, which the security policy would stop")
    func noInline() {
        for (name, text) in PageAssets.templates {
            #expect(!text.contains("style="), "\(name)")
            #expect(!text.contains(" onclick="), "\(name)")
        }
    }
}
