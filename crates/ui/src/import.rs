use maud::{Markup, html};

use crate::{
    Action, Change, Choice, Control, Icon, Progress, Tag, Tile, View, action, choice, diff, field, files, icon,
    live_progress, progress, tag, tiles,
};

/// How far a step of a wizard has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StepState {
    /// Behind.
    Done,
    /// In sight.
    Current,
    /// Ahead.
    #[default]
    Ahead,
}

/// A step of a wizard.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// Its name.
    pub label: String,
    /// How far it has come.
    pub state: StepState,
    /// Goes back to it.
    pub href: Option<String>,
}

/// Draws the steps of a wizard; `label` names the wizard.
pub fn steps(label: &str, steps: &[Step]) -> Markup {
    html! {
        nav.steps aria-label=(label) { ol { @for (number, step) in steps.iter().enumerate() {
            @let current = (step.state == StepState::Current).then_some("step");
            li.done[step.state == StepState::Done] aria-current=[current] {
                span.step-mark aria-hidden="true" {
                    @if step.state == StepState::Done { (icon(Icon::Check)) } @else { (number + 1) }
                }
                @match &step.href { Some(href) => a href=(href) { (step.label) }, None => span { (step.label) } }
            }
        } } }
    }
}

/// The first step of an import.
#[derive(Clone, Debug, Default)]
pub struct Upload {
    /// What the file posts to, as `file`.
    pub action: String,
    /// The file field with its hint on formats and error.
    pub file: crate::Field,
    /// Other fields, such as the object or a saved mapping.
    pub fields: Vec<Markup>,
    /// What the button says.
    pub submit: String,
}

/// Draws the form that takes the file.
pub fn import_upload(view: &View, upload: &Upload) -> Markup {
    html! {
        form.form.wizard method="post" action=(upload.action) enctype="multipart/form-data" {
            (view.csrf_field())
            (field(view, &upload.file, |control| files(view, control, &[], false)))
            @for each in &upload.fields { (each) }
            div.form-actions { button.button data-kind="primary" { (upload.submit) } }
        }
    }
}

/// A field that a column can be mapped to.
#[derive(Clone, Debug, Default)]
pub struct MappingOption {
    /// What is posted.
    pub value: String,
    /// What is read.
    pub label: String,
}

/// A column of the file.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    /// The header in the file.
    pub column: String,
    /// The first values.
    pub examples: Vec<String>,
    /// The field chosen or guessed; empty to leave the column out.
    pub field: String,
    /// Where the guess came from or what to look out for, in words.
    pub note: Option<String>,
}

/// Draws the mapping as table rows within a form that the caller completes with `more`. Column `i` posts `map.{i}`; `columns_are` says
/// what the columns are called.
pub fn import_mapping(
    view: &View,
    target: &str,
    columns_are: &str,
    columns: &[Mapping],
    options: &[MappingOption],
    more: &Markup,
    submit: &str,
) -> Markup {
    let words = view.words;
    let choices: Vec<_> = options
        .iter()
        .map(|each| Choice { value: each.value.clone(), label: each.label.clone(), ..Choice::default() })
        .collect();
    html! {
        form.form.wizard method="post" action=(target) {
            (view.csrf_field())
            div.table-scroll tabindex="0" role="region" aria-label=(columns_are) {
                table.plain.mapping {
                    thead { tr {
                        th scope="col" { (columns_are) }
                        th scope="col" { (words.example) }
                        th scope="col" { (words.field_here) }
                    } }
                    tbody { @for (number, column) in columns.iter().enumerate() {
                        @let control = Control { label: Some(format!("{} {}", words.field_here, column.column)), ..Control::new(format!("map.{number}")) };
                        tr {
                            th scope="row" { (column.column) }
                            td.muted { (examples(column)) }
                            td {
                                (choice(&control, &choices, &column.field, Some(&words.do_not_import)))
                                @if let Some(note) = &column.note { p.hint { (note) } }
                            }
                        }
                    } }
                }
            }
            (more)
            div.form-actions { button.button data-kind="primary" { (submit) } }
        }
    }
}

/// What the import would do with a row of the file, or did.
#[derive(Clone, Debug, Default)]
pub struct PreviewRow {
    /// The row's number in the file, formatted.
    pub line: String,
    /// Created, changed, unchanged, rejected: in words, coloured.
    pub outcome: Tag,
    /// The record's name.
    pub name: String,
    /// The record, once there is one.
    pub href: Option<String>,
    /// Fields that change.
    pub changes: Vec<Change>,
    /// Why it is rejected, and what to do.
    pub reason: Option<String>,
}

/// Draws what an import would change, or has changed: figures, a sample of rows, and what can be done next.
pub fn import_preview(view: &View, figures: &[Tile], sample: &[PreviewRow], actions: &[Action]) -> Markup {
    let words = view.words;
    html! {
        div.wizard.import-run {
            (tiles(figures))
            div.table-scroll tabindex="0" role="region" aria-label=(words.preview) {
                table.plain {
                    thead { tr {
                        th scope="col" { (words.row) }
                        th scope="col" { (words.outcome) }
                        th scope="col" { (words.record) }
                        th scope="col" { (words.before) " → " (words.after) }
                    } }
                    tbody { @for row in sample { tr {
                        td.number { (row.line) }
                        td { (tag(&row.outcome)) }
                        th scope="row" {
                            @match &row.href { Some(href) => a href=(href) { (row.name) }, None => (row.name) }
                        }
                        td {
                            @if let Some(reason) = &row.reason { p.error { (icon(Icon::CircleAlert)) (reason) } }
                            @if !row.changes.is_empty() { (diff(view, &row.changes)) }
                        }
                    } } }
                }
            }
            div.form-actions { @for each in actions { (action(view, each)) } }
        }
    }
}

fn examples(column: &Mapping) -> String {
    column.examples.iter().map(String::as_str).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// Draws a running import: a bar that refreshes itself from `url`, and what can be done meanwhile. Without `url` it has ended.
pub fn import_run(view: &View, bar: &Progress, url: Option<&str>, actions: &[Action]) -> Markup {
    html! {
        div.wizard.import-run {
            @match url { Some(url) => (live_progress(bar, url)), None => (progress(bar)) }
            div.buttons { @for each in actions { (action(view, each)) } }
        }
    }
}
