//! Imports and changes of many records, each undone in one step.

use maud::html;
use records::RecordError;

use crate::failure::Answer;
use crate::frame;
use crate::names::Wanted;
use crate::settings::{below, table};
use crate::visit::Signed;

/// `GET /settings/batches`: all of them for administrators, one's own for others.
pub(crate) async fn list(visit: Signed) -> Answer {
    let mut reader = visit.space.store.read().await?;
    let all = reader.batches(200).await.map_err(RecordError::from)?;
    let seen: Vec<_> = all
        .into_iter()
        .filter(|b| visit.access.full || (b.actor.is_some() && b.actor == visit.me()))
        .take(100)
        .collect();
    let mut wanted = Wanted::default();
    wanted.users(seen.iter().filter_map(|b| b.actor));
    let names = wanted.read(&visit, &mut reader).await?;
    let view = visit.view();
    let rows: Vec<Vec<maud::Markup>> = seen
        .iter()
        .map(|batch| {
            let undo = ui::Action {
                label: view.words.undo.clone(),
                icon: Some(ui::Icon::Undo2),
                href: frame::undo_address(batch.id),
                method: ui::Method::Post,
                confirm: Some(visit.say("batch-undo-sure", &[("name", (&batch.label).into())])),
                ..ui::Action::default()
            };
            let open = matches!(batch.state.as_str(), "done" | "failed" | "cancelled") && batch.kind != "undo";
            vec![
                html! { (batch.label) },
                html! { (visit.word(&format!("batch-{}", batch.kind))) },
                html! { (visit.word(&format!("state-{}", batch.state))) },
                html! { (visit.format().date_time(batch.at, &visit.ctx.zone)) },
                html! { (batch.actor.and_then(|id| names.get(id)).unwrap_or_default()) },
                html! { @if open { (ui::action(&view, &undo)) } },
            ]
        })
        .collect();
    let heads = ["batch-label", "batch-kind", "job-state", "batch-at", "batch-by"].map(|k| visit.word(k));
    let heads: Vec<String> = heads.into_iter().chain([view.words.undo.clone()]).collect();
    let title = visit.word("settings-batches");
    let body = html! {
        @if rows.is_empty() { (ui::empty(&view, &ui::Empty { title: visit.word("batch-none"), ..ui::Empty::default() })) }
        @else { (table(&title, &heads, &rows)) }
    };
    Ok(frame::page(&visit, below(&visit, title.clone()), ui::page_body(body)))
}
