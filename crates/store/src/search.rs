//! Full-text search: words folded by the kernel, prefixes, titles first, and close words when nothing fits.

use kernel::{Id, words_of};
use model::{Filter, Ident, ObjectDef, Record, Schema, Value, system};

use crate::StoreError;
use crate::conn::{Reader, Writer};
use crate::filter::Compiler;
use crate::select::find;
use crate::sql::{Cell, Dialect, Sql};

/// A record found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Its object.
    pub object: Ident,
    /// The record.
    pub id: Id,
    /// Whether every word stands in its title.
    pub in_title: bool,
}

/// The table of an object's search index on SQLite.
pub(crate) fn table(object: &str) -> String {
    format!("{object}__search")
}

/// Whether an object is searched at all.
pub(crate) fn is_searched(object: &ObjectDef) -> bool {
    object.fields.iter().any(|f| f.searchable)
}

/// The words of a record's title and of its other searchable fields.
pub(crate) fn document(object: &ObjectDef, record: &Record) -> (String, String) {
    let mut title = Vec::new();
    let mut body = Vec::new();
    for field in object.fields.iter().filter(|f| f.searchable) {
        let words = words(record.value(field.name.as_str()));
        if field.name == object.title { title.extend(words) } else { body.extend(words) }
    }
    (title.join(" "), body.join(" "))
}

fn words(value: &Value) -> Vec<String> {
    match value {
        Value::Entries(entries) => entries
            .iter()
            .flat_map(|entry| {
                let mut words = words_of(&entry.value);
                // A French number is also searched as it is dialled in France.
                if let Some(national) = entry.value.strip_prefix("+33") {
                    words.push(format!("0{national}"));
                }
                words
            })
            .collect(),
        Value::Texts(texts) => texts.iter().flat_map(|t| words_of(t)).collect(),
        other => match other.scalar(None) {
            Value::Text(text) => words_of(&text),
            Value::Int(n) => vec![n.to_string()],
            _ => Vec::new(),
        },
    }
}

/// `t0` is among the records that have every word, as a prefix.
pub(crate) fn matches(sql: &mut Sql, object: &ObjectDef, words: &[String]) {
    match sql.dialect {
        Dialect::Sqlite => {
            let table = table(object.name.as_str());
            sql.column(0, system::SEQ).push(" IN (SELECT rowid FROM ").quoted(&table).push(" WHERE ").quoted(&table);
            sql.push(" MATCH ").bind(Cell::Text(expression(Dialect::Sqlite, words, false))).push(")");
        }
        Dialect::Postgres => {
            sql.push("t0._search @@ to_tsquery('simple', ");
            sql.bind(Cell::Text(expression(Dialect::Postgres, words, false))).push(")");
        }
    }
}

/// The database's query text; words are letters and digits only, so nothing needs escaping.
fn expression(dialect: Dialect, words: &[String], title: bool) -> String {
    match dialect {
        Dialect::Sqlite => {
            let list: Vec<String> = words.iter().map(|w| format!("\"{w}\" *")).collect();
            let list = list.join(" AND ");
            if title { format!("title : ({list})") } else { list }
        }
        Dialect::Postgres => {
            let mark = if title { ":*A" } else { ":*" };
            words.iter().map(|w| format!("{w}{mark}")).collect::<Vec<_>>().join(" & ")
        }
    }
}

impl Reader {
    /// The records whose words start with those of `text`, titles first, newest first among equals; at most `limit` per object.
    /// `objects` gives what of each object the reader may see. When nothing fits, close words are tried.
    pub async fn search(
        &mut self,
        schema: &Schema,
        text: &str,
        objects: &[(Ident, Filter)],
        limit: u32,
    ) -> Result<Vec<Hit>, StoreError> {
        let mut words = words_of(text);
        words.truncate(8);
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let mut hits = Vec::new();
        for (name, access) in objects {
            hits.extend(self.search_object(schema, name, access, &words, limit).await?);
        }
        if !hits.is_empty() || !words.iter().any(|w| w.len() >= 4) {
            hits.sort_by_key(|hit| !hit.in_title);
            return Ok(hits);
        }
        for (name, access) in objects {
            let Some(closest) = self.close_words(schema, name, &words).await? else { continue };
            for words in closest {
                hits.extend(self.search_object(schema, name, access, &words, limit).await?);
            }
        }
        hits.sort_by_key(|hit| !hit.in_title);
        Ok(hits)
    }

    async fn search_object(
        &mut self,
        schema: &Schema,
        name: &Ident,
        access: &Filter,
        words: &[String],
        limit: u32,
    ) -> Result<Vec<Hit>, StoreError> {
        let object = find(schema, name)?;
        if !is_searched(object) {
            return Ok(Vec::new());
        }
        let mut hits: Vec<Hit> = Vec::new();
        for in_title in [true, false] {
            if hits.len() >= limit as usize {
                break;
            }
            let mut sql = self.sql();
            let query = expression(sql.dialect, words, in_title);
            sql.push("SELECT t0.id FROM ");
            match sql.dialect {
                Dialect::Sqlite => {
                    let table = table(name.as_str());
                    sql.quoted(&table)
                        .push(" s JOIN ")
                        .name(name)
                        .push(" t0 ON t0.seq = s.rowid WHERE s.")
                        .quoted(&table);
                    sql.push(" MATCH ").bind(Cell::Text(query));
                }
                Dialect::Postgres => {
                    sql.name(name)
                        .push(" t0 WHERE t0._search @@ to_tsquery('simple', ")
                        .bind(Cell::Text(query))
                        .push(")");
                }
            }
            sql.push(" AND t0.deleted_at IS NULL");
            if !access.is_all() {
                sql.push(" AND (");
                Compiler::new(schema).filter(&mut sql, object, 0, access)?;
                sql.push(")");
            }
            sql.push(" ORDER BY ").either("s.rowid", "t0.seq").push(" DESC LIMIT ").bind(Cell::Int(i64::from(limit)));
            for row in self.query(&sql).await? {
                if let Some(id) = row[0].id()
                    && !hits.iter().any(|h| h.id == id)
                {
                    hits.push(Hit { object: name.clone(), id, in_title });
                }
            }
        }
        hits.truncate(limit as usize);
        Ok(hits)
    }

    /// The words replaced by close ones that occur: one edit for words of four letters, two from eight on (Damerau and Levenshtein's
    /// distance). Candidates share the first two letters, or have them swapped, or lack one: the usual slips of the hand.
    async fn close_words(
        &mut self,
        schema: &Schema,
        name: &Ident,
        words: &[String],
    ) -> Result<Option<Vec<Vec<String>>>, StoreError> {
        let object = find(schema, name)?;
        if !is_searched(object) {
            return Ok(None);
        }
        let mut variants: Vec<Vec<String>> = vec![Vec::new()];
        for word in words {
            let letters: Vec<char> = word.chars().collect();
            let mut options = Vec::new();
            if letters.len() >= 4 {
                let allowed = if letters.len() >= 8 { 2 } else { 1 };
                let mut starts = vec![format!("{}{}", letters[0], letters[1]), format!("{}{}", letters[1], letters[0])];
                starts.push(format!("{}{}", letters[0], letters[2]));
                starts.push(format!("{}{}", letters[1], letters[2]));
                starts.dedup();
                let mut near = Vec::new();
                for start in &starts {
                    for term in self.terms(name, start).await? {
                        let distance = strsim::osa_distance(word, &term);
                        if distance <= allowed && !near.iter().any(|(_, t)| *t == term) {
                            near.push((distance, term));
                        }
                    }
                }
                near.sort();
                options.extend(near.into_iter().take(3).map(|(_, term)| term));
            }
            if options.is_empty() {
                options.push(word.clone());
            }
            variants = variants
                .into_iter()
                .flat_map(|v| options.iter().map(move |o| v.iter().cloned().chain([o.clone()]).collect::<Vec<_>>()))
                .take(9)
                .collect();
        }
        Ok(Some(variants))
    }

    /// The indexed words that start so.
    async fn terms(&mut self, object: &Ident, start: &str) -> Result<Vec<String>, StoreError> {
        let mut sql = self.sql();
        match sql.dialect {
            Dialect::Sqlite => sql.push("SELECT term FROM ").quoted(&format!("{object}__terms")),
            Dialect::Postgres => sql.push("SELECT term FROM _term"),
        };
        sql.push(" WHERE term >= ")
            .bind(Cell::text(start))
            .push(" AND term < ")
            .bind(Cell::Text(format!("{start}\u{10ffff}")));
        sql.push(" LIMIT 20000");
        Ok(self.query(&sql).await?.into_iter().filter_map(|row| row[0].str().map(str::to_owned)).collect())
    }
}

impl Writer {
    /// Puts a record's words into the index; in place of those it had, unless it is `new`.
    pub(crate) async fn index_record(
        &mut self,
        object: &ObjectDef,
        seq: i64,
        record: &Record,
        new: bool,
    ) -> Result<(), StoreError> {
        debug_assert_eq!(self.dialect(), Dialect::Sqlite);
        let (title, body) = document(object, record);
        let mut sql = self.sql();
        sql.push(if new { "INSERT INTO " } else { "INSERT OR REPLACE INTO " })
            .quoted(&table(object.name.as_str()))
            .push(" (rowid, title, body) VALUES (");
        sql.bind(Cell::Int(seq)).push(", ").bind(Cell::Text(title)).push(", ").bind(Cell::Text(body)).push(")");
        self.execute(&sql).await?;
        Ok(())
    }

    /// Keeps the titles' words for the search of close words; SQLite reads them off its index.
    pub(crate) async fn keep_terms(&mut self, texts: &[String]) -> Result<(), StoreError> {
        let mut terms: Vec<&str> = texts
            .iter()
            .flat_map(|t| t.split(' '))
            .filter(|w| (4..=40).contains(&w.len()) && w.bytes().any(|b| b.is_ascii_alphabetic()))
            .collect();
        terms.sort_unstable();
        terms.dedup();
        if terms.is_empty() {
            return Ok(());
        }
        let mut sql = self.sql();
        sql.push("INSERT INTO _term (term) SELECT * FROM ");
        sql.unnest(vec![("text", terms.into_iter().map(Cell::text).collect())]).push(" ON CONFLICT DO NOTHING");
        self.execute(&sql).await.map(drop)
    }
}
