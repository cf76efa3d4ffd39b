//! The import wizard: a file, its columns, a preview, the run with its progress, and the result.

use std::io::Write;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use axum::extract::{FromRequest, Multipart, Path, RawQuery, Request as HttpRequest};
use axum::response::{IntoResponse, Response};
use kernel::{Ctx, Id};
use maud::{Markup, html};
use model::{FieldType, ObjectDef, Problem};
use records::import::{self, Analysis, FieldMap, ImportError, Mapping, Method, Progress, Request};
use records::{Action, RecordError, digest};
use store::{Batch, ChangeOp};

use crate::export::{failure, stream};
use crate::failure::{Answer, Failure, explain};
use crate::form::{Form, Posted};
use crate::frame::{self, Frame};
use crate::names::{Names, Wanted};
use crate::simple::choices;
use crate::visit::{Signed, Visit, visit_of};
use crate::{label, show};

/// The largest file taken.
pub(crate) const MAX_FILE: usize = 512 << 20;
/// Rows tried for the preview.
const TRIED: u64 = 2_000;
/// Rows shown of the preview.
const SHOWN: usize = 20;

const METHODS: [(&str, Method); 3] =
    [("create", Method::Create), ("update", Method::Update), ("upsert", Method::Upsert)];

fn address(object: &ObjectDef) -> String {
    format!("{}/import", label::list_address(object))
}

/// The folder in which a user's files wait: beside the database where that is a file.
fn folder(visit: &Visit, id: Id) -> Result<PathBuf, RecordError> {
    let user = visit.me().ok_or(RecordError::Unauthenticated)?;
    Ok(import::upload_folder(&visit.space, user, id))
}

/// A file that was taken, with the name its user gave it.
struct Taken {
    id: Id,
    folder: PathBuf,
    file: PathBuf,
    name: String,
}

fn taken(visit: &Visit, id: &str) -> Result<Taken, RecordError> {
    let unknown = || RecordError::unknown("import", id);
    let id = Id::parse(id, "imp").map_err(|_| unknown())?;
    let folder = folder(visit, id)?;
    let name = std::fs::read_to_string(folder.join("name")).map_err(|_| unknown())?;
    let ending = FilePath::new(&name).extension().and_then(|e| e.to_str()).unwrap_or("csv").to_lowercase();
    let file = folder.join(format!("file.{ending}"));
    Ok(Taken { id, folder, file, name })
}

impl Taken {
    fn address(&self, object: &ObjectDef) -> String {
        format!("{}/{}", address(object), self.id.typed("imp"))
    }

    fn mapping(&self) -> Option<Mapping> {
        let text = std::fs::read_to_string(self.folder.join("mapping.json")).ok()?;
        Mapping::from_json(&serde_json::from_str(&text).ok()?).ok()
    }

    fn keep(&self, mapping: &Mapping) -> Result<(), Failure> {
        let text = serde_json::to_string(mapping).unwrap_or_default();
        std::fs::write(self.folder.join("mapping.json"), text).map_err(|e| disk(&e))
    }

    fn request(&self, mapping: Mapping) -> Request {
        Request {
            path: self.file.clone(),
            name: self.name.clone(),
            source: String::new(),
            reading: Default::default(),
            mapping,
            rejects: self.folder.join("rejected.csv"),
        }
    }
}

fn disk(error: &std::io::Error) -> Failure {
    failure(ImportError::File { path: String::new(), error: std::io::Error::new(error.kind(), error.to_string()) })
}

fn steps(visit: &Visit, object: &ObjectDef, at: usize, file: Option<&Taken>) -> Markup {
    let labels = ["import-file", "import-columns", "import-preview", "import-run"];
    let steps: Vec<ui::Step> = labels
        .iter()
        .enumerate()
        .map(|(i, key)| ui::Step {
            label: visit.word(key),
            state: match i.cmp(&at) {
                std::cmp::Ordering::Less => ui::StepState::Done,
                std::cmp::Ordering::Equal => ui::StepState::Current,
                std::cmp::Ordering::Greater => ui::StepState::Ahead,
            },
            href: match i {
                0 if at > 0 && at < 3 => Some(address(object)),
                1 if at == 2 => file.map(|f| f.address(object)),
                _ => None,
            },
        })
        .collect();
    ui::steps(&visit.word("import-steps"), &steps)
}

fn page(visit: &Visit, object: &ObjectDef, content: Markup) -> Response {
    let list = label::list_address(object);
    let many = label::many(visit, object);
    let title = visit.say("import-title", &[("objects", (&many).into())]);
    let frame = Frame { icon: Some(ui::Icon::Upload), ..Frame::titled(title) }.crumb(many, &list).at(list);
    frame::page(visit, frame, ui::page_body(content))
}

fn upload(visit: &Visit, object: &ObjectDef, error: Option<String>) -> Markup {
    let file = ui::Field {
        label: visit.word("import-file"),
        hint: Some(visit.word("import-file-hint")),
        error,
        control: ui::Control { required: true, ..ui::Control::new("file") },
        group: true,
        wide: true,
    };
    let form =
        ui::Upload { action: address(object), file, fields: Vec::new(), submit: visit.view().words.next.clone() };
    html! { (steps(visit, object, 0, None)) (ui::import_upload(&visit.view(), &form)) }
}

/// `GET /o/{object}/import`
pub(crate) async fn start(visit: Signed, Path(object): Path<String>) -> Answer {
    let object = visit.space.object(&object)?;
    visit.access.check(&object, Action::Create)?;
    Ok(page(&visit, &object, upload(&visit, &object, None)))
}

/// `POST /o/{object}/import`: takes the file, written as it arrives. The token comes before it in the form.
pub(crate) async fn take(Path(object): Path<String>, request: HttpRequest) -> Answer {
    let (parts, body) = request.into_parts();
    let visit = visit_of(&parts)?;
    if visit.user.is_none() {
        return Err(RecordError::Unauthenticated.into());
    }
    let object = visit.space.object(&object)?;
    visit.access.check(&object, Action::Create)?;
    let unreadable = || Failure::from(Problem::new("", "unreadable-form"));
    let mut form =
        Multipart::from_request(HttpRequest::from_parts(parts, body), &()).await.map_err(|_| unreadable())?;
    let mut trusted = false;
    while let Some(mut part) = form.next_field().await.map_err(|_| unreadable())? {
        match part.name() {
            Some("_csrf") => trusted = digest(&part.text().await.map_err(|_| unreadable())?) == digest(&visit.csrf),
            Some("file") if trusted => {
                let name: String =
                    part.file_name().unwrap_or_default().chars().filter(|c| !c.is_control()).take(120).collect();
                let name = name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
                if name.is_empty() {
                    let text = visit.word("import-no-file");
                    return Ok(frame::refused(frame::document(
                        &visit,
                        Frame::titled(visit.word("import-file")),
                        ui::page_body(upload(&visit, &object, Some(text))),
                    )));
                }
                let id = Id::new(visit.ctx.now);
                let folder = folder(&visit, id)?;
                std::fs::create_dir_all(&folder)
                    .and_then(|()| std::fs::write(folder.join("name"), &name))
                    .map_err(|e| disk(&e))?;
                let taken = taken(&visit, &id.typed("imp"))?;
                let mut out = std::fs::File::create(&taken.file).map_err(|e| disk(&e))?;
                while let Some(piece) = part.chunk().await.map_err(|_| unreadable())? {
                    tokio::task::block_in_place(|| out.write_all(&piece)).map_err(|e| disk(&e))?;
                }
                return Ok(frame::go(&visit, &taken.address(&object)));
            }
            Some("file") => break,
            _ => {}
        }
    }
    Err(RecordError::forbidden("post", "form").into())
}

/// `GET /o/{object}/import/{id}`: which column fills which field.
pub(crate) async fn columns(
    visit: Signed,
    Path((object, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let object = visit.space.object(&object)?;
    visit.access.check(&object, Action::Create)?;
    let taken = taken(&visit, &id)?;
    if let Some(saved) = query.as_deref().and_then(|q| q.strip_prefix("saved=")) {
        let unknown = || RecordError::unknown("mapping", saved);
        let mapping = Id::parse(saved, "map").map_err(|_| unknown())?;
        let mapping = import::saved_mapping(&visit.space, &visit.ctx, mapping).await?;
        if mapping.object != object.name {
            return Err(unknown().into());
        }
        taken.keep(&mapping)?;
    }
    match analyse(&visit, &visit.ctx, &object, &taken) {
        Ok(analysis) => {
            let mapping = taken.mapping().unwrap_or_else(|| analysis.mapping.clone());
            let offered = offered(&visit, &object, &taken).await?;
            Ok(page(&visit, &object, mapping_form(&visit, &object, &taken, &analysis, &mapping, &offered)))
        }
        Err(error) => {
            let text = import_text(&visit, &error);
            Ok(page(&visit, &object, upload(&visit, &object, Some(text))))
        }
    }
}

/// The saved mappings, each a click away.
async fn offered(visit: &Visit, object: &ObjectDef, taken: &Taken) -> Result<Markup, RecordError> {
    let known = import::saved_mappings(&visit.space, &visit.ctx, &object.name).await?;
    let action = |(id, name): &(Id, String)| ui::Action {
        label: name.clone(),
        icon: Some(ui::Icon::Map),
        href: format!("{}?saved={}", taken.address(object), id.typed("map")),
        ..ui::Action::default()
    };
    let actions: Vec<ui::Action> = known.iter().map(action).collect();
    Ok(html! {
        @if !actions.is_empty() {
            p.muted { (visit.word("import-saved")) }
            p { @for action in &actions { (ui::action(&visit.view(), action)) " " } }
        }
    })
}

fn analyse(visit: &Visit, ctx: &Ctx, object: &ObjectDef, taken: &Taken) -> Result<Analysis, ImportError> {
    tokio::task::block_in_place(|| import::analyse(&visit.space, ctx, object, &taken.file, &Default::default()))
}

fn import_text(visit: &Visit, error: &ImportError) -> String {
    match error {
        ImportError::Records(error) => explain(visit, error),
        ImportError::Mapping(problem) => crate::failure::sentence(visit, problem),
        ImportError::Table(error) => table_text(visit, error),
        ImportError::OtherFile => visit.word("import-file-changed"),
        other => other.to_string(),
    }
}

fn table_text(visit: &Visit, error: &tabular::Error) -> String {
    use tabular::Error;
    match error {
        Error::Empty => visit.word("import-file-empty"),
        Error::UnknownFormat => visit.word("import-file-unknown"),
        Error::Unsupported(format) => visit.say("import-file-unsupported", &[("format", (*format).into())]),
        Error::Damaged { format, detail } => {
            visit.say("import-file-damaged", &[("format", (&format.to_string()).into()), ("detail", detail.into())])
        }
        Error::TooLarge { limit, .. } => visit.say("import-file-too-large", &[("max", (*limit >> 20).into())]),
        Error::TooManyColumns { actual, limit } => {
            let figures = [("n", (*actual as u64).into()), ("max", (*limit as u64).into())];
            visit.say("import-file-too-many-columns", &figures)
        }
        other => other.to_string(),
    }
}

/// The fields that a column can fill, as mappings write them.
fn targets(visit: &Visit, object: &ObjectDef, analysis: &Analysis) -> Vec<ui::MappingOption> {
    let schema = visit.space.schema();
    let mut paths: Vec<String> = vec!["id".into()];
    for field in object.fields.iter().filter(|f| show::is_editable(visit, object, f)) {
        let name = &field.name;
        match &field.kind {
            FieldType::PersonName | FieldType::Address => {
                paths.push(name.to_string());
                paths.extend(field.kind.parts().iter().map(|p| format!("{name}.{p}")));
            }
            FieldType::Money => paths.extend([name.to_string(), format!("{name}.currency")]),
            FieldType::Reference { .. } | FieldType::User => {
                paths.push(name.to_string());
                let target = field.targets().and_then(|t| t.first().and_then(|t| schema.object(t.as_str())));
                paths.extend(
                    target
                        .into_iter()
                        .flat_map(|t| t.own_fields().filter(|f| f.unique))
                        .map(|f| format!("{name}.{}", f.name)),
                );
            }
            FieldType::Files => {}
            _ => paths.push(name.to_string()),
        }
    }
    for proposal in analysis.columns.iter().filter_map(|c| c.proposal.as_ref()) {
        if !paths.contains(&proposal.to) {
            paths.push(proposal.to.clone());
        }
    }
    let words = &visit.space.platform.words;
    paths
        .into_iter()
        .map(|value| ui::MappingOption { label: import::label(words, visit.ctx.locale, object, &value), value })
        .collect()
}

fn mapping_form(
    visit: &Visit,
    object: &ObjectDef,
    taken: &Taken,
    analysis: &Analysis,
    mapping: &Mapping,
    before: &Markup,
) -> Markup {
    let chosen =
        |column: &str| mapping.fields.iter().find(|m| m.column.as_deref() == Some(column)).map(|m| m.to.clone());
    let columns: Vec<ui::Mapping> = analysis
        .columns
        .iter()
        .map(|c| ui::Mapping {
            column: c.name.clone(),
            examples: c.samples.clone(),
            field: chosen(&c.name).unwrap_or_default(),
            note: None,
        })
        .collect();
    let methods = METHODS.map(|(key, _)| (key.to_owned(), visit.word(&format!("import-method-{key}"))));
    let method = METHODS.iter().find(|(_, m)| *m == mapping.method).map_or("create", |(key, _)| key);
    let mut keys = vec![("id".to_owned(), visit.word("system.id"))];
    keys.extend(object.own_fields().filter(|f| f.unique).map(|f| (f.name.to_string(), label::field(visit, object, f))));
    let view = visit.view();
    let select = |name: &str, key: &str, options: &[(String, String)], value: &str, empty| {
        let field = ui::Field { label: visit.word(key), control: ui::Control::new(name), ..ui::Field::default() };
        ui::field(&view, &field, |c| ui::choice(c, &choices(options), value, empty))
    };
    let missing = ui::Field {
        label: visit.word("import-missing"),
        hint: Some(visit.word("import-missing-hint")),
        control: ui::Control::new("missing"),
        ..ui::Field::default()
    };
    let keep = ui::Field {
        label: visit.word("import-save-as"),
        hint: Some(visit.word("import-save-as-hint")),
        control: ui::Control::new("save_as"),
        ..ui::Field::default()
    };
    let makes = mapping.fields.iter().any(|m| m.missing.is_some());
    let more = html! {
        (select("method", "import-method", &methods, method, None))
        (select("key", "import-key", &keys, mapping.key.first().map(String::as_str).unwrap_or_default(), Some("—")))
        (ui::field(&view, &missing, |c| ui::boolean(c, makes)))
        (ui::field(&view, &keep, |c| ui::text(c, &ui::Text::default())))
    };
    html! {
        (steps(visit, object, 1, Some(taken)))
        (before)
        (ui::import_mapping(&view, &taken.address(object), &view.words.column_in_file, &columns, &targets(visit, object, analysis), &more, &visit.word("import-to-preview")))
    }
}

/// The mapping that the form says; what a form does not show, such as texts made of columns and values that mean others, stays as `base`
/// has it.
fn mapping_of(form: &Form, object: &ObjectDef, analysis: &Analysis, base: Option<Mapping>) -> Mapping {
    let mut mapping = base.unwrap_or_else(|| Mapping::new(object.name.clone()));
    let mut before = std::mem::take(&mut mapping.fields);
    for (i, column) in analysis.columns.iter().enumerate() {
        let to = form.pairs.text(&format!("map.{i}"));
        let same = |m: &FieldMap| m.column.as_deref() == Some(&column.name) && m.to == to;
        let known = before.iter().position(same).map(|at| before.swap_remove(at));
        if to.is_empty() {
            continue;
        }
        let field = to.split('.').next().and_then(|n| object.field(n));
        let refers = field.is_some_and(|f| f.targets().is_some_and(|t| t.iter().all(|t| *t != "user")));
        let known = known.unwrap_or_default();
        let missing = (refers && form.pairs.is_on("missing")).then(|| known.missing.clone().unwrap_or_default());
        mapping.fields.push(FieldMap { to: to.to_owned(), column: Some(column.name.clone()), missing, ..known });
    }
    mapping.fields.extend(before.into_iter().filter(|m| m.column.is_none()));
    mapping.method =
        METHODS.iter().find(|(key, _)| *key == form.pairs.text("method")).map_or(Method::Create, |(_, m)| *m);
    mapping.key = Some(form.pairs.text("key")).filter(|k| !k.is_empty()).map(str::to_owned).into_iter().collect();
    analysis.settle(mapping)
}

/// `POST /o/{object}/import/{id}`: what the import would do.
pub(crate) async fn preview(Path((object, id)): Path<(String, String)>, form: Posted) -> Answer {
    let object = form.space.object(&object)?;
    form.access.check(&object, Action::Create)?;
    let taken = taken(&form, &id)?;
    let analysis = analyse(&form, &form.ctx, &object, &taken).map_err(failure)?;
    let mapping = mapping_of(&form, &object, &analysis, taken.mapping());
    taken.keep(&mapping)?;
    let name = form.pairs.text("save_as").trim();
    if !name.is_empty() {
        import::save_mapping(&form.space, &form.ctx, name, &mapping).await?;
    }
    let found = match import::preview(&form.space, &form.ctx, taken.request(mapping.clone()), SHOWN, Some(TRIED)).await
    {
        Ok(found) => found,
        Err(error) => {
            let text = import_text(&form, &error);
            let banner = ui::Banner { tone: ui::Tone::Error, title: text, ..ui::Banner::default() };
            let banner = ui::banner(&form.view(), &banner);
            let content = mapping_form(&form, &object, &taken, &analysis, &mapping, &banner);
            let frame = Frame::titled(form.word("import-columns"));
            return Ok(frame::refused(frame::document(&form, frame, ui::page_body(content))));
        }
    };
    let mut wanted = Wanted::default();
    for (field, before, after) in found.shown.iter().flat_map(|s| &s.changes) {
        wanted.value(&object, field.as_str(), before);
        wanted.value(&object, field.as_str(), after);
    }
    let names = wanted.read(&form, &mut form.space.store.read().await?).await?;
    let mut rows: Vec<(u64, ui::PreviewRow)> =
        found.rejected.iter().map(|(row, reason)| (*row, rejected(&form, *row, reason))).collect();
    rows.extend(found.shown.iter().map(|s| (s.row, shown(&form, &object, s, &names))));
    rows.sort_by_key(|(row, _)| *row);
    let rows: Vec<ui::PreviewRow> = rows.into_iter().map(|(_, row)| row).collect();
    let actions = [
        ui::Action { label: form.word("import-back"), href: taken.address(&object), ..ui::Action::default() },
        ui::Action {
            label: form.word("import-start"),
            icon: Some(ui::Icon::Play),
            href: format!("{}/run", taken.address(&object)),
            method: ui::Method::Post,
            kind: ui::ActionKind::Primary,
            ..ui::Action::default()
        },
    ];
    let tried = found.progress.read >= TRIED;
    let content = html! {
        (steps(&form, &object, 2, Some(&taken)))
        @if tried { p.muted { (form.say("import-tried", &[("n", TRIED.into())])) } }
        (ui::import_preview(&form.view(), &figures(&form, &found.progress), &rows, &actions))
    };
    Ok(page(&form, &object, content))
}

fn figures(visit: &Visit, progress: &Progress) -> Vec<ui::Tile> {
    let all = [
        ("import-read", progress.read, None),
        ("import-created", progress.created, None),
        ("import-updated", progress.updated, None),
        ("import-unchanged", progress.unchanged, None),
        ("import-made", progress.made, None),
        ("import-rejected", progress.rejected, (progress.rejected > 0).then_some(false)),
    ];
    all.into_iter()
        .filter(|(key, n, _)| *n > 0 || matches!(*key, "import-read" | "import-created" | "import-rejected"))
        .map(|(key, n, good)| ui::Tile {
            label: visit.word(key),
            value: visit.format().integer(n as i64),
            good,
            ..ui::Tile::default()
        })
        .collect()
}

fn rejected(visit: &Visit, row: u64, reason: &str) -> ui::PreviewRow {
    ui::PreviewRow {
        line: visit.format().integer(row as i64),
        outcome: ui::Tag::new(visit.word("import-is-rejected"), ui::Hue::Red),
        reason: Some(reason.to_owned()),
        ..ui::PreviewRow::default()
    }
}

fn shown(visit: &Visit, object: &ObjectDef, row: &import::Shown, names: &Names) -> ui::PreviewRow {
    let (key, hue) = match row.op {
        Some(ChangeOp::Create) => ("import-is-created", ui::Hue::Green),
        Some(_) => ("import-is-updated", ui::Hue::Blue),
        None => ("import-is-unchanged", ui::Hue::Gray),
    };
    let changes = row.changes.iter().filter_map(|(name, before, after)| {
        let field = object.field(name.as_str())?;
        let text = |value| show::text(visit, object, field, value, names);
        Some(ui::Change { field: label::field(visit, object, field), before: text(before), after: text(after) })
    });
    let title = row.changes.iter().find(|(name, ..)| *name == object.title);
    let title =
        title.and_then(|(name, _, after)| Some(show::text(visit, object, object.field(name.as_str())?, after, names)));
    ui::PreviewRow {
        line: visit.format().integer(row.row as i64),
        outcome: ui::Tag::new(visit.word(key), hue),
        name: title.unwrap_or_default(),
        href: row.id.filter(|_| row.op != Some(ChangeOp::Create)).map(|id| label::record_address(object, id)),
        changes: changes.collect(),
        reason: None,
    }
}

/// `POST /o/{object}/import/{id}/run`: leaves the import to the worker.
pub(crate) async fn run(Path((object, id)): Path<(String, String)>, form: Posted) -> Answer {
    let object = form.space.object(&object)?;
    let taken = taken(&form, &id)?;
    let mapping = taken.mapping().ok_or_else(|| RecordError::unknown("mapping", &id))?;
    let batch = import::enqueue(&form.space, &form.ctx, taken.request(mapping)).await.map_err(failure)?;
    Ok(frame::go(&form, &progress_address(&object, &batch)))
}

fn progress_address(object: &ObjectDef, batch: &Batch) -> String {
    format!("{}/run/{}", address(object), batch.id.typed("bat"))
}

/// An import of the reader, or of anybody for administrators.
async fn batch(visit: &Visit, id: &str) -> Result<Batch, RecordError> {
    let unknown = || RecordError::unknown("import", id);
    let batch = visit.space.batch(Id::parse(id, "bat").map_err(|_| unknown())?).await?;
    let own = batch.actor.is_some() && batch.actor == visit.me();
    if batch.kind == "import" && (own || visit.access.full) { Ok(batch) } else { Err(unknown()) }
}

/// `GET /o/{object}/import/run/{batch}`: how far it is, then what became of it.
pub(crate) async fn progress(visit: Signed, Path((object, id)): Path<(String, String)>) -> Answer {
    let object = visit.space.object(&object)?;
    let batch = batch(&visit, &id).await?;
    let content = state(&visit, &object, &batch);
    if visit.htmx {
        return Ok(content.into_response());
    }
    Ok(page(&visit, &object, html! { (steps(&visit, &object, 3, None)) (content) }))
}

fn state(visit: &Visit, object: &Arc<ObjectDef>, batch: &Batch) -> Markup {
    let progress = import::progress_of(batch);
    let here = progress_address(object, batch);
    if batch.state == "running" {
        let bar = ui::Progress {
            label: batch.label.clone(),
            value: progress.fraction.map(|f| (f * 1_000.0) as u64),
            total: 1_000,
            detail: visit.say("import-rows", &[("n", progress.read.into())]),
        };
        let stop = ui::Action {
            label: visit.view().words.cancel.clone(),
            href: format!("{here}/cancel"),
            method: ui::Method::Post,
            ..ui::Action::default()
        };
        return html! {
            (ui::live_progress(&bar, &here))
            (ui::action(&visit.view(), &stop))
        };
    }
    let mut actions = vec![ui::Action {
        label: label::many(visit, object),
        href: label::list_address(object),
        ..ui::Action::default()
    }];
    let rejects = import::request_of(batch).map(|r| r.rejects).filter(|path| progress.rejected > 0 && path.exists());
    if rejects.is_some() {
        actions.push(ui::Action {
            label: visit.word("import-rejects"),
            icon: Some(ui::Icon::Download),
            href: format!("{here}/rejected"),
            ..ui::Action::default()
        });
    }
    if batch.state != "undone" {
        actions.push(ui::Action {
            label: visit.word("import-undo"),
            icon: Some(ui::Icon::Undo2),
            href: frame::undo_address(batch.id),
            method: ui::Method::Post,
            kind: ui::ActionKind::Danger,
            confirm: Some(visit.say("batch-undo-sure", &[("name", (&batch.label).into())])),
            ..ui::Action::default()
        });
    }
    let tone = match batch.state.as_str() {
        "done" => ui::Tone::Success,
        "failed" => ui::Tone::Error,
        _ => ui::Tone::Info,
    };
    let banner = ui::Banner {
        tone,
        title: visit.word(&format!("state-{}", batch.state)),
        detail: batch.detail["error"].as_str().map(str::to_owned),
        actions: Vec::new(),
    };
    let view = visit.view();
    html! {
        (ui::banner(&view, &banner))
        (ui::tiles(&figures(visit, &progress)))
        (ui::button_bar(&view, &actions))
    }
}

/// `POST /o/{object}/import/run/{batch}/cancel`
pub(crate) async fn cancel(Path((object, id)): Path<(String, String)>, form: Posted) -> Answer {
    let object = form.space.object(&object)?;
    let batch = batch(&form, &id).await?;
    import::cancel(&form.space, batch.id).await.map_err(failure)?;
    Ok(frame::go(&form, &progress_address(&object, &batch)))
}

/// `GET /o/{object}/import/run/{batch}/rejected`: the rows that did not fit, each with its reason.
pub(crate) async fn rejects(visit: Signed, Path((_, id)): Path<(String, String)>) -> Answer {
    let batch = batch(&visit, &id).await?;
    let path = import::request_of(&batch).map(|r| r.rejects).ok_or_else(|| RecordError::unknown("import", &id))?;
    let file = std::fs::File::open(&path).map_err(|_| RecordError::unknown("file", &id))?;
    let name: String = batch
        .label
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') { c } else { '_' })
        .collect();
    let disposition = format!("attachment; filename=\"rejected-{name}.csv\"");
    Ok(([("content-type", "text/csv; charset=utf-8".to_owned()), ("content-disposition", disposition)], stream(file))
        .into_response())
}
