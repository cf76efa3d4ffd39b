//! Writing records. Only the write pipeline of `records` calls this.

use std::borrow::Borrow;

use kernel::Id;
use model::{FieldType, Filter, Ident, ObjectDef, Record, Schema, Value};

use crate::StoreError;
use crate::column::{Column, columns, link_table, write};
use crate::conn::Writer;
use crate::search::{document, is_searched, table};
use crate::select::find;
use crate::sql::{Cell, Dialect, Sql};

/// Rows in one statement on PostgreSQL.
const TOGETHER: usize = 1_000;

impl Writer {
    /// Inserts complete records of one object.
    pub async fn insert(
        &mut self,
        schema: &Schema,
        object: &Ident,
        records: &[impl Borrow<Record> + Sync],
    ) -> Result<(), StoreError> {
        let object = find(schema, object)?;
        let layout = layout(schema, object);
        match self.dialect() {
            Dialect::Sqlite => self.insert_each(schema, object, &layout, records).await?,
            Dialect::Postgres => self.insert_together(schema, object, &layout, records).await?,
        }
        for record in records {
            self.write_links(schema, object, record.borrow(), None).await?;
        }
        Ok(())
    }

    async fn insert_each(
        &mut self,
        schema: &Schema,
        object: &ObjectDef,
        layout: &[Column],
        records: &[impl Borrow<Record> + Sync],
    ) -> Result<(), StoreError> {
        let searched = is_searched(object);
        let mut sql = self.sql();
        sql.push("INSERT INTO ").name(&object.name).push(" (");
        names(&mut sql, layout);
        sql.push(") VALUES (");
        for i in 0..layout.len() {
            sql.push(if i == 0 { "" } else { ", " }).bind(Cell::Null);
        }
        sql.push(")");
        for record in records.iter().map(Borrow::borrow) {
            sql.args.clear();
            cells(schema, object, record, &mut sql.args);
            self.execute(&sql).await?;
            if searched {
                let seq = self.last_row();
                self.index_record(object, seq, record, true).await?;
            }
        }
        Ok(())
    }

    async fn insert_together(
        &mut self,
        schema: &Schema,
        object: &ObjectDef,
        layout: &[Column],
        records: &[impl Borrow<Record> + Sync],
    ) -> Result<(), StoreError> {
        let searched = is_searched(object);
        let mut titles = Vec::new();
        for chunk in records.chunks(TOGETHER) {
            let mut columns: Vec<(&str, Vec<Cell>)> =
                layout.iter().map(|column| (column.kind.cast(), Vec::with_capacity(chunk.len()))).collect();
            let mut bodies = Vec::new();
            let mut row = Vec::with_capacity(layout.len());
            for record in chunk.iter().map(Borrow::borrow) {
                cells(schema, object, record, &mut row);
                columns.iter_mut().zip(row.drain(..)).for_each(|((_, column), cell)| column.push(cell));
                if searched {
                    let (title, body) = document(object, record);
                    titles.push(title);
                    bodies.push(Cell::Text(body));
                }
            }
            let mut sql = self.sql();
            sql.push("INSERT INTO ").name(&object.name).push(" (");
            names(&mut sql, layout);
            sql.push(if searched { ", _search) SELECT " } else { ") SELECT " });
            for i in 0..layout.len() {
                sql.push(if i == 0 { "c" } else { ", c" }).push(&i.to_string());
            }
            if searched {
                let (title, body) = (layout.len(), layout.len() + 1);
                sql.push(", ").push(&vector(&format!("c{title}"), &format!("c{body}")));
                let chunk_titles = titles[titles.len() - chunk.len()..].iter().map(Cell::text).collect();
                columns.extend([("text", chunk_titles), ("text", bodies)]);
            }
            sql.push(" FROM ").unnest(columns);
            self.execute(&sql).await?;
        }
        self.keep_terms(&titles).await
    }

    /// Writes the named fields of a record as they are in `record`. Answers false when the record is not there in version
    /// `expected` any more (asked only when given).
    pub async fn update(
        &mut self,
        schema: &Schema,
        record: &Record,
        changed: &[Ident],
        expected: Option<i64>,
    ) -> Result<bool, StoreError> {
        let object = find(schema, &record.object)?;
        let mut sql = self.sql();
        sql.push("UPDATE ").name(&object.name).push(" SET ");
        let mut first = true;
        for field in object.fields.iter().filter(|f| changed.contains(&f.name)) {
            let mut values = Vec::new();
            write(schema.effective(object, field), record.value(field.name.as_str()), &mut values);
            for (column, cell) in columns(schema, object, field).iter().zip(values) {
                sql.push(if first { "" } else { ", " }).quoted(&column.name).push(" = ").bind(cell);
                first = false;
            }
        }
        let searched = is_searched(object) && object.fields.iter().any(|f| f.searchable && changed.contains(&f.name));
        if searched && sql.dialect == Dialect::Postgres {
            let (title, body) = document(object, record);
            let mut place = |text: String| {
                sql.args.push(Cell::Text(text));
                format!("${}", sql.args.len())
            };
            let vector = vector(&place(title.clone()), &place(body));
            sql.push(if first { "_search = " } else { ", _search = " }).push(&vector);
            first = false;
            self.keep_terms(&[title]).await?;
        }
        if !first {
            sql.push(" WHERE id = ").bind(Cell::Id(record.id()));
            if let Some(version) = expected {
                sql.push(" AND version = ").bind(Cell::Int(version));
            }
            if self.execute(&sql).await? == 0 {
                return Ok(false);
            }
        }
        if searched && self.dialect() == Dialect::Sqlite {
            let mut sql = self.sql();
            sql.push("SELECT seq FROM ").name(&object.name).push(" WHERE id = ").bind(Cell::Id(record.id()));
            if let Some(seq) = self.query_one(&sql).await?.and_then(|row| row[0].int()) {
                self.index_record(object, seq, record, false).await?;
            }
        }
        self.write_links(schema, object, record, Some(changed)).await?;
        Ok(true)
    }

    /// The records with these identifiers that `access` allows, held until the end of the write so that nobody changes them meanwhile.
    pub async fn lock_many(
        &mut self,
        schema: &Schema,
        object: &Ident,
        ids: &[Id],
        access: &Filter,
    ) -> Result<Vec<Record>, StoreError> {
        self.fetch(schema, object, ids, access, &[], true).await
    }

    /// Removes records and their words for good.
    pub async fn purge(&mut self, schema: &Schema, object: &Ident, ids: &[Id]) -> Result<u64, StoreError> {
        let object = find(schema, object)?;
        let mut removed = 0;
        for chunk in ids.chunks(1_000) {
            let list = || chunk.iter().copied().map(Cell::Id);
            if is_searched(object) && self.dialect() == Dialect::Sqlite {
                let mut sql = self.sql();
                sql.push("DELETE FROM ").quoted(&table(object.name.as_str())).push(" WHERE rowid IN (SELECT seq FROM ");
                sql.name(&object.name).push(" WHERE id IN ").bind_list(list()).push(")");
                self.execute(&sql).await?;
            }
            let mut sql = self.sql();
            sql.push("DELETE FROM ").name(&object.name).push(" WHERE id IN ").bind_list(list());
            removed += self.execute(&sql).await?;
        }
        Ok(removed)
    }

    async fn write_links(
        &mut self,
        schema: &Schema,
        object: &ObjectDef,
        record: &Record,
        changed: Option<&[Ident]>,
    ) -> Result<(), StoreError> {
        for field in &object.fields {
            let FieldType::References { .. } = schema.effective(object, field) else { continue };
            if changed.is_some_and(|list| !list.contains(&field.name)) {
                continue;
            }
            let table = link_table(object.name.as_str(), field.name.as_str());
            if changed.is_some() {
                let mut sql = self.sql();
                sql.push("DELETE FROM ").quoted(&table).push(" WHERE record = ").bind(Cell::Id(record.id()));
                self.execute(&sql).await?;
            }
            let Value::Ids(targets) = record.value(field.name.as_str()) else { continue };
            for (position, target) in targets.iter().enumerate() {
                let mut sql = self.sql();
                sql.push("INSERT INTO ").quoted(&table).push(" (record, target, position) VALUES (");
                sql.bind(Cell::Id(record.id()))
                    .push(", ")
                    .bind(Cell::Id(*target))
                    .push(", ")
                    .bind(Cell::Int(position as i64));
                sql.push(")");
                self.execute(&sql).await?;
            }
        }
        Ok(())
    }

    /// Computes a roll-up for these records and answers its value for each; records without children get the empty value.
    pub async fn roll_up(
        &mut self,
        schema: &Schema,
        object: &Ident,
        field: &Ident,
        ids: &[Id],
    ) -> Result<Vec<(Id, Value)>, StoreError> {
        let object = find(schema, object)?;
        let def = object.field(field.as_str()).ok_or_else(|| StoreError::Fault(format!("no field {field}")))?;
        let FieldType::Rollup(rollup) = &def.kind else {
            return Err(StoreError::Fault(format!("{field} is no roll-up")));
        };
        let source = find(schema, &rollup.object)?;
        let kind = schema.effective(object, def);
        let money = matches!(kind, FieldType::Money);
        let mut out = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(1_000) {
            let mut sql = self.sql();
            sql.push("SELECT ").column(0, rollup.via.as_str()).push(", ");
            let of = |sql: &mut Sql| {
                if let Some(field) = &rollup.field {
                    sql.column(0, field.as_str());
                }
            };
            let (open, close) = match (rollup.op, kind) {
                (model::RollupOp::Count, _) => ("count(*", ")"),
                (model::RollupOp::Sum, FieldType::Number | FieldType::Percent) => ("sum(", ")"),
                (model::RollupOp::Sum, _) => ("CAST(sum(", ") AS BIGINT)"),
                (model::RollupOp::Min, _) => ("min(", ")"),
                (model::RollupOp::Max, _) => ("max(", ")"),
                (model::RollupOp::Avg, _) => ("CAST(avg(", ") AS DOUBLE PRECISION)"),
            };
            sql.push(open);
            if rollup.op != model::RollupOp::Count {
                of(&mut sql);
            }
            sql.push(close);
            if money {
                // Amounts of several currencies have no sum: the currency is then missing, and so is the value.
                let currency = format!("{}__currency", rollup.field.as_ref().map_or("", |f| f.as_str()));
                sql.push(", CASE WHEN min(")
                    .column(0, &currency)
                    .push(") = max(")
                    .column(0, &currency)
                    .push(") THEN min(");
                sql.column(0, &currency).push(") END");
            }
            sql.push(" FROM ")
                .name(&source.name)
                .push(" t0 WHERE t0.deleted_at IS NULL AND ")
                .column(0, rollup.via.as_str());
            sql.push(" IN ").bind_list(chunk.iter().copied().map(Cell::Id));
            if !rollup.filter.is_all() {
                sql.push(" AND (");
                crate::filter::Compiler::new(schema).filter(&mut sql, source, 0, &rollup.filter)?;
                sql.push(")");
            }
            sql.push(" GROUP BY ").column(0, rollup.via.as_str());
            let mut found = std::collections::HashMap::new();
            for row in self.query(&sql).await? {
                let mut cells = row.into_iter();
                let Some(id) = cells.next().and_then(|c| c.id()) else { continue };
                let mut cells: Vec<Cell> = cells.collect();
                if money && cells.get(1) == Some(&Cell::Null) {
                    cells[0] = Cell::Null;
                }
                found.insert(id, crate::column::read(kind, &mut cells.into_iter())?);
            }
            let empty = if rollup.op == model::RollupOp::Count { Value::Int(0) } else { Value::Null };
            out.extend(chunk.iter().map(|id| (*id, found.remove(id).unwrap_or_else(|| empty.clone()))));
        }
        Ok(out)
    }

    /// The next numbers of a counter: `count` of them from the one answered.
    pub async fn next_numbers(&mut self, counter: &str, count: u64) -> Result<i64, StoreError> {
        let sql = Sql::with(
            self.dialect(),
            "INSERT INTO _counter (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = _counter.value + excluded.value RETURNING value",
            vec![Cell::text(counter), Cell::Int(count as i64)],
        );
        let last = self.query_one(&sql).await?.and_then(|row| row[0].int()).unwrap_or(0);
        Ok(last - count as i64 + 1)
    }
}

/// Every column of an object, the base ones first.
pub(crate) fn layout(schema: &Schema, object: &ObjectDef) -> Vec<Column> {
    object.fields.iter().flat_map(|field| columns(schema, object, field)).collect()
}

fn names(sql: &mut Sql, layout: &[Column]) {
    for (i, column) in layout.iter().enumerate() {
        sql.push(if i == 0 { "" } else { ", " }).quoted(&column.name);
    }
}

fn cells(schema: &Schema, object: &ObjectDef, record: &Record, out: &mut Vec<Cell>) {
    for field in &object.fields {
        write(schema.effective(object, field), record.value(field.name.as_str()), out);
    }
}

/// The search vector of a title and a body, which stand at these places of the statement.
fn vector(title: &str, body: &str) -> String {
    format!("setweight(to_tsvector('simple', {title}), 'A') || to_tsvector('simple', {body})")
}
