//! A source that is fetched: how far that went, and the button that fetches now.

use axum::extract::Path;
use customers::pull::{self, places};
use customers::source;
use maud::{Markup, html};
use model::Record;
use records::{Action, RecordError};

use super::{address, named, received};
use crate::failure::{Answer, sentence};
use crate::form::Posted;
use crate::frame;
use crate::visit::Visit;

/// What is known of the fetching of a source.
pub(super) async fn panel(visit: &Visit, source: &Record) -> Result<Markup, RecordError> {
    let progress = pull::progress(&visit.space, &visit.ctx, source.id()).await?;
    let view = visit.view();
    let number = |n: u64| visit.format().integer(n as i64);
    let tile = |key: &str, value: String| ui::Tile { label: visit.word(key), value, ..ui::Tile::default() };
    let running = progress.started_at.is_some() && progress.ended_at.is_none();
    let last = if running { visit.word("pull-running") } else { received(visit, progress.ended_at) };
    let tiles = [
        ui::Tile { detail: progress.file().map(str::to_owned), ..tile("pull-last", last) },
        tile("pull-rows", number(progress.rows)),
        tile("pull-unreadable", number(progress.unreadable)),
    ];
    let now = ui::Action {
        label: visit.word("pull-now"),
        icon: Some(ui::Icon::RefreshCw),
        href: format!("{}/pull", address(source.id())),
        method: ui::Method::Post,
        kind: ui::ActionKind::Secondary,
        ..ui::Action::default()
    };
    let folder = source.get(source::KIND).as_deref() == Some("folder");
    let open: Vec<&str> =
        places(&visit.space).filter(|place| place.at.has_files() == folder).map(|place| place.name.as_str()).collect();
    let problem = progress.problem.as_ref().map(|problem| ui::Banner {
        tone: ui::Tone::Warning,
        title: sentence(visit, problem),
        ..ui::Banner::default()
    });
    Ok(html! {
        @if let Some(problem) = &problem { (ui::banner(&view, problem)) }
        (ui::panel(&visit.word("section-fetching"), Some(&visit.word("pull-hint")), html! {
            (ui::tiles(&tiles))
            p.muted {
                @if open.is_empty() { (visit.word("pull-no-place")) }
                @else { (visit.say("pull-places", &[("names", (&open.join(", ")).into())])) }
            }
            div { (ui::action(&view, &now)) }
        }))
    })
}

/// `POST /settings/sources/{id}/pull`
pub(crate) async fn run(Path(id): Path<String>, posted: Posted) -> Answer {
    let source = named(&posted, &id, Action::Update).await?;
    pull::ask(&posted.space, &posted.ctx, source.id()).await?;
    Ok(frame::go_saying(&posted, &address(source.id()), "pulling", None))
}
