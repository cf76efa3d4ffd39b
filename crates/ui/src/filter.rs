use maud::{Markup, html};

use crate::{Icon, View, icon};

/// How the conditions of a group combine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Join {
    /// All must hold.
    #[default]
    And,
    /// One suffices.
    Or,
}

/// A condition of a filter as its row shows it.
#[derive(Clone, Debug, Default)]
pub struct Condition {
    /// The chosen field's key.
    pub field: String,
    /// Fields to choose from: key and label.
    pub fields: Vec<(String, String)>,
    /// The chosen operator's key.
    pub operator: String,
    /// Operators of that field: key and label.
    pub operators: Vec<(String, String)>,
    /// The control for the value, named `value`; empty when the operator takes none.
    pub value: Markup,
}

/// Conditions that combine the same way.
#[derive(Clone, Debug, Default)]
pub struct FilterGroup {
    /// How they combine.
    pub join: Join,
    /// The conditions.
    pub conditions: Vec<Condition>,
}

/// A form that builds a filter. Every row posts `group`, `field`, `operator` and `value`, in order, and each group `join`.
#[derive(Clone, Debug, Default)]
pub struct FilterBuilder {
    /// Where the form goes, by GET: the list.
    pub action: String,
    /// Answers `?group=&field=&operator=` with [`condition_row`]; fields and operators left out take their first value.
    pub row: String,
    /// How groups combine.
    pub join: Join,
    /// The groups; shown with one empty group when there is none.
    pub groups: Vec<FilterGroup>,
    /// Query parameters that the list keeps: sort, view, columns.
    pub keep: Vec<(String, String)>,
}

/// Draws the filter builder.
pub fn filter_builder(view: &View, builder: &FilterBuilder) -> Markup {
    let words = view.words;
    html! {
        form.filter-form action=(builder.action) {
            @for (name, value) in &builder.keep { input type="hidden" name=(name) value=(value); }
            (filter_conditions(view, builder))
            div.form-actions {
                a.button data-kind="quiet" href=(builder.action) { (words.clear_filters) }
                button.button data-kind="primary" { (words.apply) }
            }
        }
    }
}

/// Draws the conditions of a filter alone, for a form that posts other things too.
pub fn filter_conditions(view: &View, builder: &FilterBuilder) -> Markup {
    let words = view.words;
    let blank = [FilterGroup::default()];
    let groups = if builder.groups.is_empty() { &blank[..] } else { &builder.groups };
    html! {
        div.filter-builder data-filter=(builder.row) {
            div data-join hidden[builder.groups.len() < 2] { (join_select(view, "join", builder.join)) }
            @for (number, group) in groups.iter().enumerate() { (filter_group(view, builder, number, group)) }
            div.filter-adds {
                button.button type="button" data-kind="quiet" data-add-group { (icon(Icon::Plus)) span { (words.add_group) } }
            }
        }
    }
}

fn filter_group(view: &View, builder: &FilterBuilder, number: usize, group: &FilterGroup) -> Markup {
    html! {
        fieldset.filter-group data-group=(number) {
            legend.visually-hidden { (view.words.filter) " " (number + 1) }
            (join_select(view, &format!("join.{number}"), group.join))
            div.filter-rows {
                @for each in &group.conditions { (condition_row(view, &number.to_string(), &builder.row, each)) }
            }
            a.button data-kind="quiet" href={ (builder.row) "?group=" (number) } data-add-condition {
                (icon(Icon::Plus)) span { (view.words.add_condition) }
            }
        }
    }
}

fn join_select(view: &View, name: &str, join: Join) -> Markup {
    html! {
        select.join name=(name) aria-label=(view.words.where_word) {
            option value="and" selected[join == Join::And] { (view.words.all) }
            option value="or" selected[join == Join::Or] { (view.words.any) }
        }
    }
}

/// Draws one condition: choosing another field or operator fetches the row anew from `url`.
pub fn condition_row(view: &View, group: &str, url: &str, condition: &Condition) -> Markup {
    let words = view.words;
    html! {
        div.filter-row data-condition {
            input type="hidden" name="group" value=(group);
            select name="field" aria-label=(words.field) hx-get=(url) hx-trigger="change" hx-target="closest [data-condition]"
                hx-swap="outerHTML" hx-include="closest [data-condition]" {
                @for (key, label) in &condition.fields { option value=(key) selected[*key == condition.field] { (label) } }
            }
            select name="operator" aria-label=(words.filter) hx-get=(url) hx-trigger="change" hx-target="closest [data-condition]"
                hx-swap="outerHTML" hx-include="closest [data-condition]" {
                @for (key, label) in &condition.operators { option value=(key) selected[*key == condition.operator] { (label) } }
            }
            div.filter-value { (condition.value) }
            button.icon-button type="button" data-remove-condition aria-label=(words.remove) { (icon(Icon::X)) }
        }
    }
}
