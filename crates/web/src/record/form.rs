//! The form that makes or changes a record.

use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};
use kernel::{Id, Timestamp};
use maud::Markup;
use model::{
    FieldDef, FieldType, Fields, FileRef, Filter, Ident, Initial, ObjectDef, Op as Is, Operand, Problem, Query, Record,
    Value, from_json,
};
use records::{Action, Op, RecordError};
use serde_json::json;
use store::Reader;

use crate::failure::{Answer, sentence};
use crate::form::{Form, Pairs, Posted, problems_of};
use crate::frame::{self, Frame};
use crate::list::describe;
use crate::list::params::Params;
use crate::names::{Names, Wanted, title};
use crate::record::{self, alike, conflict};
use crate::visit::{Signed, Visit};
use crate::{control, input, label, show};

/// The fields of an object's form, in sections: those of its layout, then what the layout does not name.
pub(crate) fn sections<'a>(
    visit: &Visit,
    object: &'a ObjectDef,
    hidden: &[Ident],
) -> Vec<(Option<String>, Vec<&'a FieldDef>)> {
    let seen = |f: &&FieldDef| show::is_shown(visit, object, f) && !hidden.contains(&f.name);
    let mut sections: Vec<_> = object
        .layout
        .sections
        .iter()
        .map(|s| {
            let fields = s.fields.iter().filter_map(|n| object.field(n.as_str())).filter(seen).collect::<Vec<_>>();
            (Some(label::section(visit, s)), fields)
        })
        .collect();
    let named = |f: &&FieldDef| object.layout.sections.iter().any(|s| s.fields.contains(&f.name));
    let rest: Vec<_> = object.own_fields().filter(|f| !named(f)).filter(seen).collect();
    if !rest.is_empty() {
        let heading = (!sections.is_empty()).then(|| visit.word("section-more"));
        sections.push((heading, rest));
    }
    sections.retain(|(_, fields)| !fields.is_empty());
    sections
}

/// The fields that conditions hide for a record.
pub(crate) fn hidden(visit: &Visit, record: &Record) -> Vec<Ident> {
    let loaded = visit.space.loaded();
    let formulas = loaded.formulas.get(&record.object);
    formulas.and_then(|f| f.hidden(record, &visit.ctx).ok()).unwrap_or_default().into_iter().cloned().collect()
}

/// A form in the making.
struct Sheet<'a> {
    object: &'a ObjectDef,
    action: String,
    pairs: &'a Pairs,
    problems: &'a [Problem],
    hidden: Vec<(String, String)>,
    cancel: String,
    notice: Option<Markup>,
    /// The record, when it is there already.
    id: Option<Id>,
    /// Fields that conditions hide.
    without: Vec<Ident>,
    new: bool,
}

fn draw(visit: &Visit, sheet: Sheet<'_>, names: &Names) -> Markup {
    let object = sheet.object;
    let mut form = ui::Form {
        action: sheet.action,
        hidden: sheet.hidden,
        submit: visit.word(if sheet.new { "create" } else { "save" }),
        cancel: Some(sheet.cancel),
        another: sheet.new,
        columns: true,
        notice: sheet.notice,
        aside: alike::place(visit, object, sheet.id),
        ..ui::Form::default()
    };
    let about = |problem: &Problem| problem.field.split('.').next().unwrap_or_default().to_owned();
    for problem in sheet.problems {
        let field = about(problem);
        let name = label::path(visit, object, &problem.field);
        let text = sentence(visit, problem);
        let text = if name.is_empty() { text } else { visit.ctx.locale.labelled(&name, &text) };
        form.problems.push(ui::Problem { field: (!field.is_empty()).then_some(field), text });
    }
    for (heading, fields) in sections(visit, object, &sheet.without) {
        let fields: Vec<Markup> = fields
            .into_iter()
            .filter(|f| show::is_editable(visit, object, f))
            .map(|f| {
                form.multipart |= matches!(f.kind, FieldType::Files);
                let problem = sheet.problems.iter().find(|p| about(p) == f.name.as_str());
                control::field(visit, object, f, sheet.pairs, names, problem, f.required)
            })
            .collect();
        if !fields.is_empty() {
            form.sections.push(ui::FormSection { label: heading, fields });
        }
    }
    ui::form(&visit.view(), &form)
}

/// The fields that the reader may fill in.
pub(super) fn editable<'a>(visit: &Visit, object: &'a ObjectDef) -> impl Iterator<Item = &'a FieldDef> {
    let list: Vec<&FieldDef> = object
        .fields
        .iter()
        .filter(|f| show::is_shown(visit, object, f) && show::is_editable(visit, object, f))
        .collect();
    list.into_iter()
}

/// The values a new record starts with: the definition's, then those of the list or record it is made from.
fn initial(visit: &Visit, object: &ObjectDef, asked: &Pairs) -> Record {
    let schema = visit.space.schema();
    let mut record = Record::new(object.name.clone());
    for field in object.fields.iter().filter(|f| !f.is_computed()) {
        let value = match &field.default {
            Some(Initial::Value(json)) => from_json(&schema, object, field, json).ok(),
            Some(Initial::Me) => visit.me().map(Value::Id),
            Some(Initial::Now) if matches!(field.kind, FieldType::Date) => Some(Value::Date(visit.ctx.today())),
            Some(Initial::Now) => Some(Value::DateTime(visit.ctx.now)),
            None if field.name == model::system::OWNER => visit.me().map(Value::Id),
            None => None,
        };
        if let Some(value) = value {
            record.fields.set(field.name.clone(), value);
        }
    }
    let list = Params::read(object, asked).map(|p| describe::fixed(&p.filter)).unwrap_or_default();
    for (field, json) in list {
        if let Some(value) = describe::starts(&schema, object, &field, &json) {
            record.fields.set(field, value);
        }
    }
    for (name, text) in asked.0.iter().filter_map(|(n, v)| Some((n.strip_prefix("with.")?, v))) {
        let Some(field) = object.field(name).filter(|f| show::is_editable(visit, object, f)) else { continue };
        if let Ok(value) = from_json(&schema, object, field, &json!(text)) {
            record.fields.set(field.name.clone(), value);
        }
    }
    record
}

/// A record's values as its form would post them.
async fn filled(
    visit: &Visit,
    object: &ObjectDef,
    record: &Record,
    reader: &mut Reader,
) -> Result<(Pairs, Names), RecordError> {
    let mut wanted = Wanted::default();
    let fields: Vec<&FieldDef> = editable(visit, object).collect();
    wanted.record(object, record, fields.iter().map(|f| &f.name));
    let mut names = wanted.read(visit, reader).await?;
    let mut pairs = Pairs::default();
    for field in fields {
        let value = record.value(field.name.as_str());
        if let Value::Files(files) = value {
            files.iter().for_each(|f| names.put(f.id, f.name.clone()));
        }
        pairs.0.extend(input::write(visit, object, field, value, &names).0);
    }
    Ok((pairs, names))
}

/// Where a form leads back to: an address of this site.
fn back_of(pairs: &Pairs) -> Option<String> {
    let back = pairs.text("back");
    (back.starts_with("/o/") && !back.contains('\\')).then(|| back.to_owned())
}

/// `GET /o/{object}/new`
pub(crate) async fn new(visit: Signed, Path(object): Path<String>, RawQuery(query): RawQuery) -> Answer {
    let object = visit.space.object(&object)?;
    visit.access.check(&object, Action::Create)?;
    let asked = Pairs::read(query.unwrap_or_default().as_bytes());
    let record = initial(&visit, &object, &asked);
    let (pairs, names) = filled(&visit, &object, &record, &mut visit.space.store.read().await?).await?;
    let sheet = Sheet {
        object: &object,
        action: format!("{}/new", label::list_address(&object)),
        pairs: &pairs,
        problems: &[],
        hidden: back_of(&asked).map(|b| ("back".to_owned(), b)).into_iter().collect(),
        cancel: back_of(&asked).unwrap_or_else(|| label::list_address(&object)),
        notice: None,
        id: None,
        without: hidden(&visit, &record),
        new: true,
    };
    let one = label::one(&visit, &object);
    let title = visit.say("new-record", &[("object", (&one).into())]);
    let form = draw(&visit, sheet, &names);
    Ok(whole(&visit, &object, title, form))
}

fn whole(visit: &Visit, object: &ObjectDef, title: String, form: Markup) -> Response {
    if visit.htmx {
        return frame::dialog(visit, title, true, form);
    }
    let address = label::list_address(object);
    let frame = Frame { icon: Some(label::icon(object)), ..Frame::titled(title) };
    frame::page(visit, frame.crumb(label::many(visit, object), &address).at(address), ui::page_body(form))
}

/// `POST /o/{object}/new`
pub(crate) async fn create(Path(object): Path<String>, form: Posted) -> Answer {
    let object = form.space.object(&object)?;
    form.access.check(&object, Action::Create)?;
    let result = match values(&form, &object, None).await {
        Ok(fields) => form.space.write_one(&form.ctx, &object.name, Op::Create(fields)).await,
        Err(error) => Err(error),
    };
    let back = back_of(&form.pairs);
    let problems = match result {
        Ok(outcome) => {
            let target = label::record_address(&object, outcome.record.id());
            alike::keep(&form, &object, outcome.record.id(), &form.pairs).await?;
            if form.pairs.is_on("another") {
                return Ok(frame::go_saying(&form, &format!("{}/new", label::list_address(&object)), "created", None));
            }
            return Ok(frame::go_saying(&form, &back.unwrap_or(target), "created", None));
        }
        Err(error) => problems_of(error)?,
    };
    let names = names_of(&form, &object).await?;
    let sheet = Sheet {
        object: &object,
        action: format!("{}/new", label::list_address(&object)),
        pairs: &form.pairs,
        problems: &problems,
        hidden: back.clone().map(|b| ("back".to_owned(), b)).into_iter().collect(),
        cancel: back.unwrap_or_else(|| label::list_address(&object)),
        notice: None,
        id: None,
        without: Vec::new(),
        new: true,
    };
    Ok(again(&form, &object, draw(&form, sheet, &names)))
}

/// A refused form: alone for scripts, in its page otherwise.
fn again(form: &Form, object: &ObjectDef, content: Markup) -> Response {
    if form.htmx {
        return frame::refused(content);
    }
    let frame = Frame::titled(label::one(form, object)).at(label::list_address(object));
    frame::refused(frame::document(form, frame, ui::page_body(content)))
}

/// The names that a posted form needs to be drawn again.
async fn names_of(form: &Form, object: &ObjectDef) -> Result<Names, RecordError> {
    let mut wanted = Wanted::default();
    control::wanted(&form.space.schema(), &mut wanted, object.fields.iter(), &form.pairs);
    wanted.read(form, &mut form.space.store.read().await?).await
}

/// The values that a form posted, files stored; problems of all fields together.
pub(crate) async fn values(form: &Form, object: &ObjectDef, record: Option<&Record>) -> Result<Fields, RecordError> {
    let mut fields = Fields::default();
    let mut problems = Vec::new();
    for field in editable(form, object).filter(|f| form.pairs.has(f.name.as_str()) || uploads(form, f).next().is_some())
    {
        if conflict::is_left(&form.pairs, field.name.as_str()) {
            continue;
        }
        match value(form, object, field, record).await {
            Ok(value) => fields.set(field.name.clone(), value),
            Err(RecordError::Invalid(found)) => problems.extend(found.0),
            Err(error) => return Err(error),
        }
    }
    if problems.is_empty() { Ok(fields) } else { Err(model::Problems(problems).into()) }
}

fn uploads<'a>(form: &'a Form, field: &FieldDef) -> impl Iterator<Item = &'a crate::form::Upload> {
    let name = field.name.to_string();
    form.files.iter().filter(move |f| f.field == name)
}

/// The value that one control posted.
pub(crate) async fn value(
    form: &Form,
    object: &ObjectDef,
    field: &FieldDef,
    record: Option<&Record>,
) -> Result<Value, RecordError> {
    if matches!(field.kind, FieldType::Files) {
        return attach(form, field, record).await;
    }
    let name = field.name.as_str();
    let typed = form.pairs.text(&format!("{name}.text"));
    let single = matches!(field.kind, FieldType::Reference { .. } | FieldType::User | FieldType::Polymorphic { .. });
    if single && form.pairs.text(name).is_empty() && !typed.is_empty() {
        return by_name(form, field, typed).await;
    }
    Ok(input::read(form, object, field, &form.pairs)?)
}

/// The record that a name written by hand means, for forms without script.
async fn by_name(form: &Form, field: &FieldDef, typed: &str) -> Result<Value, RecordError> {
    let unknown = || Problem::new(&field.name, "no-such-name").text("value", typed);
    let schema = form.space.schema();
    let asked = form.pairs.text(&format!("{}.kind", field.name));
    let targets = field.targets().unwrap_or_default();
    let to = match (targets.as_slice(), Ident::new(asked)) {
        ([one], _) => one.clone(),
        (_, Ok(asked)) => asked,
        _ => return Err(unknown().into()),
    };
    let target = schema.object(to.as_str()).ok_or_else(unknown)?;
    let filter = Filter::is(target.title.clone(), Is::Ilike, Operand::Value(Value::from(typed)));
    let query = Query::of(to.clone()).filter(filter).limit(2).fields([Ident::of("id")]);
    let found = form.space.list(&form.ctx, &query).await?.records;
    match (found.as_slice(), &field.kind) {
        ([one], FieldType::Polymorphic { .. }) => Ok(Value::Ref(model::Ref { object: to, id: one.id() })),
        ([one], _) => Ok(Value::Id(one.id())),
        _ => Err(unknown().into()),
    }
}

/// The files kept and those posted along, stored.
async fn attach(form: &Form, field: &FieldDef, record: Option<&Record>) -> Result<Value, RecordError> {
    let kept: Vec<Id> =
        form.pairs.all(&format!("{}.keep", field.name)).filter_map(|v| Id::parse(v, "fil").ok()).collect();
    let mut files: Vec<FileRef> = match record.map(|r| r.value(field.name.as_str())) {
        Some(Value::Files(files)) => files.iter().filter(|f| kept.contains(&f.id)).cloned().collect(),
        _ => Vec::new(),
    };
    for upload in uploads(form, field) {
        let (id, now, user): (Id, Timestamp, _) = (Id::new(form.ctx.now), form.ctx.now, form.me());
        let name: String = upload
            .name
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or_default()
            .chars()
            .filter(|c| !c.is_control())
            .take(200)
            .collect();
        files.push(FileRef { id, name: name.clone(), size: upload.content.len() as u64, media: upload.media.clone() });
        let (media, content) = (upload.media.clone(), upload.content.clone());
        form.space
            .store
            .write(move |w| Box::pin(async move { w.put_file(id, &name, &media, content, now, user).await }))
            .await?;
    }
    Ok(if files.is_empty() { Value::Null } else { Value::Files(files) })
}

/// `GET /o/{object}/{id}/edit`
pub(crate) async fn edit(visit: Signed, Path((object, id)): Path<(String, String)>) -> Answer {
    let (object, id) = record::named(&visit, &object, &id)?;
    visit.access.check(&object, Action::Update)?;
    let mut reader = visit.space.store.read().await?;
    let record = record::read(&visit, &object.name, id, &mut reader).await?;
    let (pairs, names) = filled(&visit, &object, &record, &mut reader).await?;
    let address = label::record_address(&object, id);
    let sheet = Sheet {
        object: &object,
        action: format!("{address}/edit"),
        pairs: &pairs,
        problems: &[],
        hidden: vec![conflict::hidden(record.version())],
        cancel: address,
        notice: None,
        id: Some(id),
        without: hidden(&visit, &record),
        new: false,
    };
    let called = title(&object, &record, &names);
    let form = draw(&visit, sheet, &names);
    Ok(whole(&visit, &object, visit.say("edit-record", &[("name", (&called).into())]), form))
}

/// `POST /o/{object}/{id}/edit`
pub(crate) async fn save(Path((object, id)): Path<(String, String)>, mut form: Posted) -> Answer {
    let (object, id) = record::named(&form, &object, &id)?;
    form.access.check(&object, Action::Update)?;
    let address = label::record_address(&object, id);
    let record = form.space.get(&form.ctx, &object.name, id).await?;
    let mut version = conflict::version(&form.pairs);
    let result = match values(&form, &object, Some(&record)).await {
        Ok(fields) => form.space.write_one(&form.ctx, &object.name, Op::Update { id, fields, version }).await,
        Err(error) => Err(error),
    };
    let (problems, notice) = match result {
        Ok(_) => {
            alike::keep(&form, &object, id, &form.pairs).await?;
            return Ok(frame::go_saying(&form, &address, "saved", None));
        }
        Err(RecordError::Conflict { conflicts, version: now }) => {
            version = Some(now);
            (Vec::new(), Some(conflict::panel(&form, &object, id, &conflicts, show::cell).await?))
        }
        Err(error) => (problems_of(error)?, None),
    };
    let theirs = filled(&form, &object, &record, &mut form.space.store.read().await?).await?.0;
    form.0.pairs = conflict::settled(&form.pairs, &theirs);
    let names = names_of(&form, &object).await?;
    let sheet = Sheet {
        object: &object,
        action: format!("{address}/edit"),
        pairs: &form.pairs,
        problems: &problems,
        hidden: version.map(conflict::hidden).into_iter().collect(),
        cancel: address,
        notice,
        id: Some(id),
        without: hidden(&form, &record),
        new: false,
    };
    let content = draw(&form, sheet, &names);
    Ok(if form.htmx { frame::refused(content) } else { again(&form, &object, content).into_response() })
}
