//! Towns with their postcode, region and position (degrees north and east).

/// A town.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Town {
    pub(crate) name: &'static str,
    pub(crate) postcode: &'static str,
    pub(crate) region: &'static str,
    pub(crate) country: &'static str,
    pub(crate) latitude: f64,
    pub(crate) longitude: f64,
    /// Whether the northern sales team looks after it.
    pub(crate) north: bool,
}

impl Town {
    /// Whether the name alone stands for several entries: parts of the largest cities.
    pub(crate) fn is_divided(&self) -> bool {
        matches!(self.name, "Paris" | "Lyon" | "Marseille")
    }
}

type Row = (&'static str, &'static str, f64, f64);

const IDF: &[Row] = &[
    ("Paris", "75011", 48.859, 2.379),
    ("Paris", "75015", 48.840, 2.293),
    ("Paris", "75002", 48.868, 2.344),
    ("Boulogne-Billancourt", "92100", 48.836, 2.240),
    ("Saint-Denis", "93200", 48.936, 2.357),
    ("Montreuil", "93100", 48.863, 2.443),
    ("Nanterre", "92000", 48.892, 2.207),
    ("Versailles", "78000", 48.805, 2.135),
    ("Créteil", "94000", 48.790, 2.455),
    ("Argenteuil", "95100", 48.947, 2.247),
    ("Évry-Courcouronnes", "91000", 48.629, 2.441),
    ("Meaux", "77100", 48.960, 2.888),
    ("Melun", "77000", 48.540, 2.660),
    ("Cergy", "95000", 49.036, 2.076),
    ("Rungis", "94150", 48.746, 2.352),
    ("Massy", "91300", 48.731, 2.271),
];
const HDF: &[Row] = &[
    ("Lille", "59000", 50.629, 3.057),
    ("Roubaix", "59100", 50.692, 3.178),
    ("Tourcoing", "59200", 50.724, 3.161),
    ("Dunkerque", "59140", 51.034, 2.377),
    ("Valenciennes", "59300", 50.357, 3.523),
    ("Douai", "59500", 50.371, 3.079),
    ("Amiens", "80000", 49.894, 2.296),
    ("Calais", "62100", 50.951, 1.858),
    ("Arras", "62000", 50.291, 2.778),
    ("Lens", "62300", 50.432, 2.833),
    ("Beauvais", "60000", 49.430, 2.081),
    ("Compiègne", "60200", 49.418, 2.826),
    ("Saint-Quentin", "02100", 49.848, 3.287),
    ("Boulogne-sur-Mer", "62200", 50.726, 1.614),
];
const NOR: &[Row] = &[
    ("Rouen", "76000", 49.443, 1.099),
    ("Le Havre", "76600", 49.494, 0.108),
    ("Caen", "14000", 49.183, -0.371),
    ("Cherbourg-en-Cotentin", "50100", 49.634, -1.622),
    ("Évreux", "27000", 49.027, 1.151),
    ("Dieppe", "76200", 49.923, 1.078),
    ("Alençon", "61000", 48.432, 0.091),
    ("Lisieux", "14100", 49.146, 0.227),
    ("Saint-Lô", "50000", 49.116, -1.091),
];
const BRE: &[Row] = &[
    ("Rennes", "35000", 48.117, -1.678),
    ("Brest", "29200", 48.390, -4.486),
    ("Quimper", "29000", 47.996, -4.098),
    ("Lorient", "56100", 47.748, -3.366),
    ("Vannes", "56000", 47.658, -2.760),
    ("Saint-Malo", "35400", 48.649, -2.026),
    ("Saint-Brieuc", "22000", 48.514, -2.765),
    ("Lannion", "22300", 48.732, -3.459),
    ("Fougères", "35300", 48.352, -1.199),
    ("Concarneau", "29900", 47.873, -3.921),
];
const PDL: &[Row] = &[
    ("Nantes", "44000", 47.218, -1.554),
    ("Angers", "49000", 47.478, -0.563),
    ("Le Mans", "72000", 48.006, 0.199),
    ("Saint-Nazaire", "44600", 47.273, -2.214),
    ("Cholet", "49300", 47.060, -0.879),
    ("La Roche-sur-Yon", "85000", 46.670, -1.427),
    ("Laval", "53000", 48.073, -0.769),
    ("Saumur", "49400", 47.260, -0.077),
    ("Les Sables-d'Olonne", "85100", 46.497, -1.783),
];
const GES: &[Row] = &[
    ("Strasbourg", "67000", 48.573, 7.752),
    ("Reims", "51100", 49.258, 4.032),
    ("Metz", "57000", 49.119, 6.176),
    ("Nancy", "54000", 48.692, 6.184),
    ("Mulhouse", "68100", 47.750, 7.336),
    ("Colmar", "68000", 48.079, 7.358),
    ("Troyes", "10000", 48.297, 4.074),
    ("Charleville-Mézières", "08000", 49.773, 4.720),
    ("Épinal", "88000", 48.173, 6.450),
    ("Haguenau", "67500", 48.816, 7.788),
    ("Châlons-en-Champagne", "51000", 48.956, 4.363),
    ("Thionville", "57100", 49.358, 6.168),
];
const BFC: &[Row] = &[
    ("Dijon", "21000", 47.322, 5.041),
    ("Besançon", "25000", 47.238, 6.024),
    ("Belfort", "90000", 47.638, 6.863),
    ("Chalon-sur-Saône", "71100", 46.781, 4.853),
    ("Auxerre", "89000", 47.798, 3.573),
    ("Nevers", "58000", 46.990, 3.159),
    ("Mâcon", "71000", 46.306, 4.829),
    ("Beaune", "21200", 47.026, 4.840),
    ("Dole", "39100", 47.092, 5.490),
];
const CVL: &[Row] = &[
    ("Tours", "37000", 47.394, 0.685),
    ("Orléans", "45000", 47.903, 1.909),
    ("Blois", "41000", 47.586, 1.336),
    ("Bourges", "18000", 47.081, 2.399),
    ("Chartres", "28000", 48.444, 1.489),
    ("Châteauroux", "36000", 46.811, 1.691),
    ("Montargis", "45200", 47.997, 2.733),
    ("Vierzon", "18100", 47.222, 2.069),
];
const ARA: &[Row] = &[
    ("Lyon", "69003", 45.760, 4.850),
    ("Lyon", "69007", 45.735, 4.838),
    ("Villeurbanne", "69100", 45.772, 4.890),
    ("Grenoble", "38000", 45.188, 5.725),
    ("Saint-Étienne", "42000", 45.440, 4.387),
    ("Clermont-Ferrand", "63000", 45.777, 3.087),
    ("Annecy", "74000", 45.899, 6.129),
    ("Chambéry", "73000", 45.565, 5.918),
    ("Valence", "26000", 44.933, 4.892),
    ("Roanne", "42300", 46.034, 4.073),
    ("Bourg-en-Bresse", "01000", 46.205, 5.226),
    ("Vichy", "03200", 46.127, 3.426),
    ("Aurillac", "15000", 44.926, 2.440),
    ("Le Puy-en-Velay", "43000", 45.043, 3.885),
    ("Montélimar", "26200", 44.558, 4.751),
    ("Annonay", "07100", 45.240, 4.671),
    ("Thonon-les-Bains", "74200", 46.371, 6.479),
];
const NAQ: &[Row] = &[
    ("Bordeaux", "33000", 44.838, -0.579),
    ("Limoges", "87000", 45.834, 1.262),
    ("Poitiers", "86000", 46.580, 0.340),
    ("La Rochelle", "17000", 46.160, -1.151),
    ("Pau", "64000", 43.296, -0.371),
    ("Bayonne", "64100", 43.493, -1.475),
    ("Angoulême", "16000", 45.649, 0.156),
    ("Niort", "79000", 46.323, -0.464),
    ("Périgueux", "24000", 45.184, 0.721),
    ("Agen", "47000", 44.203, 0.621),
    ("Mont-de-Marsan", "40000", 43.891, -0.500),
    ("Brive-la-Gaillarde", "19100", 45.159, 1.533),
    ("Mérignac", "33700", 44.842, -0.645),
    ("Guéret", "23000", 46.171, 1.871),
    ("Arcachon", "33120", 44.659, -1.168),
];
const OCC: &[Row] = &[
    ("Toulouse", "31000", 43.605, 1.444),
    ("Montpellier", "34000", 43.611, 3.877),
    ("Nîmes", "30000", 43.837, 4.360),
    ("Perpignan", "66000", 42.699, 2.895),
    ("Béziers", "34500", 43.344, 3.215),
    ("Narbonne", "11100", 43.184, 3.004),
    ("Albi", "81000", 43.929, 2.148),
    ("Castres", "81100", 43.606, 2.240),
    ("Tarbes", "65000", 43.233, 0.078),
    ("Montauban", "82000", 44.018, 1.353),
    ("Carcassonne", "11000", 43.213, 2.352),
    ("Rodez", "12000", 44.350, 2.575),
    ("Alès", "30100", 44.128, 4.082),
    ("Cahors", "46000", 44.448, 1.441),
    ("Auch", "32000", 43.646, 0.586),
    ("Mende", "48000", 44.518, 3.501),
    ("Foix", "09000", 42.965, 1.607),
    ("Sète", "34200", 43.405, 3.697),
];
const PAC: &[Row] = &[
    ("Marseille", "13001", 43.299, 5.384),
    ("Marseille", "13008", 43.269, 5.382),
    ("Nice", "06000", 43.703, 7.266),
    ("Toulon", "83000", 43.124, 5.928),
    ("Aix-en-Provence", "13100", 43.530, 5.447),
    ("Avignon", "84000", 43.949, 4.806),
    ("Cannes", "06400", 43.553, 7.017),
    ("Antibes", "06600", 43.581, 7.125),
    ("Arles", "13200", 43.677, 4.628),
    ("Fréjus", "83600", 43.433, 6.737),
    ("Gap", "05000", 44.559, 6.079),
    ("Digne-les-Bains", "04000", 44.092, 6.236),
    ("Hyères", "83400", 43.120, 6.129),
    ("Carpentras", "84200", 44.055, 5.048),
];
const COR: &[Row] = &[("Ajaccio", "20000", 41.927, 8.735), ("Bastia", "20200", 42.697, 9.451)];

const REGIONS: [(&str, bool, &[Row]); 13] = [
    ("Île-de-France", true, IDF),
    ("Hauts-de-France", true, HDF),
    ("Normandie", true, NOR),
    ("Bretagne", true, BRE),
    ("Pays de la Loire", true, PDL),
    ("Grand Est", true, GES),
    ("Bourgogne-Franche-Comté", true, BFC),
    ("Centre-Val de Loire", true, CVL),
    ("Auvergne-Rhône-Alpes", false, ARA),
    ("Nouvelle-Aquitaine", false, NAQ),
    ("Occitanie", false, OCC),
    ("Provence-Alpes-Côte d'Azur", false, PAC),
    ("Corse", false, COR),
];

const FOREIGN: [(&str, &str, &str, &str, f64, f64); 12] = [
    ("London", "SE1 7PB", "England", "GB", 51.503, -0.113),
    ("Manchester", "M1 2WD", "England", "GB", 53.480, -2.237),
    ("Leeds", "LS1 4AP", "England", "GB", 53.797, -1.548),
    ("Bristol", "BS1 6QF", "England", "GB", 51.449, -2.581),
    ("Edinburgh", "EH1 1BB", "Scotland", "GB", 55.951, -3.190),
    ("Cardiff", "CF10 1EP", "Wales", "GB", 51.477, -3.178),
    ("Dublin", "D02 X285", "Leinster", "IE", 53.342, -6.256),
    ("Cork", "T12 W8KF", "Munster", "IE", 51.898, -8.473),
    ("Bruxelles", "1000", "Bruxelles-Capitale", "BE", 50.847, 4.352),
    ("Gent", "9000", "Vlaanderen", "BE", 51.054, 3.725),
    ("Luxembourg", "1111", "Luxembourg", "LU", 49.611, 6.131),
    ("Genève", "1201", "Genève", "CH", 46.209, 6.142),
];

/// How many towns of France there are.
pub(crate) fn french_towns() -> u64 {
    REGIONS.iter().map(|(_, _, rows)| rows.len() as u64).sum()
}

/// A town of France by its number, from 0.
pub(crate) fn french(mut number: u64) -> Town {
    for (region, north, rows) in REGIONS {
        match rows.get(number as usize) {
            Some((name, postcode, latitude, longitude)) => {
                return Town {
                    name,
                    postcode,
                    region,
                    country: "FR",
                    latitude: *latitude,
                    longitude: *longitude,
                    north,
                };
            }
            None => number -= rows.len() as u64,
        }
    }
    french(number)
}

/// How many towns abroad there are.
pub(crate) fn foreign_towns() -> u64 {
    FOREIGN.len() as u64
}

/// A town abroad by its number, from 0.
pub(crate) fn foreign(number: u64) -> Town {
    let (name, postcode, region, country, latitude, longitude) = FOREIGN[number as usize % FOREIGN.len()];
    Town { name, postcode, region, country, latitude, longitude, north: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_towns_apart() {
        let towns = (0..french_towns()).map(french).chain((0..foreign_towns()).map(foreign));
        let mut names: Vec<_> = towns.filter(|town| !town.is_divided()).map(|town| town.name).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn towns_lie_in_france() {
        assert!(french_towns() >= 140, "{}", french_towns());
        for number in 0..french_towns() {
            let town = french(number);
            assert!((41.0..51.2).contains(&town.latitude) && (-5.2..9.7).contains(&town.longitude), "{town:?}");
            assert!(town.postcode.len() == 5, "{town:?}");
        }
    }
}
