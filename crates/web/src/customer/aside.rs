//! What hangs together with a profile: relations, value, consents, who else it may be, and the records it is made of.

use customers::consent::ContactPoint;
use customers::profile::{Relation, Since};
use customers::segment::Segments;
use maud::{Markup, html};
use model::Ident;
use records::RecordError;
use store::Reader;

use super::segment::memberships;
use super::{PROFILE, Seen, day, decides, hue_of_share, key, mark, percent, sees_all};
use crate::names::{Names, Wanted, title_text};
use crate::settings::consent;
use crate::visit::Visit;
use crate::{label, show};

/// Records listed beside the stream; all of them stand on their own tab.
const RECORDS: usize = 8;

/// Adds the records that the column names.
pub(super) fn want(seen: &Seen, wanted: &mut Wanted) {
    for (_, other) in &seen.view.doubts {
        wanted.one(Ident::of(PROFILE), *other);
    }
    for (object, id) in seen.originals.values() {
        wanted.one(object.name.clone(), *id);
    }
}

/// The column. One statement for segments, and four where there are contact points.
pub(super) async fn draw(
    visit: &Visit,
    seen: &Seen,
    names: &Names,
    reader: &mut Reader,
) -> Result<Markup, RecordError> {
    let consents = consents(visit, seen, reader).await?;
    Ok(html! {
        (worth(visit, seen))
        (segments(visit, seen, reader).await?)
        (relations(visit, seen))
        (doubts(visit, seen, names))
        (consents)
        (records(visit, seen, names))
    })
}

/// The segments that the reader may know of, each with its reasons; one statement for a hundred.
async fn segments(visit: &Visit, seen: &Seen, reader: &mut Reader) -> Result<Markup, RecordError> {
    let segments = Segments::load(&visit.space, &visit.ctx, &visit.access, reader).await?;
    let all = segments.of(&visit.space.schema(), &seen.view.profile);
    if all.is_empty() {
        return Ok(html! {});
    }
    Ok(html! {
        section.related {
            header { h3 { (visit.word("segments")) } span.badge { (visit.format().integer(all.len() as i64)) } }
            (memberships(visit, &seen.object, &all, true))
        }
    })
}

fn worth(visit: &Visit, seen: &Seen) -> Markup {
    let reads = |field: &'static str| visit.access.reads(&seen.object, &Ident::of(field));
    let Some(worth) = &seen.view.worth else { return html! {} };
    let mut pairs: Vec<ui::KeyValue> = Vec::new();
    let field = |name: &str| seen.object.field(name).map(|f| label::field(visit, &seen.object, f)).unwrap_or_default();
    for name in ["orders", "spent", "last_order_at"].into_iter().filter(|name| reads(name)) {
        if let Some(def) = seen.object.field(name) {
            let value = show::cell(visit, &seen.object, def, seen.view.profile.value(name), &Names::default());
            pairs.push(ui::KeyValue { label: field(name), value });
        }
    }
    let number = |n: i64| ui::Cell::Number(visit.format().integer(n));
    pairs.push(ui::KeyValue { label: visit.word("worth-events"), value: number(worth.events) });
    let first = ui::Cell::Text(day(visit, worth.first_at));
    pairs.push(ui::KeyValue { label: visit.word("worth-first"), value: first });
    let rfm = worth.rfm(visit.ctx.now).filter(|_| reads("orders") && reads("spent"));
    html! {
        section.related {
            header { h3 { (visit.word("worth")) } }
            (ui::key_values(&visit.view(), &pairs))
            @if let Some([recency, frequency, money]) = rfm {
                dl.key-values.rfm {
                    @for (word, n) in [("worth-recency", recency), ("worth-frequency", frequency), ("worth-money", money)] {
                        div { dt { (visit.word(word)) } dd {
                            span.number { (n) " / 5" } " "
                            span.muted { (visit.word(&format!("{word}-{n}"))) }
                        } }
                    }
                }
            }
        }
    }
}

fn relations(visit: &Visit, seen: &Seen) -> Markup {
    let items: Vec<ui::RelatedItem> = (seen.view.relations.iter())
        .map(|relation| {
            let name = title_text(&seen.object, &relation.profile);
            let word = visit.word(&format!("relation-{}", relation.kind));
            let kind = if relation.kind == "works_at" {
                customers::identity::Kind::Organisation
            } else {
                customers::identity::Kind::Person
            };
            ui::RelatedItem {
                avatar: mark(kind, &name),
                href: label::record_address(&seen.object, relation.profile.id()),
                detail: Some(lasts(visit, relation, word)),
                value: ui::Cell::Text(String::new()),
            }
        })
        .collect();
    let list = ui::Related {
        label: visit.word("relations"),
        items,
        empty: visit.word("relations-none"),
        ..ui::Related::default()
    };
    ui::related(&visit.view(), &list)
}

/// A relation with its role, since when, and until when where it is over.
fn lasts(visit: &Visit, relation: &Relation, word: String) -> String {
    let word = match (relation.kind, relation.until) {
        ("works_at", Some(_)) => visit.word("relation-worked_at"),
        ("employs", Some(_)) => visit.word("relation-employed"),
        _ => word,
    };
    std::iter::once(word).chain(details(visit, relation)).collect::<Vec<_>>().join(" · ")
}

/// The role in a relation, since when, and until when where it is over.
pub(crate) fn details(visit: &Visit, relation: &Relation) -> Vec<String> {
    let date = |date| visit.format().date(date);
    let since = relation.since.map(|since| {
        let key = if matches!(since, Since::Day(_)) { "relation-since" } else { "relation-known-since" };
        visit.say(key, &[("day", (&date(since.day())).into())])
    });
    let until = relation.until.map(|until| visit.say("relation-until", &[("day", (&date(until)).into())]));
    [relation.role.clone(), since, until].into_iter().flatten().collect()
}

/// Profiles that may be the same.
fn doubts(visit: &Visit, seen: &Seen, names: &Names) -> Markup {
    if seen.view.doubts.is_empty() {
        return html! {};
    }
    html! {
        section.related {
            header { h3 { (visit.word("doubts")) } }
            ul { @for (doubt, other) in &seen.view.doubts {
                @if let Some(name) = names.get(*other) {
                    @let share = matching::probability(doubt.weight);
                    li {
                        (ui::avatar(&mark(seen.view.kind, name), ui::AvatarSize::Small))
                        div.related-text {
                            a href=(label::record_address(&seen.object, *other)) { (name) }
                            @if decides(visit) {
                                p.muted { a href={ (seen.address("/join")) "?other=" (other.typed("prf")) } { (visit.word("join-preview")) } }
                            }
                        }
                        (ui::tag(&ui::Tag::new(percent(visit, share), hue_of_share(share))))
                    }
                }
            } }
        }
    }
}

async fn consents(visit: &Visit, seen: &Seen, reader: &mut Reader) -> Result<Markup, RecordError> {
    let points: Vec<ContactPoint> = (["emails", "phones"].into_iter())
        .filter(|field| visit.access.reads(&seen.object, &Ident::of(field)))
        .flat_map(|field| ContactPoint::of_value(seen.view.profile.value(field), field == "phones"))
        .collect();
    if points.is_empty() {
        return Ok(html! {});
    }
    let drawn = consent::of::consents_of(visit, reader, &points).await?;
    Ok(html! {
        section.related.consents {
            header { h3 { (visit.word("settings-consents")) } }
            details { summary { (ui::icon(ui::Icon::ChevronRight))
                (visit.say("consents-points", &[("n", (points.len() as i64).into())])) }
                (drawn)
            }
        }
    })
}

fn records(visit: &Visit, seen: &Seen, names: &Names) -> Markup {
    let shown = sees_all(visit, &seen.object);
    let item = |record: &customers::identity::Understood| {
        let original = seen.originals.get(&(record.source, record.key.clone()));
        let link = original.and_then(|(object, id)| Some((label::record_address(object, *id), names.get(*id)?)));
        let key = if shown { key(&record.key) } else { String::new() };
        let (href, detail) = match link {
            Some((href, name)) => (href, name.to_owned()),
            None => (seen.address("/records"), key),
        };
        ui::RelatedItem {
            avatar: ui::Avatar::thing(&record.source_name),
            href,
            detail: Some(
                format!("{} · {detail}", day(visit, record.received_at)).trim_end_matches([' ', '·']).to_owned(),
            ),
            value: ui::Cell::Text(String::new()),
        }
    };
    let list = ui::Related {
        label: visit.word("profile.records"),
        count: visit.format().integer(seen.view.records.len() as i64),
        items: seen.view.records.iter().take(RECORDS).map(item).collect(),
        all: Some(seen.address("/records")),
        empty: visit.word("records-none"),
        ..ui::Related::default()
    };
    ui::related(&visit.view(), &list)
}
