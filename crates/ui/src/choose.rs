use maud::{Markup, html};

use crate::{Avatar, AvatarSize, Control, Hue, Icon, Tag, View, avatar, icon};

/// A value to choose.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// What is posted.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Its colour where it shows as a tag.
    pub hue: Hue,
}

/// Draws a list to choose one value from; `empty` is the label of having none, and its absence forbids that.
pub fn choice(control: &Control, choices: &[Choice], value: &str, empty: Option<&str>) -> Markup {
    html! {
        select.input id=(control.id()) name=(control.name) required[control.required] disabled[control.disabled]
            autofocus[control.autofocus] aria-label=[control.label.as_ref()] aria-invalid=[control.aria_invalid()]
            aria-describedby=[control.described_by()] {
            @if let Some(empty) = empty { option value="" selected[value.is_empty()] { (empty) } }
            @for each in choices { option value=(each.value) selected[each.value == value] { (each.label) } }
        }
    }
}

/// Draws boxes to choose several values from. It posts `name` once per value, and once empty so that none can be told.
pub fn multi_choice(control: &Control, choices: &[Choice], values: &[String]) -> Markup {
    html! {
        div.boxes {
            input type="hidden" name=(control.name) value="";
            @for each in choices {
                label.box {
                    input type="checkbox" name=(control.name) value=(each.value) checked[values.contains(&each.value)]
                        disabled[control.disabled];
                    (crate::tag(&Tag::new(&each.label, each.hue)))
                }
            }
        }
    }
}

/// Draws a switch. It posts `false` and, when on, `true` after it: the last value counts.
pub fn boolean(control: &Control, value: bool) -> Markup {
    html! {
        span.switch {
            input type="hidden" name=(control.name) value="false";
            input type="checkbox" role="switch" id=(control.id()) name=(control.name) value="true" checked[value] disabled[control.disabled]
                autofocus[control.autofocus] aria-label=[control.label.as_ref()] aria-describedby=[control.described_by()];
        }
    }
}

/// Draws stars to choose from; it posts 0 to `of`.
pub fn rating_input(view: &View, control: &Control, value: u8, of: u8) -> Markup {
    html! {
        div.rating-input {
            label { input type="radio" name=(control.name) value="0" checked[value == 0] disabled[control.disabled];
                span.visually-hidden { (view.words.none) } (icon(Icon::X)) }
            @for star in 1..=of {
                label { input type="radio" name=(control.name) value=(star) checked[star == value] disabled[control.disabled];
                    span.visually-hidden { (star) " " (view.words.rating_of) " " (of) } (icon(Icon::Star)) }
            }
        }
    }
}

/// A record that a reference holds.
#[derive(Clone, Debug, Default)]
pub struct Reference {
    /// What is posted.
    pub value: String,
    /// What the record is called.
    pub label: String,
}

/// Draws a picker of one record or user. `url` answers `?q=` with [`combobox_options`]. It posts the record under `name`
/// and what was typed under `name.text`, by which a form without script can be resolved.
pub fn reference(view: &View, control: &Control, url: &str, value: Option<&Reference>) -> Markup {
    combobox(
        view,
        control,
        url,
        value.map_or("", |each| &each.label),
        false,
        &html! {
            input type="hidden" name=(control.name) value=(value.map_or("", |each| each.value.as_str())) data-combobox-value;
        },
    )
}

/// Draws a picker of several records. It posts `name` once per record, and once empty.
pub fn references(view: &View, control: &Control, url: &str, values: &[Reference]) -> Markup {
    combobox(view, control, url, "", true, &picked(view, control, values))
}

/// Draws an input of free tags with suggestions from `url`; Enter or a comma adds one. It posts `name` once per tag, and
/// `name.text` for what was typed last.
pub fn tags_input(view: &View, control: &Control, url: &str, values: &[String]) -> Markup {
    let values: Vec<_> = values.iter().map(|tag| Reference { value: tag.clone(), label: tag.clone() }).collect();
    html! { div.free-tags data-free { (combobox(view, control, url, "", true, &picked(view, control, &values))) } }
}

/// Draws a picker of a record of one of several objects: `kinds` are their keys, labels and picker addresses. It posts
/// `name.kind` besides what [`reference()`] posts.
pub fn polymorphic(
    view: &View,
    control: &Control,
    kinds: &[(String, String, String)],
    kind: &str,
    value: Option<&Reference>,
) -> Markup {
    let url = kinds.iter().find(|each| each.0 == kind).or(kinds.first()).map_or("", |each| &each.2);
    html! {
        div.polymorphic data-polymorphic {
            select.input name=(control.part("kind")) aria-label=(view.words.record_type) disabled[control.disabled] {
                @for (key, label, url) in kinds { option value=(key) data-url=(url) selected[key == kind] { (label) } }
            }
            (reference(view, control, url, value))
        }
    }
}

fn picked(view: &View, control: &Control, values: &[Reference]) -> Markup {
    html! {
        input type="hidden" name=(control.name) value="";
        ul.picked data-picked {
            @for each in values {
                li.chip {
                    span { (each.label) }
                    input type="hidden" name=(control.name) value=(each.value);
                    button.chip-remove type="button" data-unpick aria-label={ (view.words.remove) ": " (each.label) } { (icon(Icon::X)) }
                }
            }
        }
    }
}

fn combobox(view: &View, control: &Control, url: &str, label: &str, many: bool, values: &Markup) -> Markup {
    let id = control.id();
    let list = format!("{id}-list");
    html! {
        div.combobox data-combobox=(url) data-many[many] data-name=(control.name) data-remove=(view.words.remove) {
            (values)
            input.input id=(id) name=(control.part("text")) type="text" role="combobox" value=(label) autocomplete="off"
                aria-autocomplete="list" aria-expanded="false" aria-controls=(list) placeholder=(view.words.type_to_search)
                required[control.required && !many] disabled[control.disabled] autofocus[control.autofocus]
                aria-label=[control.label.as_ref()] aria-invalid=[control.aria_invalid()] aria-describedby=[control.described_by()];
            div.options id=(list) role="listbox" aria-label=(view.words.type_to_search) popover="manual" {}
        }
    }
}

/// A record that a picker offers.
#[derive(Clone, Debug, Default)]
pub struct ComboboxOption {
    /// What is posted when it is chosen.
    pub value: String,
    /// What it is called.
    pub label: String,
    /// A line that tells it from others of the same name.
    pub detail: Option<String>,
    /// Its mark.
    pub avatar: Option<Avatar>,
}

/// Draws what a picker offers; `create` is the label of a new record and the address of its form, over the page.
pub fn combobox_options(view: &View, options: &[ComboboxOption], create: Option<(&str, &str)>) -> Markup {
    html! {
        @for (number, each) in options.iter().enumerate() {
            div.option role="option" aria-selected="false" id={ "option-" (number) } data-value=(each.value) data-label=(each.label) {
                @if let Some(mark) = &each.avatar { (avatar(mark, AvatarSize::Small)) }
                span { (each.label) }
                @if let Some(detail) = &each.detail { span.muted { (detail) } }
            }
        }
        @if options.is_empty() { div.option.none role="option" aria-disabled="true" { (view.words.no_result) } }
        @if let Some((label, href)) = create {
            div.option role="option" aria-selected="false" id="option-create" data-overlay-href=(href) {
                (icon(Icon::Plus)) span { (view.words.create_new) " “" (label) "”" }
            }
        }
    }
}

/// Draws an input for files beside those already there, each a link to keep or remove (`name.keep`). The form must be
/// `multipart`.
pub fn files(view: &View, control: &Control, kept: &[Reference], many: bool) -> Markup {
    html! {
        div.files {
            @for each in kept {
                label.box { input type="checkbox" name=(control.part("keep")) value=(each.value) checked; (icon(Icon::Paperclip)) span { (each.label) } }
            }
            div.drop-zone data-drop {
                (icon(Icon::Upload))
                span { label for=(control.id()) { (view.words.choose_file) } " " span.muted { (view.words.drop_file) } }
                input id=(control.id()) name=(control.name) type="file" multiple[many] required[control.required && kept.is_empty()]
                    disabled[control.disabled] aria-invalid=[control.aria_invalid()] aria-describedby=[control.described_by()];
            }
        }
    }
}
