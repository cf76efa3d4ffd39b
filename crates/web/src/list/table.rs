//! Columns, rows and footer of a list.

use kernel::{Currency, Money};
use model::{FieldDef, FieldType, Ident, ObjectDef, Query, Record, Sort, Value};
use records::{Action, RecordError};
use store::{Count, Figure, Reader};

use crate::list::params::Params;
use crate::names::{Names, title};
use crate::visit::Visit;
use crate::{label, show};

/// The fields of a list's columns, its name always first.
pub(crate) fn columns<'a>(visit: &Visit, object: &'a ObjectDef, params: &Params) -> Vec<&'a FieldDef> {
    let title = std::iter::once(&object.title);
    let chosen = params.shown(object).iter().filter(|name| **name != object.title);
    title
        .chain(chosen)
        .filter_map(|name| object.field(name.as_str()))
        .filter(|f| show::is_shown(visit, object, f))
        .collect()
}

/// The head of a list.
pub(crate) fn head(visit: &Visit, object: &ObjectDef, params: &Params, fields: &[&FieldDef]) -> Vec<ui::Column> {
    let schema = visit.space.schema();
    let may_write = visit.access.check(object, Action::Update).is_ok() && !params.deleted;
    let one = |field: &&FieldDef| {
        let current = params.sort.first().filter(|s| s.path.field == field.name && s.path.part.is_none());
        let next = Sort::by(field.name.clone(), current.is_some_and(|s| !s.desc));
        ui::Column {
            key: field.name.to_string(),
            label: label::field(visit, object, field),
            icon: Some(label::type_icon(schema.effective(object, field))),
            numeric: show::is_numeric(visit, object, field),
            sort: field.is_sortable().then(|| ui::Sort {
                href: params.with(|p| p.sort = vec![next]).href(object),
                ascending: current.map(|s| !s.desc),
            }),
            editable: may_write
                && field.name != object.title
                && show::is_editable(visit, object, field)
                && in_place(field),
        }
    };
    fields.iter().map(one).collect()
}

/// Whether a field can be edited where it stands; files need a form of their own.
pub(crate) fn in_place(field: &FieldDef) -> bool {
    !matches!(field.kind, FieldType::Files | FieldType::Json)
}

/// The rows of a list.
pub(crate) fn rows(
    visit: &Visit,
    object: &ObjectDef,
    fields: &[&FieldDef],
    records: &[Record],
    names: &Names,
) -> Vec<ui::Row> {
    records.iter().map(|record| row(visit, object, fields, record, names)).collect()
}

fn row(visit: &Visit, object: &ObjectDef, fields: &[&FieldDef], record: &Record, names: &Names) -> ui::Row {
    let name = title(object, record, names);
    let href = label::record_address(object, record.id());
    let cells = fields.iter().map(|field| {
        if field.name == object.title {
            return ui::Cell::Named { avatar: avatar(object, &name), href: Some(href.clone()), detail: None };
        }
        show::cell(visit, object, field, record.value(field.name.as_str()), names)
    });
    ui::Row {
        id: record.id().typed(object.prefix.as_str()),
        name: name.clone(),
        cells: cells.collect(),
        edit: Some(format!("{href}/cell")),
    }
}

/// A record's mark: round for people, square for things.
pub(crate) fn avatar(object: &ObjectDef, name: &str) -> ui::Avatar {
    let person = object.name == "user"
        || object.field(object.title.as_str()).is_some_and(|f| matches!(f.kind, FieldType::PersonName));
    if person { ui::Avatar::person(name) } else { ui::Avatar::thing(name) }
}

/// A count in words, `10,000+ contacts`.
pub(crate) fn count_text(visit: &Visit, count: Count) -> String {
    let n = visit.format().integer(count.n as i64);
    if count.more { format!("{n}+") } else { n }
}

/// What stands below the rows: the count, and a figure for each column of numbers. One statement beside the count's.
pub(crate) async fn footer(
    visit: &Visit,
    reader: &mut Reader,
    query: &Query,
    object: &ObjectDef,
    fields: &[&FieldDef],
    records: &[Record],
    count: Count,
) -> Result<ui::Footer, RecordError> {
    let schema = visit.space.schema();
    let figure = |f: &&&FieldDef| match schema.effective(object, f) {
        FieldType::Money | FieldType::Integer { .. } | FieldType::Number | FieldType::Duration => Some(Figure::Sum),
        FieldType::Percent | FieldType::Rating { .. } => Some(Figure::Avg),
        _ => None,
    };
    let wanted: Vec<(&FieldDef, Figure)> = fields.iter().filter_map(|f| Some((*f, figure(&f)?))).collect();
    let mut calculations = Vec::new();
    // A sum over more than the count's cap would read every row of a large list.
    if !wanted.is_empty() && !count.more && count.n > 0 {
        let figures: Vec<(Figure, Ident)> = wanted.iter().map(|(f, figure)| (*figure, f.name.clone())).collect();
        let plain = Query { sort: Vec::new(), after: None, ..query.clone() };
        let group = reader.groups(&schema, &plain, None, &figures, 1).await?.into_iter().next();
        let values = group.map(|g| g.figures).unwrap_or_default();
        for ((field, figure), value) in wanted.iter().zip(values) {
            if value.is_empty() {
                continue;
            }
            let word = if *figure == Figure::Sum { "figure-sum" } else { "figure-avg" };
            calculations.push(ui::Calculation {
                column: field.name.to_string(),
                label: visit.word(word),
                value: figure_text(visit, object, field, &value, currency(field, records)),
            });
        }
    }
    Ok(ui::Footer {
        count: visit.say("count-rows", &[("n", (&count_text(visit, count)).into()), ("of", (count.n as i64).into())]),
        calculations,
    })
}

/// The currency that all these records have in a field; none when they differ.
pub(crate) fn currency(field: &FieldDef, records: &[Record]) -> Option<Currency> {
    let mut all = records
        .iter()
        .filter_map(|r| if let Value::Money(m) = r.value(field.name.as_str()) { Some(m.currency()) } else { None });
    let first = all.next()?;
    all.all(|c| c == first).then_some(first)
}

/// A sum or mean, formatted as the field's values are.
pub(crate) fn figure_text(
    visit: &Visit,
    object: &ObjectDef,
    field: &FieldDef,
    value: &Value,
    currency: Option<Currency>,
) -> String {
    let schema = visit.space.schema();
    match (schema.effective(object, field), value) {
        (FieldType::Money, Value::Int(units)) => {
            let money = Money::from_units(*units, currency.unwrap_or(Currency::EUR));
            let whole = money.amount().round_dp(if money.amount().abs() >= 1_000.into() { 0 } else { 2 });
            match currency {
                Some(currency) => Money::new(whole, currency)
                    .map_or_else(|_| visit.format().decimal(whole), |m| visit.format().money(m)),
                None => visit.format().decimal(whole),
            }
        }
        (_, Value::Number(n)) => {
            let rounded = Value::Number((n * 10.0).round() / 10.0);
            show::text(visit, object, field, &rounded, &Names::default())
        }
        (_, value) => show::text(visit, object, field, value, &Names::default()),
    }
}
