//! Small made-up registers of people, with errors.

use matching::Table;

const LAST: &[&str] = &[
    "Martin", "Bernard", "Thomas", "Petit", "Robert", "Durand", "Moreau", "Lefèvre", "Le Gall", "Da Silva", "Fontaine",
    "N'Guyen",
];
const FIRST: &[&str] = &[
    "Marie",
    "Jean",
    "Pierre",
    "Michel",
    "Françoise",
    "Nathalie",
    "Jean-Pierre",
    "Alexandre",
    "Léa",
    "Inès",
    "Karim",
    "Yann",
];
const CITY: &[(&str, &str)] =
    &[("75001", "Paris"), ("69001", "Lyon"), ("13001", "Marseille"), ("35000", "Rennes"), ("42000", "Saint-Étienne")];
const STREET: &[&str] =
    &["rue de la République", "avenue Victor Hugo", "place du Marché", "chemin des Vignes", "boulevard Voltaire"];

/// The columns of a register.
pub const COLUMNS: &[&str] = &["last_name", "first_name", "birth_date", "street", "postcode", "city", "email", "phone"];

/// A small generator of numbers.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % sides
    }
}

/// A record: its cells by column.
pub type Row = Vec<Option<String>>;

/// `rows` records of about two thirds as many people, and the person of each.
pub fn register(rows: usize, seed: u64) -> (Vec<Row>, Vec<usize>) {
    let mut dice = Dice(seed);
    let mut people: Vec<Row> = Vec::new();
    let (mut records, mut truth) = (Vec::new(), Vec::new());
    while records.len() < rows {
        if people.is_empty() || dice.roll(3) > 0 {
            let (last, first) = (LAST[dice.roll(LAST.len())], FIRST[dice.roll(FIRST.len())]);
            let (postcode, city) = CITY[dice.roll(CITY.len())];
            let plain = |text: &str| text.to_lowercase().replace([' ', '\'', '-'], "");
            people.push(vec![
                Some(last.to_owned()),
                Some(first.to_owned()),
                Some(format!("{}-{:02}-{:02}", 1940 + dice.roll(65), 1 + dice.roll(12), 1 + dice.roll(28))),
                Some(format!("{} {}", 1 + dice.roll(90), STREET[dice.roll(STREET.len())])),
                Some(postcode.to_owned()),
                Some(city.to_owned()),
                Some(format!("{}.{}{}@free.fr", plain(first), plain(last), dice.roll(500))),
                Some(format!("06{:08}", dice.roll(99_999_999))),
            ]);
            records.push(people[people.len() - 1].clone());
            truth.push(people.len() - 1);
        } else {
            let person = dice.roll(people.len());
            let mut copy = people[person].clone();
            for _ in 0..1 + dice.roll(2) {
                let column = dice.roll(copy.len());
                if dice.roll(3) == 0 {
                    copy[column] = None;
                } else if let Some(cell) = &mut copy[column] {
                    let at = dice.roll(cell.chars().count());
                    *cell = cell.chars().enumerate().filter(|(place, _)| *place != at).map(|(_, c)| c).collect();
                }
            }
            records.push(copy);
            truth.push(person);
        }
    }
    (records, truth)
}

/// The records as a table of one source.
pub fn table(records: &[Row]) -> Table {
    let mut table = Table::default();
    append(&mut table, "register", records);
    table
}

/// Appends records as a source.
pub fn append(table: &mut Table, source: &str, records: &[Row]) {
    let rows: Vec<Vec<Option<&str>>> =
        records.iter().map(|row| row.iter().map(|cell| cell.as_deref()).collect()).collect();
    table.append_rows(source, COLUMNS, &rows).expect("rows of equal length");
}
