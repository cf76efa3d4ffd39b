//! From a bound filter to SQL: the only such compiler.

use kernel::fold;
use model::{Condition, FieldDef, FieldType, Filter, Ident, ObjectDef, Op, Operand, Schema, Value, system};

use crate::StoreError;
use crate::column::{cell, has_fold, link_table, part_column};
use crate::sql::{Cell, Dialect, Sql};

/// Numbers the aliases of nested tables.
pub(crate) struct Compiler<'a> {
    schema: &'a Schema,
    next: usize,
    plain: bool,
}

impl<'a> Compiler<'a> {
    /// A compiler for a statement whose main table is `t0`.
    pub(crate) fn new(schema: &'a Schema) -> Compiler<'a> {
        Compiler { schema, next: 1, plain: false }
    }

    /// The same, with comparisons written so that SQLite uses no index for them: for filters that most records pass, where following
    /// the order's index is the cheaper way.
    pub(crate) fn without_indexes(schema: &'a Schema) -> Compiler<'a> {
        Compiler { plain: true, ..Compiler::new(schema) }
    }

    /// Writes the filter on the records of `alias`.
    pub(crate) fn filter(
        &mut self,
        sql: &mut Sql,
        object: &ObjectDef,
        alias: usize,
        filter: &Filter,
    ) -> Result<(), StoreError> {
        match filter {
            Filter::All => {
                sql.either("1", "TRUE");
            }
            Filter::None => {
                sql.either("0", "FALSE");
            }
            Filter::And(list) => self.join(sql, object, alias, list, " AND ", Filter::All)?,
            Filter::Or(list) => self.join(sql, object, alias, list, " OR ", Filter::None)?,
            Filter::Not(inner) => {
                sql.push("NOT (");
                self.filter(sql, object, alias, inner)?;
                sql.push(")");
            }
            Filter::Is(condition) => self.condition(sql, object, alias, condition)?,
            Filter::Related { field, object: to, filter } => {
                let to = to.as_ref().ok_or_else(|| unbound(field))?;
                let def = find(object, field)?;
                let target = self.object(to)?;
                let t = self.alias();
                sql.push("EXISTS (SELECT 1 FROM ").name(&target.name).push(&format!(" t{t} "));
                if let FieldType::References { .. } = def.kind {
                    let link = self.alias();
                    sql.push("JOIN ")
                        .quoted(&link_table(object.name.as_str(), field.as_str()))
                        .push(&format!(" t{link} ON "));
                    sql.column(link, "target").push(" = ").column(t, system::ID);
                    sql.push(" WHERE ").column(link, "record").push(" = ").column(alias, system::ID);
                } else {
                    sql.push("WHERE ").column(t, system::ID).push(" = ").column(alias, field.as_str());
                    if let FieldType::Polymorphic { .. } = def.kind {
                        sql.push(" AND ").column(alias, &part_column(field.as_str(), Some("object"))).push(" = ");
                        sql.bind(Cell::text(to.as_str()));
                    }
                }
                self.nested(sql, &target, t, filter)?;
            }
            Filter::Any { object: other, via, filter } => {
                let source = self.object(other)?;
                let def = find(&source, via)?;
                let t = self.alias();
                sql.push("EXISTS (SELECT 1 FROM ").name(other).push(&format!(" t{t} "));
                if let FieldType::References { .. } = def.kind {
                    let link = self.alias();
                    sql.push("JOIN ").quoted(&link_table(other.as_str(), via.as_str())).push(&format!(" t{link} ON "));
                    sql.column(link, "record").push(" = ").column(t, system::ID);
                    sql.push(" WHERE ").column(link, "target").push(" = ").column(alias, system::ID);
                } else {
                    sql.push("WHERE ").column(t, via.as_str()).push(" = ").column(alias, system::ID);
                    if let FieldType::Polymorphic { .. } = def.kind {
                        sql.push(" AND ").column(t, &part_column(via.as_str(), Some("object"))).push(" = ");
                        sql.bind(Cell::text(object.name.as_str()));
                    }
                }
                self.nested(sql, &source, t, filter)?;
            }
        }
        Ok(())
    }

    fn nested(&mut self, sql: &mut Sql, object: &ObjectDef, alias: usize, filter: &Filter) -> Result<(), StoreError> {
        sql.push(" AND ").column(alias, system::DELETED_AT).push(" IS NULL");
        if !filter.is_all() {
            sql.push(" AND (");
            self.filter(sql, object, alias, filter)?;
            sql.push(")");
        }
        sql.push(")");
        Ok(())
    }

    fn join(
        &mut self,
        sql: &mut Sql,
        object: &ObjectDef,
        alias: usize,
        list: &[Filter],
        word: &str,
        empty: Filter,
    ) -> Result<(), StoreError> {
        if list.is_empty() {
            return self.filter(sql, object, alias, &empty);
        }
        for (i, filter) in list.iter().enumerate() {
            sql.push(if i == 0 { "(" } else { word });
            self.filter(sql, object, alias, filter)?;
        }
        sql.push(")");
        Ok(())
    }

    fn condition(
        &mut self,
        sql: &mut Sql,
        object: &ObjectDef,
        alias: usize,
        condition: &Condition,
    ) -> Result<(), StoreError> {
        let field = &condition.path.field;
        let def = find(object, field)?;
        let kind = self.schema.effective(object, def);
        let part = condition.path.part.as_ref().map(Ident::as_str);
        let entries = matches!(kind, FieldType::Emails | FieldType::Phones | FieldType::Links);
        let part =
            if entries && !matches!(condition.op, Op::Has | Op::HasAny | Op::IsNull) { Some("primary") } else { part };
        let column = part_column(field.as_str(), part);
        if let FieldType::References { .. } = kind {
            return self.link_condition(sql, object, alias, condition);
        }
        if self.plain && alias == 0 {
            sql.either("+", "");
        }
        match (&condition.operand, condition.op) {
            (Operand::None, Op::IsNull) => {
                sql.column(alias, &column).push(" IS NULL");
            }
            (Operand::Value(value), Op::Has) => self.has(sql, alias, &column, entries, std::slice::from_ref(value))?,
            (Operand::Values(values), Op::Has) => {
                if values.is_empty() {
                    sql.either("1", "TRUE");
                }
                for (i, value) in values.iter().enumerate() {
                    sql.push(if i == 0 { "(" } else { " AND " });
                    self.has(sql, alias, &column, entries, std::slice::from_ref(value))?;
                }
                if !values.is_empty() {
                    sql.push(")");
                }
            }
            (Operand::Values(values), Op::HasAny) => self.has(sql, alias, &column, entries, values)?,
            (Operand::Values(values), Op::Among) => {
                sql.push("NOT EXISTS (SELECT 1 FROM ")
                    .either("json_each(", "jsonb_array_elements_text(")
                    .column(alias, &column);
                sql.push(") e");
                if !values.is_empty() {
                    sql.push(" WHERE e.value NOT IN ")
                        .bind_list(values.iter().map(cell).collect::<Result<Vec<_>, _>>()?);
                }
                sql.push(")");
            }
            (Operand::Values(values), Op::Near) => near(sql, alias, field.as_str(), values)?,
            (Operand::Values(values), Op::Within) => {
                let [from, to] = values.as_slice() else { return Err(unbound(field)) };
                sql.push("(").column(alias, &column).push(" >= ").bind(cell(from)?);
                sql.push(" AND ").column(alias, &column).push(" < ").bind(cell(to)?).push(")");
            }
            (Operand::Values(values), Op::In) => {
                if values.is_empty() {
                    // Not merely false: SQL has it unknown for a missing value only when the list is not empty.
                    sql.push("(").column(alias, &column).either(" IS NULL AND NULL)", " IS NULL AND NULL::boolean)");
                } else {
                    sql.column(alias, &column)
                        .push(" IN ")
                        .bind_list(values.iter().map(cell).collect::<Result<Vec<_>, _>>()?);
                }
            }
            (Operand::Value(value), Op::Distinct) => {
                sql.column(alias, &column).either(" IS NOT ", " IS DISTINCT FROM ").bind(cell(value)?);
            }
            (Operand::Value(Value::Null), _) => {
                sql.either("NULL", "NULL::boolean");
            }
            (Operand::Value(value), op) => compare(sql, def, kind, alias, part, op, value)?,
            _ => return Err(unbound(field)),
        }
        Ok(())
    }

    fn has(
        &self,
        sql: &mut Sql,
        alias: usize,
        column: &str,
        entries: bool,
        values: &[Value],
    ) -> Result<(), StoreError> {
        if values.is_empty() {
            sql.either("0", "FALSE");
            return Ok(());
        }
        sql.push("EXISTS (SELECT 1 FROM ");
        match (sql.dialect, entries) {
            (Dialect::Sqlite, _) => sql.push("json_each(").column(alias, column).push(") e WHERE "),
            (Dialect::Postgres, true) => sql.push("jsonb_array_elements(").column(alias, column).push(") e WHERE "),
            (Dialect::Postgres, false) => {
                sql.push("jsonb_array_elements_text(").column(alias, column).push(") e WHERE ")
            }
        };
        match (sql.dialect, entries) {
            (Dialect::Sqlite, true) => sql.push("e.value ->> 'value' IN "),
            (Dialect::Postgres, true) => sql.push("e.value ->> 'value' IN "),
            (_, false) => sql.push("e.value IN "),
        };
        sql.bind_list(values.iter().map(cell).collect::<Result<Vec<_>, _>>()?).push(")");
        Ok(())
    }

    fn link_condition(
        &mut self,
        sql: &mut Sql,
        object: &ObjectDef,
        alias: usize,
        condition: &Condition,
    ) -> Result<(), StoreError> {
        let table = link_table(object.name.as_str(), condition.path.field.as_str());
        let exists = |sql: &mut Sql, t: usize| {
            sql.push("EXISTS (SELECT 1 FROM ").quoted(&table).push(&format!(" t{t} WHERE "));
            sql.column(t, "record").push(" = ").column(alias, system::ID);
        };
        let values: &[Value] = match &condition.operand {
            Operand::None => &[],
            Operand::Value(value) => std::slice::from_ref(value),
            Operand::Values(values) => values,
            _ => return Err(unbound(&condition.path.field)),
        };
        match condition.op {
            Op::IsNull => {
                sql.push("NOT ");
                let t = self.alias();
                exists(sql, t);
                sql.push(")");
            }
            Op::HasAny if values.is_empty() => {
                sql.either("0", "FALSE");
            }
            Op::HasAny => {
                let t = self.alias();
                exists(sql, t);
                sql.push(" AND ").column(t, "target").push(" IN ");
                sql.bind_list(values.iter().map(cell).collect::<Result<Vec<_>, _>>()?).push(")");
            }
            Op::Has => {
                sql.push("(").either("1", "TRUE");
                for value in values {
                    sql.push(" AND ");
                    let t = self.alias();
                    exists(sql, t);
                    sql.push(" AND ").column(t, "target").push(" = ").bind(cell(value)?).push(")");
                }
                sql.push(")");
            }
            _ => return Err(unbound(&condition.path.field)),
        }
        Ok(())
    }

    fn alias(&mut self) -> usize {
        self.next += 1;
        self.next - 1
    }

    fn object(&self, name: &Ident) -> Result<std::sync::Arc<ObjectDef>, StoreError> {
        self.schema
            .object(name.as_str())
            .cloned()
            .ok_or_else(|| StoreError::Fault(format!("there is no object {name}")))
    }
}

/// The text that a path is sorted and searched by: the folded twin, or the text folded on the spot.
pub(crate) fn collated(sql: &mut Sql, kind: &FieldType, alias: usize, field: &str, part: Option<&str>) {
    let column = part_column(field, part);
    let folds =
        matches!(kind, FieldType::Text { .. } | FieldType::LongText | FieldType::PersonName | FieldType::Address);
    if has_fold(kind, part) {
        sql.column(alias, &format!("{column}__fold"));
    } else if folds {
        sql.push("fold(").column(alias, &column).push(")");
    } else {
        sql.column(alias, &column);
    }
}

fn compare(
    sql: &mut Sql,
    def: &FieldDef,
    kind: &FieldType,
    alias: usize,
    part: Option<&str>,
    op: Op,
    value: &Value,
) -> Result<(), StoreError> {
    let field = def.name.as_str();
    let column = part_column(field, part);
    let folds =
        matches!(kind, FieldType::Text { .. } | FieldType::LongText | FieldType::PersonName | FieldType::Address);
    let word = match op {
        Op::Eq => " = ",
        Op::Ne => " <> ",
        Op::Lt => " < ",
        Op::Lte => " <= ",
        Op::Gt => " > ",
        Op::Gte => " >= ",
        _ => "",
    };
    if matches!(op, Op::Eq | Op::Ne) {
        sql.column(alias, &column).push(word).bind(cell(value)?);
        return Ok(());
    }
    if !word.is_empty() {
        let value = match value {
            Value::Text(text) if folds => Cell::Text(fold(text)),
            other => cell(other)?,
        };
        collated(sql, kind, alias, field, part);
        sql.push(word).bind(value);
        return Ok(());
    }
    let Value::Text(text) = value else { return Err(unbound(&def.name)) };
    // Searching folds every text, also those that are sorted as they are.
    let folded = |sql: &mut Sql| {
        if has_fold(kind, part) {
            sql.column(alias, &format!("{column}__fold"));
        } else {
            sql.push("fold(").column(alias, &column).push(")");
        }
    };
    match op {
        Op::Contains => {
            sql.either("instr(", "strpos(");
            folded(sql);
            sql.push(", ").bind(Cell::Text(fold(text))).push(") > 0");
        }
        Op::StartsWith => {
            let prefix = fold(text);
            sql.push("(");
            folded(sql);
            sql.push(" >= ").bind(Cell::Text(prefix.clone())).push(" AND ");
            folded(sql);
            sql.push(" < ").bind(Cell::Text(format!("{prefix}\u{10ffff}"))).push(")");
        }
        Op::Like => {
            sql.push("(");
            literal(sql, text, |sql| {
                sql.column(alias, &column);
            });
            sql.column(alias, &column);
            match sql.dialect {
                Dialect::Sqlite => sql.push(" GLOB ").bind(Cell::Text(glob(text))),
                Dialect::Postgres => sql.push(" LIKE ").bind(Cell::Text(text.clone())).push(" ESCAPE ''"),
            };
            sql.push(")");
        }
        Op::Ilike => {
            let pattern = fold(text);
            sql.push("(");
            literal(sql, &pattern, folded);
            folded(sql);
            sql.push(" LIKE ").bind(Cell::Text(pattern)).either("", " ESCAPE ''").push(")");
        }
        Op::Match | Op::Imatch => match sql.dialect {
            Dialect::Sqlite => {
                let pattern = if op == Op::Imatch { format!("(?i){text}") } else { text.clone() };
                sql.push("regexp(").bind(Cell::Text(pattern)).push(", ").column(alias, &column).push(")");
            }
            Dialect::Postgres => {
                sql.column(alias, &column)
                    .push(if op == Op::Imatch { " ~* " } else { " ~ " })
                    .bind(Cell::Text(text.clone()));
            }
        },
        _ => return Err(unbound(&def.name)),
    }
    Ok(())
}

/// `column >= 'abc' AND column < 'abd' AND `, of the characters before a pattern's first wildcard: a range of the index, which a planner
/// that does not look at values would not see in the pattern.
fn literal(sql: &mut Sql, pattern: &str, column: impl Fn(&mut Sql)) {
    let prefix = pattern.split(['%', '_']).next().unwrap_or_default();
    if prefix.is_empty() {
        return;
    }
    column(sql);
    sql.push(" >= ").bind(Cell::text(prefix)).push(" AND ");
    column(sql);
    sql.push(" < ").bind(Cell::Text(format!("{prefix}\u{10ffff}"))).push(" AND ");
}

/// SQL's pattern as a case-sensitive GLOB.
fn glob(like: &str) -> String {
    let mut out = String::with_capacity(like.len());
    for c in like.chars() {
        match c {
            '%' => out.push('*'),
            '_' => out.push('?'),
            '*' | '?' | '[' => {
                out.push('[');
                out.push(c);
                out.push(']');
            }
            c => out.push(c),
        }
    }
    out
}

/// The same arithmetic as the model's evaluator, in the same order.
fn near(sql: &mut Sql, alias: usize, field: &str, values: &[Value]) -> Result<(), StoreError> {
    const KM_PER_DEGREE: f64 = 111.195;
    let [Value::Number(lat), Value::Number(lon), Value::Number(km)] = values else {
        return Err(StoreError::Fault("a distance needs latitude, longitude and kilometres".to_owned()));
    };
    let x = |sql: &mut Sql| {
        sql.push("((").column(alias, &part_column(field, Some("lon"))).push(" - ").bind(Cell::Real(*lon)).push(") * ");
        sql.bind(Cell::Real(KM_PER_DEGREE)).push(" * ").bind(Cell::Real(lat.to_radians().cos())).push(")");
    };
    let y = |sql: &mut Sql| {
        sql.push("((").column(alias, &part_column(field, Some("lat"))).push(" - ").bind(Cell::Real(*lat)).push(") * ");
        sql.bind(Cell::Real(KM_PER_DEGREE)).push(")");
    };
    sql.push("(");
    x(sql);
    sql.push(" * ");
    x(sql);
    sql.push(" + ");
    y(sql);
    sql.push(" * ");
    y(sql);
    sql.push(") <= ").bind(Cell::Real(km * km));
    Ok(())
}

fn find<'o>(object: &'o ObjectDef, field: &Ident) -> Result<&'o FieldDef, StoreError> {
    object.field(field.as_str()).ok_or_else(|| StoreError::Fault(format!("{} has no field {field}", object.name)))
}

fn unbound(field: &Ident) -> StoreError {
    StoreError::Fault(format!("the filter on {field} was not bound"))
}
