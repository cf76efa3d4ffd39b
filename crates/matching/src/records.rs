//! Records as rows of numbers: each attribute's normalised value by its number in a dictionary.

use hashbrown::{HashSet, HashTable};
use rayon::prelude::*;

use crate::dictionary::{Dictionary, ROLE, ValueKind, spread};
use crate::hash;
use crate::normalise::{address, contact, date, fold, name, organisation, place, words};
use crate::plan::{Plan, Reader};
use crate::{Column, Error, Table};

/// The records of a table or of an index.
#[derive(Debug)]
pub(crate) struct Records {
    pub plan: Plan,
    pub month_first: bool,
    pub dictionaries: Vec<Dictionary>,
    /// Row by row, one number for each slot (0 where the value is missing), then one sketch for each slot.
    features: Vec<u32>,
    slots: usize,
    /// The slot of company numbers.
    pub company: Option<usize>,
    /// The slot of towns.
    pub city: Option<usize>,
    /// The slot of an organisation's name.
    pub name: Option<usize>,
    /// The slot of family names.
    last: Option<usize>,
    /// The source of each row.
    pub sources: Vec<u16>,
}

impl Records {
    /// No records yet.
    pub fn new(plan: Plan, month_first: bool) -> Self {
        let dictionaries = plan.dictionaries.iter().map(|kind| Dictionary::new(*kind)).collect();
        let slots = plan.slots.len();
        let [company, city, name, last] = ["company", "city", "organisation", "last_name"].map(|name| plan.slot(name));
        let (features, sources) = (Vec::new(), Vec::new());
        Self { company, city, name, last, plan, month_first, dictionaries, features, slots, sources }
    }

    /// Normalises a whole table.
    pub fn of_table(plan: Plan, table: &Table, month_first: bool) -> Result<Self, Error> {
        let mut records = Self::new(plan, month_first);
        let columns: Vec<&Column> = records
            .plan
            .columns
            .iter()
            .map(|(name, _)| {
                table.column(name).map(|at| &table.columns()[at]).ok_or_else(|| Error::UnknownColumn(name.clone()))
            })
            .collect::<Result<_, _>>()?;
        let read: Vec<ReadColumn> = columns
            .par_iter()
            .zip(&records.plan.columns)
            .map(|(column, (_, reader))| ReadColumn::new(column, reader, &records.plan, month_first))
            .collect();
        let read = records.join_dictionaries(read);
        let (rows, slots) = (table.rows(), records.slots);
        let width = 2 * slots;
        let mut features = vec![0u32; rows * width];
        const CHUNK: usize = 1 << 14;
        features.par_chunks_mut((CHUNK * width).max(1)).enumerate().for_each(|(chunk, features)| {
            for column in &read {
                let raw = &column.raw[chunk * CHUNK..];
                for (row, raw) in features.chunks_exact_mut(width).zip(raw) {
                    for (slot, ids) in &column.values {
                        if row[*slot] == 0 {
                            (row[*slot], row[slots + slot]) = ids[*raw as usize];
                        }
                    }
                }
            }
        });
        records.features = features;
        records.take_towns_out_of_names();
        records.add_shapes();
        records.add_points();
        records.sources = (0..table.sources().len())
            .flat_map(|source| {
                let rows = table.source_rows(source);
                std::iter::repeat_n(source.min(usize::from(u16::MAX)) as u16, rows.len())
            })
            .collect();
        Ok(records)
    }

    /// Takes additions out of the names of organisations that only repeat their town.
    fn take_towns_out_of_names(&mut self) {
        let Some(name) = self.name else { return };
        let dictionary = self.dictionary(name);
        let added: Vec<bool> =
            (0..dictionary.len() as u32).map(|id| dictionary.text(id).contains(organisation::ADDITION)).collect();
        let width = 2 * self.slots;
        for start in (0..self.features.len()).step_by(width.max(1)) {
            if added[self.features[start + name] as usize] {
                let mut row = self.features[start..start + width].to_vec();
                self.take_town_out(name, &mut row);
                self.features[start..start + width].copy_from_slice(&row);
            }
        }
    }

    fn take_town_out(&mut self, name: usize, row: &mut [u32]) {
        let town = self.city.map_or("", |city| self.dictionary(city).text(row[city]));
        if let Some(bare) = organisation::without_town(self.dictionary(name).text(row[name]), town) {
            let dictionary = &mut self.dictionaries[self.plan.slots[name].dictionary];
            row[name] = dictionary.intern(&bare);
            row[self.slots + name] = dictionary.entry(row[name]).sketch;
        }
    }

    /// Works out the shapes of e-mail addresses.
    fn add_shapes(&mut self) {
        let Some(slots) = self.plan.shape else { return };
        let texts = |row: &[u32]| -> Option<String> { shape_of(&self.plan, &self.dictionaries, row) };
        const CHUNK: usize = 1 << 14;
        let mut dictionary = Dictionary::new(ValueKind::Code);
        let mut ids = Vec::with_capacity(self.features.len() / (2 * self.slots));
        // A few chunks at a time, so that the texts of a million rows are never held together.
        for some in self.features.chunks(CHUNK * 16 * 2 * self.slots) {
            let shapes: Vec<Vec<Option<String>>> = some
                .par_chunks(CHUNK * 2 * self.slots)
                .map(|chunk| chunk.chunks_exact(2 * self.slots).map(texts).collect())
                .collect();
            ids.extend(shapes.into_iter().flatten().map(|shape| shape.map_or(0, |shape| dictionary.intern(&shape))));
        }
        for (row, id) in self.features.chunks_exact_mut(2 * self.slots).zip(ids) {
            row[slots.shape] = id;
        }
        self.dictionaries[self.plan.slots[slots.shape].dictionary] = dictionary;
    }

    /// Puts latitude and longitude together.
    fn add_points(&mut self) {
        if self.plan.point.is_none() {
            return;
        }
        let width = 2 * self.slots;
        for start in (0..self.features.len()).step_by(width) {
            let mut row = self.features[start..start + width].to_vec();
            self.add_point(&mut row);
            self.features[start..start + width].copy_from_slice(&row);
        }
    }

    fn add_point(&mut self, row: &mut [u32]) {
        let Some(slots) = self.plan.point else { return };
        let text = |slot: usize| self.dictionary(slot).text(row[slot]);
        let (north, east) = (text(slots.latitude), text(slots.longitude));
        // Where the equator meets the first meridian lie the places that nobody knows.
        if !north.is_empty() && !east.is_empty() && (north, east) != ("0", "0") {
            let point = format!("{north} {east}");
            row[slots.point] = self.dictionaries[self.plan.slots[slots.point].dictionary].intern(&point);
        }
    }

    /// Joins the dictionaries of the columns to those of the plan; what the columns hold are then numbers of the latter.
    fn join_dictionaries(&mut self, mut read: Vec<ReadColumn>) -> Vec<ReadColumn> {
        let plan = &self.plan;
        for (number, dictionary) in self.dictionaries.iter_mut().enumerate() {
            let mut fresh = true;
            for column in &mut read {
                for (slot, ids) in &mut column.values {
                    if plan.slots[*slot].dictionary != number {
                        continue;
                    }
                    let Some(at) = column.dictionaries.iter().position(|(held, _)| held == slot) else { continue };
                    let (_, theirs) = column.dictionaries.swap_remove(at);
                    if fresh {
                        *dictionary = theirs;
                        fresh = false;
                        continue;
                    }
                    let map: Vec<u32> = (0..theirs.len() as u32)
                        .map(|id| if id == 0 { 0 } else { dictionary.intern(theirs.text(id)) })
                        .collect();
                    for (id, _) in ids {
                        *id = map[*id as usize];
                    }
                }
            }
        }
        read
    }

    /// Adds one record, given by the cells of the plan's columns.
    pub fn push<'a>(&mut self, source: u16, cell: impl Fn(&str) -> Option<&'a str>) -> u32 {
        let mut row = vec![0; 2 * self.slots];
        for (name, reader) in &self.plan.columns {
            let Some(cell) = cell(name) else { continue };
            let (plan, dictionaries) = (&self.plan, &mut self.dictionaries);
            read(reader, cell, &self.plan.region, self.month_first, &mut |slot, value| {
                if row[slot] == 0 {
                    let dictionary = &mut dictionaries[plan.slots[slot].dictionary];
                    row[slot] = dictionary.intern(value);
                    row[plan.slots.len() + slot] = dictionary.entry(row[slot]).sketch;
                }
            });
        }
        if let Some(name) = self.name {
            self.take_town_out(name, &mut row);
        }
        if let Some(slots) = self.plan.shape
            && let Some(shape) = shape_of(&self.plan, &self.dictionaries, &row)
        {
            row[slots.shape] = self.dictionaries[self.plan.slots[slots.shape].dictionary].intern(&shape);
        }
        self.add_point(&mut row);
        self.features.extend_from_slice(&row);
        self.sources.push(source);
        self.rows() as u32 - 1
    }

    /// Adds one record, given by the normalised value of each slot.
    pub fn push_values(&mut self, values: &[Option<String>]) -> u32 {
        let mut row = vec![0; 2 * self.slots];
        for (slot, value) in values.iter().enumerate().take(self.slots) {
            let Some(value) = value else { continue };
            let dictionary = &mut self.dictionaries[self.plan.slots[slot].dictionary];
            row[slot] = dictionary.intern(value);
            row[self.slots + slot] = dictionary.entry(row[slot]).sketch;
        }
        self.features.extend_from_slice(&row);
        self.sources.push(0);
        self.rows() as u32 - 1
    }

    /// The number of records.
    pub fn rows(&self) -> usize {
        self.sources.len()
    }

    /// The numbers of a record, by slot, then the sketches of its values.
    #[inline]
    pub fn row(&self, row: u32) -> &[u32] {
        let start = row as usize * 2 * self.slots;
        &self.features[start..start + 2 * self.slots]
    }

    /// Whether a record holds something that is one entity's own.
    pub fn has_own(&self, row: u32) -> bool {
        self.holds_own(self.row(row))
    }

    /// The same of a record's numbers. A person has a mailbox of a post only together with a name.
    pub fn holds_own(&self, row: &[u32]) -> bool {
        let named = || !self.plan.tells_people() || self.last.is_some_and(|last| row[last] != 0);
        let shared = |slot: usize| {
            row[self.slots + slot] == ROLE
                && self.plan.dictionaries[self.plan.slots[slot].dictionary] == ValueKind::Email
                && !named()
        };
        self.plan.own.iter().any(|slots| slots.iter().all(|slot| row[*slot] != 0 && !shared(*slot)))
    }

    /// The number of slots.
    #[inline]
    pub fn slots(&self) -> usize {
        self.slots
    }

    /// The dictionary of a slot.
    #[inline]
    pub fn dictionary(&self, slot: usize) -> &Dictionary {
        &self.dictionaries[self.plan.slots[slot].dictionary]
    }

    /// How many records have each value of a slot, those left out for which `skip` says so.
    pub fn counts(&self, slot: usize, skip: impl Fn(u32) -> bool) -> Vec<u32> {
        let mut counts = vec![0; self.dictionary(slot).len()];
        for (number, row) in self.features.chunks_exact(2 * self.slots).enumerate() {
            if !skip(number as u32) {
                counts[row[slot] as usize] += 1;
            }
        }
        counts
    }
}

/// The shape of a row's e-mail address.
fn shape_of(plan: &Plan, dictionaries: &[Dictionary], row: &[u32]) -> Option<String> {
    let slots = plan.shape?;
    if row[slots.email] == 0 || row[slots.last] == 0 {
        return None;
    }
    let text = |slot: usize| dictionaries[plan.slots[slot].dictionary].text(row[slot]);
    contact::shape(text(slots.email), text(slots.last), slots.first.map(text).unwrap_or_default())
}

/// A column read: its distinct cells, and what each of them means for each slot.
struct ReadColumn {
    /// For each row the number of its cell; 0 for an empty one.
    raw: Vec<u32>,
    /// For each slot the number and the sketch of the value of each distinct cell.
    values: Vec<(usize, Vec<(u32, u32)>)>,
    dictionaries: Vec<(usize, Dictionary)>,
}

/// Columns in which more cells than this differ are read cell by cell: looking for equal ones would cost more than it saves.
const MOSTLY_DISTINCT: f64 = 0.6;

impl ReadColumn {
    fn new(column: &Column, reader: &Reader, plan: &Plan, month_first: bool) -> Self {
        let (raw, first) = distinct_cells(column);
        let slots = reader.slots();
        let mut values: Vec<(usize, Vec<(u32, u32)>)> =
            slots.iter().map(|slot| (*slot, vec![(0, 0); first.len()])).collect();
        let mut dictionaries: Vec<(usize, Dictionary)> = slots
            .iter()
            .map(|slot| (*slot, Dictionary::new(plan.dictionaries[plan.slots[*slot].dictionary])))
            .collect();
        for (id, row) in first.iter().enumerate().skip(1) {
            let cell = column.get(*row as usize).unwrap_or_default();
            read(reader, cell, &plan.region, month_first, &mut |slot, value| {
                let at = slots.iter().position(|held| *held == slot).unwrap_or(0);
                let number = dictionaries[at].1.intern(value);
                values[at].1[id] = (number, dictionaries[at].1.entry(number).sketch);
            });
        }
        Self { raw, values, dictionaries }
    }
}

/// For each row the number of its cell, from 1 (0 for an empty one), and for each number the first row that has the cell.
fn distinct_cells(column: &Column) -> (Vec<u32>, Vec<u32>) {
    let sample: HashSet<&[u8]> = (0..column.len()).take(4096).filter_map(|row| column.bytes(row)).collect();
    let mut first: Vec<u32> = vec![u32::MAX];
    let mut raw = Vec::with_capacity(column.len());
    if sample.len() as f64 > MOSTLY_DISTINCT * column.len().min(4096) as f64 {
        for row in 0..column.len() {
            let filled = column.bytes(row).is_some_and(|cell| !cell.is_empty());
            raw.push(if filled { first.len() as u32 } else { 0 });
            if filled {
                first.push(row as u32);
            }
        }
        return (raw, first);
    }
    let mut known: HashTable<(u32, u32)> = HashTable::new();
    for row in 0..column.len() {
        let Some(cell) = column.bytes(row).filter(|cell| !cell.is_empty()) else {
            raw.push(0);
            continue;
        };
        let short = hash::bytes(cell) as u32;
        let same = |held: &(u32, u32)| held.0 == short && column.bytes(first[held.1 as usize] as usize) == Some(cell);
        let id = match known.find(spread(short), same) {
            Some((_, id)) => *id,
            None => {
                let id = first.len() as u32;
                first.push(row as u32);
                known.insert_unique(spread(short), (short, id), |(short, _)| spread(*short));
                id
            }
        };
        raw.push(id);
    }
    (raw, first)
}

/// Hands the different values to the slots, one to each.
fn put_several(slots: &[usize], values: impl Iterator<Item = String>, put: &mut dyn FnMut(usize, &str)) {
    let mut held: Vec<String> = Vec::new();
    for value in values {
        if !held.contains(&value) {
            put(slots[held.len()], &value);
            held.push(value);
        }
        if held.len() == slots.len() {
            return;
        }
    }
}

/// Reads one cell and hands each value that it holds to `put`, with its slot.
fn read(reader: &Reader, cell: &str, region: &str, month_first: bool, put: &mut dyn FnMut(usize, &str)) {
    let cell = &*fold::umlauts(cell, region);
    let mut some = |slot: &usize, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            put(*slot, &value);
        }
    };
    match reader {
        Reader::Last(slot) => some(slot, name::last_name(cell)),
        Reader::First(slot) => some(slot, name::first_name(cell)),
        Reader::Full { last, first } => {
            let (family, given) = name::full_name(cell);
            some(last, family);
            some(first, given);
        }
        Reader::Date(slot) => some(slot, date::date(cell, month_first).map(|date| format!("{:08}", date.packed()))),
        Reader::Email(slots) => put_several(slots, contact::emails(cell), put),
        Reader::Phone(slots) => put_several(slots, contact::phones(cell, region), put),
        Reader::CompanyEmail { email, website } => {
            let mut site = None;
            put_several(email, contact::emails(cell), &mut |slot, address| {
                let domain = address.rsplit('@').next().filter(|domain| !contact::is_public_domain(domain));
                site = site.take().or(domain.map(str::to_owned));
                put(slot, address);
            });
            if let Some(site) = site {
                put(*website, &site);
            }
        }
        Reader::HouseNumber(slot) => some(slot, address::number(cell)),
        Reader::Street { number, street } => {
            let (house, name) = address::street(cell);
            some(number, house);
            some(street, name);
        }
        Reader::Address { number, street, postcode, city } => {
            let whole = address::whole(cell, region);
            some(number, whole.number);
            some(street, whole.street);
            some(postcode, whole.postcode);
            some(city, whole.city);
        }
        Reader::Postcode(slot) => some(slot, address::postcode(cell, region)),
        Reader::City(slot) => some(slot, address::city(cell)),
        Reader::Word(slot) => some(slot, fold::text(cell)),
        Reader::Country(slot) => some(slot, address::country(cell)),
        Reader::Organisation(slot) => some(slot, organisation::organisation_name(cell)),
        Reader::Identifier(slot) => some(slot, organisation::identifier(cell)),
        Reader::Company { company, other } => match organisation::company_number(cell) {
            Some(number) => some(company, Some(number)),
            None => some(other, organisation::identifier(cell)),
        },
        Reader::Website(slot) => some(slot, contact::website(cell)),
        Reader::Text { words: slot, codes } => {
            some(slot, words::words(cell));
            some(codes, words::codes(cell));
        }
        Reader::Number(slot) => some(slot, words::number(cell)),
        Reader::Latitude(slot) => some(slot, place::latitude(cell)),
        Reader::Longitude(slot) => some(slot, place::longitude(cell)),
        Reader::Coordinates { latitude, longitude } => {
            let (north, east) = place::coordinates(cell).unzip();
            some(latitude, north);
            some(longitude, east);
        }
    }
}
