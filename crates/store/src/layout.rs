//! Tables derived from definitions, and online changes to them.

use std::collections::HashSet;

use model::{FieldDef, FieldType, Ident, ObjectDef, Schema, system};

use crate::StoreError;
use crate::column::{columns, has_fold, is_base, link_table, part_column};
use crate::conn::Writer;
use crate::search::{is_searched, table};
use crate::sql::{Cell, Dialect, Sql};

struct Index {
    name: String,
    table: String,
    columns: Vec<String>,
    unique: bool,
    /// Leaves out the records in the bin.
    partial: bool,
}

impl Writer {
    /// Brings the tables to what the definitions say: adds tables, columns and indexes, drops indexes that are no longer wanted.
    /// Columns are never dropped here, so that what an older version wrote is not lost. Answers the statements that it ran.
    pub async fn sync(&mut self, schema: &Schema) -> Result<Vec<String>, StoreError> {
        let dialect = self.dialect();
        let tables = self.existing("tables").await?;
        let mut script = Vec::new();
        let mut later = Vec::new();
        for object in schema.objects() {
            if tables.contains(object.name.as_str()) {
                let present = self.existing_columns(object.name.as_str()).await?;
                for field in &object.fields {
                    for column in columns(schema, object, field).iter().filter(|c| !present.contains(&c.name)) {
                        let mut sql = Sql::new(dialect);
                        sql.push("ALTER TABLE ").name(&object.name).push(" ADD COLUMN ").quoted(&column.name);
                        sql.push(" ").push(column.kind.sql(dialect));
                        foreign_key(&mut sql, object, field, &column.name, &mut later);
                        script.push(sql.text);
                    }
                }
                if is_searched(object) && dialect == Dialect::Postgres && !present.contains("_search") {
                    script.push(format!("ALTER TABLE \"{}\" ADD COLUMN _search TSVECTOR", object.name));
                }
            } else {
                script.push(create(schema, object, dialect, &mut later));
            }
            if is_searched(object)
                && dialect == Dialect::Sqlite
                && !tables.contains(table(object.name.as_str()).as_str())
            {
                script.extend(create_search(object));
            }
            for field in &object.fields {
                let FieldType::References { to } = schema.effective(object, field) else { continue };
                let name = link_table(object.name.as_str(), field.name.as_str());
                if !tables.contains(name.as_str()) {
                    script.push(create_link(object, &name, to.as_str(), dialect, &mut later));
                }
            }
        }
        script.extend(later);
        let wanted = indexes(schema);
        let present = self.existing("indexes").await?;
        for index in &wanted {
            if !present.contains(&index.name) {
                script.push(create_index(index, dialect));
            }
        }
        for name in present.iter().filter(|n| n.starts_with("ix__") || n.starts_with("ux__")) {
            if !wanted.iter().any(|i| i.name == **name) {
                script.push(format!("DROP INDEX \"{name}\""));
            }
        }
        for statement in &script {
            self.batch(statement).await?;
        }
        Ok(script)
    }

    /// Drops the indexes of an object that neither keep values unique nor follow references.
    pub async fn drop_plain_indexes(&mut self, schema: &Schema, object: &Ident) -> Result<(), StoreError> {
        let present = self.existing("indexes").await?;
        let plain = |index: &&Index| index.table == object.as_str() && !index.unique && index.partial;
        for index in indexes(schema).iter().filter(plain).filter(|index| present.contains(&index.name)) {
            self.batch(&format!("DROP INDEX \"{}\"", index.name)).await?;
        }
        Ok(())
    }

    /// Makes one index that the definitions ask for and that is missing. Answers false when none is.
    pub async fn create_missing_index(&mut self, schema: &Schema) -> Result<bool, StoreError> {
        let present = self.existing("indexes").await?;
        let wanted = indexes(schema);
        let Some(missing) = wanted.iter().find(|index| !present.contains(&index.name)) else { return Ok(false) };
        let script = create_index(missing, self.dialect());
        self.batch(&script).await.map(|()| true)
    }

    async fn existing(&mut self, what: &str) -> Result<HashSet<String>, StoreError> {
        let text = match (self.dialect(), what) {
            (Dialect::Sqlite, "tables") => "SELECT name FROM sqlite_master WHERE type = 'table'",
            (Dialect::Sqlite, _) => "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
            (Dialect::Postgres, "tables") => {
                "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()"
            }
            (Dialect::Postgres, _) => "SELECT indexname::text FROM pg_indexes WHERE schemaname = current_schema()",
        };
        let sql = Sql::of(self.dialect(), text);
        let rows = self.query(&sql).await?;
        Ok(rows.into_iter().filter_map(|row| row[0].str().map(str::to_owned)).collect())
    }

    async fn existing_columns(&mut self, table: &str) -> Result<HashSet<String>, StoreError> {
        let text = match self.dialect() {
            Dialect::Sqlite => "SELECT name FROM pragma_table_info(?)",
            Dialect::Postgres => {
                "SELECT column_name::text FROM information_schema.columns WHERE table_schema = current_schema() AND table_name::text = ?"
            }
        };
        let sql = Sql::with(self.dialect(), text, vec![Cell::text(table)]);
        let rows = self.query(&sql).await?;
        Ok(rows.into_iter().filter_map(|row| row[0].str().map(str::to_owned)).collect())
    }
}

fn create(schema: &Schema, object: &ObjectDef, dialect: Dialect, later: &mut Vec<String>) -> String {
    let mut sql = Sql::new(dialect);
    sql.push("CREATE TABLE ").name(&object.name);
    sql.either(" (seq INTEGER PRIMARY KEY", " (seq BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE");
    for field in &object.fields {
        for column in columns(schema, object, field) {
            sql.push(", ").quoted(&column.name).push(" ").push(column.kind.sql(dialect));
            match column.name.as_str() {
                system::ID => sql.either(" NOT NULL UNIQUE", " PRIMARY KEY"),
                system::CREATED_AT | system::UPDATED_AT | system::VERSION => sql.push(" NOT NULL"),
                _ => &mut sql,
            };
            foreign_key(&mut sql, object, field, &column.name, later);
        }
    }
    if is_searched(object) {
        sql.either("", ", _search TSVECTOR");
    }
    sql.either(") STRICT", ")");
    sql.text
}

/// References to one object are kept whole by the database too; the record pointed to is only ever removed by erasure.
fn foreign_key(sql: &mut Sql, object: &ObjectDef, field: &FieldDef, column: &str, later: &mut Vec<String>) {
    let target = match &field.kind {
        _ if is_base(field) || column != field.name.as_str() => return,
        FieldType::Reference { to, .. } => to.as_str(),
        FieldType::User => "user",
        _ => return,
    };
    match sql.dialect {
        Dialect::Sqlite => {
            sql.push(" REFERENCES ").quoted(target).push(" (id) ON DELETE SET NULL");
        }
        Dialect::Postgres => later.push(format!(
            "ALTER TABLE \"{}\" ADD FOREIGN KEY (\"{column}\") REFERENCES \"{target}\" (id) ON DELETE SET NULL",
            object.name
        )),
    }
}

fn create_search(object: &ObjectDef) -> [String; 2] {
    let name = &object.name;
    [
        format!(
            "CREATE VIRTUAL TABLE \"{name}__search\" USING fts5 (title, body, content = '', contentless_delete = 1, prefix = '2 3', tokenize = 'unicode61 remove_diacritics 0')"
        ),
        format!("CREATE VIRTUAL TABLE \"{name}__terms\" USING fts5vocab ('{name}__search', 'row')"),
    ]
}

fn create_link(object: &ObjectDef, name: &str, to: &str, dialect: Dialect, later: &mut Vec<String>) -> String {
    let mut sql = Sql::new(dialect);
    sql.push("CREATE TABLE ").quoted(name);
    match dialect {
        Dialect::Sqlite => {
            sql.push(" (record BLOB NOT NULL REFERENCES ")
                .name(&object.name)
                .push(" (id) ON DELETE CASCADE, target BLOB NOT NULL REFERENCES ");
            sql.quoted(to).push(" (id) ON DELETE CASCADE, position INTEGER NOT NULL, PRIMARY KEY (record, target)) STRICT, WITHOUT ROWID");
        }
        Dialect::Postgres => {
            sql.push(
                " (record UUID NOT NULL, target UUID NOT NULL, position BIGINT NOT NULL, PRIMARY KEY (record, target))",
            );
            for (column, table) in [("record", object.name.as_str()), ("target", to)] {
                later.push(format!(
                    "ALTER TABLE \"{name}\" ADD FOREIGN KEY ({column}) REFERENCES \"{table}\" (id) ON DELETE CASCADE"
                ));
            }
        }
    }
    sql.text
}

fn indexes(schema: &Schema) -> Vec<Index> {
    let mut out = Vec::new();
    for object in schema.objects() {
        let table = object.name.as_str();
        let mut add = |columns: Vec<String>, unique: bool, partial: bool| {
            let name = index_name(table, &columns, unique, partial);
            if !out.iter().any(|i: &Index| i.name == name) {
                out.push(Index { name, table: table.to_owned(), columns, unique, partial });
            }
        };
        for field in object.fields.iter().filter(|f| f.name != system::ID) {
            let kind = schema.effective(object, field);
            let name = field.name.as_str();
            let reference =
                matches!(kind, FieldType::Reference { .. } | FieldType::Polymorphic { .. } | FieldType::User);
            let entries = matches!(kind, FieldType::Emails | FieldType::Phones | FieldType::Links);
            let primary = || vec![part_column(name, Some("primary"))];
            if field.unique {
                add(if entries { primary() } else { vec![name.to_owned()] }, true, true);
            }
            if reference && !is_base(field) {
                add(vec![name.to_owned()], false, false);
            } else if field.indexed && entries {
                add(primary(), false, true);
            } else if field.indexed && field.is_sortable() {
                for part in std::iter::once(None).chain(kind.parts().iter().map(|p| Some(*p))) {
                    if has_fold(kind, part) {
                        add(vec![format!("{}__fold", part_column(name, part))], false, true);
                    }
                }
                if !matches!(kind, FieldType::PersonName | FieldType::Address) && !field.unique {
                    add(vec![name.to_owned()], false, true);
                }
            }
        }
        for index in &object.indexes {
            add(index.fields.iter().map(|f| f.to_string()).collect(), index.unique, true);
        }
        for field in &object.fields {
            if let FieldType::References { .. } = schema.effective(object, field) {
                let table = link_table(table, field.name.as_str());
                let columns = vec!["target".to_owned()];
                let name = index_name(&table, &columns, false, false);
                out.push(Index { name, table, columns, unique: false, partial: false });
            }
        }
    }
    out
}

/// At most 63 bytes, PostgreSQL's limit: long names end in a hash.
fn index_name(table: &str, columns: &[String], unique: bool, partial: bool) -> String {
    let kind = if unique { "ux" } else { "ix" };
    let name = format!("{kind}__{table}__{}{}", columns.join("__"), if partial { "" } else { "__all" });
    if name.len() <= 60 {
        return name;
    }
    let hash = kernel::Id::named(&name).uuid().simple().to_string();
    format!("{}__{}", &name[..40], &hash[..16])
}

fn create_index(index: &Index, dialect: Dialect) -> String {
    let mut sql = Sql::new(dialect);
    sql.push(if index.unique { "CREATE UNIQUE INDEX " } else { "CREATE INDEX " });
    sql.quoted(&index.name).push(" ON ").quoted(&index.table).push(" (");
    for (i, column) in index.columns.iter().enumerate() {
        sql.push(if i == 0 { "" } else { ", " }).quoted(column);
        if !index.unique && index.partial {
            sql.either("", " NULLS FIRST");
        }
    }
    if !index.unique && index.partial {
        sql.either("", ", seq");
    }
    sql.push(if index.partial { ") WHERE deleted_at IS NULL" } else { ")" });
    sql.text
}
