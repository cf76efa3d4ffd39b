//! `GET /review/pair?a=&b=&model=`: two records side by side, and why they are or are not the same.

use axum::extract::RawQuery;
use customers::identity::{Choice, Understood, model_of};
use customers::profile::{Member, members, waterfall};
use kernel::Id;
use matching::Model;
use maud::{Markup, html};
use records::RecordError;
use store::Reader;

use super::{PROFILE, side};
use crate::failure::Answer;
use crate::form::Pairs;
use crate::visit::{Signed, Visit};
use crate::{frame, label};

/// Over the page that links here, or as a page of its own.
pub(crate) async fn show(visit: Signed, RawQuery(query): RawQuery) -> Answer {
    super::may_decide(&visit, &*visit.space.object(PROFILE)?)?;
    let asked = Pairs::read(query.unwrap_or_default().as_bytes());
    let mut reader = visit.space.store.read().await?;
    let both = [asked.text("a"), asked.text("b")].map(|id| Id::parse(id, "rec"));
    let (Ok(a), Ok(b)) = (&both[0], &both[1]) else {
        return Err(RecordError::unknown("record", asked.text("a")).into());
    };
    let pair = two(&visit, *a, *b, &mut reader).await?;
    let model = match asked.text("model") {
        "" => None,
        id => {
            let choice = Id::parse(id, "mdl").map_err(|_| RecordError::unknown("model", id))?;
            Some(model_of(&visit.space, &visit.access, Choice::Learnt(choice)).await?.1)
        }
    };
    let body = draw(&visit, &pair, &mut reader, model.as_ref()).await?;
    Ok(frame::dialog(&visit, visit.word("pair"), true, body))
}

/// Two records with their profiles.
pub(super) async fn two(visit: &Visit, a: Id, b: Id, reader: &mut Reader) -> Result<[Member; 2], RecordError> {
    let found = members(&visit.space, &visit.access, &[a, b], reader).await?;
    <[Member; 2]>::try_from(found).map_err(|_| RecordError::unknown("record", a.typed("rec")))
}

/// Their values with the differences marked, and the waterfall by a model, or by the one in use.
pub(super) async fn draw(
    visit: &Visit,
    pair: &[Member; 2],
    reader: &mut Reader,
    model: Option<&Model>,
) -> Result<Markup, RecordError> {
    let object = visit.space.object(PROFILE)?;
    let records: Vec<&Understood> = pair.iter().map(|member| &member.record).collect();
    let compared = side::comparison(visit, &records, |at, _, side| ui::Side {
        href: Some(label::record_address(&object, pair[at].profile)),
        ..side
    });
    let steps = waterfall(&visit.space, reader, records[0], records[1], model).await?;
    Ok(html! {
        (ui::comparison(&visit.view(), &compared, &visit.word("differs")))
        details open { summary.muted { (visit.word("waterfall")) } (ui::waterfall(&side::waterfall(visit, &steps))) }
    })
}
