/// The passwords that are tried first.
///
/// Lists of passwords that leaked hold hardly any of 15 characters or more that are not a shorter one twice or a row of
/// keys, so this one is short: words and rows to be held against a whole password, or against what it repeats.
enum CommonPasswords {
    /// Whether a text in small letters without spaces is one.
    static func contains(_ text: String) -> Bool { all.contains(text) }

    private static let all: Set<String> = Set(words + rows)

    private static let words = """
        password passw0rd p@ssword p@ssw0rd passwort password1 password12 password123 password1234 welcome welcome1
        welcome123 letmein login admin administrator changeme default secret sunshine princess football baseball monkey
        dragon shadow master superman batman trustno1 iloveyou whatever freedom starwars computer internet library
        librarian libraries books reading coverdesk askalibrarian michael jennifer jordan hunter charlie summer winter
        spring autumn summer2024 winter2024 test test123 guest hello hello123 access mustang abc123 qwerty qwerty123
        correcthorsebatterystaple thisisapassword thisismypassword mypasswordispassword mypassword iloveyousomuch
        iamthebestintheworld passwordpassword1 adminadminadmin1 letmeinletmeinletmein ilovemylibrary welcometothelibrary
        donttellanyone opensesameopensesame thequickbrownfox thequickbrownfoxjumps tobeornottobe tobeornottobethatis
        everythingisawesome neverforgetthis changemechangeme changethispassword temporarypassword
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init)

    private static let rows = """
        123456 1234567 12345678 123456789 1234567890 123456789012 1234567890123 12345678901234 123456789012345
        1234567890123456 12345678901234567 123456789012345678 1234567890123456789 12345678901234567890 0123456789
        0123456789012345 012345678901234 987654321 9876543210 987654321098765 9876543210987654 112233445566778
        1122334455667788 11223344556677889 112233445566778899 111222333444555 111222333444555666 123123 654321
        abcdef abcdefgh abcdefghijklmno abcdefghijklmnop abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqr abcdefghijklmnopq
        qwertyuiop qwertyuiopasdfg qwertyuiopasdfgh qwertyuiopasdfghjkl qwertyuiopasdfghjklzxcvbnm qwertyuiop12345
        qwertyuiop123456 qwertyuiop1234567890 1234567890qwertyuiop asdfghjkl asdfghjklqwertyuiop zxcvbnm
        zxcvbnmasdfghjkl 1q2w3e 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1q2w3e4r5t6y7u8i 1q2w3e4r5t6y7u8i9o0p 1qaz2wsx
        1qaz2wsx3edc4rfv 1qaz2wsx3edc4rfv5tgb qazwsxedcrfvtgb qazwsxedcrfvtgbyhnujm qazwsx azerty azertyuiop
        azertyuiopqsdfg azertyuiopqsdfghjklm qwertz qwertzuiop qwertzuiopasdfgh
        """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init)
}
