//! Controls of fields, drawn from names and values as they would be posted.

use kernel::{Currency, Id};
use maud::Markup;
use model::{FieldDef, FieldType, Ident, ObjectDef, Schema};

use crate::country;
use crate::failure::sentence;
use crate::form::Pairs;
use crate::label;
use crate::names::{Names, Wanted};
use crate::visit::Visit;

/// The currencies offered first; one that a record already has is offered too.
const CURRENCIES: [&str; 8] = ["EUR", "USD", "GBP", "CHF", "CAD", "JPY", "MAD", "XOF"];

/// The labels offered for e-mails, phones and links.
const LABELS: [&str; 4] = ["work", "mobile", "home", "other"];

/// A field with its label, hint, error and control.
pub(crate) fn field(
    visit: &Visit,
    object: &ObjectDef,
    field: &FieldDef,
    pairs: &Pairs,
    names: &Names,
    problem: Option<&model::Problem>,
    required: bool,
) -> Markup {
    let name = field.name.as_str();
    let hint = field.help.get(visit.ctx.locale);
    let settings = ui::Field {
        label: label::field(visit, object, field),
        hint: (!hint.is_empty()).then(|| hint.to_owned()),
        error: problem.map(|p| sentence(visit, p)),
        control: ui::Control { required, ..ui::Control::new(name) },
        group: is_group(&field.kind),
        wide: is_wide(&field.kind),
    };
    ui::field(&visit.view(), &settings, |control| draw(visit, object, field, pairs, names, control))
}

fn is_group(kind: &FieldType) -> bool {
    matches!(
        kind,
        FieldType::PersonName
            | FieldType::Address
            | FieldType::Emails
            | FieldType::Phones
            | FieldType::Links
            | FieldType::MultiChoice { .. }
            | FieldType::Duration
            | FieldType::Location
            | FieldType::Rating { .. }
            | FieldType::Files
    )
}

fn is_wide(kind: &FieldType) -> bool {
    matches!(
        kind,
        FieldType::LongText
            | FieldType::Json
            | FieldType::PersonName
            | FieldType::Address
            | FieldType::Files
            | FieldType::MultiChoice { .. }
    )
}

/// The control alone.
pub(crate) fn draw(
    visit: &Visit,
    object: &ObjectDef,
    field: &FieldDef,
    pairs: &Pairs,
    names: &Names,
    control: &ui::Control,
) -> Markup {
    let view = visit.view();
    let name = field.name.as_str();
    let value = pairs.get(name).unwrap_or_default();
    let part = |part: &str| pairs.get(&format!("{name}.{part}")).unwrap_or_default().to_owned();
    let line = |kind| ui::Text { value: value.to_owned(), kind, ..ui::Text::default() };
    match &field.kind {
        FieldType::Text { max } => ui::text(control, &ui::Text { max_length: Some(*max), ..line(None) }),
        FieldType::LongText => ui::long_text(control, value, 5),
        FieldType::Integer { .. } => ui::number(control, value, true, None),
        FieldType::Number => ui::number(control, value, false, None),
        FieldType::Percent => ui::number(control, value, false, Some("%")),
        FieldType::Money => ui::money(&view, control, &money(part("amount"), part("currency"))),
        FieldType::Boolean => ui::boolean(control, value == "true"),
        FieldType::Date => ui::date(control, value),
        FieldType::DateTime => ui::date_time(control, &ui::Moment { value: value.to_owned(), zone: zone_name(visit) }),
        FieldType::Duration => ui::duration(&view, control, &part("hours"), &part("minutes")),
        FieldType::Choice { options } => {
            let choices = options_of(visit, object, field, options);
            ui::choice(control, &choices, value, (!control.required || value.is_empty()).then_some("—"))
        }
        FieldType::MultiChoice { options } => {
            let values: Vec<String> = pairs.all(name).map(str::to_owned).collect();
            ui::multi_choice(control, &options_of(visit, object, field, options), &values)
        }
        FieldType::PersonName => {
            let person = ui::PersonName {
                title: part("title"),
                first: part("first"),
                middle: part("middle"),
                last: part("last"),
                suffix: part("suffix"),
            };
            ui::person_name(&view, control, &person)
        }
        FieldType::Emails => ui::emails(&view, control, &entries(pairs, name), &labels(visit)),
        FieldType::Phones => ui::phones(&view, control, &entries(pairs, name), &labels(visit)),
        FieldType::Links => ui::links(&view, control, &entries(pairs, name), &labels(visit)),
        FieldType::Address => {
            let address = ui::Address {
                street: part("street"),
                street_2: part("street_2"),
                postcode: part("postcode"),
                city: part("city"),
                region: part("region"),
                country: part("country"),
            };
            let countries = country::choices(visit.ctx.locale, &address.country);
            ui::postal_address(&view, control, &address, &countries)
        }
        FieldType::Reference { to, .. } => ui::reference(&view, control, &picker(to), reference(pairs, name).as_ref()),
        FieldType::User => ui::reference(&view, control, "/pick/user", reference(pairs, name).as_ref()),
        FieldType::References { to } => ui::references(&view, control, &picker(to), &references(pairs, name, names)),
        FieldType::Polymorphic { to } => {
            let kinds = kinds(visit, to);
            ui::polymorphic(&view, control, &kinds, &part("kind"), reference(pairs, name).as_ref())
        }
        FieldType::Tags => {
            let values: Vec<String> = pairs.all(name).filter(|t| !t.is_empty()).map(str::to_owned).collect();
            ui::tags_input(&view, control, &format!("/tags/{}/{name}", object.name), &values)
        }
        FieldType::Rating { max } => ui::rating_input(&view, control, value.parse().unwrap_or(0), *max),
        FieldType::Location => ui::location(
            &view,
            control,
            &ui::LocationInput { latitude: part("latitude"), longitude: part("longitude") },
        ),
        FieldType::Files => ui::files(&view, control, &references(pairs, &format!("{name}.keep"), names), true),
        FieldType::Json => ui::code_input(control, value, 6),
        FieldType::AutoNumber { .. } | FieldType::Formula { .. } | FieldType::Rollup(_) => {
            let cell = if value.is_empty() { ui::Cell::Empty } else { ui::Cell::Text(value.to_owned()) };
            ui::read_only(&view, control, &cell)
        }
    }
}

fn zone_name(visit: &Visit) -> Option<String> {
    visit.ctx.zone.iana_name().map(|z| z.rsplit('/').next().unwrap_or(z).replace('_', " "))
}

fn money(amount: String, currency: String) -> ui::MoneyInput {
    let currency = if currency.is_empty() { Currency::EUR.as_str().to_owned() } else { currency };
    let mut currencies: Vec<String> = CURRENCIES.iter().map(|c| (*c).to_owned()).collect();
    if !currencies.contains(&currency) {
        currencies.push(currency.clone());
    }
    ui::MoneyInput { amount, currency, currencies }
}

fn options_of(visit: &Visit, object: &ObjectDef, field: &FieldDef, options: &[model::Choice]) -> Vec<ui::Choice> {
    let one = |o: &model::Choice| ui::Choice {
        value: o.value.clone(),
        label: label::option(visit, object, field, o),
        hue: label::hue(o.hue),
    };
    options.iter().map(one).collect()
}

fn labels(visit: &Visit) -> Vec<ui::Choice> {
    let one = |l: &&str| ui::Choice {
        value: (*l).to_owned(),
        label: visit.word(&format!("entry-{l}")),
        ..ui::Choice::default()
    };
    LABELS.iter().map(one).collect()
}

fn entries(pairs: &Pairs, name: &str) -> Vec<ui::Entry> {
    let (values, labels) = (format!("{name}.value"), format!("{name}.label"));
    let labels: Vec<&str> = pairs.all(&labels).collect();
    let one = |(i, value): (usize, &str)| ui::Entry {
        value: value.to_owned(),
        label: labels.get(i).copied().unwrap_or_default().to_owned(),
    };
    pairs.all(&values).enumerate().map(one).collect()
}

fn picker(to: &Ident) -> String {
    format!("/pick/{to}")
}

fn reference(pairs: &Pairs, name: &str) -> Option<ui::Reference> {
    let (value, label) = (pairs.text(name), pairs.text(&format!("{name}.text")));
    (!value.is_empty() || !label.is_empty()).then(|| ui::Reference { value: value.to_owned(), label: label.to_owned() })
}

fn references(pairs: &Pairs, name: &str, names: &Names) -> Vec<ui::Reference> {
    let one = |value: &str| ui::Reference {
        value: value.to_owned(),
        label: Id::parse_any(value).ok().and_then(|(_, id)| names.get(id)).unwrap_or(value).to_owned(),
    };
    pairs.all(name).filter(|v| !v.is_empty()).map(one).collect()
}

/// The objects that a polymorphic field can point to: key, label, address of the picker.
pub(crate) fn kinds(visit: &Visit, to: &[Ident]) -> Vec<(String, String, String)> {
    let schema = visit.space.schema();
    let one = |o: &ObjectDef| (o.name.to_string(), label::one(visit, o), picker(&o.name));
    if to.is_empty() {
        return schema.objects().filter(|o| !o.setup).map(|o| one(o)).collect();
    }
    to.iter().filter_map(|name| schema.object(name.as_str())).map(|o| one(o)).collect()
}

/// Adds the records that posted or stored values of these fields name, so that their controls can say what they are called.
pub(crate) fn wanted<'a>(
    schema: &Schema,
    wanted: &mut Wanted,
    fields: impl IntoIterator<Item = &'a FieldDef>,
    pairs: &Pairs,
) {
    for field in fields {
        if matches!(field.kind, FieldType::References { .. }) {
            for (prefix, id) in pairs.all(field.name.as_str()).filter_map(|v| Id::parse_any(v).ok()) {
                if let Some(object) = prefix.and_then(|p| schema.by_prefix(p)) {
                    wanted.one(object.name.clone(), id);
                }
            }
        }
    }
}
