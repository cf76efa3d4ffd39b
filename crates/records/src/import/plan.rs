//! A mapping fitted to a file's columns and to the objects: what is done to every row, decided once.

use std::collections::HashMap;
use std::sync::Arc;

use kernel::{Currency, Locale, Words, Zone, fold};
use model::{FieldDef, FieldType, Ident, ObjectDef, Problem, Schema, system};
use tabular::value::{DateOrder, NumberFormat};

use super::convert::{Converter, Formats};
use super::mapping::{Blank, FieldMap, Mapping, Method};
use super::template::Template;

/// What is done to every row.
pub(super) struct Plan {
    pub(super) schema: Arc<Schema>,
    pub(super) object: Arc<ObjectDef>,
    pub(super) method: Method,
    pub(super) blank: Blank,
    pub(super) key: Vec<KeyPart>,
    pub(super) targets: Vec<Target>,
    pub(super) lookups: Vec<Lookup>,
    /// For each column, values that mean others: as written, and folded.
    pub(super) values: HashMap<usize, ValueMap>,
}

#[derive(Default)]
pub(super) struct ValueMap {
    pub(super) exact: HashMap<String, String>,
    pub(super) folded: HashMap<String, String>,
}

/// A field (or a part of it) that is compared to find a row's record.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct KeyPart {
    pub(super) field: Ident,
    pub(super) part: Option<Ident>,
}

/// A field that is filled.
pub(super) struct Target {
    pub(super) converter: Converter,
    pub(super) inputs: Vec<Input>,
    /// For references: which of the plan's lookups finds the target.
    pub(super) lookup: Option<usize>,
    pub(super) replace: bool,
}

/// Where a field, or a part of it, comes from.
pub(super) struct Input {
    pub(super) part: Option<String>,
    pub(super) label: String,
    pub(super) from: From,
}

pub(super) enum From {
    Column(usize),
    Template(Template),
}

/// How a reference finds its record.
pub(super) struct Lookup {
    pub(super) object: Arc<ObjectDef>,
    pub(super) by: KeyPart,
    pub(super) converter: Converter,
    /// It points to the object that is being filled: the record may come later in the file.
    pub(super) own: bool,
    /// Records that are not found are created so.
    pub(super) missing: Option<Box<Plan>>,
}

/// What a plan is made with besides the mapping.
pub(super) struct Setting<'a> {
    pub(super) schema: &'a Arc<Schema>,
    pub(super) words: &'a Words,
    pub(super) zone: Zone,
    pub(super) source: &'a str,
    pub(super) file: &'a str,
}

impl Plan {
    /// Fits a mapping to columns.
    pub(super) fn new(mapping: &Mapping, columns: &[String], setting: &Setting<'_>) -> Result<Plan, Problem> {
        let object = setting
            .schema
            .object(mapping.object.as_str())
            .ok_or_else(|| Problem::new(&mapping.object, "unknown-object"))?;
        let mut plan = Plan {
            schema: Arc::clone(setting.schema),
            object: Arc::clone(object),
            method: mapping.method,
            blank: mapping.blank,
            key: Vec::new(),
            targets: Vec::new(),
            lookups: Vec::new(),
            values: HashMap::new(),
        };
        for map in &mapping.fields {
            plan.add(mapping, map, columns, setting)?;
        }
        for (column, values) in &mapping.values {
            let at = find(columns, column)?;
            let map = plan.values.entry(at).or_default();
            for (from, to) in values {
                map.exact.insert(from.clone(), to.clone());
                map.folded.insert(fold(from), to.clone());
            }
        }
        for key in &mapping.key {
            let path = Path::parse(key);
            let target = plan.targets.iter().find(|t| t.converter.field.name == path.field.as_str());
            let target = target.ok_or_else(|| Problem::new(key, "import-key-not-filled"))?;
            let part = path.rest.first().filter(|_| target.lookup.is_none());
            let part = part.map(|p| check_part(&target.converter.field, p)).transpose()?;
            plan.key.push(KeyPart { field: target.converter.field.name.clone(), part });
        }
        if plan.key.is_empty() && plan.method != Method::Create {
            return Err(Problem::new("", "import-needs-key"));
        }
        if plan.targets.is_empty() {
            return Err(Problem::new("", "import-maps-nothing"));
        }
        Ok(plan)
    }

    fn add(
        &mut self,
        mapping: &Mapping,
        map: &FieldMap,
        columns: &[String],
        setting: &Setting<'_>,
    ) -> Result<(), Problem> {
        let path = Path::parse(&map.to);
        let object = Arc::clone(&self.object);
        let field = object
            .field(path.field.as_str())
            .ok_or_else(|| Problem::new(&map.to, "unknown-field").text("object", object.name.as_str()))?;
        let stamp = field.system
            && ![system::ID, system::OWNER, system::TEAM, system::CREATED_AT].contains(&field.name.as_str());
        if stamp || field.is_computed() {
            return Err(Problem::new(&map.to, if field.is_computed() { "computed" } else { "read-only" }));
        }
        let from = match (&map.column, &map.template) {
            (Some(column), None) => From::Column(find(columns, column)?),
            (None, Some(text)) => {
                let run = |name: &str| match name {
                    "source" => Some(setting.source.to_owned()),
                    "file" => Some(setting.file.to_owned()),
                    _ => None,
                };
                let template = Template::parse(text, |c| find(columns, c).ok(), run);
                From::Template(
                    template.map_err(|unknown| Problem::new(&map.to, "import-template").text("value", unknown))?,
                )
            }
            _ => return Err(Problem::new(&map.to, "import-one-origin")),
        };
        let formats = formats(mapping, map, setting)?;
        let (lookup, part) = match &field.kind {
            FieldType::Reference { to, .. } | FieldType::References { to } if field.name != system::ID => {
                let to = if *to == "self" { object.name.clone() } else { to.clone() };
                (Some(self.lookup(map, &to, &path.rest, columns, setting)?), None)
            }
            FieldType::User => (Some(self.lookup(map, &Ident::of("user"), &path.rest, columns, setting)?), None),
            FieldType::Polymorphic { .. } if !path.rest.is_empty() => {
                let to = Ident::new(&path.rest[0]).map_err(|_| Problem::new(&map.to, "unknown-object"))?;
                (Some(self.lookup(map, &to, &path.rest[1..], columns, setting)?), None)
            }
            _ => (None, path.rest.first().map(|p| check_part(field, p)).transpose()?.map(|p| p.to_string())),
        };
        let whole = ["amount", "full", "line", "primary"];
        let part = part.filter(|p| !whole.contains(&p.as_str()));
        let input = Input { part, label: path.label, from };
        if let Some(target) = self.targets.iter_mut().find(|t| t.converter.field.name == field.name) {
            target.inputs.push(input);
            target.replace |= map.replace;
        } else {
            let converter = converter(setting, &object, field, formats);
            self.targets.push(Target { converter, inputs: vec![input], lookup, replace: map.replace });
        }
        Ok(())
    }

    fn lookup(
        &mut self,
        map: &FieldMap,
        to: &Ident,
        rest: &[String],
        columns: &[String],
        setting: &Setting<'_>,
    ) -> Result<usize, Problem> {
        let object = setting.schema.object(to.as_str()).ok_or_else(|| Problem::new(&map.to, "unknown-object"))?;
        let by = rest.first().map_or(object.title.as_str(), String::as_str);
        let unknown = || Problem::new(&map.to, "unknown-field").text("object", object.name.as_str());
        let by = object.field(by).ok_or_else(unknown)?;
        let part = rest.get(1).map(|p| check_part(by, p)).transpose()?;
        let missing = match &map.missing {
            None => None,
            Some(with) => {
                let mut inner = Mapping::new(object.name.clone());
                let title = if by.name == system::ID { &object.title } else { &by.name };
                inner = inner.template(title.as_str(), "{@missing}");
                for (name, text) in with.iter().filter(|(name, _)| name.as_str() != title.as_str()) {
                    inner = inner.template(name, text);
                }
                if *title != object.title && !with.contains_key(object.title.as_str()) {
                    inner = inner.template(object.title.as_str(), "{@missing}");
                }
                Some(Box::new(Plan::missing(&inner, columns, setting)?))
            }
        };
        let formats = Formats {
            order: DateOrder::YearMonthDay,
            numbers: NumberFormat::POINT,
            currency: Currency::EUR,
            zone: setting.zone.clone(),
        };
        self.lookups.push(Lookup {
            object: Arc::clone(object),
            by: KeyPart { field: by.name.clone(), part },
            converter: converter(setting, object, by, formats),
            own: object.name == self.object.name,
            missing,
        });
        Ok(self.lookups.len() - 1)
    }

    /// The plan of records that are created because a reference does not find them: constants, and the text looked for as the one column.
    fn missing(mapping: &Mapping, columns: &[String], setting: &Setting<'_>) -> Result<Plan, Problem> {
        let mut mapping = mapping.clone();
        for map in &mut mapping.fields {
            if map.template.as_deref() == Some("{@missing}") {
                map.template = None;
                map.column = Some("missing".to_owned());
            } else if map.template.as_ref().is_some_and(|t| columns.iter().any(|c| t.contains(&format!("{{{c}")))) {
                return Err(Problem::new(&map.to, "import-constant-only"));
            }
        }
        Plan::new(&mapping, &["missing".to_owned()], setting)
    }
}

/// The place of a column by its name, without regard to case and blanks around it.
pub(super) fn find(columns: &[String], name: &str) -> Result<usize, Problem> {
    let name = name.trim();
    let folded = fold(name);
    let exact = columns.iter().position(|c| c.trim() == name);
    exact
        .or_else(|| columns.iter().position(|c| fold(c.trim()) == folded))
        .ok_or_else(|| Problem::new("", "import-no-column").text("column", name).text("columns", columns.join(", ")))
}

/// `phones#mobile`, `account.external_id`, `name.first`.
struct Path {
    field: String,
    rest: Vec<String>,
    label: String,
}

impl Path {
    fn parse(text: &str) -> Path {
        let (path, label) = text.split_once('#').unwrap_or((text, ""));
        let mut parts = path.split('.').map(|p| p.trim().to_owned());
        Path { field: parts.next().unwrap_or_default(), rest: parts.collect(), label: label.trim().to_owned() }
    }
}

fn check_part(field: &FieldDef, part: &str) -> Result<Ident, Problem> {
    let whole = match field.kind {
        FieldType::Money => "amount",
        FieldType::PersonName => "full",
        FieldType::Address => "line",
        _ => "primary",
    };
    let known = field.kind.parts().contains(&part) || (part == whole && !field.kind.parts().is_empty());
    Ident::new(part).ok().filter(|_| known).ok_or_else(|| {
        Problem::new(format!("{}.{part}", field.name), "unknown-part").text("parts", field.kind.parts().join(", "))
    })
}

fn formats(mapping: &Mapping, map: &FieldMap, setting: &Setting<'_>) -> Result<Formats, Problem> {
    let currency = match map.currency.as_deref().or(mapping.currency.as_deref()) {
        None => Currency::EUR,
        Some(code) => code.parse().map_err(|_| Problem::new(&map.to, "unknown-currency"))?,
    };
    Ok(Formats {
        order: map.dates.or(mapping.dates).map_or(DateOrder::DayMonthYear, |d| d.order()),
        numbers: map.decimal.or(mapping.decimal).map_or(NumberFormat::POINT, |d| d.format()),
        currency,
        zone: setting.zone.clone(),
    })
}

fn converter(setting: &Setting<'_>, object: &ObjectDef, field: &FieldDef, formats: Formats) -> Converter {
    let mut choices = HashMap::new();
    for option in field.kind.options().unwrap_or_default() {
        choices.insert(fold(&option.value), option.value.clone());
        for locale in Locale::ALL {
            let key = format!("{}.{}-{}", object.name, field.name, option.value);
            let label = match setting.words.find(locale, &key, None) {
                Some(label) => label.into_owned(),
                None => option.label.get(locale).to_owned(),
            };
            if !label.is_empty() {
                choices.entry(fold(&label)).or_insert_with(|| option.value.clone());
            }
        }
    }
    Converter { field: field.clone(), kind: field.kind.clone(), formats, choices }
}
