use maud::{Markup, html};

use crate::{Cell, Empty, Icon, View, cell, empty, icon};

/// How a column is sorted, and the address that sorts it the other way.
#[derive(Clone, Debug, Default)]
pub struct Sort {
    /// The list sorted by this column, ascending first, then descending.
    pub href: String,
    /// `Some(true)` while the list is sorted by it ascending, `Some(false)` descending.
    pub ascending: Option<bool>,
}

/// A column of a table.
#[derive(Clone, Debug, Default)]
pub struct Column {
    /// The field's name; identifies the column in edits, calculations and saved widths.
    pub key: String,
    /// The header.
    pub label: String,
    /// The icon of the field's type.
    pub icon: Option<Icon>,
    /// Right-aligned, for numbers and amounts.
    pub numeric: bool,
    /// Present when the list can be sorted by it.
    pub sort: Option<Sort>,
    /// Its cells can be edited in place.
    pub editable: bool,
}

/// A record in a table.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// The record's identifier: the value of its checkbox (`id`).
    pub id: String,
    /// What the record is called, for the checkbox's name.
    pub name: String,
    /// One cell per column, in their order.
    pub cells: Vec<Cell>,
    /// Address that cells are edited below: `{edit}/{column key}` answers with [`crate::CellEdit`].
    pub edit: Option<String>,
}

/// A value calculated over a column.
#[derive(Clone, Debug, Default)]
pub struct Calculation {
    /// The column's key.
    pub column: String,
    /// What is calculated, such as `Sum`.
    pub label: String,
    /// The formatted result.
    pub value: String,
}

/// What stands below the rows.
#[derive(Clone, Debug, Default)]
pub struct Footer {
    /// The count in words, such as `10,000+ accounts`.
    pub count: String,
    /// Values per column.
    pub calculations: Vec<Calculation>,
}

/// A list of records. The first column stays in sight while scrolling sideways.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Unique within the page; also where the widths of its columns are remembered.
    pub id: String,
    /// What the table lists, for assistive technology.
    pub label: String,
    /// Columns in order.
    pub columns: Vec<Column>,
    /// The first rows.
    pub rows: Vec<Row>,
    /// Rows can be selected.
    pub selectable: bool,
    /// The page that continues after these rows: rows alone when asked by htmx (see [`rows`]), else a whole page.
    pub more: Option<String>,
    /// The last line.
    pub footer: Option<Footer>,
    /// Shown instead of the rows when there are none.
    pub empty: Empty,
    /// 32 px rows instead of 36.
    pub compact: bool,
}

/// Draws a table inside a scrolling region.
pub fn table(view: &View, table: &Table) -> Markup {
    if table.rows.is_empty() {
        return empty(view, &table.empty);
    }
    html! {
        div.table-scroll tabindex="0" role="region" aria-label=(table.label) {
            table.list.compact[table.compact] id=(table.id) data-list {
                thead { tr {
                    @if table.selectable {
                        th.pick scope="col" { input type="checkbox" data-select-all aria-label=(view.words.select_all); }
                    }
                    @for column in &table.columns { (header(view, column)) }
                    th.filler aria-hidden="true" {}
                } }
                tbody { (rows(view, table)) }
                @if let Some(bottom) = &table.footer { (footer(table, bottom)) }
            }
        }
    }
}

fn header(view: &View, column: &Column) -> Markup {
    let direction = column.sort.as_ref().and_then(|sort| sort.ascending);
    let state = direction.map(|up| if up { "ascending" } else { "descending" });
    let label = html! {
        @if let Some(each) = column.icon { (icon(each)) }
        span { (column.label) }
        @match direction {
            Some(true) => (icon(Icon::ArrowUp)),
            Some(false) => (icon(Icon::ArrowDown)),
            None => {}
        }
    };
    let hint = if direction == Some(true) { &view.words.sort_descending } else { &view.words.sort_ascending };
    html! {
        th.numeric[column.numeric] scope="col" data-column=(column.key) aria-sort=[state] {
            @match &column.sort {
                Some(sort) => a.column-name href=(sort.href) title=(hint) { (label) },
                None => span.column-name { (label) },
            }
            span.resize data-resize aria-hidden="true" {}
        }
    }
}

/// Draws the rows alone, with the line that loads the next ones: the answer to [`Table::more`].
pub fn rows(view: &View, table: &Table) -> Markup {
    let span = table.columns.len() + usize::from(table.selectable) + 1;
    html! {
        @for row in &table.rows { (line(view, table, row)) }
        @if let Some(more) = &table.more {
            tr.more-rows hx-get=(more) hx-trigger="revealed" hx-swap="outerHTML" {
                td colspan=(span) { a href=(more) { (view.words.load_more) } }
            }
        }
    }
}

fn line(view: &View, table: &Table, row: &Row) -> Markup {
    html! {
        tr data-row=(row.id) {
            @if table.selectable {
                td.pick {
                    input type="checkbox" name="id" value=(row.id) form="selection" data-select
                        aria-label={ (view.words.select_row) ": " (row.name) };
                }
            }
            @for (index, (column, value)) in table.columns.iter().zip(&row.cells).enumerate() {
                @let content = html! { (cell(view, value)) };
                @let edit = row.edit.as_ref().filter(|_| column.editable).map(|base| format!("{base}/{}", column.key));
                @let editable = edit.as_ref().map(|_| "0");
                @if index == 0 {
                    th.first scope="row" data-edit=[edit] tabindex=[editable] { (content) }
                } @else {
                    td.numeric[column.numeric || value.is_numeric()] data-edit=[edit] tabindex=[editable] { (content) }
                }
            }
            td.filler {}
        }
    }
}

fn footer(table: &Table, bottom: &Footer) -> Markup {
    html! {
        tfoot { tr {
            @if table.selectable { td.pick {} }
            @for (index, column) in table.columns.iter().enumerate() {
                @let value = bottom.calculations.iter().find(|each| each.column == column.key);
                @if index == 0 {
                    th.first scope="row" { span.count { (bottom.count) } }
                } @else {
                    td.numeric[column.numeric] {
                        @if let Some(each) = value { span.muted { (each.label) " " } span.number { (each.value) } }
                    }
                }
            }
            td.filler {}
        } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Theme, Words};

    fn sample() -> Table {
        Table {
            id: "t".into(),
            label: "Accounts".into(),
            columns: vec![Column {
                key: "name".into(),
                label: "Name".into(),
                sort: Some(Sort { href: "?order=name.desc".into(), ascending: Some(true) }),
                editable: true,
                ..Column::default()
            }],
            rows: vec![Row {
                id: "1".into(),
                name: "A & B".into(),
                cells: vec![Cell::Text("A & B".into())],
                edit: Some("/account/1/cell".into()),
            }],
            selectable: true,
            more: Some("?after=1".into()),
            ..Table::default()
        }
    }

    #[test]
    fn rows_carry_selection_editing_and_the_next_page() {
        let words = Words::shipped("en");
        let view = View { words: &words, lang: "en", theme: Theme::System, csrf: "t" };
        insta::assert_snapshot!(rows(&view, &sample()).into_string(), @r#"<tr data-row="1"><td class="pick"><input type="checkbox" name="id" value="1" form="selection" data-select aria-label="Select this row: A &amp; B"></td><th class="first" scope="row" data-edit="/account/1/cell/name" tabindex="0"><span class="value">A &amp; B</span></th><td class="filler"></td></tr><tr class="more-rows" hx-get="?after=1" hx-trigger="revealed" hx-swap="outerHTML"><td colspan="3"><a href="?after=1">Load more</a></td></tr>"#);
    }

    #[test]
    fn a_sorted_column_says_so() {
        let words = Words::shipped("en");
        let view = View { words: &words, lang: "en", theme: Theme::System, csrf: "t" };
        let html = table(&view, &sample()).into_string();
        assert!(
            html.contains(
                r#"aria-sort="ascending"><a class="column-name" href="?order=name.desc" title="Sort descending">"#
            ),
            "{html}"
        );
    }
}
