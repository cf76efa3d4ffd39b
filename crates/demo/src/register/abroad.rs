//! Towns, streets and surnames of the countries around France, in about the variety that a register of companies shows.

/// Postcode and name of towns.
pub(crate) type Towns = &'static [(&'static str, &'static str)];

/// First and last parts of the surnames that are not among the most frequent.
pub(crate) type Parts = (&'static [&'static str], &'static [&'static str]);

#[rustfmt::skip]
pub(crate) const TOWNS_DE: Towns = &[
    ("10115", "Berlin"), ("10997", "Berlin"), ("13353", "Berlin"), ("20095", "Hamburg"), ("22765", "Hamburg"), ("80331", "München"),
    ("81667", "München"), ("50667", "Köln"), ("51063", "Köln"), ("60311", "Frankfurt am Main"), ("70173", "Stuttgart"), ("40213", "Düsseldorf"),
    ("77652", "Offenburg"), ("66111", "Saarbrücken"), ("28195", "Bremen"), ("04109", "Leipzig"), ("01067", "Dresden"), ("30159", "Hannover"),
    ("90402", "Nürnberg"), ("47051", "Duisburg"), ("44787", "Bochum"), ("42103", "Wuppertal"), ("33602", "Bielefeld"), ("53111", "Bonn"),
    ("48143", "Münster"), ("76133", "Karlsruhe"), ("68159", "Mannheim"), ("86150", "Augsburg"), ("65183", "Wiesbaden"), ("45127", "Essen"),
    ("44135", "Dortmund"), ("79098", "Freiburg im Breisgau"), ("54290", "Trier"), ("99084", "Erfurt"), ("18055", "Rostock"), ("24103", "Kiel"),
    ("34117", "Kassel"), ("89073", "Ulm"), ("97070", "Würzburg"), ("93047", "Regensburg"),
];
#[rustfmt::skip]
pub(crate) const STREETS_DE: &[&str] = &[
    "Hauptstraße", "Bahnhofstraße", "Industriestraße", "Gartenstraße", "Schulstraße", "Am Hafen", "Lindenweg", "Dorfstraße", "Bergstraße",
    "Kirchstraße", "Waldstraße", "Ringstraße", "Schillerstraße", "Goethestraße", "Mozartstraße", "Jahnstraße", "Wiesenweg", "Birkenweg",
    "Mühlenweg", "Rosenstraße", "Poststraße", "Marktplatz", "Feldstraße", "Gewerbepark", "Siemensstraße", "Daimlerstraße", "Robert-Bosch-Straße",
    "Carl-Benz-Straße", "Am Bahnhof", "Parkallee", "Friedrichstraße", "Kaiserstraße", "Lange Straße", "Neue Straße", "Steinweg", "Burgstraße",
];
#[rustfmt::skip]
pub(crate) const PARTS_DE: Parts = (
    &["Stein", "Rosen", "Linden", "Buch", "Eichen", "Hagen", "Loh", "Wester", "Oster", "Nieder", "Ober", "Grün", "Kirch", "Mühl", "Winter",
      "Sommer", "Hohen", "Schön", "Wall", "Brand", "Birken", "Falken", "Hasel", "Reichen"],
    &["bach", "berg", "feld", "hauer", "mann", "meier", "müller", "hoff", "hausen", "stein", "wald", "thal", "kamp", "brink", "eder", "inger",
      "reuter", "scheidt", "holz", "burg"],
);
#[rustfmt::skip]
pub(crate) const TOWNS_GB: Towns = &[
    ("SE1 7PB", "London"), ("EC2A 4NE", "London"), ("N1 9GU", "London"), ("W1F 9JW", "London"), ("M1 2WD", "Manchester"), ("M15 5RL", "Manchester"),
    ("LS1 4AP", "Leeds"), ("BS1 6QF", "Bristol"), ("B2 5DB", "Birmingham"), ("B18 6HN", "Birmingham"), ("EH1 1BB", "Edinburgh"),
    ("CF10 1EP", "Cardiff"), ("NE1 4ST", "Newcastle upon Tyne"), ("L1 8JQ", "Liverpool"), ("S1 2HE", "Sheffield"), ("NG1 5FS", "Nottingham"),
    ("LE1 6TP", "Leicester"), ("SO14 7DU", "Southampton"), ("PO1 2AL", "Portsmouth"), ("BN1 1EE", "Brighton"), ("OX1 1HS", "Oxford"),
    ("CB2 1LA", "Cambridge"), ("NR2 1TF", "Norwich"), ("YO1 9WT", "York"), ("EX1 1GE", "Exeter"), ("PL1 1EA", "Plymouth"),
    ("G2 1DY", "Glasgow"), ("AB10 1AB", "Aberdeen"), ("SA1 3SN", "Swansea"), ("BT1 5GS", "Belfast"), ("DE1 2PL", "Derby"), ("CV1 1GF", "Coventry"),
    ("RG1 2AG", "Reading"), ("MK9 2FP", "Milton Keynes"), ("HU1 3ES", "Hull"), ("GL1 1DG", "Gloucester"),
];
#[rustfmt::skip]
pub(crate) const STREETS_GB: &[&str] = &[
    "High Street", "Station Road", "Mill Lane", "Church Street", "Market Place", "Victoria Road", "Park Avenue", "London Road", "Green Lane",
    "Manor Road", "Kings Road", "Queen Street", "New Road", "Grange Road", "Albert Road", "Bridge Street", "Castle Street", "George Street",
    "Springfield Road", "Windsor Road", "The Crescent", "School Lane", "North Street", "West Street", "Chapel Street", "Broad Street",
    "Commercial Road", "Wharf Road", "Trading Estate Road", "Alexandra Road", "York Road", "Stanley Street",
];
#[rustfmt::skip]
pub(crate) const PARTS_GB: Parts = (
    &["Ash", "Black", "Brad", "Bur", "Cal", "Clay", "Dal", "Ed", "Fair", "Har", "Hol", "Kings", "Lang", "Marsh", "Nor", "Oak", "Pem", "Red",
      "Stan", "Thorn", "Wal", "Whit", "Win", "Wood"],
    &["worth", "ford", "ley", "ton", "well", "by", "croft", "field", "ham", "man", "son", "stone", "shaw", "wick", "bury", "more", "den", "low"],
);
#[rustfmt::skip]
pub(crate) const TOWNS_BE: Towns = &[
    ("1000", "Bruxelles"), ("1050", "Ixelles"), ("1070", "Anderlecht"), ("1180", "Uccle"), ("1300", "Wavre"), ("1400", "Nivelles"), ("4000", "Liège"),
    ("4100", "Seraing"), ("4500", "Huy"), ("4800", "Verviers"), ("5000", "Namur"), ("5500", "Dinant"), ("6000", "Charleroi"), ("6700", "Arlon"),
    ("7000", "Mons"), ("7100", "La Louvière"), ("7500", "Tournai"), ("7700", "Mouscron"), ("9000", "Gent"), ("8000", "Brugge"), ("8500", "Kortrijk"),
    ("2000", "Antwerpen"), ("2800", "Mechelen"), ("3000", "Leuven"), ("3500", "Hasselt"), ("9300", "Aalst"), ("8400", "Oostende"),
];
#[rustfmt::skip]
pub(crate) const PARTS_BE: Parts = (
    &["Van", "Ver", "De", "Del", "Lam", "Han", "Col", "Ger", "Den", "Pier", "Stee", "Broe", "Mae", "Cla", "Lem", "Wil", "Dir", "Mar"],
    &["mans", "sens", "brugge", "haegen", "meulen", "voort", "court", "mont", "lière", "vaux", "naert", "beke", "bert", "ckx", "ens", "ois"],
);
#[rustfmt::skip]
pub(crate) const TOWNS_ES: Towns = &[
    ("28013", "Madrid"), ("28020", "Madrid"), ("28045", "Madrid"), ("08002", "Barcelona"), ("08018", "Barcelona"), ("46001", "Valencia"),
    ("46015", "Valencia"), ("41001", "Sevilla"), ("48001", "Bilbao"), ("50001", "Zaragoza"), ("29001", "Málaga"), ("30001", "Murcia"),
    ("07001", "Palma"), ("47001", "Valladolid"), ("14001", "Córdoba"), ("36201", "Vigo"), ("33201", "Gijón"), ("15001", "A Coruña"),
    ("18001", "Granada"), ("01001", "Vitoria-Gasteiz"), ("31001", "Pamplona"), ("20001", "San Sebastián"), ("37001", "Salamanca"),
    ("09001", "Burgos"), ("26001", "Logroño"), ("17001", "Girona"), ("25001", "Lleida"), ("43001", "Tarragona"), ("03001", "Alicante"),
    ("12001", "Castellón de la Plana"),
];
#[rustfmt::skip]
pub(crate) const STREETS_ES: &[&str] = &[
    "Calle Mayor", "Calle Real", "Avenida de la Constitución", "Paseo del Prado", "Calle del Carmen", "Plaza de España", "Calle Nueva", "Calle del Sol",
    "Calle de la Iglesia", "Avenida de Andalucía", "Calle San José", "Calle San Juan", "Calle Cervantes", "Calle Colón", "Avenida de Europa",
    "Calle Goya", "Calle del Mar", "Gran Vía", "Calle Velázquez", "Calle de la Fuente", "Ronda Norte", "Polígono Industrial Sur", "Calle Granada",
    "Calle Toledo", "Avenida del Puerto", "Calle de la Estación", "Calle Santa Ana", "Camino Viejo",
];
#[rustfmt::skip]
pub(crate) const PARTS_ES: Parts = (
    &["Mon", "Cas", "Val", "Sal", "Mar", "Ro", "Vill", "Ar", "Bar", "Car", "Del", "Es", "Fuen", "Gal", "Her", "Lla", "Mol", "Ol", "Per", "Quin"],
    &["tero", "tillo", "verde", "dera", "quez", "jano", "alba", "ranz", "bella", "gado", "teras", "lindo", "mero", "nares", "tana", "rubia"],
);
#[rustfmt::skip]
pub(crate) const TOWNS_IT: Towns = &[
    ("00184", "Roma"), ("00196", "Roma"), ("20121", "Milano"), ("20139", "Milano"), ("20154", "Milano"), ("10121", "Torino"), ("10141", "Torino"),
    ("40121", "Bologna"), ("50122", "Firenze"), ("16121", "Genova"), ("80121", "Napoli"), ("90133", "Palermo"), ("70121", "Bari"),
    ("95121", "Catania"), ("30121", "Venezia"), ("37121", "Verona"), ("35121", "Padova"), ("34121", "Trieste"), ("25121", "Brescia"),
    ("43121", "Parma"), ("41121", "Modena"), ("59100", "Prato"), ("06121", "Perugia"), ("48121", "Ravenna"), ("57121", "Livorno"),
    ("24121", "Bergamo"), ("38121", "Trento"), ("36100", "Vicenza"), ("33100", "Udine"), ("60121", "Ancona"),
];
#[rustfmt::skip]
pub(crate) const STREETS_IT: &[&str] = &[
    "Via Roma", "Via Garibaldi", "Corso Italia", "Via Mazzini", "Viale Europa", "Via Dante", "Piazza Verdi", "Via Cavour", "Via Marconi",
    "Via Matteotti", "Via Verdi", "Corso Vittorio Emanuele", "Via della Libertà", "Via Galileo Galilei", "Via Leonardo da Vinci", "Via Manzoni",
    "Via Volta", "Via San Francesco", "Via della Repubblica", "Viale della Stazione", "Via dell'Industria", "Via dell'Artigianato", "Via Nazionale",
    "Via Carducci", "Via Foscolo", "Via Trieste", "Via Trento", "Piazza del Duomo",
];
#[rustfmt::skip]
pub(crate) const PARTS_IT: Parts = (
    &["Bel", "Mon", "Cas", "Fer", "Gar", "Mar", "Pel", "Sal", "Tor", "Val", "Zan", "Bar", "Cor", "Del", "Fab", "Gua", "Lam", "Mag", "Pas", "Ros"],
    &["lini", "tini", "ratti", "gnani", "setti", "rani", "doni", "nelli", "zzoni", "rello", "cchi", "retti", "bardi", "tagna", "ucci", "oni"],
);
#[rustfmt::skip]
pub(crate) const TOWNS_NL: Towns = &[
    ("1012 JS", "Amsterdam"), ("1071 CX", "Amsterdam"), ("1097 DN", "Amsterdam"), ("3011 AD", "Rotterdam"), ("3072 AP", "Rotterdam"),
    ("3511 AB", "Utrecht"), ("5611 BA", "Eindhoven"), ("9711 LM", "Groningen"), ("2511 BT", "Den Haag"), ("5038 EA", "Tilburg"),
    ("6511 KL", "Nijmegen"), ("6811 DG", "Arnhem"), ("7511 JH", "Enschede"), ("8011 PK", "Zwolle"), ("8911 BK", "Leeuwarden"),
    ("2011 RC", "Haarlem"), ("2312 AX", "Leiden"), ("3311 JT", "Dordrecht"), ("4811 DJ", "Breda"), ("6211 CM", "Maastricht"), ("1315 JT", "Almere"),
    ("3811 LM", "Amersfoort"), ("2611 EE", "Delft"), ("4331 BE", "Middelburg"),
];
#[rustfmt::skip]
pub(crate) const STREETS_NL: &[&str] = &[
    "Dorpsstraat", "Kerkstraat", "Stationsweg", "Industrieweg", "Molenstraat", "Havenkade", "Schoolstraat", "Hoofdstraat", "Julianastraat",
    "Wilhelminastraat", "Beatrixlaan", "Nieuwstraat", "Marktplein", "Parklaan", "Lindelaan", "Eikenlaan", "Kastanjelaan", "Veldweg", "Zandweg",
    "Ambachtsweg", "Handelsweg", "Singel", "Prinsengracht", "Achterweg",
];
#[rustfmt::skip]
pub(crate) const PARTS_NL: Parts = (
    &["Van der ", "Van de ", "Ter ", "Ver", "Hoo", "Mei", "Dijk", "Kloos", "Wes", "Oos", "Schou", "Berk", "Zand", "Veld", "Ro", "Gro"],
    &["meer", "veen", "wal", "straten", "horst", "linden", "bergen", "huis", "sma", "stra", "kamp", "dam", "hof", "ink", "laan", "werf"],
);
#[rustfmt::skip]
pub(crate) const TOWNS_CH: Towns = &[
    ("1201", "Genève"), ("1227", "Carouge"), ("1003", "Lausanne"), ("1020", "Renens"), ("1110", "Morges"), ("1260", "Nyon"), ("1400", "Yverdon-les-Bains"),
    ("1800", "Vevey"), ("1820", "Montreux"), ("1950", "Sion"), ("2000", "Neuchâtel"), ("2300", "La Chaux-de-Fonds"), ("1700", "Fribourg"), ("1630", "Bulle"),
    ("2800", "Delémont"), ("8001", "Zürich"), ("3011", "Bern"), ("4051", "Basel"), ("2502", "Biel"),
];
#[rustfmt::skip]
pub(crate) const PARTS_CH: Parts = (
    &["Cha", "Cor", "Mon", "Per", "Gro", "Ber", "Jac", "Ros", "Ma", "Du", "Gen", "Zur", "Am", "Bur", "Hof"],
    &["puis", "baz", "nod", "rin", "zet", "doud", "quier", "vaz", "noud", "gger", "stalder", "bühl", "mann", "ry", "lay"],
);
#[rustfmt::skip]
pub(crate) const TOWNS_LU: Towns = &[
    ("1111", "Luxembourg"), ("2121", "Luxembourg"), ("4002", "Esch-sur-Alzette"), ("9202", "Diekirch"), ("3401", "Dudelange"), ("4501", "Differdange"),
    ("6701", "Grevenmacher"), ("9001", "Ettelbruck"), ("8001", "Strassen"), ("8302", "Capellen"), ("5501", "Remich"), ("7501", "Mersch"),
];
#[rustfmt::skip]
pub(crate) const PARTS_LU: Parts = (
    &["Schmi", "Kre", "Mei", "Wag", "Thi", "Bif", "Stei", "Fel", "Kon", "Mul", "Rei", "Hen"],
    &["ters", "mer", "ler", "sch", "ges", "chen", "metz", "rath", "dorf", "weis", "ner", "gen"],
);
