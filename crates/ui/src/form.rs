use maud::{Markup, html};

use crate::{Cell, Icon, View, cell, icon};

/// Why a form was refused.
#[derive(Clone, Debug, Default)]
pub struct Problem {
    /// The field's name, to which the summary links; `None` when it concerns the record as a whole.
    pub field: Option<String>,
    /// What is wrong and what to do.
    pub text: String,
}

/// Fields under a heading.
#[derive(Clone, Debug, Default)]
pub struct FormSection {
    /// The heading; none for a short form.
    pub label: Option<String>,
    /// Fields, from [`crate::field`].
    pub fields: Vec<Markup>,
}

/// A form that creates or changes something.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// What it posts to. It answers a refusal with status 422 and the form again, errors and input in place.
    pub action: String,
    /// Why it was refused last time.
    pub problems: Vec<Problem>,
    /// Fields in sections.
    pub sections: Vec<FormSection>,
    /// Names and values posted along, such as the version edited.
    pub hidden: Vec<(String, String)>,
    /// What the button says.
    pub submit: String,
    /// Where leaving leads; inside a dialog it closes that.
    pub cancel: Option<String>,
    /// Offers to save and start another, which posts `another=true`.
    pub another: bool,
    /// Files are posted along.
    pub multipart: bool,
    /// Two columns where there is room.
    pub columns: bool,
    /// A panel shown above the fields, such as [`conflict_panel`].
    pub notice: Option<Markup>,
    /// What appears above the buttons as one types.
    pub aside: Option<Markup>,
}

/// Draws a form. Ctrl+Enter posts it.
pub fn form(view: &View, form: &Form) -> Markup {
    let words = view.words;
    let encoding = form.multipart.then_some("multipart/form-data");
    html! {
        form.form method="post" action=(form.action) enctype=[encoding] hx-post=(form.action) hx-target="this" hx-swap="outerHTML"
            novalidate data-columns[form.columns] {
            (view.csrf_field())
            @for (name, value) in &form.hidden { input type="hidden" name=(name) value=(value); }
            (problems(view, &form.problems))
            @if let Some(notice) = &form.notice { (notice) }
            @for section in &form.sections {
                div.form-section {
                    @if let Some(label) = &section.label { h2 { (label) } }
                    div.form-fields { @for each in &section.fields { (each) } }
                }
            }
            @if let Some(aside) = &form.aside { (aside) }
            div.form-actions {
                @if let Some(href) = &form.cancel { a.button data-kind="secondary" href=(href) data-cancel { (words.cancel) } }
                @if form.another { button.button data-kind="secondary" name="another" value="true" { (words.save_and_new) } }
                button.button data-kind="primary" data-submit { (form.submit) }
            }
        }
    }
}

/// Draws why a form was refused, with links to the fields; nothing when there is no problem.
pub fn problems(view: &View, problems: &[Problem]) -> Markup {
    html! {
        @if !problems.is_empty() {
            div.problems role="alert" tabindex="-1" {
                (icon(Icon::CircleAlert))
                div {
                    strong { (view.words.problems_title) }
                    ul { @for each in problems {
                        li { @match &each.field {
                            Some(name) => a href={ "#f-" (name) } { (each.text) },
                            None => (each.text),
                        } }
                    } }
                }
            }
        }
    }
}

/// A field that two people changed.
#[derive(Clone, Debug, Default)]
pub struct ConflictRow {
    /// The field's name; the choice is posted as `keep.{name}`, `mine` or `theirs`.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What this reader entered.
    pub mine: Cell,
    /// What is stored now.
    pub theirs: Cell,
}

/// A record that changed while it was being edited.
#[derive(Clone, Debug, Default)]
pub struct Conflict {
    /// Who changed it and when, in words.
    pub by: String,
    /// The fields that both changed.
    pub rows: Vec<ConflictRow>,
}

/// Draws the choice between one's own values and the stored ones; put it into [`Form::notice`].
pub fn conflict_panel(view: &View, conflict: &Conflict) -> Markup {
    let words = view.words;
    html! {
        div.conflict role="alert" tabindex="-1" {
            strong { (words.conflict_title) }
            p.muted { (conflict.by) " " (words.conflict_hint) }
            div.table-scroll tabindex="0" role="region" aria-label=(words.conflict_title) { table.plain {
                thead { tr { th scope="col" { (words.field) } th scope="col" { (words.mine) } th scope="col" { (words.theirs) } } }
                tbody { @for row in &conflict.rows { tr {
                    th scope="row" { (row.label) }
                    @for (side, value, label, checked) in [
                        ("mine", &row.mine, &words.keep_mine, true),
                        ("theirs", &row.theirs, &words.keep_theirs, false),
                    ] {
                        td { label.box {
                            input type="radio" name={ "keep." (row.name) } value=(side) checked[checked] aria-label={ (label) ": " (row.label) };
                            (cell(view, value))
                        } }
                    }
                } } }
            } }
        }
    }
}
