use maud::{Markup, html};

use crate::{Choice, Control, Icon, View, choice, icon};

/// An amount with its currency.
#[derive(Clone, Debug, Default)]
pub struct MoneyInput {
    /// The amount as the reader writes numbers.
    pub amount: String,
    /// The ISO 4217 code.
    pub currency: String,
    /// Currencies to choose from; a single one is shown, not chosen.
    pub currencies: Vec<String>,
}

/// Draws inputs for an amount of money; it posts `name.amount` and `name.currency`.
pub fn money(view: &View, control: &Control, value: &MoneyInput) -> Markup {
    let currency = Control {
        label: Some(view.words.currency.clone()),
        disabled: control.disabled,
        ..Control::new(control.part("currency"))
    };
    let choices: Vec<_> = value
        .currencies
        .iter()
        .map(|code| Choice { value: code.clone(), label: code.clone(), ..Choice::default() })
        .collect();
    html! {
        span.money {
            input.input.number id=(control.id()) name=(control.part("amount")) inputmode="decimal" value=(value.amount)
                autocomplete="off" required[control.required] disabled[control.disabled] autofocus[control.autofocus]
                aria-label=[control.label.as_ref()] aria-invalid=[control.aria_invalid()] aria-describedby=[control.described_by()];
            @if choices.len() > 1 { (choice(&currency, &choices, &value.currency, None)) }
            @else {
                input type="hidden" name=(currency.name) value=(value.currency);
                span.unit { (value.currency) }
            }
        }
    }
}

/// The parts of a person's name.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "a field is the part of the name it holds")]
pub struct PersonName {
    pub title: String,
    pub first: String,
    pub middle: String,
    pub last: String,
    pub suffix: String,
}

/// Draws inputs for a person's name; it posts `name.title`, `.first`, `.middle`, `.last` and `.suffix`.
pub fn person_name(view: &View, control: &Control, name: &PersonName) -> Markup {
    let words = view.words;
    let parts = [
        ("title", &words.title, &name.title),
        ("first", &words.first_name, &name.first),
        ("middle", &words.middle_name, &name.middle),
        ("last", &words.last_name, &name.last),
        ("suffix", &words.suffix, &name.suffix),
    ];
    html! { div.name-parts { @for (part, label, value) in parts { (labelled(control, part, label, value)) } } }
}

fn labelled(control: &Control, part: &str, label: &str, value: &str) -> Markup {
    html! {
        label.part data-part=(part) {
            span { (label) }
            input.input name=(control.part(part)) value=(value) autocomplete="off" disabled[control.disabled]
                aria-invalid=[control.aria_invalid()];
        }
    }
}

/// An e-mail address, telephone number or link in a list of such.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// The address or number.
    pub value: String,
    /// The key of its label, such as `work`.
    pub label: String,
}

/// Draws a list of e-mail addresses. It posts `name.value` and `name.label` once per entry, in order; the first is primary,
/// empty ones do not count.
pub fn emails(view: &View, control: &Control, entries: &[Entry], labels: &[Choice]) -> Markup {
    list(view, control, entries, labels, &view.words.email, "email")
}

/// Draws a list of telephone numbers; posts like [`emails`].
pub fn phones(view: &View, control: &Control, entries: &[Entry], labels: &[Choice]) -> Markup {
    list(view, control, entries, labels, &view.words.phone, "tel")
}

/// Draws a list of links; posts like [`emails`].
pub fn links(view: &View, control: &Control, entries: &[Entry], labels: &[Choice]) -> Markup {
    list(view, control, entries, labels, &view.words.link_address, "url")
}

fn list(view: &View, control: &Control, entries: &[Entry], labels: &[Choice], name: &str, kind: &str) -> Markup {
    let blank = [Entry::default()];
    let entries = if entries.is_empty() { &blank } else { entries };
    html! {
        div.entries data-entries {
            @for entry in entries { (entry_row(view, control, entry, labels, name, kind)) }
            template { (entry_row(view, control, &blank[0], labels, name, kind)) }
            @if !control.disabled {
                button.button type="button" data-kind="quiet" data-add-entry { (icon(Icon::Plus)) span { (view.words.add) } }
            }
        }
    }
}

fn entry_row(view: &View, control: &Control, entry: &Entry, labels: &[Choice], name: &str, kind: &str) -> Markup {
    let words = view.words;
    html! {
        div.entry data-entry {
            input.input type=(kind) name=(control.part("value")) value=(entry.value) aria-label=(name) autocomplete="off"
                disabled[control.disabled] aria-invalid=[control.aria_invalid()];
            select.input name=(control.part("label")) aria-label=(words.label) disabled[control.disabled] {
                option value="" { "—" }
                @for each in labels { option value=(each.value) selected[each.value == entry.label] { (each.label) } }
            }
            button.icon-button type="button" data-remove-entry aria-label={ (words.remove) ": " (name) } { (icon(Icon::X)) }
        }
    }
}

/// A postal address.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "a field is the part of the address it holds")]
pub struct Address {
    pub street: String,
    pub street_2: String,
    pub postcode: String,
    pub city: String,
    pub region: String,
    /// ISO 3166 code of two letters.
    pub country: String,
}

/// A country to choose.
#[derive(Clone, Debug, Default)]
pub struct Country {
    /// ISO 3166 code of two letters.
    pub code: String,
    /// Its name in the reader's language.
    pub name: String,
}

/// Draws inputs for a postal address; it posts `name.street`, `.street_2`, `.postcode`, `.city`, `.region` and `.country`.
pub fn postal_address(view: &View, control: &Control, address: &Address, countries: &[Country]) -> Markup {
    let words = view.words;
    let parts = [
        ("street", &words.street, &address.street),
        ("street_2", &words.street_2, &address.street_2),
        ("postcode", &words.postcode, &address.postcode),
        ("city", &words.city, &address.city),
        ("region", &words.region, &address.region),
    ];
    html! {
        div.address-parts {
            @for (part, label, value) in parts { (labelled(control, part, label, value)) }
            label.part data-part="country" {
                span { (words.country) }
                select.input name=(control.part("country")) disabled[control.disabled] {
                    option value="" {}
                    @for each in countries { option value=(each.code) selected[each.code == address.country] { (each.name) } }
                }
            }
        }
    }
}

/// A place on the map, in decimal degrees.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "a field is the coordinate it holds")]
pub struct LocationInput {
    pub latitude: String,
    pub longitude: String,
}

/// Draws inputs for a place; it posts `name.latitude` and `name.longitude`.
pub fn location(view: &View, control: &Control, place: &LocationInput) -> Markup {
    html! {
        div.location-parts {
            (labelled(control, "latitude", &view.words.latitude, &place.latitude))
            (labelled(control, "longitude", &view.words.longitude, &place.longitude))
        }
    }
}
