//! Work behind the pages: what waits, what runs, what failed for good.

use axum::extract::{Path, RawQuery};
use kernel::Id;
use maud::html;
use records::RecordError;
use store::Reader;

use crate::failure::Answer;
use crate::form::{Pairs, PostedByAdministrator};
use crate::frame;
use crate::settings::{below, table};
use crate::visit::{Administrator, Visit};

/// `GET /settings/jobs?state=`
pub(crate) async fn list(visit: Administrator, RawQuery(query): RawQuery) -> Answer {
    let asked = Pairs::read(query.unwrap_or_default().as_bytes());
    let states = ["ready", "running", "dead", "done"];
    let state = states.into_iter().find(|s| *s == asked.text("state"));
    let before = asked.text("before").parse().ok();
    let jobs = visit.space.store.read().await?.jobs(state, before, 51).await.map_err(RecordError::from)?;
    let view = visit.view();
    let tab =
        |key: &str, href: String, current| ui::Tab { label: visit.word(key), href, current, ..ui::Tab::default() };
    let mut tabs = vec![tab("job-all", "/settings/jobs".into(), state.is_none())];
    tabs.extend(states.map(|s| tab(&format!("job-{s}"), format!("/settings/jobs?state={s}"), state == Some(s))));
    let rows: Vec<Vec<maud::Markup>> = jobs
        .iter()
        .take(50)
        .map(|job| {
            let revive = ui::Action {
                label: visit.word("job-revive"),
                icon: Some(ui::Icon::Play),
                href: format!("/settings/jobs/{}/revive", job.seq),
                method: ui::Method::Post,
                ..ui::Action::default()
            };
            vec![
                html! { (job.kind) },
                html! { (ui::tag(&ui::Tag::new(visit.word(&format!("job-{}", job.state)), hue(&job.state)))) },
                html! { (visit.format().date_time(job.run_at, &visit.ctx.zone)) },
                html! { (job.attempts) },
                html! { (job.error.as_deref().unwrap_or_default()) },
                html! { @if job.state == "dead" { (ui::action(&view, &revive)) } },
            ]
        })
        .collect();
    let heads = ["job-kind", "job-state", "job-at", "job-attempts", "job-error", "job-revive"].map(|k| visit.word(k));
    let title = visit.word("settings-jobs");
    let next = (jobs.len() > 50).then(|| jobs[49].seq);
    let body = html! {
        (ui::tabs(&title, &tabs))
        @if rows.is_empty() { (ui::empty(&view, &ui::Empty { title: visit.word("job-none"), ..ui::Empty::default() })) }
        @else { (table(&title, &heads, &rows)) }
        @if let Some(seq) = next {
            (ui::pager(&view, None, Some(&format!("/settings/jobs?state={}&before={seq}", state.unwrap_or_default())), ""))
        }
    };
    Ok(frame::page(&visit, below(&visit, title.clone()), ui::page_body(body)))
}

/// The latest messages of a webhook, for its page.
pub(crate) async fn deliveries(visit: &Visit, webhook: Id, reader: &mut Reader) -> Result<maud::Markup, RecordError> {
    let wanted = webhook.to_string();
    let jobs = reader.jobs(None, None, 500).await?;
    let own: Vec<_> =
        jobs.iter().filter(|j| j.kind == "webhook" && j.payload["webhook"] == wanted.as_str()).take(20).collect();
    let item = |job: &&store::Job| ui::RelatedItem {
        avatar: ui::Avatar::thing(job.payload["message"]["type"].as_str().unwrap_or_default()),
        href: "/settings/jobs".into(),
        detail: Some(job.error.clone().unwrap_or_else(|| visit.format().date_time(job.run_at, &visit.ctx.zone))),
        value: ui::Cell::Tags(vec![ui::Tag::new(visit.word(&format!("job-{}", job.state)), hue(&job.state))]),
    };
    let list = ui::Related {
        label: visit.word("webhook-deliveries"),
        items: own.iter().map(item).collect(),
        empty: visit.word("job-none"),
        ..ui::Related::default()
    };
    Ok(ui::related(&visit.view(), &list))
}

fn hue(state: &str) -> ui::Hue {
    match state {
        "dead" => ui::Hue::Red,
        "done" => ui::Hue::Green,
        "running" => ui::Hue::Blue,
        _ => ui::Hue::Gray,
    }
}

/// `POST /settings/jobs/{job}/revive`
pub(crate) async fn revive(Path(job): Path<i64>, form: PostedByAdministrator) -> Answer {
    let now = form.ctx.now;
    let revived = form.space.store.write(move |w| Box::pin(async move { w.revive(job, now).await })).await?;
    if !revived {
        return Err(RecordError::unknown("job", job.to_string()).into());
    }
    form.space.work.notify_one();
    Ok(frame::go_saying(&form, "/settings/jobs", "revived", None))
}
