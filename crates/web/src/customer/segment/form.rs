//! The form of a segment: what it is, in words and in conditions, and how many are in it before it is kept.

use ::records::{Action, FieldConflict, Op, RecordError};
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use customers::segment::{ACTIVE, FILTER, Segment};
use kernel::Id;
use maud::{Markup, html};
use model::{FieldDef, Fields, Filter, Ident, ObjectDef, Problem, Record, Value};
use serde_json::Value as Json;

use super::{PROFILE, SEGMENT, count, purposes};
use crate::failure::Answer;
use crate::form::{Pairs, Posted, problems_of};
use crate::frame::{self, Frame};
use crate::list::table::count_text;
use crate::list::{builder, describe};
use crate::names::{Names, Wanted};
use crate::record::conflict;
use crate::simple::Simple;
use crate::visit::{Signed, Visit};
use crate::{change, label, record, show};

/// The fields that are texts.
const TEXTS: [&str; 4] = ["name", "description_fr", "description_en", "entity"];

/// What a form is about: a new segment, or one that is there.
struct Sheet<'a> {
    object: &'a ObjectDef,
    id: Option<Id>,
    pairs: Pairs,
    filter: Filter,
    problems: Vec<Problem>,
    /// How many are in it, in words, where that was asked.
    counted: Option<String>,
    /// What somebody else saved meanwhile.
    notice: Option<Markup>,
}

impl<'a> Sheet<'a> {
    fn new(object: &'a ObjectDef, id: Option<Id>, pairs: Pairs, filter: Filter) -> Sheet<'a> {
        Sheet { object, id, pairs, filter, problems: Vec::new(), counted: None, notice: None }
    }

    /// Where the segment stands, and the list where it is new.
    fn home(&self) -> String {
        self.id.map_or_else(|| label::list_address(self.object), |id| label::record_address(self.object, id))
    }

    fn action(&self) -> String {
        format!("{}/{}", self.home(), if self.id.is_some() { "edit" } else { "new" })
    }
}

async fn draw(visit: &Visit, sheet: &Sheet<'_>) -> Result<Markup, RecordError> {
    let profiles = visit.space.object(PROFILE)?;
    let entities =
        ["person", "organisation"].map(|kind| (kind.to_owned(), visit.word(&format!("segment.entity-{kind}"))));
    let none = visit.word("segment-no-purpose");
    let mut form = Simple::new(visit, &sheet.action(), &sheet.pairs, &sheet.problems);
    if let Some((name, version)) = conflict::version(&sheet.pairs).map(conflict::hidden) {
        form = form.hidden(&name, version);
    }
    form = form
        .notice(sheet.notice.clone())
        .text("name", "segment.name", true)
        .long("description_fr", "segment.description_fr", true)
        .long("description_en", "segment.description_en", true)
        .section("segment-conditions")
        .choice("entity", "segment.entity", &entities, None);
    form = match builder::conditions(visit, &profiles, &sheet.filter).await? {
        Some(drawn) => form.part(drawn),
        None => {
            form.hidden("filter", json(&sheet.filter)).part(html! { p.muted { (visit.word("segment-by-program")) } })
        }
    };
    let form = form
        .part(counting(visit, sheet.counted.as_deref()))
        .section("segment-use")
        .choice("purpose", "segment.purpose", &purposes(visit).await?, Some(&none))
        .switch("active", "segment.active")
        .cancel(&sheet.home());
    Ok(form.draw(if sheet.id.is_some() { "save" } else { "create" }))
}

/// The button that counts, and what it found.
fn counting(visit: &Visit, counted: Option<&str>) -> Markup {
    html! { div.counting {
        button.button data-kind="secondary" name="count" value="true" { (ui::icon(ui::Icon::Users)) span { (visit.word("segment-count")) } }
        p role="status" { @if let Some(text) = counted { (text) } }
    } }
}

fn json(filter: &Filter) -> String {
    serde_json::to_string(filter).unwrap_or_default()
}

async fn page(visit: &Visit, sheet: Sheet<'_>, refused: bool) -> Answer {
    let form = draw(visit, &sheet).await?;
    if refused && visit.htmx {
        return Ok(frame::refused(form));
    }
    let one = label::one(visit, sheet.object);
    let title = match sheet.id {
        None => visit.say("new-record", &[("object", (&one).into())]),
        Some(_) => visit.say("edit-record", &[("name", sheet.pairs.text("name").into())]),
    };
    let list = label::list_address(sheet.object);
    let frame = Frame { icon: Some(label::icon(sheet.object)), ..Frame::titled(title) };
    let frame = frame.crumb(label::many(visit, sheet.object), &list).at(list);
    let body = ui::page_body(form);
    Ok(if refused { frame::refused(frame::document(visit, frame, body)) } else { frame::page(visit, frame, body) })
}

/// `GET /o/segment/new?filter=`
pub(crate) async fn new(visit: Signed, RawQuery(query): RawQuery) -> Answer {
    let object = visit.space.object(SEGMENT)?;
    visit.access.check(&object, Action::Create)?;
    let asked = Pairs::read(query.unwrap_or_default().as_bytes());
    let filter = match asked.text("filter") {
        "" => Filter::All,
        text => {
            serde_json::from_str(text).map_err(|_| Problem::new("", "filter-unreadable")).map_err(RecordError::from)?
        }
    };
    let pairs = Pairs(vec![("entity".into(), "person".into()), ("active".into(), "true".into())]);
    page(&visit, Sheet::new(&object, None, pairs, filter), false).await
}

/// `POST /o/segment/new`
pub(crate) async fn create(posted: Posted) -> Answer {
    let object = posted.space.object(SEGMENT)?;
    posted.access.check(&object, Action::Create)?;
    let filter = filter_of(&posted)?;
    take(&posted, Sheet::new(&object, None, posted.pairs.clone(), filter)).await
}

/// `GET /o/segment/{id}/edit`
pub(crate) async fn edit(visit: Signed, Path(id): Path<String>) -> Answer {
    let (object, id) = record::named(&visit, SEGMENT, &id)?;
    visit.access.check(&object, Action::Update)?;
    let found = record::read(&visit, &object.name, id, &mut visit.space.store.read().await?).await?;
    let mut pairs = pairs_of(&found);
    pairs.0.push(conflict::hidden(found.version()));
    page(&visit, Sheet::new(&object, Some(id), pairs, Segment::of(&found).filter), false).await
}

/// `POST /o/segment/{id}/edit`
pub(crate) async fn save(Path(id): Path<String>, posted: Posted) -> Answer {
    let (object, id) = record::named(&posted, SEGMENT, &id)?;
    posted.access.check(&object, Action::Update)?;
    let found = posted.space.get(&posted.ctx, &object.name, id).await?;
    let left = conflict::is_left(&posted.pairs, FILTER.name());
    let filter = if left { Segment::of(&found).filter } else { filter_of(&posted)? };
    let pairs = conflict::settled(&posted.pairs, &pairs_of(&found));
    take(&posted, Sheet::new(&object, Some(id), pairs, filter)).await
}

fn pairs_of(found: &Record) -> Pairs {
    let mut pairs = Pairs::default();
    for name in TEXTS {
        pairs.push(name, found.value(name).as_text().unwrap_or_default());
    }
    pairs.push("purpose", found.value("purpose").as_id().map(|id| id.typed("pur")).unwrap_or_default());
    pairs.push("active", (found.get(ACTIVE) == Some(true)).to_string());
    pairs
}

/// The conditions that a form posted: those of the builder, or those that it could not show.
fn filter_of(posted: &Posted) -> Result<Filter, RecordError> {
    if builder::is_posted(&posted.pairs) {
        return Ok(builder::read(posted, &posted.space.object(PROFILE)?, &posted.pairs));
    }
    Ok(serde_json::from_str(posted.pairs.text("filter")).unwrap_or(Filter::All))
}

fn fields_of(pairs: &Pairs, filter: &Filter) -> Fields {
    let text = |name: &'static str| (Ident::of(name), Value::from(pairs.text(name)));
    let mut fields = Fields::from_iter(TEXTS.map(text));
    let purpose = Id::parse(pairs.text("purpose"), "pur").map_or(Value::Null, Value::Id);
    fields.set(Ident::of("purpose"), purpose);
    fields.set(Ident::of(ACTIVE.name()), Value::Bool(pairs.is_on("active")));
    let json = serde_json::to_value(filter).unwrap_or_default();
    fields.set(Ident::of("filter"), if filter.is_all() { Value::Null } else { Value::Json(Box::new(json)) });
    fields
}

/// Counts, or keeps what was posted.
async fn take(posted: &Posted, mut sheet: Sheet<'_>) -> Answer {
    if posted.pairs.is_on("count") {
        match counted(posted, &sheet).await {
            Ok(text) => sheet.counted = Some(text),
            Err(error) => sheet.problems = problems_of(error)?,
        }
        return page(posted, sheet, posted.htmx).await;
    }
    match (keep(posted, &sheet).await, sheet.id) {
        (Ok(response), _) => return Ok(response),
        (Err(RecordError::Conflict { conflicts, version }), Some(id)) => {
            sheet.pairs.0.push(conflict::hidden(version));
            sheet.notice = Some(choice(posted, sheet.object, id, &conflicts).await?);
        }
        (Err(error), _) => sheet.problems = problems_of(error)?,
    }
    page(posted, sheet, true).await
}

/// The choice between what this reader entered and what somebody else saved meanwhile, conditions in sentences.
async fn choice(
    posted: &Posted,
    object: &ObjectDef,
    id: Id,
    conflicts: &[FieldConflict],
) -> Result<Markup, RecordError> {
    let profiles = posted.space.object(PROFILE)?;
    let read = |value: &Value| match value {
        Value::Json(json) => serde_json::from_value(Json::clone(json)).unwrap_or(Filter::All),
        _ => Filter::All,
    };
    let mut wanted = Wanted::default();
    for value in conflicts.iter().filter(|c| c.field == FILTER.name()).flat_map(|c| [&c.mine, &c.theirs]) {
        describe::want(posted, &posted.space.schema(), &mut wanted, &read(value));
    }
    let named = wanted.read(posted, &mut posted.space.store.read().await?).await?;
    let draw = |visit: &Visit, object: &ObjectDef, field: &FieldDef, value: &Value, names: &Names| {
        if field.name != FILTER.name() {
            return show::cell(visit, object, field, value, names);
        }
        let lines = describe::sentences(visit, &profiles, &read(value), &named);
        ui::Cell::Text(if lines.is_empty() { visit.word("segment-everybody") } else { lines.join(", ") })
    };
    conflict::panel(posted, object, id, conflicts, draw).await
}

async fn keep(posted: &Posted, sheet: &Sheet<'_>) -> Result<Response, RecordError> {
    let fields = fields_of(&sheet.pairs, &sheet.filter);
    let op = match sheet.id {
        None => Op::Create(fields),
        Some(id) => Op::Update { id, fields, version: conflict::version(&sheet.pairs) },
    };
    let (batch, made) = change::undoable(posted, &sheet.object.name, sheet.pairs.text("name"), vec![op]).await?;
    let id = sheet.id.or(made.first().map(|outcome| outcome.record.id()));
    let target = id.map_or_else(|| sheet.home(), |id| label::record_address(sheet.object, id));
    let said = if sheet.id.is_some() { "saved" } else { "created" };
    Ok(frame::go_saying(posted, &target, said, Some(batch)))
}

/// How many would be in it, in words.
async fn counted(posted: &Posted, sheet: &Sheet<'_>) -> Result<String, RecordError> {
    let segment = Segment::draft(sheet.pairs.text("entity"), sheet.filter.clone());
    let found = count(posted, &segment, &mut posted.space.store.read().await?).await?;
    Ok(match found {
        Some(count) => posted
            .say("segment-counted", &[("n", (&count_text(posted, count)).into()), ("of", (count.n as i64).into())]),
        None => posted.word("segment-hidden"),
    })
}
