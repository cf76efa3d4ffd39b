//! How customers are recognised and described: the models that say who is who, what is believed where sources differ, and the stages of a
//! customer's life.

pub(crate) mod golden;
pub(crate) mod model;
pub(crate) mod stage;
mod weights;

use axum::extract::{Path, RawQuery};
use axum::http::HeaderValue;
use axum::response::IntoResponse;
use customers::identity::{Choice, Comparison, Kind, UnderWay, ask, models, under_way};
use customers::profile::renewing;
use maud::{Markup, html};
use records::RecordError;
use store::KeptModel;

use crate::customer::{PROFILE, may_decide};
use crate::failure::Answer;
use crate::form::{Pairs, Posted};
use crate::frame::{self, Frame};
use crate::settings::{below, table};
use crate::visit::{Signed, Visit};

/// Where the pages are.
const BASE: &str = "/settings/identity";

/// Who may read these pages and decide there: who may decide who is who.
pub(crate) fn check(visit: &Visit) -> Result<(), RecordError> {
    may_decide(visit, &*visit.space.object(PROFILE)?)
}

fn titled(visit: &Visit) -> Frame {
    below(visit, visit.word("settings-identity"))
}

/// The tabs; `current` is the end of the page's address.
fn tabs(visit: &Visit, current: &str) -> Markup {
    let own = |key: &str, end: &str| ui::Tab {
        label: visit.word(key),
        href: format!("{BASE}{end}"),
        current: current == end,
        ..ui::Tab::default()
    };
    let all =
        [own("identity-tab-models", ""), own("identity-tab-golden", "/golden"), own("identity-tab-stages", "/stages")];
    ui::tabs(&visit.word("settings-identity"), &all)
}

/// Two links, to people and to organisations.
fn kinds(visit: &Visit, current: Kind) -> Markup {
    let tab = |kind: Kind| ui::Tab {
        label: visit.word(&format!("identity-kind-{}", kind.as_str())),
        href: format!("{BASE}?kind={}", kind.as_str()),
        current: kind == current,
        ..ui::Tab::default()
    };
    ui::tabs(&visit.word("profile.kind"), &Kind::ALL.map(tab))
}

fn kind_of(text: &str) -> Kind {
    Kind::parse(text).unwrap_or(Kind::Person)
}

/// `GET /settings/identity?kind=`: the models there are, and what goes on around them.
pub(crate) async fn show(visit: Signed, RawQuery(query): RawQuery) -> Answer {
    check(&visit)?;
    let kind = kind_of(Pairs::read(query.unwrap_or_default().as_bytes()).text("kind"));
    let known = models(&visit.space, &visit.access, kind).await?;
    let going_on = under_way(&visit.space, &visit.access, kind).await?;
    let mut frame = titled(&visit);
    frame.actions.push(ui::Action {
        label: visit.word("model-learn"),
        icon: Some(ui::Icon::RefreshCw),
        href: format!("{BASE}/learn/{}", kind.as_str()),
        method: ui::Method::Post,
        kind: ui::ActionKind::Primary,
        ..ui::Action::default()
    });
    let body = html! {
        (tabs(&visit, ""))
        (kinds(&visit, kind))
        (progress(&visit, kind, &going_on))
        (ui::panel(&visit.word("models"), Some(&visit.word("models-hint")), list(&visit, kind, &known)))
    };
    Ok(frame::page(&visit, frame, ui::page_body(body)))
}

fn list(visit: &Visit, kind: Kind, known: &[(KeptModel, Comparison)]) -> Markup {
    let number = |n: u64| visit.format().integer(n as i64);
    let mut rows: Vec<Vec<Markup>> = known
        .iter()
        .map(|(model, told)| {
            let changes = |n: usize| if model.state == "candidate" { number(n as u64) } else { "—".to_owned() };
            vec![
                html! { a href=(model::address(Choice::Learnt(model.id))) { (visit.format().date_time(model.made_at, &visit.ctx.zone)) } },
                state(visit, &model.state),
                html! { span.number { (number(told.records)) } },
                html! { span.number { (number(told.verdicts as u64)) } },
                html! { span.number { (changes(told.merges)) } },
                html! { span.number { (changes(told.splits)) } },
            ]
        })
        .collect();
    let learnt = known.iter().any(|(model, _)| model.state == "current");
    let mut starting = vec![
        html! { a href=(model::address(Choice::Starting(kind))) { (visit.word("model-starting")) } },
        state(visit, if learnt { "retired" } else { "current" }),
    ];
    starting.resize(6, html! { span.muted { "—" } });
    rows.push(starting);
    let heads = ["model-made", "model-state", "model-records", "model-verdicts", "model-merges", "model-splits"];
    table(&visit.word("models"), &heads.map(|key| visit.word(key)), &rows)
}

/// What became of a model.
fn state(visit: &Visit, state: &str) -> Markup {
    let hue = match state {
        "current" => ui::Hue::Green,
        "candidate" => ui::Hue::Blue,
        _ => ui::Hue::Gray,
    };
    ui::tag(&ui::Tag::new(visit.word(&format!("model-{state}")), hue))
}

/// What goes on in the background; it draws itself anew until it is over.
fn progress(visit: &Visit, kind: Kind, going_on: &UnderWay) -> Markup {
    let url = format!("{BASE}/progress/{}", kind.as_str());
    let bar = match &going_on.matching {
        Some(progress) => {
            let (done, of) = (progress.done.min(progress.of), progress.of);
            let args = [("done", done.into()), ("of", of.into())];
            let (label, detail) = (visit.word("model-matching"), visit.say("model-matching-detail", &args));
            Some(ui::Progress { label, value: Some(done), total: of.max(1), detail })
        }
        None => going_on.learning.then(|| ui::Progress {
            label: visit.word("model-learning"),
            value: None,
            total: 1,
            detail: visit.word("model-learning-detail"),
        }),
    };
    let failed = |error: &String| ui::Banner {
        tone: ui::Tone::Error,
        title: visit.word("model-failed"),
        detail: Some(error.clone()),
        actions: Vec::new(),
    };
    html! {
        @if let Some(bar) = &bar { (ui::live_progress(bar, &url)) }
        @if let Some(error) = &going_on.error { (ui::banner(&visit.view(), &failed(error))) }
    }
}

/// `GET /settings/identity/progress/{kind}`: how far it is; the page is shown anew when it is over.
pub(crate) async fn follow(visit: Signed, Path(kind): Path<String>) -> Answer {
    check(&visit)?;
    let kind = kind_of(&kind);
    let going_on = under_way(&visit.space, &visit.access, kind).await?;
    let mut response = progress(&visit, kind, &going_on).into_response();
    if !going_on.learning && going_on.matching.is_none() {
        response.headers_mut().insert("hx-refresh", HeaderValue::from_static("true"));
    }
    Ok(response)
}

/// `POST /settings/identity/learn/{kind}`
pub(crate) async fn learn(Path(kind): Path<String>, posted: Posted) -> Answer {
    check(&posted)?;
    let kind = kind_of(&kind);
    ask(&posted.space, &posted.ctx, &posted.access, kind).await?;
    Ok(frame::go_saying(&posted, &format!("{BASE}?kind={}", kind.as_str()), "model-asked", None))
}

/// How far making all profiles anew is; it draws itself anew until it is over.
async fn renewal(visit: &Visit) -> Result<Markup, RecordError> {
    let under_way = renewing(&visit.space, &visit.access).await?;
    let bar = under_way.map(|progress| {
        let (done, of) = (progress.done.min(progress.of), progress.of);
        let detail = visit.say("model-matching-detail", &[("done", done.into()), ("of", of.into())]);
        ui::Progress { label: visit.word("renewing"), value: Some(done), total: of.max(1), detail }
    });
    Ok(html! { @if let Some(bar) = &bar { (ui::live_progress(bar, &format!("{BASE}/renewal"))) } })
}

/// `GET /settings/identity/renewal`: how far it is; the page is shown anew when it is over.
pub(crate) async fn renewed(visit: Signed) -> Answer {
    check(&visit)?;
    let drawn = renewal(&visit).await?;
    let over = drawn.0.is_empty();
    let mut response = drawn.into_response();
    if over {
        response.headers_mut().insert("hx-refresh", HeaderValue::from_static("true"));
    }
    Ok(response)
}
