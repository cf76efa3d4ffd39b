//! Words that people and companies are called by.

#[rustfmt::skip]
pub(crate) const FIRST_WOMEN: [&str; 80] = [
    "Adèle", "Agathe", "Agnès", "Alice", "Amandine", "Amélie", "Anaïs", "Anne", "Annick", "Aurélie",
    "Béatrice", "Camille", "Caroline", "Catherine", "Cécile", "Céline", "Chantal", "Charlotte", "Chloé",
    "Christelle", "Christine", "Claire", "Clara", "Corinne", "Delphine", "Diane", "Dominique", "Élise",
    "Élodie", "Emma", "Estelle", "Fanny", "Fatima", "Florence", "Françoise", "Gaëlle", "Hélène", "Inès",
    "Isabelle", "Jeanne", "Joëlle", "Julie", "Justine", "Karine", "Laetitia", "Laura", "Léa", "Lucie",
    "Madeleine", "Manon", "Marie", "Marion", "Martine", "Mathilde", "Mélanie", "Michèle", "Monique", "Nadia",
    "Nathalie", "Nicole", "Océane", "Patricia", "Pauline", "Rachida", "Sandrine", "Sarah", "Séverine",
    "Sophie", "Stéphanie", "Suzanne", "Sylvie", "Valérie", "Vanessa", "Véronique", "Virginie", "Yasmine",
    "Yvette", "Zoé", "Marie-Claude", "Anne-Sophie",
];

#[rustfmt::skip]
pub(crate) const FIRST_MEN: [&str; 80] = [
    "Adrien", "Alain", "Alexandre", "Ali", "André", "Antoine", "Arnaud", "Aurélien", "Baptiste", "Benjamin",
    "Benoît", "Bernard", "Bruno", "Cédric", "Charles", "Christian", "Christophe", "Clément", "Cyril",
    "Damien", "Daniel", "David", "Denis", "Didier", "Édouard", "Éric", "Étienne", "Fabien", "Fabrice",
    "Florian", "Franck", "François", "Frédéric", "Gabriel", "Gérard", "Gilles", "Grégory", "Guillaume", "Guy",
    "Hakim", "Henri", "Hugo", "Jacques", "Jean", "Jérémy", "Jérôme", "Julien", "Karim", "Laurent", "Loïc",
    "Louis", "Luc", "Lucas", "Marc", "Mathieu", "Maxime", "Mehdi", "Michel", "Mohamed", "Nicolas", "Noël",
    "Olivier", "Pascal", "Patrick", "Paul", "Philippe", "Pierre", "Quentin", "Raphaël", "Rémi", "Romain",
    "Samuel", "Sébastien", "Serge", "Stéphane", "Sylvain", "Thierry", "Thomas", "Xavier", "Jean-Pierre",
];

#[rustfmt::skip]
pub(crate) const LAST: [&str; 198] = [
    "Abadie", "Adam", "Allard", "Amiot", "André", "Arnoux", "Aubert", "Auger", "Bailly", "Barbier", "Baron",
    "Barré", "Bazin", "Beaumont", "Benali", "Benoist", "Berger", "Bernier", "Berthelot", "Besson", "Bigot",
    "Blanchard", "Blondel", "Bonnet", "Bouchet", "Boulanger", "Bourgeois", "Bouvier", "Breton", "Brunel",
    "Caron", "Carpentier", "Charpentier", "Chauvin", "Chevalier", "Clerc", "Colas", "Collet", "Cordier",
    "Costa", "Coulon", "Courtois", "Cousin", "Da Silva", "Daniel", "David", "Delattre", "Delmas", "Deschamps",
    "Devaux", "Diallo", "Didier", "Dubois", "Duchêne", "Dufour", "Dumas", "Dumont", "Dupont", "Dupuy",
    "Durand", "Duval", "Etienne", "Evrard", "Fabre", "Faure", "Ferrand", "Ferreira", "Fischer", "Fleury",
    "Fontaine", "Fournier", "François", "Gaillard", "Garcia", "Garnier", "Gauthier", "Georges", "Gérard",
    "Gervais", "Gilbert", "Girard", "Giraud", "Godard", "Gonzalez", "Grenier", "Gros", "Guérin", "Guichard",
    "Guillot", "Guyot", "Hamel", "Hardy", "Haddad", "Hébert", "Henry", "Hervé", "Hoarau", "Hubert", "Huet",
    "Humbert", "Imbert", "Jacob", "Jacquet", "Joly", "Jourdan", "Julien", "Klein", "Lacroix", "Lambert",
    "Langlois", "Laporte", "Laurent", "Lebrun", "Leclerc", "Lecomte", "Lefèvre", "Legrand", "Le Goff",
    "Lejeune", "Lemaire", "Lemoine", "Leroux", "Le Roy", "Lesage", "Lévêque", "Lopez", "Louis", "Lucas",
    "Maillard", "Mallet", "Marchal", "Marchand", "Maréchal", "Marie", "Marin", "Marion", "Martel", "Martin",
    "Masson", "Mathieu", "Maury", "Menard", "Mercier", "Meunier", "Meyer", "Michaud", "Millet", "Monnier",
    "Moreau", "Morel", "Morin", "Moulin", "Muller", "Navarro", "Nguyen", "Noël", "Olivier", "Paris", "Pascal",
    "Pasquier", "Payet", "Pelletier", "Pereira", "Perret", "Perrin", "Petit", "Philippe", "Picard", "Pichon",
    "Poirier", "Poulain", "Prévost", "Rémy", "Renard", "Renaud", "Rey", "Reynaud", "Richard", "Rivière",
    "Robin", "Rodriguez", "Roger", "Rolland", "Rousseau", "Roux", "Royer", "Sanchez", "Schmitt", "Simon",
    "Tanguy", "Tessier", "Thomas", "Traoré", "Vallet", "Vasseur", "Vidal", "Vincent", "Weber",
];

#[rustfmt::skip]
pub(crate) const FIRST_FOREIGN: [&str; 40] = [
    "Alan", "Alison", "Amy", "Andrew", "Anita", "Barry", "Carol", "Colin", "Deborah", "Edward", "Emily",
    "Fiona", "George", "Grace", "Hannah", "Harry", "Helen", "Ian", "Imogen", "James", "Janet", "John",
    "Karen", "Keith", "Laura", "Liam", "Lynn", "Martin", "Megan", "Nigel", "Oliver", "Owen", "Paula", "Peter",
    "Rachel", "Robert", "Sean", "Simon", "Susan", "William",
];

#[rustfmt::skip]
pub(crate) const LAST_FOREIGN: [&str; 60] = [
    "Adams", "Ainsworth", "Baker", "Barnes", "Bennett", "Blake", "Brooks", "Burton", "Byrne", "Carter",
    "Chapman", "Clarke", "Cole", "Cooper", "Davies", "Dawson", "Doyle", "Ellis", "Evans", "Fletcher",
    "Foster", "Gallagher", "Gibson", "Graham", "Green", "Griffiths", "Hall", "Harris", "Holmes", "Hughes",
    "Hunt", "Jackson", "Jones", "Kelly", "Kennedy", "Lawson", "Lloyd", "Marsh", "Mason", "Mills", "Morgan",
    "Murphy", "Nolan", "Palmer", "Parker", "Phillips", "Powell", "Price", "Quinn", "Reid", "Roberts",
    "Russell", "Scott", "Shaw", "Stone", "Taylor", "Turner", "Walsh", "Webb", "Wright",
];

/// What close people say instead of the name in the papers.
#[rustfmt::skip]
pub(crate) const NICKNAMES: [(&str, &str); 24] = [
    ("Alexandre", "Alex"), ("Amandine", "Mandy"), ("Benjamin", "Ben"), ("Caroline", "Caro"),
    ("Catherine", "Cathy"), ("Christophe", "Chris"), ("Christine", "Chris"), ("Dominique", "Dom"),
    ("Élisabeth", "Babeth"), ("Emmanuel", "Manu"), ("Frédéric", "Fred"), ("Gabriel", "Gaby"),
    ("Grégory", "Greg"), ("Isabelle", "Isa"), ("Jean-Pierre", "JP"), ("Jérémy", "Jérem"), ("Maxime", "Max"),
    ("Mohamed", "Momo"), ("Nathalie", "Nath"), ("Nicolas", "Nico"), ("Patricia", "Pat"), ("Philippe", "Phil"),
    ("Sébastien", "Seb"), ("Véronique", "Véro"),
];

/// A trade: what companies of it are called, and its sector.
#[rustfmt::skip]
pub(crate) const TRADES: [(&str, &str); 48] = [
    ("Menuiserie", "construction"), ("Plomberie", "construction"), ("Charpentes", "construction"),
    ("Couverture", "construction"), ("Maçonnerie", "construction"), ("Électricité", "construction"),
    ("Peintures", "construction"), ("Carrelages", "construction"), ("Boulangerie", "food"),
    ("Pâtisserie", "food"), ("Boucherie", "food"), ("Fromagerie", "food"), ("Chocolaterie", "food"),
    ("Brasserie", "hospitality"), ("Hôtel", "hospitality"), ("Restaurant", "hospitality"),
    ("Auberge", "hospitality"), ("Traiteur", "hospitality"), ("Café", "hospitality"),
    ("Camping", "hospitality"), ("Garage", "automotive"), ("Carrosserie", "automotive"),
    ("Pneus", "automotive"), ("Cycles", "automotive"), ("Mécanique", "manufacturing"),
    ("Usinage", "manufacturing"), ("Chaudronnerie", "manufacturing"), ("Fonderie", "manufacturing"),
    ("Plastiques", "manufacturing"), ("Emballages", "manufacturing"), ("Transports", "logistics"),
    ("Logistique", "logistics"), ("Déménagements", "logistics"), ("Cabinet", "services"),
    ("Conseil", "services"), ("Imprimerie", "services"), ("Nettoyage", "services"), ("Sécurité", "services"),
    ("Clinique", "health"), ("Pharmacie", "health"), ("Laboratoire", "health"), ("Optique", "health"),
    ("Librairie", "retail"), ("Quincaillerie", "retail"), ("Jardinerie", "retail"), ("Mobilier", "retail"),
    ("Serres", "agriculture"), ("Domaine", "agriculture"),
];

#[rustfmt::skip]
pub(crate) const TRADES_FOREIGN: [(&str, &str); 16] = [
    ("Joinery", "construction"), ("Plumbing", "construction"), ("Roofing", "construction"),
    ("Bakery", "food"), ("Butchers", "food"), ("Hotels", "hospitality"), ("Catering", "hospitality"),
    ("Inns", "hospitality"), ("Motors", "automotive"), ("Engineering", "manufacturing"),
    ("Castings", "manufacturing"), ("Haulage", "logistics"), ("Consulting", "services"),
    ("Printing", "services"), ("Pharmacy", "health"), ("Hardware", "retail"),
];

#[rustfmt::skip]
pub(crate) const JOBS: [&str; 16] = [
    "Gérant", "Directrice des achats", "Acheteur", "Responsable maintenance", "Chef d'atelier",
    "Directeur technique", "Responsable logistique", "Assistante de direction", "Comptable",
    "Chef de cuisine", "Responsable d'exploitation", "Directeur général", "Responsable des services généraux",
    "Conducteur de travaux", "Responsable qualité", "Office manager",
];

#[rustfmt::skip]
pub(crate) const JOBS_FOREIGN: [&str; 8] = [
    "Managing director", "Buyer", "Head of purchasing", "Maintenance manager", "Workshop manager",
    "Operations manager", "Head chef", "Office manager",
];

#[rustfmt::skip]
pub(crate) const STREETS: [&str; 30] = [
    "rue de la République", "rue Victor-Hugo", "avenue Jean-Jaurès", "rue des Écoles", "rue du Moulin",
    "place de la Mairie", "rue de l'Église", "boulevard Gambetta", "rue Pasteur", "avenue de la Gare",
    "rue du Stade", "chemin des Vignes", "rue des Lilas", "rue Voltaire", "impasse des Acacias",
    "allée des Tilleuls", "rue Émile-Zola", "quai de la Loire", "route de Paris", "rue du Commerce",
    "rue des Artisans", "zone industrielle Nord", "rue de la Fontaine", "rue Jules-Ferry",
    "avenue du Général-Leclerc", "rue Saint-Martin", "cours Lafayette", "rue du Port", "rue de Bretagne",
    "rue des Tanneurs",
];

/// Lower-case ASCII words joined by `joint`: the form of names in addresses.
pub(crate) fn slug(text: &str, joint: char) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match plain(c) {
            Some(c) if c.is_ascii_alphanumeric() => slug.push(c),
            _ if !slug.is_empty() && !slug.ends_with(joint) => slug.push(joint),
            _ => {}
        }
    }
    slug.trim_end_matches(joint).to_owned()
}

/// The letter without its accent.
pub(crate) fn plain(c: char) -> Option<char> {
    Some(match c {
        'à' | 'â' | 'ä' => 'a',
        'ç' => 'c',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        'À' | 'Â' => 'A',
        'Ç' => 'C',
        'É' | 'È' | 'Ê' => 'E',
        'Î' => 'I',
        'Ô' => 'O',
        _ if c.is_ascii() => c,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_stay_different_in_addresses() {
        let mut first: Vec<&str> = FIRST_WOMEN.iter().chain(&FIRST_MEN).copied().collect();
        for names in [&mut first, &mut LAST.to_vec(), &mut FIRST_FOREIGN.to_vec(), &mut LAST_FOREIGN.to_vec()] {
            let slugs: HashSet<String> = names.iter().map(|name| slug(name, '-')).collect();
            assert_eq!(slugs.len(), names.len());
        }
        assert_eq!(slug("Marie-Claude d'Été & Cie", '-'), "marie-claude-d-ete-cie");
    }
}
