//! Export: any list as CSV, XLSX, JSON lines or Parquet, streamed page by page, with what the actor may read and nothing else. What an
//! export writes, an import reads back.

mod column;

use std::path::Path;
use std::sync::Arc;

use kernel::{Ctx, Id};
use model::{Ident, Query, Record};
use tabular::{Format, Sink, SinkOptions};

use column::Column;
pub use column::default_fields;

use crate::Space;
use crate::access::{Access, Action};
use crate::import::ImportError;

/// Records read at once.
const PAGE: u32 = 1_000;

/// What is exported, and how.
#[derive(Clone, Debug)]
pub struct Export {
    /// Which records, in which order. Its limit, page and fields are not looked at.
    pub query: Query,
    /// The columns: fields (`amount`), parts (`name.first`), fields of the record that a reference points to (`account.name`).
    /// All fields in a form that an import reads back when there is none.
    pub fields: Vec<String>,
    /// The format.
    pub format: Format,
    /// How CSV is written.
    pub options: SinkOptions,
    /// The header holds the names that the user sees instead of those that an import reads back.
    pub labels: bool,
}

impl Export {
    /// All fields of the records that a query asks for.
    pub fn of(query: Query, format: Format) -> Export {
        Export { query, fields: Vec::new(), format, options: SinkOptions::default(), labels: false }
    }
}

/// Writes to a file, which appears under its name when it is whole. Answers the number of records. `watch` is told that number after
/// every page and answers whether to go on.
pub async fn to_file(
    space: &Arc<Space>,
    ctx: &Ctx,
    export: &Export,
    path: &Path,
    watch: impl FnMut(u64) -> bool + Send,
) -> Result<u64, ImportError> {
    let plan = Plan::new(space, ctx, export).await?;
    let sink = Sink::create(path, export.format, &plan.header(space, ctx, export), &export.options)?;
    plan.write(space, ctx, export, sink, watch).await
}

/// Writes to a stream. Answers the number of records.
pub async fn to_writer(
    space: &Arc<Space>,
    ctx: &Ctx,
    export: &Export,
    out: impl std::io::Write + Send + 'static,
    watch: impl FnMut(u64) -> bool + Send,
) -> Result<u64, ImportError> {
    let plan = Plan::new(space, ctx, export).await?;
    let sink = Sink::to_writer(out, export.format, &plan.header(space, ctx, export), &export.options)?;
    plan.write(space, ctx, export, sink, watch).await
}

struct Plan {
    access: Arc<Access>,
    query: Query,
    columns: Vec<Column>,
}

impl Plan {
    async fn new(space: &Arc<Space>, ctx: &Ctx, export: &Export) -> Result<Plan, ImportError> {
        let access = space.access(ctx).await?;
        let object = space.object(export.query.object.as_str())?;
        access.check(&object, Action::Read)?;
        let schema = space.schema();
        let paths =
            if export.fields.is_empty() { default_fields(&schema, &access, &object) } else { export.fields.clone() };
        let columns: Vec<Column> =
            paths.iter().map(|path| Column::new(&schema, &access, &object, path)).collect::<Result<_, _>>()?;
        let fields: std::collections::BTreeSet<Ident> = columns.iter().map(|c| c.field.name.clone()).collect();
        let query =
            Query { limit: PAGE, after: None, offset: 0, fields: fields.into_iter().collect(), ..export.query.clone() };
        Ok(Plan { access, query, columns })
    }

    fn header(&self, space: &Space, ctx: &Ctx, export: &Export) -> Vec<tabular::Column> {
        let words = &space.platform.words;
        self.columns
            .iter()
            .map(|c| {
                let name = if export.labels { c.label(words, ctx.locale) } else { c.path.clone() };
                tabular::Column::new(name, c.kind(export.format))
            })
            .collect()
    }

    async fn write(
        mut self,
        space: &Arc<Space>,
        ctx: &Ctx,
        export: &Export,
        mut sink: Sink,
        mut watch: impl FnMut(u64) -> bool + Send,
    ) -> Result<u64, ImportError> {
        let schema = space.schema();
        let mut written = 0;
        loop {
            let mut reader = space.store.read().await?;
            let page = space.list_as(ctx, &self.access, &self.query, &mut reader).await?;
            for column in &mut self.columns {
                column.related.clear();
            }
            self.load(&schema, &page.records, &mut reader).await?;
            drop(reader);
            tokio::task::block_in_place(|| {
                for record in &page.records {
                    let cells: Vec<tabular::Cell> =
                        self.columns.iter().map(|c| c.cell(&schema, record, export.format)).collect();
                    sink.write(&cells)?;
                }
                Ok::<_, tabular::Error>(())
            })?;
            written += page.records.len() as u64;
            let go_on = watch(written);
            match page.next {
                Some(next) if go_on => self.query.after = Some(next),
                Some(_) => {
                    return Err(tabular::Error::Io(std::io::Error::from(std::io::ErrorKind::Interrupted)).into());
                }
                None => break,
            }
        }
        tokio::task::block_in_place(|| sink.finish())?;
        Ok(written)
    }

    /// Reads the records that the page points to, where a column shows something of them.
    async fn load(
        &mut self,
        schema: &model::Schema,
        records: &[Record],
        reader: &mut store::Reader,
    ) -> Result<(), ImportError> {
        for column in &mut self.columns {
            let Some((object, field)) = &column.target else { continue };
            let mut ids: Vec<Id> = records.iter().filter_map(|r| r.value(column.field.name.as_str()).as_id()).collect();
            ids.sort_unstable();
            ids.dedup();
            if ids.is_empty() {
                continue;
            }
            let filter = self.access.filter(schema, object, Action::Read);
            let found = reader.get_many(schema, &object.name, &ids, &filter, std::slice::from_ref(&field.name)).await?;
            column.related = found.into_iter().map(|r| (r.id(), r.value(field.name.as_str()).clone())).collect();
        }
        Ok(())
    }
}
