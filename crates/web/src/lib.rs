//! The pages of Clientele. Lists, forms, records, boards and settings derive from the objects' definitions; this crate knows no app.
//!
//! [`router`] serves them for requests that carry an `Extension<Arc<records::Space>>`: whoever mounts it chooses the tenant.

mod board;
mod bulk;
mod change;
mod control;
mod country;
mod customer;
mod export;
mod failure;
mod form;
mod frame;
mod home;
mod import;
mod input;
mod label;
mod list;
mod live;
mod me;
mod names;
mod profile;
mod public_form;
mod record;
mod search;
mod settings;
mod show;
mod sign;
mod simple;
mod timeline;
mod visit;

pub use frame::Cost;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path};
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

/// The words of the pages, French and English Fluent sources, to be given to [`records::Platform::new`].
pub fn words() -> (&'static str, &'static str) {
    (
        concat!(
            include_str!("words.fr.ftl"),
            include_str!("customer/words.fr.ftl"),
            include_str!("settings/source/words.fr.ftl"),
            include_str!("settings/identity/words.fr.ftl")
        ),
        concat!(
            include_str!("words.en.ftl"),
            include_str!("customer/words.en.ftl"),
            include_str!("settings/source/words.en.ftl"),
            include_str!("settings/identity/words.en.ftl")
        ),
    )
}

/// The pages and the assets they need.
pub fn router() -> Router {
    let entrance = Router::new()
        .route("/sign-in", get(sign::sign_in).post(sign::enter))
        .route("/sign-out", post(sign::sign_out))
        .route("/setup", get(sign::setup).post(sign::set_up))
        .route("/invite", get(sign::invite).post(sign::accept));
    let pages = Router::new()
        .route("/", get(home::home))
        .route("/search", get(search::page))
        .route("/search/palette", get(search::palette))
        .route("/pick/{object}", get(search::pick))
        .route("/tags/{object}/{field}", get(search::tags))
        .route("/batch/{id}/undo", post(change::undo))
        .route("/live", get(live::stream))
        .route("/profile", get(profile::show).post(profile::save))
        .route("/profile/preferences", post(profile::prefer))
        .route("/profile/password", post(profile::change_password))
        .route("/profile/sessions", get(profile::sessions))
        .route("/profile/sessions/{hash}/revoke", post(profile::revoke));
    let settings = Router::new()
        .route("/settings", get(settings::index))
        .route("/settings/objects", get(settings::object::list))
        .route("/settings/objects/new", get(settings::object::new).post(settings::object::create))
        .route("/settings/objects/{object}", get(settings::object::show))
        .route("/settings/objects/{object}/fields/new", get(settings::field::new).post(settings::field::create))
        .route("/settings/objects/{object}/fields/{field}", get(settings::field::edit).post(settings::field::change))
        .route("/settings/users/{id}/invitation", get(settings::user::ask).post(settings::user::invite))
        .route("/settings/roles", get(settings::role::list))
        .route("/settings/roles/{id}", get(settings::role::show).post(settings::role::save))
        .route("/settings/roles/{id}/{object}", get(settings::role::fields).post(settings::role::save_fields))
        .route("/settings/sources", get(settings::source::list))
        .route("/settings/sources/{id}", get(settings::source::overview::show))
        .route("/settings/sources/{id}/keys", post(settings::source::overview::create_key))
        .route("/settings/sources/{id}/keys/{key}/revoke", post(settings::source::overview::revoke_key))
        .route("/settings/sources/{id}/events", get(settings::source::learnt::show))
        .route("/settings/sources/{id}/events/forget", post(settings::source::learnt::forget))
        .route("/settings/sources/{id}/form", get(settings::source::form::show).post(settings::source::form::save))
        .route(
            "/settings/sources/{id}/mapping",
            get(settings::source::mapping::show).post(settings::source::mapping::save),
        )
        .route("/settings/sources/{id}/pull", post(settings::source::pull::run))
        .route("/settings/sources/{id}/places", post(settings::source::mapping::save_places))
        .route("/settings/sources/{id}/signature", post(settings::source::mapping::sign))
        .route("/settings/sources/{id}/reread", post(settings::source::mapping::read_again))
        .route("/settings/sources/{id}/rejects", get(settings::source::rejects::show))
        .route("/settings/sources/{id}/rejects/replay", post(settings::source::rejects::replay))
        .route("/settings/sources/{id}/rejects/discard", post(settings::source::rejects::discard))
        .route("/settings/identity", get(settings::identity::show))
        .route(
            "/settings/identity/golden",
            get(settings::identity::golden::show).post(settings::identity::golden::save),
        )
        .route("/settings/identity/stages", get(settings::identity::stage::show).post(settings::identity::stage::save))
        .route("/settings/identity/renewal", get(settings::identity::renewed))
        .route("/settings/identity/progress/{kind}", get(settings::identity::follow))
        .route("/settings/identity/learn/{kind}", post(settings::identity::learn))
        .route("/settings/identity/models/{id}", get(settings::identity::model::show))
        .route("/settings/identity/models/{id}/adopt", post(settings::identity::model::put_to_use))
        .route("/settings/identity/models/{id}/refuse", post(settings::identity::model::put_aside))
        .route("/settings/consents", get(settings::consent::show).post(settings::consent::note))
        .route("/settings/consents/policy", get(settings::consent::policy::show).post(settings::consent::policy::save))
        .route("/settings/consents/policy/reset", post(settings::consent::policy::reset))
        .route("/settings/retention", get(settings::retention::list))
        .route("/settings/retention/{id}", get(settings::retention::preview))
        .route("/settings/retention/{id}/run", post(settings::retention::run))
        .route("/settings/register", get(settings::register::show).post(settings::register::save))
        .route("/settings/register/{form}", get(settings::register::download))
        .route("/settings/tokens", get(settings::token::list).post(settings::token::create))
        .route("/settings/tokens/{id}/revoke", post(settings::token::revoke))
        .route("/settings/jobs", get(settings::job::list))
        .route("/settings/jobs/{job}/revive", post(settings::job::revive))
        .route("/settings/batches", get(settings::batch::list));
    let lists = Router::new()
        .route("/o/{object}", get(list::page::list))
        .route("/o/{object}/columns", get(list::page::columns).post(list::page::choose_columns))
        .route("/o/{object}/filter", get(list::builder::open))
        .route("/o/{object}/filter/row", get(list::builder::row))
        .route("/o/{object}/views", post(list::views::create))
        .route("/o/{object}/views/new", get(list::views::new))
        .route("/o/{object}/views/{view}", get(list::views::edit).post(list::views::change))
        .route("/o/{object}/views/{view}/state", post(list::views::keep))
        .route("/o/{object}/views/{view}/delete", post(list::views::delete))
        .route("/o/{object}/board", post(board::go))
        .route("/o/{object}/bulk", post(bulk::act))
        .route("/o/{object}/bulk/field", get(bulk::field))
        .route("/o/{object}/export", get(export::download));
    let imports = Router::new()
        .route(
            "/o/{object}/import",
            get(import::start).post(import::take).layer(DefaultBodyLimit::max(import::MAX_FILE)),
        )
        .route("/o/{object}/import/{id}", get(import::columns).post(import::preview))
        .route("/o/{object}/import/{id}/run", post(import::run))
        .route("/o/{object}/import/run/{batch}", get(import::progress))
        .route("/o/{object}/import/run/{batch}/cancel", post(import::cancel))
        .route("/o/{object}/import/run/{batch}/rejected", get(import::rejects));
    let customers = Router::new()
        .route("/o/profile/{id}", get(customer::page::show))
        .route("/o/profile/{id}/timeline", get(customer::page::older))
        .route("/o/profile/{id}/records", get(customer::records::show))
        .route("/o/profile/{id}/values", post(customer::values::save))
        .route("/o/profile/{id}/separate", get(customer::decide::separation).post(customer::decide::do_separate))
        .route("/o/profile/{id}/join", get(customer::decide::joining).post(customer::decide::do_join))
        .route("/o/segment/new", get(customer::segment::form::new).post(customer::segment::form::create))
        .route("/o/segment/{id}", get(customer::segment::show))
        .route("/o/segment/{id}/edit", get(customer::segment::form::edit).post(customer::segment::form::save))
        .route("/verdict/{id}/undo", post(customer::decide::undo))
        .route("/review", get(customer::review::show).post(customer::review::answer))
        .route("/review/pair", get(customer::pair::show))
        .route("/review/bulk", get(customer::bulk::show).post(customer::bulk::go_on))
        .route("/review/quality", get(customer::quality::show));
    let one = Router::new()
        .route("/o/{object}/new", get(record::form::new).post(record::form::create))
        .route("/o/{object}/duplicates", post(record::alike::check))
        .route("/o/{object}/{id}", get(record::page::show))
        .route("/o/{object}/{id}/history", get(record::page::history))
        .route("/o/{object}/{id}/timeline", get(record::page::older))
        .route("/o/{object}/{id}/access", get(record::page::access))
        .route("/o/{object}/{id}/profile", get(record::known::show))
        .route("/o/{object}/{id}/enrich", post(record::known::enrich))
        .route("/o/{object}/{id}/merge", get(record::merge::ask).post(record::merge::merge))
        .route("/o/{object}/{id}/consents", get(settings::consent::of::of_record))
        .route("/o/{object}/{id}/file/{file}", get(record::page::file))
        .route("/o/{object}/{id}/edit", get(record::form::edit).post(record::form::save))
        .route("/o/{object}/{id}/cell/{field}", get(record::cell::open).post(record::cell::save))
        .route("/o/{object}/{id}/delete", post(record::verbs::delete))
        .route("/o/{object}/{id}/restore", post(record::verbs::restore))
        .route("/o/{object}/{id}/stage", post(record::verbs::stage))
        .route("/o/{object}/{id}/history/{change}/{field}", post(record::verbs::put_back))
        .route("/o/{object}/{id}/compose/{activity}", post(record::verbs::compose));
    let me = Router::new()
        .route("/me", get(me::show))
        .route("/me/l/{secret}", get(me::open))
        .route("/me/language/{language}", get(me::speak))
        .route("/me/correct", post(me::correct))
        .route("/me/consent", post(me::consent))
        .route("/me/object", post(me::object))
        .route("/me/ask", post(me::ask))
        .route("/me/leave", post(me::leave))
        .route("/me/export/{form}", get(me::download))
        .route("/unsubscribe/{token}", get(me::unsubscribe).post(me::one_click))
        .route("/o/profile/{id}/links", get(me::gives).post(me::give))
        .route("/o/profile/{id}/links/revoke", post(me::take_back))
        .route("/o/profile/{id}/erasure", get(me::erasure).post(me::erase));
    entrance
        .merge(me)
        .merge(pages)
        .merge(settings)
        .merge(lists)
        .merge(imports)
        .merge(customers)
        .merge(one)
        .fallback(missing)
        .layer(DefaultBodyLimit::max(form::MAX_FILE + (1 << 20)))
        .layer(from_fn(visit::edge))
        .route("/assets/{version}/{*path}", get(asset))
        .route(
            "/f/{id}",
            get(public_form::show).post(public_form::take).layer(DefaultBodyLimit::max(public_form::MAX_BODY)),
        )
}

async fn missing(visit: visit::Anyone) -> failure::Answer {
    Err(records::RecordError::unknown("page", &visit.address).into())
}

/// A file that pages load. Its address holds a hash of all of them, so it may be kept for ever.
async fn asset(Path((version, path)): Path<(String, String)>) -> Response {
    let known = ui::assets()
        .iter()
        .find(|a| a.path == path)
        .filter(|a| ui::asset_url(a.path).split('/').nth(2) == Some(&version));
    let Some(asset) = known else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [
        ("content-type", asset.content_type),
        ("cache-control", "public, max-age=31536000, immutable"),
        ("etag", asset.etag),
        ("x-content-type-options", "nosniff"),
    ];
    (headers, asset.bytes).into_response()
}
