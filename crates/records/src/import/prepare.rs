//! From a row of the file to the values of a record: everything that needs no database, done beside the writing.

use std::borrow::Cow;

use kernel::{Id, fold};
use model::{Address, FieldType, Fields, Ident, PersonName, Problem, Value, system};
use tabular::{Cell, Row};

use super::convert::line;
use super::mapping::Blank;
use super::plan::{From, Input, Lookup, Plan, Target};

/// A row, read.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    /// Its number in the file.
    pub(super) number: u64,
    /// As it was, for the file of rejected rows.
    pub(super) cells: Vec<Cell>,
    /// What could be read without the database.
    pub(super) fields: Fields,
    /// References still to be found.
    pub(super) wanted: Vec<Wanted>,
    /// What is wrong with it.
    pub(super) problems: Vec<Problem>,
}

/// A reference to be found.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// The field.
    pub(super) field: Ident,
    pub(super) lookup: usize,
    /// One for references, several for many-to-many.
    pub(super) keys: Vec<RefKey>,
}

/// By what a record is found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum RefKey {
    Id(Id),
    Text(String),
}

impl Plan {
    /// Reads a row.
    pub(super) fn prepare(&self, row: Row) -> Prepared {
        let mut prepared = Prepared {
            number: row.number,
            cells: Vec::new(),
            fields: Fields::with_capacity(self.targets.len()),
            wanted: Vec::new(),
            problems: Vec::new(),
        };
        for target in &self.targets {
            let name = &target.converter.field.name;
            if let Some(lookup) = target.lookup {
                let keys = self.keys(target, &self.lookups[lookup], &row.cells);
                if !keys.is_empty() {
                    prepared.wanted.push(Wanted { field: name.clone(), lookup, keys });
                } else if self.blank == Blank::Clear {
                    prepared.fields.push(name.clone(), Value::Null);
                }
                continue;
            }
            match self.value(target, &row.cells) {
                Ok(Value::Null) if self.blank == Blank::Leave => {}
                Ok(value) => prepared.fields.push(name.clone(), value),
                Err(problem) => prepared.problems.push(problem),
            }
        }
        prepared.cells = row.cells;
        prepared
    }

    /// The cell of an input after value maps and templates; `None` when it is blank.
    fn cell<'a>(&self, input: &Input, cells: &'a [Cell]) -> Option<Cow<'a, Cell>> {
        match &input.from {
            From::Column(at) => self.mapped(*at, cells),
            From::Template(template) => {
                let text = template.fill(|at| {
                    self.mapped(at, cells).map_or(Cow::Borrowed(""), |cell| match cell {
                        Cow::Borrowed(cell) => cell.to_text(),
                        Cow::Owned(cell) => Cow::Owned(cell.to_text().into_owned()),
                    })
                });
                text.map(|text| Cow::Owned(Cell::Text(text)))
            }
        }
    }

    fn mapped<'a>(&self, at: usize, cells: &'a [Cell]) -> Option<Cow<'a, Cell>> {
        let cell = cells.get(at)?;
        if let Some(map) = self.values.get(&at) {
            let text = cell.to_text();
            let text = text.trim();
            if let Some(to) = map.exact.get(text).or_else(|| map.folded.get(&fold(text))) {
                return (!to.trim().is_empty()).then(|| Cow::Owned(Cell::Text(to.clone())));
            }
        }
        (!cell.is_blank()).then_some(Cow::Borrowed(cell))
    }

    fn keys(&self, target: &Target, lookup: &Lookup, cells: &[Cell]) -> Vec<RefKey> {
        let many = matches!(target.converter.kind, FieldType::References { .. });
        let mut keys = Vec::new();
        for input in &target.inputs {
            let Some(cell) = self.cell(input, cells) else { continue };
            let mut add = |text: &str| {
                let text = line(text);
                if text.is_empty() {
                    return;
                }
                let prefix = lookup.object.prefix.as_str();
                let typed = text.starts_with(prefix) || lookup.by.field == system::ID;
                let key = match typed.then(|| Id::parse(&text, prefix)) {
                    Some(Ok(id)) => RefKey::Id(id),
                    _ => RefKey::Text(text.into_owned()),
                };
                if !keys.contains(&key) {
                    keys.push(key);
                }
            };
            match &*cell {
                Cell::Json(serde_json::Value::Array(list)) => list.iter().filter_map(|v| v.as_str()).for_each(&mut add),
                cell if many => cell.to_text().split([';', '|']).for_each(&mut add),
                cell => add(&cell.to_text()),
            }
        }
        keys
    }

    fn value(&self, target: &Target, cells: &[Cell]) -> Result<Value, Problem> {
        let converter = &target.converter;
        let read = |cell: &Cell| converter.read(&self.schema, &self.object, cell);
        if let [Input { part: None, label, .. }] = &target.inputs[..]
            && label.is_empty()
        {
            let Some(cell) = self.cell(&target.inputs[0], cells) else { return Ok(Value::Null) };
            if converter.field.name == system::ID {
                let text = cell.to_text();
                let id = Id::parse(text.trim(), self.object.prefix.as_str());
                return id.map(Value::Id).map_err(|_| converter.problem("not-an-id", &text));
            }
            return read(&cell);
        }
        let mut value = Value::Null;
        let mut parts: Vec<(&str, String)> = Vec::new();
        for input in &target.inputs {
            let Some(cell) = self.cell(input, cells) else { continue };
            match (&input.part, &converter.kind) {
                (Some(part), _) => parts.push((part, line(&cell.to_text()).into_owned())),
                (None, FieldType::Emails | FieldType::Phones | FieldType::Links) if !input.label.is_empty() => {
                    append(
                        &mut value,
                        converter.entries(&self.schema, &self.object, cell.to_text().trim(), &input.label)?,
                    );
                }
                (None, _) => append(&mut value, read(&cell)?),
            }
        }
        for (part, text) in parts {
            self.put(converter, &mut value, part, text)?;
        }
        Ok(if value.is_empty() { Value::Null } else { value })
    }

    fn put(
        &self,
        converter: &super::convert::Converter,
        value: &mut Value,
        part: &str,
        text: String,
    ) -> Result<(), Problem> {
        if value.is_empty() {
            *value = match converter.kind {
                FieldType::PersonName => Value::Name(Box::default()),
                FieldType::Address => Value::Address(Box::default()),
                FieldType::Location => Value::Location(model::Location { lat: f64::NAN, lon: f64::NAN }),
                _ => return Ok(()),
            };
        }
        match value {
            Value::Name(name) => set_name(name, part, text),
            Value::Address(address) => set_address(address, part, text),
            Value::Money(money) => {
                let currency = text.parse().map_err(|_| converter.problem("unknown-currency", &text))?;
                *money = kernel::Money::from_units(money.units(), currency);
            }
            Value::Location(place) => {
                let number = text.parse().map_err(|_| converter.problem("not-a-location", &text))?;
                if part == "lat" { place.lat = number } else { place.lon = number }
            }
            _ => {}
        }
        Ok(())
    }
}

/// Adds a list's elements; other values take the first that is there.
pub(super) fn append(value: &mut Value, more: Value) {
    match (value, more) {
        (value @ Value::Null, more) => *value = more,
        (Value::Entries(list), Value::Entries(more)) => {
            for entry in more {
                if !list.iter().any(|e| e.value == entry.value) {
                    list.push(entry);
                }
            }
        }
        (Value::Texts(list), Value::Texts(more)) => {
            for text in more {
                if !list.contains(&text) {
                    list.push(text);
                }
            }
        }
        (Value::Ids(list), Value::Ids(more)) => {
            for id in more {
                if !list.contains(&id) {
                    list.push(id);
                }
            }
        }
        _ => {}
    }
}

pub(super) fn set_name(name: &mut PersonName, part: &str, text: String) {
    match part {
        "title" => name.title = text,
        "first" => name.first = text,
        "middle" => name.middle = text,
        "last" => name.last = text,
        _ => name.suffix = text,
    }
}

pub(super) fn set_address(address: &mut Address, part: &str, text: String) {
    match part {
        "street" => address.street = text,
        "street2" => address.street2 = text,
        "postcode" => address.postcode = text,
        "city" => address.city = text,
        "region" => address.region = text,
        _ => address.country = text,
    }
}
