use kernel::words_of;
use model::{Cursor, Filter, Ident, ObjectDef, Path, Problem, Query, Sort};
use records::RecordError;

use crate::form::Pairs;
use crate::label;
use crate::list::cursor;
use crate::visit::Visit;

/// The longest filter an address may carry.
const MAX_FILTER: usize = 16 << 10;

/// How a list is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Layout {
    #[default]
    Table,
    Board,
}

/// What a list shows, as its address says it:
/// `filter` (the JSON form of [`model::Filter`]), `sort` (`-amount,name`; parts are dotted), `columns` (`name,amount`), `q` (words),
/// `layout` (`board`), `within` (the record whose lanes a board shows), `deleted` (`true`: the bin), `view` (a saved view), `after`
/// (where to continue).
#[derive(Clone, Debug, Default)]
pub(crate) struct Params {
    pub(crate) filter: Filter,
    pub(crate) sort: Vec<Sort>,
    pub(crate) columns: Vec<Ident>,
    pub(crate) search: String,
    pub(crate) layout: Layout,
    pub(crate) within: String,
    pub(crate) deleted: bool,
    pub(crate) view: String,
    pub(crate) after: Option<Cursor>,
}

impl Params {
    /// Reads an address. Unknown columns and sorts are left out: a saved view outlives the fields it names.
    pub(crate) fn read(object: &ObjectDef, pairs: &Pairs) -> Result<Params, RecordError> {
        let filter = match pairs.text("filter") {
            "" => Filter::All,
            text if text.len() > MAX_FILTER => return Err(Problem::new("", "filter-too-large").into()),
            text => serde_json::from_str(text).map_err(|_| Problem::new("", "filter-unreadable"))?,
        };
        let known = |name: &str| object.field(name).map(|f| f.name.clone());
        Ok(Params {
            filter,
            sort: pairs.text("sort").split(',').filter_map(|text| sort(object, text)).take(3).collect(),
            columns: pairs.text("columns").split(',').filter_map(known).collect(),
            search: pairs.text("q").to_owned(),
            layout: if pairs.text("layout") == "board" { Layout::Board } else { Layout::Table },
            within: pairs.text("within").to_owned(),
            deleted: pairs.is_on("deleted"),
            view: pairs.text("view").to_owned(),
            after: cursor::read(pairs.text("after")),
        })
    }

    /// Whether an address says anything but which view it is of.
    pub(crate) fn is_said(pairs: &Pairs) -> bool {
        ["filter", "sort", "columns", "q", "layout", "within", "deleted"].iter().any(|name| pairs.get(name).is_some())
    }

    /// What a view keeps.
    pub(crate) fn state(&self) -> Pairs {
        let mut pairs = Pairs::default();
        if !self.filter.is_all() {
            pairs.push("filter", serde_json::to_string(&self.filter).unwrap_or_default());
        }
        if !self.sort.is_empty() {
            pairs.push("sort", self.sort.iter().map(sort_text).collect::<Vec<_>>().join(","));
        }
        if !self.columns.is_empty() {
            pairs.push("columns", self.columns.iter().map(Ident::as_str).collect::<Vec<_>>().join(","));
        }
        if !self.search.is_empty() {
            pairs.push("q", &self.search);
        }
        if self.layout == Layout::Board {
            pairs.push("layout", "board");
        }
        if !self.within.is_empty() {
            pairs.push("within", &self.within);
        }
        if self.deleted {
            pairs.push("deleted", "true");
        }
        pairs
    }

    /// Everything, for links and forms that keep what is shown.
    pub(crate) fn pairs(&self) -> Pairs {
        let mut pairs = self.state();
        if !self.view.is_empty() {
            if pairs.0.is_empty() {
                // Says that the view's own state is not meant.
                pairs.push("q", "");
            }
            pairs.push("view", &self.view);
        }
        pairs
    }

    /// The list's address.
    pub(crate) fn href(&self, object: &ObjectDef) -> String {
        self.under(&label::list_address(object))
    }

    /// Another address with the same query.
    pub(crate) fn under(&self, path: &str) -> String {
        let query = self.pairs().query();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// The next page.
    pub(crate) fn continued(&self, object: &ObjectDef, next: &Cursor) -> String {
        let mut pairs = self.pairs();
        pairs.push("after", cursor::write(next));
        format!("{}?{}", label::list_address(object), pairs.query())
    }

    /// The same with something else.
    pub(crate) fn with(&self, change: impl FnOnce(&mut Params)) -> Params {
        let mut params = Params { after: None, ..self.clone() };
        change(&mut params);
        params
    }

    /// The records asked for. Nobody finds records by words of a field that is hidden from them.
    pub(crate) fn query(&self, visit: &Visit, object: &ObjectDef) -> Result<Query, RecordError> {
        if !self.search.is_empty() && !may_search(visit, object) {
            return Err(RecordError::forbidden("search", &object.name));
        }
        Ok(Query {
            sort: self.sort.clone(),
            after: self.after.clone().filter(|c| c.keys.len() == self.sort.len()),
            deleted: self.deleted,
            search: words_of(&self.search),
            ..Query::of(object.name.clone()).filter(self.filter.clone())
        })
    }

    /// Whether fewer records than all are shown.
    pub(crate) fn narrows(&self) -> bool {
        !self.filter.is_all() || !self.search.is_empty()
    }

    /// The columns shown: those chosen, else the object's.
    pub(crate) fn shown<'a>(&'a self, object: &'a ObjectDef) -> &'a [Ident] {
        if self.columns.is_empty() { &object.layout.columns } else { &self.columns }
    }
}

/// Whether the reader may search an object's records: it has fields for that, and all of them may be read.
pub(crate) fn may_search(visit: &Visit, object: &ObjectDef) -> bool {
    object.fields.iter().any(|f| f.searchable) && visit.access.check_search(object).is_ok()
}

fn sort(object: &ObjectDef, text: &str) -> Option<Sort> {
    let text = text.trim();
    let (desc, path) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (name, part) = path.split_once('.').map_or((path, None), |(name, part)| (name, Some(part)));
    let field = object.field(name).filter(|f| f.is_sortable())?;
    let part = match part {
        None => None,
        Some(part) => Some(Ident::new(part).ok().filter(|p| field.kind.parts().contains(&p.as_str()))?),
    };
    Some(Sort { path: Path { field: field.name.clone(), part }, ..Sort::by(field.name.clone(), desc) })
}

fn sort_text(sort: &Sort) -> String {
    format!("{}{}", if sort.desc { "-" } else { "" }, sort.path)
}
