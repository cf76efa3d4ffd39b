//! Applying rules: first as a preview, every day for real, each time with a report that stays.

use std::sync::{Arc, Mutex};

use kernel::civil::Date;
use kernel::{Ctx, Id, Timestamp, Via};
use model::{
    Condition, FieldDef, FieldType, Fields, Filter, Ident, ObjectDef, Op as Is, Operand, Path, PersonName, Problem,
    Query, Record, Value,
};
use records::{Mode, Op, Outcome, RecordError, Space};
use serde_json::json;
use store::{Count, Reader};

use super::{ACTION, ACTIVE, AFTER, FOUND, MONTHS, NAME, OBJECT, ONLY, RAN_AT};
use crate::right::plus_months;

/// Records shown in a preview.
const EXAMPLES: u32 = 5;
/// Records are counted up to here.
const CAP: u32 = 10_000;
/// Records changed by one rule on one day: a rule that is wrong does not empty a database before somebody notices.
const MOST: usize = 5_000;
/// Records written together.
const CHUNK: u32 = 500;
/// What stands where a person's name must stand.
const NOBODY: &str = "—";

/// What a rule would do now.
#[derive(Clone, Debug)]
pub struct Preview {
    /// How many records.
    pub count: Count,
    /// Some of them, the oldest first.
    pub examples: Vec<Record>,
    /// The day or moment before which they last changed, or were made, as the rule has it.
    pub before: Timestamp,
}

/// What a rule did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// The batch under which it can be looked at and undone; none where nothing was changed.
    pub batch: Option<Id>,
    /// Records found, counted up to 10,000.
    pub found: u64,
    /// Records changed.
    pub done: usize,
    /// Records that could not be changed.
    pub refused: usize,
}

/// A rule as it can be applied.
struct Plan {
    object: Arc<ObjectDef>,
    query: Query,
    before: Timestamp,
}

/// What a rule would do now, for actors who may read both the rule and its records.
pub async fn preview(space: &Space, ctx: &Ctx, rule: &Record) -> Result<Preview, RecordError> {
    let plan = Plan::of(space, rule, ctx.now)?;
    let access = space.access(ctx).await?;
    let mut reader = space.store.read().await?;
    let query = plan.query.clone().limit(EXAMPLES);
    let examples = space.list_as(ctx, &access, &query, &mut reader).await?.records;
    let (schema, allowed) = space.authorise(ctx, &access, &query)?;
    let count = reader.count(&schema, &allowed, Some(CAP)).await?;
    Ok(Preview { count, examples, before: plan.before })
}

/// Applies a rule now, for administrators and the product itself: at most 5,000 records, as one batch that can be undone.
pub async fn run(space: &Arc<Space>, ctx: &Ctx, rule: &Record) -> Result<Report, RecordError> {
    space.access(ctx).await?.administers()?;
    let plan = Plan::of(space, rule, ctx.now)?;
    let count = plan.count(space, ctx, &mut space.store.read().await?).await?;
    let action = rule.get(ACTION).unwrap_or_default();
    let mut report = Report { batch: None, found: count.n, done: 0, refused: 0 };
    if action != "review" && count.n > 0 {
        let name = rule.get(NAME).unwrap_or_default();
        let mut batch = space.start_batch(ctx, "retention", &name).await?;
        report.batch = Some(batch.id);
        let own = Ctx { batch: Some(batch.id), ..ctx.clone() };
        let result = plan.apply(space, &own, &action, &mut report).await;
        batch.state = if result.is_ok() { "done" } else { "failed" }.to_owned();
        batch.detail =
            json!({ "done": report.done, "refused": report.refused, "found": report.found, "action": action });
        space.put_batch(&batch).await?;
        result?;
    }
    let fields = Fields::from_iter([
        (Ident::of(RAN_AT.name()), Value::DateTime(ctx.now)),
        (Ident::of(FOUND.name()), Value::Int(count.n as i64)),
    ]);
    let (own, id) = (Ctx { via: Via::Rule, ..ctx.clone() }, rule.id());
    space.write_one(&own, &Ident::of("retention_rule"), Op::Update { id, fields, version: None }).await?;
    Ok(report)
}

impl Plan {
    fn of(space: &Space, rule: &Record, now: Timestamp) -> Result<Plan, RecordError> {
        let object = space.object(&rule.get(OBJECT).unwrap_or_default())?;
        let after = rule.get(AFTER).unwrap_or_default();
        let field = object.field(&after).ok_or_else(|| Problem::new(AFTER.name(), "retention-after"))?;
        let months = i32::try_from(rule.get(MONTHS).unwrap_or(i64::MAX)).unwrap_or(1_200);
        let day = plus_months(now.to_zoned(kernel::Zone::UTC).date(), -months);
        let before = day.to_zoned(kernel::Zone::UTC).map_or(Timestamp::MIN, |at| at.timestamp());
        let value = if matches!(field.kind, FieldType::Date) { Value::Date(day) } else { Value::DateTime(before) };
        let path = Path { field: field.name.clone(), part: None };
        let old = Filter::Is(Condition { path: path.clone(), op: Is::Lt, operand: Operand::Value(value) });
        let mut query = Query::of(object.name.clone()).filter(old).sort(model::Sort::by(path.field, false));
        if let Some(only) = rule.get(ONLY) {
            let only = serde_json::from_value(*only)
                .map_err(|e| Problem::new(ONLY.name(), "retention-only").text("detail", e.to_string()))?;
            query = query.filter(only);
        }
        if rule.get(ACTION).as_deref() == Some("anonymise") {
            let left = personal(&object).filter_map(still_there).reduce(Filter::or);
            query = query.filter(left.unwrap_or(Filter::None));
        }
        Ok(Plan { object, query, before })
    }

    async fn count(&self, space: &Space, ctx: &Ctx, reader: &mut Reader) -> Result<Count, RecordError> {
        let access = space.access(ctx).await?;
        let (schema, query) = space.authorise(ctx, &access, &self.query)?;
        Ok(reader.count(&schema, &query, Some(CAP)).await?)
    }

    async fn apply(&self, space: &Arc<Space>, ctx: &Ctx, action: &str, report: &mut Report) -> Result<(), RecordError> {
        let mut query = self.query.clone().limit(CHUNK);
        let mut met = 0;
        while met < MOST {
            let page = space.list(ctx, &query).await?;
            met += page.records.len();
            let ops = page.records.iter().map(|record| match action {
                "delete" => Op::Delete(record.id()),
                _ => Op::Update { id: record.id(), fields: self.emptied(), version: Some(record.version()) },
            });
            for result in space.write(ctx, &self.object.name, ops.collect(), Mode::EACH).await? {
                match result {
                    Ok(Outcome { done: Some(_), .. }) => report.done += 1,
                    Ok(_) => {}
                    Err(_) => report.refused += 1,
                }
            }
            match page.next {
                Some(next) => query.after = Some(next),
                None => break,
            }
        }
        Ok(())
    }

    /// Every field that says something about a person, emptied.
    fn emptied(&self) -> Fields {
        Fields::from_iter(personal(&self.object).map(|field| (field.name.clone(), empty(field))))
    }
}

/// The fields that say something about a person: those that are marked so, and addresses by their nature.
fn personal(object: &ObjectDef) -> impl Iterator<Item = &FieldDef> {
    let address = |kind: &FieldType| {
        matches!(kind, FieldType::PersonName | FieldType::Emails | FieldType::Phones | FieldType::Address)
    };
    object.fields.iter().filter(move |f| !f.system && !f.is_computed() && (f.personal || address(&f.kind)))
}

fn empty(field: &FieldDef) -> Value {
    match &field.kind {
        FieldType::PersonName if field.required => {
            Value::Name(Box::new(PersonName { last: NOBODY.to_owned(), ..PersonName::default() }))
        }
        FieldType::Text { .. } | FieldType::LongText if field.required => Value::from(NOBODY),
        _ => Value::Null,
    }
}

/// That a field holds something still; none for fields that cannot be asked.
fn still_there(field: &FieldDef) -> Option<Filter> {
    let condition = |part: Option<&'static str>, op, operand| {
        let path = Path { field: field.name.clone(), part: part.map(Ident::of) };
        Filter::Is(Condition { path, op, operand })
    };
    match &field.kind {
        FieldType::PersonName => Some(condition(Some("last"), Is::Ne, Operand::Value(Value::from(NOBODY)))),
        FieldType::Text { .. } | FieldType::LongText if field.required => {
            Some(condition(None, Is::Ne, Operand::Value(Value::from(NOBODY))))
        }
        FieldType::Address => Some(condition(Some("city"), Is::IsNull, Operand::None).negate()),
        _ => Some(condition(None, Is::IsNull, Operand::None).negate()),
    }
}

/// The day on which rules were last applied in this process.
#[derive(Default)]
struct Ran(Mutex<Option<Date>>);

/// Applies every active rule once a day. A rule that another process applied today is left out.
pub(crate) async fn follow(space: Arc<Space>) -> Result<bool, RecordError> {
    let ctx = Ctx { via: Via::Rule, ..space.system_ctx() };
    let (today, ran) = (ctx.today(), space.kept::<Ran>());
    if *ran.0.lock().expect("not poisoned") == Some(today) {
        return Ok(false);
    }
    let query = Query::of(Ident::of("retention_rule")).filter(ACTIVE.eq(true)).limit(500);
    let rules = space.list(&ctx, &query).await?.records;
    for rule in &rules {
        let day = rule.get(RAN_AT).map(|at| at.to_zoned(ctx.zone.clone()).date());
        if day == Some(today) {
            continue;
        }
        if let Err(error) = run(&space, &ctx, rule).await {
            tracing::warn!(rule = %rule.id(), %error, "a retention rule could not be applied");
        }
    }
    *ran.0.lock().expect("not poisoned") = Some(today);
    Ok(!rules.is_empty())
}
