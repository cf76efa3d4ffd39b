//! Words that companies of several countries are called by.

use super::abroad::{
    PARTS_BE, PARTS_CH, PARTS_DE, PARTS_ES, PARTS_GB, PARTS_IT, PARTS_LU, PARTS_NL, Parts, STREETS_DE, STREETS_ES,
    STREETS_GB, STREETS_IT, STREETS_NL, TOWNS_BE, TOWNS_CH, TOWNS_DE, TOWNS_ES, TOWNS_GB, TOWNS_IT, TOWNS_LU, TOWNS_NL,
    Towns,
};

/// A legal form, as it is written short and in full.
pub(crate) type Form = (&'static str, &'static str);

/// A country: its code, what is before its national telephone numbers, and whose words its companies use.
pub(crate) struct Country {
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    pub(crate) prefix: &'static str,
    pub(crate) weight: u64,
    pub(crate) forms: &'static [Form],
    pub(crate) trades: &'static [&'static str],
    /// The most frequent surnames, and parts of the others; none where they are as in France.
    pub(crate) surnames: &'static [&'static str],
    pub(crate) parts: Parts,
    pub(crate) towns: Towns,
    /// None where streets are called as in France.
    pub(crate) streets: &'static [&'static str],
}

const FORMS_FR: &[Form] = &[
    ("SARL", "Société à responsabilité limitée"),
    ("SAS", "Société par actions simplifiée"),
    ("SA", "Société anonyme"),
    ("EURL", "Entreprise unipersonnelle à responsabilité limitée"),
    ("SASU", "Société par actions simplifiée unipersonnelle"),
    ("SNC", "Société en nom collectif"),
    ("SCOP", "Société coopérative de production"),
];

#[rustfmt::skip]
const TRADES_DE: &[&str] = &[
    "Metallbau", "Maschinenbau", "Elektrotechnik", "Bäckerei", "Autohaus", "Spedition", "Tischlerei", "Bau", "Werkzeugbau",
    "Gebäudereinigung", "Druckerei", "Steuerberatung", "Medizintechnik", "Dachdecker", "Landhandel", "Getränke",
];
#[rustfmt::skip]
const SURNAMES_DE: &[&str] = &[
    "Müller", "Schmidt", "Schneider", "Fischer", "Weber", "Meyer", "Wagner", "Becker", "Schulz", "Hoffmann", "Schäfer", "Koch",
    "Bauer", "Richter", "Klein", "Wolf", "Schröder", "Neumann", "Schwarz", "Zimmermann", "Braun", "Krüger", "Hofmann", "Hartmann",
    "Lange", "Krause", "Lehmann", "Köhler", "Maier", "Jäger", "Vogel", "Keller",
];
#[rustfmt::skip]
const TRADES_ES: &[&str] = &[
    "Construcciones", "Transportes", "Talleres", "Panadería", "Suministros", "Electricidad", "Muebles", "Viveros", "Hostelería",
    "Carpintería", "Instalaciones", "Conservas",
];
#[rustfmt::skip]
const SURNAMES_ES: &[&str] = &[
    "García", "Fernández", "González", "Rodríguez", "López", "Martínez", "Sánchez", "Pérez", "Gómez", "Ruiz", "Hernández",
    "Jiménez", "Díaz", "Moreno", "Muñoz", "Álvarez", "Romero", "Alonso", "Gutiérrez", "Navarro",
];
#[rustfmt::skip]
const TRADES_IT: &[&str] = &[
    "Costruzioni", "Trasporti", "Officine", "Panificio", "Arredamenti", "Impianti", "Tessitura", "Ceramiche", "Ristorazione",
    "Meccanica", "Carrozzeria", "Vini",
];
#[rustfmt::skip]
const SURNAMES_IT: &[&str] = &[
    "Rossi", "Russo", "Ferrari", "Esposito", "Bianchi", "Romano", "Colombo", "Ricci", "Marino", "Greco", "Bruno", "Gallo", "Conti",
    "De Luca", "Mancini", "Costa", "Giordano", "Rizzo", "Lombardi", "Moretti",
];
#[rustfmt::skip]
const TRADES_NL: &[&str] = &[
    "Bouw", "Transport", "Installatietechniek", "Bakkerij", "Metaal", "Schilderwerken", "Tuinbouw", "Meubelen", "Logistiek",
    "Schoonmaak", "Drukkerij", "Groothandel",
];
#[rustfmt::skip]
const SURNAMES_NL: &[&str] = &[
    "De Jong", "Jansen", "De Vries", "Van den Berg", "Bakker", "Van Dijk", "Visser", "Smit", "Meijer", "De Boer", "Mulder",
    "De Groot", "Bos", "Vos", "Peters", "Hendriks", "Van Leeuwen", "Dekker", "Brouwer", "De Wit",
];

/// The countries, the most frequent first. France takes its towns, streets and names from the sample company's.
pub(crate) const COUNTRIES: &[Country] = &[
    Country {
        code: "FR",
        name: "France",
        prefix: "33",
        weight: 70,
        forms: FORMS_FR,
        trades: &[],
        surnames: &[],
        parts: (&[], &[]),
        towns: &[],
        streets: &[],
    },
    Country {
        code: "DE",
        name: "Deutschland",
        prefix: "49",
        weight: 7,
        forms: &[
            ("GmbH", "Gesellschaft mit beschränkter Haftung"),
            ("GmbH & Co. KG", "GmbH und Compagnie Kommanditgesellschaft"),
            ("AG", "Aktiengesellschaft"),
            ("UG", "Unternehmergesellschaft"),
        ],
        trades: TRADES_DE,
        surnames: SURNAMES_DE,
        parts: PARTS_DE,
        towns: TOWNS_DE,
        streets: STREETS_DE,
    },
    Country {
        code: "GB",
        name: "United Kingdom",
        prefix: "44",
        weight: 6,
        forms: &[("Ltd", "Limited"), ("PLC", "Public Limited Company"), ("LLP", "Limited Liability Partnership")],
        trades: &[],
        surnames: &crate::names::LAST_FOREIGN,
        parts: PARTS_GB,
        towns: TOWNS_GB,
        streets: STREETS_GB,
    },
    Country {
        code: "BE",
        name: "Belgique",
        prefix: "32",
        weight: 5,
        forms: &[
            ("SRL", "Société à responsabilité limitée"),
            ("BV", "Besloten vennootschap"),
            ("SA", "Société anonyme"),
        ],
        trades: &[],
        surnames: &[
            "Peeters", "Janssens", "Maes", "Jacobs", "Mertens", "Willems", "Claes", "Goossens", "Wouters", "De Smet",
            "Dubois", "Lambert",
        ],
        parts: PARTS_BE,
        towns: TOWNS_BE,
        streets: &[],
    },
    Country {
        code: "ES",
        name: "España",
        prefix: "34",
        weight: 4,
        forms: &[("SL", "Sociedad Limitada"), ("SA", "Sociedad Anónima")],
        trades: TRADES_ES,
        surnames: SURNAMES_ES,
        parts: PARTS_ES,
        towns: TOWNS_ES,
        streets: STREETS_ES,
    },
    Country {
        code: "IT",
        name: "Italia",
        prefix: "39",
        weight: 4,
        forms: &[
            ("SpA", "Società per azioni"),
            ("Srl", "Società a responsabilità limitata"),
            ("Snc", "Società in nome collettivo"),
        ],
        trades: TRADES_IT,
        surnames: SURNAMES_IT,
        parts: PARTS_IT,
        towns: TOWNS_IT,
        streets: STREETS_IT,
    },
    Country {
        code: "NL",
        name: "Nederland",
        prefix: "31",
        weight: 2,
        forms: &[("BV", "Besloten vennootschap"), ("NV", "Naamloze vennootschap"), ("VOF", "Vennootschap onder firma")],
        trades: TRADES_NL,
        surnames: SURNAMES_NL,
        parts: PARTS_NL,
        towns: TOWNS_NL,
        streets: STREETS_NL,
    },
    Country {
        code: "CH",
        name: "Suisse",
        prefix: "41",
        weight: 1,
        forms: &[("Sàrl", "Société à responsabilité limitée"), ("AG", "Aktiengesellschaft"), ("SA", "Société anonyme")],
        trades: &[],
        surnames: &[
            "Rochat",
            "Favre",
            "Meier",
            "Keller",
            "Huber",
            "Bolle",
            "Jaquet",
            "Monnard",
            "Perrenoud",
            "Steiner",
        ],
        parts: PARTS_CH,
        towns: TOWNS_CH,
        streets: &[],
    },
    Country {
        code: "LU",
        name: "Luxembourg",
        prefix: "352",
        weight: 1,
        forms: &[("Sàrl", "Société à responsabilité limitée"), ("SA", "Société anonyme")],
        trades: &[],
        surnames: &["Schmit", "Weber", "Wagner", "Hoffmann", "Thill", "Kremer", "Reuter", "Biver"],
        parts: PARTS_LU,
        towns: TOWNS_LU,
        streets: &[],
    },
];

/// Syllables of made-up brands.
pub(crate) const STARTS: [&str; 40] = [
    "Nova", "Techni", "Euro", "Inter", "Multi", "Poly", "Alti", "Axi", "Cali", "Domo", "Eco", "Fluvi", "Gala", "Hydro",
    "Ideo", "Kali", "Lumi", "Magi", "Neo", "Opti", "Prisma", "Quadri", "Rhéa", "Sola", "Terra", "Uni", "Veri", "Xéno",
    "Zéphi", "Arma", "Belva", "Corda", "Delta", "Elia", "Fara", "Gemi", "Héli", "Isa", "Joli", "Kori",
];
/// Ends of made-up brands.
pub(crate) const ENDS: [&str; 36] = [
    "tec", "plast", "line", "gest", "form", "lab", "net", "bois", "pack", "rail", "soft", "clim", "mat", "pharm",
    "via", "cap", "log", "sys", "pro", "data", "med", "fil", "lux", "car", "deco", "serv", "build", "flex", "tel",
    "aqua", "bio", "nergie", "grain", "textil", "optic", "meca",
];

/// What companies with a long descriptive name do, where they say they come from, and what their initials then stand for.
pub(crate) const ACTIVITIES: [&str; 16] = [
    "de Travaux Publics",
    "d'Installations Électriques",
    "de Distribution Alimentaire",
    "de Transports Routiers",
    "de Chauffage Central",
    "d'Emballages Industriels",
    "de Mécanique Générale",
    "de Gestion Immobilière",
    "d'Exploitation Forestière",
    "de Production Laitière",
    "de Matériaux de Construction",
    "d'Études Techniques",
    "de Location de Matériel",
    "de Nettoyage Industriel",
    "de Restauration Collective",
    "d'Assainissement Urbain",
];
/// Regions as an adjective, for the same names.
pub(crate) const REGIONS: [&str; 18] = [
    "Normande",
    "Bretonne",
    "Lyonnaise",
    "Nantaise",
    "Alsacienne",
    "Lorraine",
    "Provençale",
    "Aquitaine",
    "Picarde",
    "Bourguignonne",
    "Auvergnate",
    "Savoyarde",
    "Niçoise",
    "Lilloise",
    "Parisienne",
    "Toulousaine",
    "Vendéenne",
    "Champenoise",
];

/// Brands whose shops belong to different companies in different towns.
pub(crate) const FRANCHISES: [&str; 24] = [
    "Optique Belvue",
    "Boulangerie Maître Épi",
    "Ongles & Co",
    "Cave Bacchus",
    "Pizza Napolina",
    "Immo Quatre Saisons",
    "Fitness Arena",
    "Presse-Minute Pressing",
    "Auto Bilan Plus",
    "Fleurs de Mai",
    "Coiffure Mèche à Mèche",
    "Burger Dock",
    "Audition Claire",
    "Kid Crèche",
    "Cuisines Aristide",
    "Jardin Passion",
    "Menuisier Direct",
    "Brioche Royale",
    "Vélo & Cie",
    "Bébé Câlin",
    "Piscines Lagon",
    "Ambulances Mercure",
    "Déstock Literie",
    "Librairie du Quai",
];

/// Providers of mailboxes, which say nothing of who writes.
pub(crate) const MAIL_PROVIDERS: [&str; 8] =
    ["gmail.com", "orange.fr", "wanadoo.fr", "free.fr", "hotmail.com", "outlook.com", "laposte.net", "sfr.fr"];

/// Mailboxes that a whole company reads.
pub(crate) const SHARED_MAILBOXES: [&str; 9] =
    ["contact", "info", "accueil", "commercial", "compta", "comptabilite", "direction", "admin", "secretariat"];

/// What the names of companies that own companies add.
pub(crate) const GROUP_WORDS: [&str; 6] = ["Holding", "Groupe", "Participations", "Finance", "Invest", "Développement"];

/// Parts of surnames beyond the frequent ones: heads, middles, tails.
pub(crate) const SURNAME_HEADS: [&str; 36] = [
    "Ber", "Bou", "Bri", "Cas", "Chau", "Cor", "Cou", "Dau", "Del", "Du", "Fau", "Fer", "Gar", "Gau", "Gran", "Gué",
    "Hé", "Jou", "La", "Le", "Mar", "Mau", "Mon", "Mor", "Pas", "Pel", "Per", "Poi", "Rau", "Rou", "Sa", "Tau", "Tho",
    "Val", "Ver", "Vil",
];
/// Middles of surnames.
pub(crate) const SURNAME_MIDDLES: [&str; 14] =
    ["", "", "be", "cha", "da", "fi", "li", "ma", "na", "ra", "ti", "ve", "lla", "nne"];
/// Tails of surnames.
pub(crate) const SURNAME_TAILS: [&str; 26] = [
    "ard", "aud", "ault", "ert", "eau", "et", "ette", "ez", "ic", "ier", "in", "ine", "lin", "mont", "ney", "nier",
    "quet", "rel", "ret", "rot", "sier", "son", "tel", "tier", "ton", "zac",
];

/// Kinds of street, as often as they are met.
pub(crate) const STREET_KINDS: [&str; 16] = [
    "rue",
    "rue",
    "rue",
    "rue",
    "rue",
    "avenue",
    "avenue",
    "avenue",
    "boulevard",
    "boulevard",
    "place",
    "chemin",
    "allée",
    "impasse",
    "route",
    "quai",
];
/// What streets are called after.
pub(crate) const STREET_NAMES: [&str; 48] = [
    "de la République",
    "de la Gare",
    "de la Liberté",
    "de la Fontaine",
    "de la Mairie",
    "du Moulin",
    "du Stade",
    "du Commerce",
    "du Port",
    "du Général-Leclerc",
    "du Maréchal-Foch",
    "du Docteur-Roux",
    "du 8-Mai-1945",
    "du 11-Novembre",
    "des Artisans",
    "des Lilas",
    "des Écoles",
    "des Tilleuls",
    "des Vignes",
    "des Entrepreneurs",
    "Victor-Hugo",
    "Jean-Jaurès",
    "Pasteur",
    "Gambetta",
    "Voltaire",
    "Émile-Zola",
    "Anatole-France",
    "Jean-Moulin",
    "Marie-Curie",
    "Jules-Verne",
    "Ampère",
    "Gustave-Eiffel",
    "Denis-Papin",
    "Lavoisier",
    "Blaise-Pascal",
    "Carnot",
    "Nationale",
    "de Paris",
    "de Lyon",
    "de Strasbourg",
    "de Bretagne",
    "de l'Europe",
    "de l'Industrie",
    "de l'Église",
    "Saint-Martin",
    "Saint-Michel",
    "Louis-Pasteur",
    "Aristide-Briand",
];
/// Business estates.
pub(crate) const ESTATES: [&str; 10] = [
    "ZI Nord",
    "ZA des Prés",
    "ZAC du Parc",
    "Zone industrielle de la Plaine",
    "Parc d'activités des Forges",
    "Zone artisanale du Pont",
    "ZI des Grands Champs",
    "Technopôle Bellevue",
    "ZA La Croix Blanche",
    "Parc de l'Aéroport",
];
