//! What the company sells.

use crate::names::slug;
use crate::record::{Record, euros};

/// Family, name, price in euros, margin in percent.
pub(crate) const PRODUCTS: [(&str, &str, u64, u64); 60] = [
    ("Outillage", "Perceuse à colonne 16 mm", 489, 32),
    ("Outillage", "Scie à ruban métal 150", 1290, 28),
    ("Outillage", "Touret à meuler 200 mm", 179, 35),
    ("Outillage", "Poste à souder MIG 200 A", 899, 30),
    ("Outillage", "Compresseur 100 L silencieux", 749, 27),
    ("Outillage", "Servante 7 tiroirs garnie", 1150, 38),
    ("Outillage", "Coffret 216 outils", 329, 40),
    ("Outillage", "Pont élévateur 2 colonnes 4 t", 3490, 22),
    ("Outillage", "Presse hydraulique 20 t", 690, 29),
    ("Outillage", "Clé dynamométrique 40-200 Nm", 129, 42),
    ("Atelier", "Établi bois massif 2 m", 590, 41),
    ("Atelier", "Établi mobile 6 tiroirs", 720, 39),
    ("Atelier", "Rayonnage mi-lourd 5 niveaux", 259, 44),
    ("Atelier", "Rack à palettes 3 travées", 1890, 26),
    ("Atelier", "Armoire de sûreté 90 min", 2150, 24),
    ("Atelier", "Transpalette manuel 2,5 t", 399, 31),
    ("Atelier", "Gerbeur électrique 1,2 t", 4290, 21),
    ("Atelier", "Diable pliant 200 kg", 89, 45),
    ("Atelier", "Bac de rétention 220 L", 219, 37),
    ("Atelier", "Panneau perforé et crochets", 119, 48),
    ("Bureau", "Bureau assis-debout 160", 549, 36),
    ("Bureau", "Fauteuil ergonomique Ardoise", 389, 43),
    ("Bureau", "Armoire à rideaux 198", 329, 38),
    ("Bureau", "Table de réunion 10 places", 890, 35),
    ("Bureau", "Cloison acoustique 180", 279, 46),
    ("Bureau", "Caisson mobile 3 tiroirs", 149, 44),
    ("Bureau", "Vestiaire 4 cases", 259, 39),
    ("Bureau", "Banque d'accueil droite", 1490, 33),
    ("Bureau", "Lampe LED pince", 59, 52),
    ("Bureau", "Cabine acoustique 1 place", 5490, 25),
    ("Cuisine", "Four mixte 10 niveaux GN 1/1", 7890, 23),
    ("Cuisine", "Plaque induction 4 feux", 2890, 27),
    ("Cuisine", "Friteuse 2 x 10 L", 1190, 31),
    ("Cuisine", "Armoire froide 1400 L", 1990, 28),
    ("Cuisine", "Cellule de refroidissement 5 niveaux", 2690, 26),
    ("Cuisine", "Lave-vaisselle à capot", 3290, 25),
    ("Cuisine", "Trancheuse 300 mm", 649, 34),
    ("Cuisine", "Batteur mélangeur 20 L", 1790, 29),
    ("Cuisine", "Table inox avec étagère 180", 339, 41),
    ("Cuisine", "Hotte dosseret 200", 1590, 30),
    ("Salle", "Machine à café 2 groupes", 3990, 24),
    ("Salle", "Moulin à café à la demande", 590, 33),
    ("Salle", "Vitrine réfrigérée 1,2 m", 1690, 28),
    ("Salle", "Lot de 20 chaises bistrot", 980, 37),
    ("Salle", "Table pliante 183 cm", 69, 46),
    ("Salle", "Parasol déporté 3 x 3 m", 459, 38),
    ("Salle", "Chariot de service 3 plateaux", 189, 43),
    ("Salle", "Distributeur d'eau fraîche", 790, 32),
    ("Salle", "Lot de 100 assiettes porcelaine", 390, 40),
    ("Salle", "Bar mobile éclairé", 1250, 34),
    ("Hygiène", "Autolaveuse 50 cm", 2790, 25),
    ("Hygiène", "Aspirateur eau et poussière 60 L", 379, 36),
    ("Hygiène", "Nettoyeur haute pression 200 bar", 1090, 30),
    ("Hygiène", "Lave-mains au genou", 219, 42),
    ("Hygiène", "Chariot de ménage complet", 299, 40),
    ("Hygiène", "Poubelle à pédale 90 L", 99, 45),
    ("Service", "Contrat d'entretien annuel", 690, 62),
    ("Service", "Installation et mise en service", 450, 55),
    ("Service", "Extension de garantie 3 ans", 320, 70),
    ("Service", "Formation à l'utilisation", 580, 58),
];

pub(crate) fn product_key(number: u64) -> String {
    slug(PRODUCTS[number as usize].1, '-')
}

pub(crate) fn product(number: u64) -> Record {
    let (family, name, price, margin) = PRODUCTS[number as usize];
    let code: String = slug(family, '-').chars().take(3).collect::<String>().to_uppercase();
    Record::new("product", product_key(number))
        .with("name", name)
        .with("code", format!("{code}-{:03}", number + 1))
        .with("family", family)
        .with("price", euros(price * 100))
        .with("cost", euros(price * (100 - margin)))
        .with("active", number % 19 != 18)
        .with("description", format!("{name}. Garantie deux ans, livraison en France sous cinq jours ouvrés."))
}
