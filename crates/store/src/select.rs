//! Reading records: pages by keyset, counts with a cap, groups with sums.

use kernel::Id;
use model::{Cursor, Filter, Ident, ObjectDef, Query, Record, Schema, Sort, Value, system};

use crate::StoreError;
use crate::column::{self, Kind, cell, columns, link_table, main_kind, part_column, read_width};
use crate::conn::Reader;
use crate::filter::{Compiler, collated};
use crate::sql::{Cell, Dialect, Row, Sql};

/// A page of records and where the next one starts.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The records, in order.
    pub records: Vec<Record>,
    /// Where to continue; `None` at the end.
    pub next: Option<Cursor>,
}

/// A count that stops counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// How many, at most the cap.
    pub n: u64,
    /// Whether there are more.
    pub more: bool,
}

/// One group of [`Reader::groups`].
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The value that the records of the group share.
    pub key: Value,
    /// How many records.
    pub count: u64,
    /// The computed figures, in the order asked.
    pub figures: Vec<Value>,
}

/// A figure over many records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Figure {
    Sum,
    Avg,
    Min,
    Max,
    /// How many records have a value.
    Filled,
}

impl Reader {
    /// A page of the records that a bound query asks for. One statement, plus one for each many-to-many field.
    pub async fn list(&mut self, schema: &Schema, query: &Query) -> Result<Page, StoreError> {
        let object = find(schema, &query.object)?;
        let limit = query.limit as usize;
        let dense = self.is_dense(schema, object, query).await?;
        let mut rows: Vec<(Row, bool)> = Vec::new();
        let mut offset = query.offset;
        for phase in phases(query) {
            if rows.len() > limit {
                break;
            }
            let sql = self.list_sql(schema, object, query, &phase, dense, limit + 1 - rows.len(), offset)?;
            let found = self.query(&sql).await?;
            if !found.is_empty() {
                offset = 0;
            }
            rows.extend(found.into_iter().map(|row| (row, phase.nulls)));
        }
        let more = rows.len() > limit;
        rows.truncate(limit);
        let keys = query.sort.len();
        let mut page = Page { records: Vec::with_capacity(rows.len()), next: None };
        let last = rows.len().saturating_sub(1);
        for (i, (row, _)) in rows.into_iter().enumerate() {
            let mut cells = row.into_iter();
            let seq =
                cells.next().and_then(|c| c.int()).ok_or_else(|| StoreError::Fault("a row has no number".into()))?;
            let sort_cells: Vec<Cell> = cells.by_ref().take(keys).collect();
            if more && i == last {
                let keys = query.sort.iter().zip(sort_cells).map(|(sort, cell)| {
                    column::scalar(sort_kind(schema, object, sort), cell)
                        .ok_or_else(|| StoreError::Fault("a sort key".into()))
                });
                page.next = Some(Cursor { keys: keys.collect::<Result<_, _>>()?, seq });
            }
            page.records.push(read_record(schema, object, &query.fields, &mut cells)?);
        }
        self.load_links(schema, object, &query.fields, &mut page.records).await?;
        Ok(page)
    }

    /// Whether so many records pass the filter that a page is found soonest by following the order. SQLite plans without knowing how
    /// many rows are wanted, so it is counted, up to a bound, and remembered for a minute; PostgreSQL's planner knows.
    async fn is_dense(&mut self, schema: &Schema, object: &ObjectDef, query: &Query) -> Result<bool, StoreError> {
        const BOUND: i64 = 2_000;
        if self.dialect() == Dialect::Postgres || query.filter.is_all() || !query.search.is_empty() {
            return Ok(false);
        }
        let mut sql = self.sql();
        sql.push("SELECT count(*) FROM (SELECT 1 FROM ").name(&object.name).push(" t0 WHERE ");
        where_clause(&mut sql, schema, object, query)?;
        sql.push(" LIMIT ").bind(Cell::Int(BOUND)).push(") c");
        if let Some(known) = self.hints().and_then(|hints| hints.plan(&sql)) {
            return Ok(known);
        }
        let dense = self.query_one(&sql).await?.and_then(|row| row[0].int()) == Some(BOUND);
        if let Some(hints) = self.hints() {
            hints.keep_plan(&sql, dense);
        }
        Ok(dense)
    }

    #[expect(clippy::too_many_arguments, reason = "what one statement is made of")]
    fn list_sql(
        &self,
        schema: &Schema,
        object: &ObjectDef,
        query: &Query,
        phase: &Phase,
        dense: bool,
        limit: usize,
        offset: u32,
    ) -> Result<Sql, StoreError> {
        let mut sql = self.sql();
        sql.push("SELECT ").column(0, system::SEQ);
        for sort in &query.sort {
            sql.push(", ");
            sort_key(&mut sql, schema, object, sort)?;
        }
        select_columns(&mut sql, schema, object, &query.fields);
        sql.push(" FROM ").name(&object.name).push(" t0 WHERE ");
        let compiler = if dense { Compiler::without_indexes(schema) } else { Compiler::new(schema) };
        where_with(&mut sql, compiler, object, query)?;
        phase.write(&mut sql, schema, object, query)?;
        sql.push(" ORDER BY ");
        if !phase.nulls {
            for sort in &query.sort {
                sort_key(&mut sql, schema, object, sort)?;
                sql.push(if sort.desc { " DESC" } else { " ASC" });
                if query.sort.len() > 1 {
                    sql.push(if sort.nulls_first() { " NULLS FIRST" } else { " NULLS LAST" });
                } else if sql.dialect == Dialect::Postgres {
                    // As the index has it; the other order is made of two phases.
                    sql.push(if sort.desc { " NULLS LAST" } else { " NULLS FIRST" });
                }
                sql.push(", ");
            }
        }
        sql.column(0, system::SEQ).push(if backwards(query) { " DESC" } else { " ASC" });
        sql.push(" LIMIT ").bind(Cell::Int(limit as i64));
        if offset > 0 {
            sql.push(" OFFSET ").bind(Cell::Int(i64::from(offset)));
        }
        Ok(sql)
    }

    /// The records with these identifiers, in no particular order, also those in the bin.
    pub async fn get_many(
        &mut self,
        schema: &Schema,
        object: &Ident,
        ids: &[Id],
        access: &Filter,
        fields: &[Ident],
    ) -> Result<Vec<Record>, StoreError> {
        self.fetch(schema, object, ids, access, fields, false).await
    }

    pub(crate) async fn fetch(
        &mut self,
        schema: &Schema,
        object: &Ident,
        ids: &[Id],
        access: &Filter,
        fields: &[Ident],
        lock: bool,
    ) -> Result<Vec<Record>, StoreError> {
        let object = find(schema, object)?;
        let mut records = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(1_000) {
            let mut sql = self.sql();
            sql.push("SELECT ").column(0, system::SEQ);
            select_columns(&mut sql, schema, object, fields);
            sql.push(" FROM ").name(&object.name).push(" t0 WHERE ").column(0, system::ID);
            match chunk {
                [one] => sql.push(" = ").bind(Cell::Id(*one)),
                many => sql.push(" IN ").bind_list(many.iter().copied().map(Cell::Id)),
            };
            if !access.is_all() {
                sql.push(" AND (");
                Compiler::new(schema).filter(&mut sql, object, 0, access)?;
                sql.push(")");
            }
            if lock && sql.dialect == Dialect::Postgres {
                sql.push(" ORDER BY t0.seq FOR UPDATE OF t0");
            }
            for row in self.query(&sql).await? {
                records.push(read_record(schema, object, fields, &mut row.into_iter().skip(1))?);
            }
        }
        self.load_links(schema, object, fields, &mut records).await?;
        Ok(records)
    }

    /// How many records a bound query has, counting no further than `cap`.
    pub async fn count(&mut self, schema: &Schema, query: &Query, cap: Option<u32>) -> Result<Count, StoreError> {
        let object = find(schema, &query.object)?;
        let mut sql = self.sql();
        sql.push(if cap.is_some() { "SELECT count(*) FROM (SELECT 1 FROM " } else { "SELECT count(*) FROM " });
        sql.name(&object.name).push(" t0 WHERE ");
        where_clause(&mut sql, schema, object, query)?;
        if let Some(cap) = cap {
            sql.push(" LIMIT ").bind(Cell::Int(i64::from(cap) + 1)).push(") c");
        }
        let n = self.counted(&sql).await? as u64;
        let cap = cap.map_or(u64::MAX, u64::from);
        Ok(Count { n: n.min(cap), more: n > cap })
    }

    async fn counted(&mut self, sql: &Sql) -> Result<i64, StoreError> {
        if let Some(known) = self.hints().and_then(|hints| hints.count(sql)) {
            return Ok(known);
        }
        let n = self.query_one(sql).await?.and_then(|row| row[0].int()).unwrap_or(0);
        if let Some(hints) = self.hints() {
            hints.keep_count(sql, n, self.as_of());
        }
        Ok(n)
    }

    /// How many records the planner expects; exact where the database keeps no statistics.
    pub async fn estimate(&mut self, schema: &Schema, query: &Query) -> Result<u64, StoreError> {
        let object = find(schema, &query.object)?;
        if self.dialect() == Dialect::Sqlite {
            return Ok(self.count(schema, query, None).await?.n);
        }
        let mut sql = self.sql();
        sql.push("SELECT 1 FROM ").name(&object.name).push(" t0 WHERE ");
        where_clause(&mut sql, schema, object, query)?;
        let mut explain = sql.clone();
        explain.text = format!("EXPLAIN (FORMAT JSON) {}", sql.text);
        let row = self.query_one(&explain).await?;
        let plan = row.and_then(|r| r[0].json()).unwrap_or_default();
        Ok(plan[0]["Plan"]["Plan Rows"].as_f64().unwrap_or(0.0) as u64)
    }

    /// Groups the records of a bound query by a field (or takes all as one group), with figures: a board's columns, a list's footer.
    pub async fn groups(
        &mut self,
        schema: &Schema,
        query: &Query,
        by: Option<&Ident>,
        figures: &[(Figure, Ident)],
        limit: u32,
    ) -> Result<Vec<Group>, StoreError> {
        let object = find(schema, &query.object)?;
        let field =
            |name: &Ident| object.field(name.as_str()).ok_or_else(|| StoreError::Fault(format!("no field {name}")));
        let kind_of = |name: &Ident| -> Result<Kind, StoreError> {
            main_kind(schema.effective(object, field(name)?))
                .ok_or_else(|| StoreError::Fault(format!("{name} cannot be grouped")))
        };
        let mut sql = self.sql();
        sql.push("SELECT ");
        match by {
            Some(by) => sql.column(0, by.as_str()),
            None => sql.push("NULL"),
        };
        sql.push(", count(*)");
        let mut kinds = Vec::new();
        for (figure, name) in figures {
            let kind = kind_of(name)?;
            let (open, close, kind) = match (figure, kind) {
                (Figure::Sum, Kind::Int) => ("CAST(sum(", ") AS BIGINT)", Kind::Int),
                (Figure::Sum, _) => ("sum(", ")", Kind::Real),
                (Figure::Avg, _) => ("CAST(avg(", ") AS DOUBLE PRECISION)", Kind::Real),
                (Figure::Min, kind) => ("min(", ")", kind),
                (Figure::Max, kind) => ("max(", ")", kind),
                (Figure::Filled, _) => ("count(", ")", Kind::Int),
            };
            sql.push(", ").push(open).column(0, name.as_str()).push(close);
            kinds.push(kind);
        }
        sql.push(" FROM ").name(&object.name).push(" t0 WHERE ");
        where_clause(&mut sql, schema, object, query)?;
        if let Some(by) = by {
            sql.push(" GROUP BY ").column(0, by.as_str()).push(" ORDER BY count(*) DESC");
        }
        sql.push(" LIMIT ").bind(Cell::Int(i64::from(limit)));
        let rows = self.query(&sql).await?;
        let by_kind = by.map(kind_of).transpose()?;
        let fault = || StoreError::Fault("a group cannot be read".to_owned());
        rows.into_iter()
            .map(|row| {
                let mut cells = row.into_iter();
                let key = cells.next().ok_or_else(fault)?;
                let key = by_kind.map_or(Some(Value::Null), |kind| column::scalar(kind, key)).ok_or_else(fault)?;
                let count = cells.next().and_then(|c| c.int()).ok_or_else(fault)? as u64;
                let figures = cells
                    .zip(&kinds)
                    .map(|(c, kind)| column::scalar(*kind, c).ok_or_else(fault))
                    .collect::<Result<_, _>>()?;
                Ok(Group { key, count, figures })
            })
            .collect()
    }

    /// Which of these values of a field are held by records outside the bin, and by which record.
    pub async fn holders(
        &mut self,
        schema: &Schema,
        object: &Ident,
        field: &Ident,
        part: Option<&str>,
        values: &[Value],
    ) -> Result<Vec<(Value, Id)>, StoreError> {
        let object = find(schema, object)?;
        let def = object.field(field.as_str()).ok_or_else(|| StoreError::Fault(format!("no field {field}")))?;
        let kind = schema.effective(object, def);
        let part = part.or(match kind {
            model::FieldType::Emails | model::FieldType::Phones | model::FieldType::Links => Some("primary"),
            _ => None,
        });
        let shape = if part.is_some() { Kind::Text } else { main_kind(kind).unwrap_or(Kind::Text) };
        let column = part_column(field.as_str(), part);
        let mut out = Vec::new();
        for chunk in values.chunks(1_000) {
            let mut sql = self.sql();
            sql.push("SELECT ").column(0, &column).push(", ").column(0, system::ID).push(" FROM ").name(&object.name);
            sql.push(" t0 WHERE ").column(0, system::DELETED_AT).push(" IS NULL AND ").column(0, &column).push(" IN ");
            sql.bind_list(chunk.iter().map(|v| cell(&v.scalar(None))).collect::<Result<Vec<_>, _>>()?);
            for row in self.query(&sql).await? {
                let [value, id] = <[Cell; 2]>::try_from(row).map_err(|_| StoreError::Fault("two columns".into()))?;
                let value = column::scalar(shape, value).unwrap_or_default();
                out.push((value, id.id().ok_or_else(|| StoreError::Fault("an id".into()))?));
            }
        }
        Ok(out)
    }

    async fn load_links(
        &mut self,
        schema: &Schema,
        object: &ObjectDef,
        fields: &[Ident],
        records: &mut [Record],
    ) -> Result<(), StoreError> {
        let wanted = object.fields.iter().filter(|f| fields.is_empty() || fields.contains(&f.name));
        for def in wanted.filter(|f| matches!(schema.effective(object, f), model::FieldType::References { .. })) {
            if records.is_empty() {
                return Ok(());
            }
            let mut found: std::collections::HashMap<Id, Vec<Id>> = std::collections::HashMap::new();
            for chunk in records.chunks(1_000) {
                let mut sql = self.sql();
                sql.push("SELECT record, target FROM ").quoted(&link_table(object.name.as_str(), def.name.as_str()));
                sql.push(" WHERE record IN ")
                    .bind_list(chunk.iter().map(|r| Cell::Id(r.id())))
                    .push(" ORDER BY record, position");
                for row in self.query(&sql).await? {
                    if let (Some(record), Some(target)) = (row[0].id(), row[1].id()) {
                        found.entry(record).or_default().push(target);
                    }
                }
            }
            for record in records.iter_mut() {
                let value = found.remove(&record.id()).map_or(Value::Null, Value::Ids);
                record.fields.set(def.name.clone(), value);
            }
        }
        Ok(())
    }
}

pub(crate) fn find<'s>(schema: &'s Schema, name: &Ident) -> Result<&'s ObjectDef, StoreError> {
    schema.object(name.as_str()).map(|o| &**o).ok_or_else(|| StoreError::Fault(format!("there is no object {name}")))
}

/// Part of a sorted read: the records with a sort value, or those without. Each is an index range.
struct Phase {
    nulls: bool,
    bounds: Bounds,
}

enum Bounds {
    /// All of them, whatever the sort value.
    Whole,
    /// Those with (or without, when the phase is that of the nulls) a sort value.
    Part,
    /// Those after the cursor.
    After,
}

/// The statements that make a page, run one after the other until it is full.
///
/// With one sort key, missing values are a phase of their own wherever the index does not hold them in the wanted place; with
/// several keys one statement with an explicit order does it, at the price of a sort.
fn phases(query: &Query) -> Vec<Phase> {
    let phase = |nulls, bounds| Phase { nulls, bounds };
    let [sort] = query.sort.as_slice() else {
        let bounds = if query.after.is_some() { Bounds::After } else { Bounds::Whole };
        return vec![phase(false, bounds)];
    };
    let natural = sort.nulls_first() != sort.desc;
    match (&query.after, sort.nulls_first()) {
        (None, _) if natural => vec![phase(false, Bounds::Whole)],
        (None, true) => vec![phase(true, Bounds::Part), phase(false, Bounds::Part)],
        (None, false) => vec![phase(false, Bounds::Part), phase(true, Bounds::Part)],
        (Some(cursor), nulls_first) => match (cursor.keys.first() == Some(&Value::Null), nulls_first) {
            (true, true) => vec![phase(true, Bounds::After), phase(false, Bounds::Part)],
            (true, false) => vec![phase(true, Bounds::After)],
            (false, true) => vec![phase(false, Bounds::After)],
            (false, false) => vec![phase(false, Bounds::After), phase(true, Bounds::Part)],
        },
    }
}

/// Ties are broken by creation in the direction of the last key; without keys, newest first.
fn backwards(query: &Query) -> bool {
    query.sort.last().is_none_or(|s| s.desc)
}

impl Phase {
    fn write(&self, sql: &mut Sql, schema: &Schema, object: &ObjectDef, query: &Query) -> Result<(), StoreError> {
        let beyond = if backwards(query) { " < " } else { " > " };
        let key = |sql: &mut Sql, sort: &Sort| sort_key(sql, schema, object, sort);
        if let ([sort], Bounds::Part | Bounds::After) = (query.sort.as_slice(), &self.bounds) {
            if self.nulls {
                sql.push(" AND ");
                key(sql, sort)?;
                sql.push(" IS NULL");
            } else if matches!(self.bounds, Bounds::Part) {
                sql.push(" AND ");
                key(sql, sort)?;
                sql.push(" IS NOT NULL");
            }
        }
        let (Bounds::After, Some(cursor)) = (&self.bounds, &query.after) else { return Ok(()) };
        if cursor.keys.len() != query.sort.len() {
            return Err(StoreError::Fault("the cursor belongs to another order".to_owned()));
        }
        match query.sort.as_slice() {
            [] => {
                sql.push(" AND ").column(0, system::SEQ).push(beyond).bind(Cell::Int(cursor.seq));
            }
            [_] if self.nulls => {
                sql.push(" AND ").column(0, system::SEQ).push(beyond).bind(Cell::Int(cursor.seq));
            }
            [sort] => {
                sql.push(" AND (");
                key(sql, sort)?;
                sql.push(", ").column(0, system::SEQ).push(")").push(beyond).push("(");
                sql.bind(cell(&cursor.keys[0])?).push(", ").bind(Cell::Int(cursor.seq)).push(")");
            }
            sorts => {
                sql.push(" AND (");
                for i in 0..=sorts.len() {
                    sql.push(if i == 0 { "(" } else { " OR (" });
                    for (sort, value) in sorts[..i].iter().zip(&cursor.keys) {
                        key(sql, sort)?;
                        match value {
                            Value::Null => sql.push(" IS NULL"),
                            value => sql.push(" = ").bind(cell(value)?),
                        };
                        sql.push(" AND ");
                    }
                    match sorts.get(i) {
                        None => {
                            sql.column(0, system::SEQ).push(beyond).bind(Cell::Int(cursor.seq));
                        }
                        Some(sort) => match (&cursor.keys[i], sort.nulls_first()) {
                            (Value::Null, true) => {
                                key(sql, sort)?;
                                sql.push(" IS NOT NULL");
                            }
                            (Value::Null, false) => {
                                sql.either("0", "FALSE");
                            }
                            (value, nulls_first) => {
                                sql.push("(");
                                key(sql, sort)?;
                                sql.push(if sort.desc { " < " } else { " > " }).bind(cell(value)?);
                                if !nulls_first {
                                    sql.push(" OR ");
                                    key(sql, sort)?;
                                    sql.push(" IS NULL");
                                }
                                sql.push(")");
                            }
                        },
                    }
                    sql.push(")");
                }
                sql.push(")");
            }
        }
        Ok(())
    }
}

fn sort_key(sql: &mut Sql, schema: &Schema, object: &ObjectDef, sort: &Sort) -> Result<(), StoreError> {
    let field = sort.path.field.as_str();
    let def = object.field(field).ok_or_else(|| StoreError::Fault(format!("no field {field} to sort by")))?;
    let kind = schema.effective(object, def);
    let entries = matches!(kind, model::FieldType::Emails | model::FieldType::Phones | model::FieldType::Links);
    let part = if entries { Some("primary") } else { sort.path.part.as_ref().map(Ident::as_str) };
    collated(sql, kind, 0, field, part);
    Ok(())
}

fn sort_kind(schema: &Schema, object: &ObjectDef, sort: &Sort) -> Kind {
    let def = object.field(sort.path.field.as_str());
    let kind = def.map(|d| schema.effective(object, d));
    match kind {
        Some(model::FieldType::Emails | model::FieldType::Phones | model::FieldType::Links) => Kind::Text,
        Some(model::FieldType::Location) => Kind::Real,
        Some(kind) if sort.path.part.is_none() => main_kind(kind).unwrap_or(Kind::Text),
        _ => Kind::Text,
    }
}

/// `, t0."a", t0."b__part"` for the fields wanted; the identifier and the version always come.
fn select_columns(sql: &mut Sql, schema: &Schema, object: &ObjectDef, fields: &[Ident]) {
    for def in wanted(object, fields) {
        let width = read_width(schema.effective(object, def));
        for column in columns(schema, object, def).into_iter().take(width) {
            sql.push(", ").column(0, &column.name);
        }
    }
}

fn wanted<'a>(object: &'a ObjectDef, fields: &'a [Ident]) -> impl Iterator<Item = &'a model::FieldDef> {
    object.fields.iter().filter(move |def| {
        fields.is_empty() || fields.contains(&def.name) || def.name == system::ID || def.name == system::VERSION
    })
}

fn read_record(
    schema: &Schema,
    object: &ObjectDef,
    fields: &[Ident],
    cells: &mut impl Iterator<Item = Cell>,
) -> Result<Record, StoreError> {
    let mut record = Record { object: object.name.clone(), fields: model::Fields::with_capacity(object.fields.len()) };
    for def in wanted(object, fields) {
        let kind = schema.effective(object, def);
        if matches!(kind, model::FieldType::References { .. }) {
            continue;
        }
        record.fields.push(def.name.clone(), column::read(kind, cells)?);
    }
    Ok(record)
}

pub(crate) fn where_clause(
    sql: &mut Sql,
    schema: &Schema,
    object: &ObjectDef,
    query: &Query,
) -> Result<(), StoreError> {
    where_with(sql, Compiler::new(schema), object, query)
}

fn where_with(sql: &mut Sql, mut compiler: Compiler<'_>, object: &ObjectDef, query: &Query) -> Result<(), StoreError> {
    sql.column(0, system::DELETED_AT).push(if query.deleted { " IS NOT NULL" } else { " IS NULL" });
    if !query.filter.is_all() {
        sql.push(" AND (");
        compiler.filter(sql, object, 0, &query.filter)?;
        sql.push(")");
    }
    if !query.search.is_empty() {
        sql.push(" AND ");
        crate::search::matches(sql, object, &query.search);
    }
    Ok(())
}
