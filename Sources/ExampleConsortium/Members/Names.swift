import Coverage

/// The parts of which the names of places and people are put together: all of them invented.
enum Names {
    static let townBeginnings = [
        "Alder", "Amber", "Arrow", "Ash", "Bar", "Bell", "Bramble", "Briar", "Cinder", "Clear", "Copper", "Crane",
        "Dapple", "Dun", "Elder", "Ember", "Fallow", "Fern", "Flint", "Gander", "Gorse", "Hale", "Harrow", "Hazel",
        "Heron", "Hollow", "Juniper", "Kestrel", "Lark", "Linden", "Loam", "Marl", "Mallow", "Nettle", "Otter",
        "Pike", "Quill", "Raven", "Sedge", "Sorrel", "Tansy", "Thistle", "Umber", "Wick", "Willow", "Wren",
    ]

    static let townEndings = [
        "borough", "bridge", "brook", "bury", "combe", "cross", "dale", "don", "fell", "ford", "gate", "ham",
        "haven", "holt", "hurst", "ley", "mere", "mill", "mouth", "stead", "stow", "wick", "worth", "yard",
    ]

    static let given = [
        "Abena", "Adela", "Amir", "Anneke", "Asha", "Bao", "Basil", "Bruna", "Cato", "Chidi", "Cora", "Dagny", "Dario",
        "Delia", "Ebba", "Efua", "Elio", "Esme", "Farah", "Felix", "Fern", "Gus", "Hana", "Hollis", "Ines", "Ivo",
        "Jonah", "José", "Juno", "Kaito", "Keira", "Lázaro", "Leif", "Lin", "Luz", "Mabel", "Malik", "Mina", "Nadia",
        "Nils", "Noor", "Odette", "Omar", "Opal", "Orla", "Paz", "Petra", "Quinn", "Rafael", "Rhea", "Rosa", "Rufus",
        "Samir", "Søren", "Tamsin", "Thuy", "Tomás", "Uma", "Vera", "Wanda", "Yara", "Yusuf", "Zelda", "Zoë",
    ]

    static let family = [
        "Abara", "Acker", "Alvorado", "Appiah", "Arden", "Ashdown", "Balint", "Barrow", "Bexley", "Boateng", "Brandt",
        "Calder", "Castellan", "Chowdhry", "Corrigan", "Cruzado", "Dahlgren", "Danso", "Delacroix", "Dorsey",
        "Ekström", "Elwood", "Estrella", "Fairweather", "Farrow", "Fontaine", "Galvan", "Gentry", "Grackle",
        "Hadley", "Halloran", "Hashimi", "Hollins", "Ibarra", "Ikeda", "Ingram", "Jarrow", "Kaplan", "Kestler",
        "Kovač", "Lachance", "Lanier", "Lindqvist", "Lovelace", "Macklin", "Marlowe", "Mendel", "Morrow", "Nakata",
        "Navarro", "Núñez", "Oakes", "Obi", "Okafor", "Orozco", "Pelletier", "Pham", "Quarles", "Quiroga", "Ransome",
        "Redfern", "Rowan", "Saldana", "Sandoval", "Sato", "Sterling", "Tanager", "Teller", "Thackeray", "Trần",
        "Underhill", "Valdez", "Vance", "Villareal", "Wexler", "Whitlock", "Winslow", "Yarrow", "Yilmaz", "Zamora",
    ]

    /// What a town's library calls itself, and what its id adds to the town's.
    static let institutions: [(kind: Library.Kind, forms: [(name: String, suffix: String)])] = [
        (.public, [("# Public Library", ""), ("# County Library", ""), ("# Free Library", "")]),
        (
            .academic,
            [
                ("# State University", "-state"), ("# Community College", "-cc"), ("# College", "-college"),
                ("University of #", "-university"), ("# Technical College", "-tech"),
            ]
        ),
        (
            .special,
            [
                ("# Medical Center Library", "-medical"), ("# Law Library", "-law"),
                ("# Museum of History Library", "-museum"), ("# Agricultural Library", "-agriculture"),
            ]
        ),
        (.regional, [("# Regional Library System", "-regional")]),
    ]

    /// Every town's name once.
    static var towns: [String] {
        townBeginnings.flatMap { beginning in
            townEndings.filter { $0 != beginning.lowercased() }.map { beginning + $0 }
        }
    }
}
