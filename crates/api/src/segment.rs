//! `/segment/{id}/members`: the profiles in a segment, as a list of profiles is asked for and answered.

use axum::extract::RawPathParams;
use axum::response::Response;
use customers::segment::Segment;
use kernel::{Code, Id};
use model::Problem;
use records::Action;

use crate::ask::Ask;
use crate::call::Call;
use crate::failure::Failure;
use crate::list;

/// The members, with the parameters, the paging and the rights of a list of profiles. A segment that is not in use has none.
pub(crate) async fn members(call: Call, params: RawPathParams, ask: Ask) -> Result<Response, Failure> {
    let object = call.object("segment")?;
    call.access.check(&object, Action::Read)?;
    let text = params.iter().find(|(name, _)| *name == "id").map_or("", |(_, value)| value);
    let missing = || Failure::of(Code::NotFound).detail(Problem::new("", "no-such-record").text("object", "segment"));
    let id = Id::parse(text, object.prefix.as_str()).map_err(|_| missing())?;
    let mut reader = call.space.store.read().await?;
    let record = call.space.get_as(&call.access, &object.name, id, &mut reader).await?;
    drop(reader);
    if record.deleted_at().is_some() {
        return Err(missing());
    }
    let query = Segment::of(&record).query(&call.schema, &call.ctx)?;
    let profiles = call.object("profile")?;
    call.access.check(&profiles, Action::Read)?;
    list::answer(&call, &profiles, ask, query.filter).await
}
