//! `GET /review/quality`: how good the records of each source are.

use customers::profile::{Quality, quality};
use maud::{Markup, html};

use super::{PROFILE, attribute, may_decide, percent};
use crate::failure::Answer;
use crate::frame::{self, Frame};
use crate::settings::table;
use crate::visit::{Signed, Visit};

/// Records of each source that are looked at.
const SAMPLE: u32 = 2_000;
/// Attributes listed of a source, those that are said most first.
const LISTED: usize = 8;

/// The dashboard; five statements for each source.
pub(crate) async fn show(visit: Signed) -> Answer {
    may_decide(&visit, &*visit.space.object(PROFILE)?)?;
    let mut reader = visit.space.store.read().await?;
    let sources = quality(&visit.space, &visit.access, SAMPLE, &mut reader).await?;
    let statements = reader.statements();
    drop(reader);
    let frame = Frame { icon: Some(ui::Icon::ChartColumn), ..Frame::titled(visit.word("review-quality")) };
    let frame = frame.crumb(visit.word("review"), "/review").at("/review");
    let none = ui::Empty { icon: Some(ui::Icon::Database), title: visit.word("quality-none"), ..ui::Empty::default() };
    let body = html! {
        @if sources.is_empty() { (ui::empty(&visit.view(), &none)) }
        @else {
            (figures(&visit, &sources))
            (by_source(&visit, &sources))
            @for source in &sources { (attributes(&visit, source)) }
            p.muted { (visit.say("quality-sample", &[("n", (&visit.format().integer(i64::from(SAMPLE))).into())])) }
        }
    };
    Ok(frame::page_of(&visit, frame, ui::page_body(body), statements))
}

fn share(visit: &Visit, part: usize, whole: usize) -> String {
    if whole == 0 { "—".to_owned() } else { percent(visit, part as f64 / whole as f64) }
}

fn figures(visit: &Visit, sources: &[Quality]) -> Markup {
    let sum = |of: fn(&Quality) -> usize| sources.iter().map(of).sum::<usize>();
    let sample = sum(|source| source.sample);
    let tile = |word: &str, value: String| ui::Tile { label: visit.word(word), value, ..ui::Tile::default() };
    ui::tiles(&[
        tile("quality-records", visit.format().integer(sources.iter().map(|source| source.records).sum())),
        tile("quality-shared", share(visit, sum(|source| source.shared), sample)),
        tile("quality-duplicates", share(visit, sum(|source| source.duplicates), sample)),
        tile("quality-unlinkable", share(visit, sum(|source| source.unlinkable), sample)),
    ])
}

fn by_source(visit: &Visit, sources: &[Quality]) -> Markup {
    let rows: Vec<Vec<Markup>> = sources
        .iter()
        .map(|source| {
            let share = |part: usize| html! { span.number { (share(visit, part, source.sample)) } };
            let unreadable: usize = source.unreadable.iter().map(|(_, n)| n).sum();
            vec![
                html! { (source.name) },
                html! { span.number { (visit.format().integer(source.records)) } },
                share(source.alone),
                share(source.shared),
                share(source.duplicates),
                share(unreadable.min(source.sample)),
                share(source.unlinkable),
            ]
        })
        .collect();
    let heads = [
        "quality-source",
        "quality-records",
        "quality-alone",
        "quality-shared",
        "quality-duplicates",
        "quality-unreadable",
        "quality-unlinkable",
    ];
    let title = visit.word("quality-by-source");
    ui::panel(&title, Some(&visit.word("quality-hint")), table(&title, &heads.map(|word| visit.word(word)), &rows))
}

fn attributes(visit: &Visit, source: &Quality) -> Markup {
    let mut filled = source.filled.clone();
    filled.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    filled.truncate(LISTED);
    let rows: Vec<Vec<Markup>> = filled
        .iter()
        .map(|(name, n)| {
            let wrong = source.unreadable.iter().find(|(of, _)| of == name).map(|(_, n)| *n);
            let formed = matches!(*name, "email" | "phone" | "birth_date");
            let valid = match wrong {
                Some(wrong) => share(visit, n - wrong.min(*n), *n),
                None if formed => percent(visit, 1.0),
                None => String::new(),
            };
            vec![
                html! { (attribute(visit, name)) },
                html! { div.completeness { (ui::chart::span(0.0, source.sample as f64, 0.0, *n as f64, ui::chart::Ink::Plain))
                    span.number { (share(visit, *n, source.sample)) } } },
                html! { span.number { (valid) } },
            ]
        })
        .collect();
    let heads = ["quality-attribute", "quality-filled", "quality-valid"].map(|word| visit.word(word));
    ui::panel(&source.name, None, table(&source.name, &heads, &rows))
}
