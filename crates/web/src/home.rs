//! The first page: the objects with their counts, and what changed last.

use std::sync::Arc;

use maud::html;
use model::{Ident, ObjectDef, Query, Record, Sort, system};
use records::{Action, RecordError};

use crate::failure::Answer;
use crate::frame::{self, Frame};
use crate::label;
use crate::list::table::{avatar, count_text};
use crate::names::{Wanted, title, title_fields};
use crate::visit::Signed;

/// Counts stop here.
const CAP: u32 = 9_999;
/// Records shown of each object.
const RECENT: u32 = 5;

/// `GET /`
pub(crate) async fn home(visit: Signed) -> Answer {
    let schema = visit.space.schema();
    let objects: Vec<&Arc<ObjectDef>> =
        schema.objects().filter(|o| !o.setup && visit.access.check(o, Action::Read).is_ok()).collect();
    let mut reader = visit.space.store.read().await?;
    let mut tiles = Vec::new();
    let mut recent: Vec<(&Arc<ObjectDef>, Vec<Record>)> = Vec::new();
    let mut wanted = Wanted::default();
    for object in objects {
        let mut fields = title_fields(object).to_vec();
        fields.push(Ident::of(system::UPDATED_AT));
        let last = Sort::by(Ident::of(system::UPDATED_AT), true);
        let query = Query::of(object.name.clone()).fields(fields.clone()).sort(last).limit(RECENT);
        let (schema, query) = visit.space.authorise(&visit.ctx, &visit.access, &query)?;
        let count = reader.count(&schema, &query, Some(CAP)).await.map_err(RecordError::from)?;
        tiles.push(ui::Tile {
            label: label::many(&visit, object),
            value: count_text(&visit, count),
            href: Some(label::list_address(object)),
            ..ui::Tile::default()
        });
        // Activities are seen on the records they are about.
        if object.timeline.is_none() {
            let records = reader.list(&schema, &query).await.map_err(RecordError::from)?.records;
            records.iter().for_each(|r| wanted.record(object, r, &fields));
            recent.push((object, records));
        }
    }
    let names = wanted.read(&visit, &mut reader).await?;
    let view = visit.view();
    let item = |object: &ObjectDef, record: &Record| {
        let name = title(object, record, &names);
        let value = match record.value(system::UPDATED_AT) {
            model::Value::DateTime(at) => ui::Cell::Date {
                iso: at.to_string(),
                text: visit.format().date_time(*at, &visit.ctx.zone),
                relative: true,
            },
            _ => ui::Cell::Text(String::new()),
        };
        ui::RelatedItem {
            avatar: avatar(object, &name),
            href: label::record_address(object, record.id()),
            detail: None,
            value,
        }
    };
    let body = html! {
        (ui::tiles(&tiles))
        @for (object, records) in recent.iter().filter(|(_, records)| !records.is_empty()) {
            @let list = ui::Related {
                label: visit.say("recent", &[("objects", (&label::many(&visit, object)).into())]),
                items: records.iter().map(|r| item(object, r)).collect(),
                all: Some(label::list_address(object)),
                ..ui::Related::default()
            };
            (ui::related(&view, &list))
        }
    };
    let title = visit.say("welcome", &[("name", (&visit.name()).into())]);
    Ok(frame::page(&visit, Frame::titled(title).at("/"), ui::page_body(body)))
}
