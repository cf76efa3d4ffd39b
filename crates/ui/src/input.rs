use maud::{Markup, html};

use crate::{Cell, Control, View, cell};

/// A one-line input.
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// The value to start from.
    pub value: String,
    /// The HTML input type when it is not `text`: `email`, `tel`, `url`, `password`, `search`.
    pub kind: Option<&'static str>,
    /// The longest value accepted, in UTF-16 code units as browsers count.
    pub max_length: Option<u32>,
    /// The HTML autocomplete token, such as `username`.
    pub autocomplete: Option<&'static str>,
}

/// Draws a one-line input.
pub fn text(control: &Control, input: &Text) -> Markup {
    html! {
        input.input id=(control.id()) name=(control.name) type=(input.kind.unwrap_or("text")) value=(input.value)
            maxlength=[input.max_length] placeholder=[control.placeholder.as_ref()] autocomplete=(input.autocomplete.unwrap_or("off"))
            required[control.required] disabled[control.disabled] autofocus[control.autofocus] aria-label=[control.label.as_ref()]
            aria-invalid=[control.aria_invalid()] aria-describedby=[control.described_by()];
    }
}

/// Draws an input of several lines; Markdown and plain text alike.
pub fn long_text(control: &Control, value: &str, rows: u32) -> Markup {
    area(control, value, rows, "input")
}

/// Draws an input for JSON or a formula, in a fixed-width face.
pub fn code_input(control: &Control, value: &str, rows: u32) -> Markup {
    area(control, value, rows, "input code-input")
}

fn area(control: &Control, value: &str, rows: u32, class: &str) -> Markup {
    html! {
        textarea class=(class) id=(control.id()) name=(control.name) rows=(rows) spellcheck=[(class != "input").then_some("false")]
            required[control.required] disabled[control.disabled] autofocus[control.autofocus] aria-label=[control.label.as_ref()]
            placeholder=[control.placeholder.as_ref()] aria-invalid=[control.aria_invalid()] aria-describedby=[control.described_by()] { "\n" (value) }
    }
}

/// Draws an input for an integer, number or percentage, written as the reader writes numbers; `unit` follows it.
pub fn number(control: &Control, value: &str, whole: bool, unit: Option<&str>) -> Markup {
    let mode = if whole { "numeric" } else { "decimal" };
    html! {
        span.with-unit {
            input.input.number id=(control.id()) name=(control.name) inputmode=(mode) value=(value) autocomplete="off"
                required[control.required] disabled[control.disabled] autofocus[control.autofocus] aria-label=[control.label.as_ref()]
                aria-invalid=[control.aria_invalid()] aria-describedby=[control.described_by()];
            @if let Some(unit) = unit { span.unit { (unit) } }
        }
    }
}

/// Draws an input for a calendar day; `value` is `YYYY-MM-DD` or empty.
pub fn date(control: &Control, value: &str) -> Markup {
    html! {
        input.input id=(control.id()) name=(control.name) type="date" value=(value)
            required[control.required] disabled[control.disabled] autofocus[control.autofocus] aria-label=[control.label.as_ref()]
            aria-invalid=[control.aria_invalid()] aria-describedby=[control.described_by()];
    }
}

/// An instant in the reader's time zone.
#[derive(Clone, Debug, Default)]
pub struct Moment {
    /// `YYYY-MM-DDTHH:MM`, or empty.
    pub value: String,
    /// The time zone's name, shown beside it.
    pub zone: Option<String>,
}

/// Draws an input for an instant.
pub fn date_time(control: &Control, moment: &Moment) -> Markup {
    html! {
        span.with-unit {
            input.input id=(control.id()) name=(control.name) type="datetime-local" value=(moment.value)
                required[control.required] disabled[control.disabled] autofocus[control.autofocus]
                aria-label=[control.label.as_ref()] aria-invalid=[control.aria_invalid()] aria-describedby=[control.described_by()];
            @if let Some(zone) = &moment.zone { span.unit { (zone) } }
        }
    }
}

/// Draws an input for a duration; it posts `name.hours` and `name.minutes`.
pub fn duration(view: &View, control: &Control, hours: &str, minutes: &str) -> Markup {
    let parts = [("hours", &view.words.hours, hours, "99999"), ("minutes", &view.words.minutes, minutes, "59")];
    html! {
        span.duration {
            @for (part, label, value, max) in parts {
                label.with-unit {
                    input.input.number name=(control.part(part)) type="number" min="0" max=(max) value=(value)
                        required[control.required] disabled[control.disabled] aria-invalid=[control.aria_invalid()];
                    span.unit { (label) }
                }
            }
        }
    }
}

/// Draws a value that the form cannot change: an automatic number, a formula, a roll-up.
pub fn read_only(view: &View, control: &Control, value: &Cell) -> Markup {
    html! { output.read-only id=(control.id()) aria-describedby=[control.described_by()] { (cell(view, value)) } }
}
