//! How many members may be written to or called, by the ledger of consents.

use kernel::Ctx;
use model::{Ident, Query};
use records::{Access, RecordError, Space};
use store::Reader;

use super::Segment;
use crate::consent::{Audience, Channel, ContactPoint, Gate, check_lookup, known, purpose};

/// Members that are looked at, the latest first.
pub const LOOKED_AT: u32 = 500;

/// The channels that are counted, with the field of their contact points.
const CHANNELS: [(Channel, &str); 3] =
    [(Channel::Email, "emails"), (Channel::Sms, "phones"), (Channel::Phone, "phones")];

/// Of some members, how many may be reached for the segment's purpose.
#[derive(Clone, Debug, PartialEq)]
pub struct Reach {
    /// The purpose, as it is called in the actor's language.
    pub purpose: String,
    /// Members that were looked at.
    pub of: usize,
    /// Channels with the members of whom at least one contact point may be used.
    pub channels: Vec<(Channel, usize)>,
}

/// How many of the latest members may be reached. Nothing when the segment has no purpose, and when the actor may not look contact points
/// up or not see them. Costs a fixed number of statements, whatever the number of members.
pub async fn reach(
    space: &Space,
    ctx: &Ctx,
    access: &Access,
    segment: &Segment,
    reader: &mut Reader,
) -> Result<Option<Reach>, RecordError> {
    let profiles = space.object("profile")?;
    let seen = ["emails", "phones"].iter().all(|field| access.reads(&profiles, &Ident::of(field)));
    let Some(id) = segment.purpose.filter(|_| seen) else { return Ok(None) };
    if check_lookup(space, access).await.is_err() {
        return Ok(None);
    }
    let found = reader.get_many(&space.schema(), &Ident::of("purpose"), &[id], &model::Filter::All, &[]).await?;
    let Some(key) = found.first().and_then(|record| record.get(purpose::KEY)) else { return Ok(None) };
    let query = segment.query(&space.schema(), ctx)?.limit(LOOKED_AT);
    let query = Query { fields: ["id", "emails", "phones"].map(Ident::of).into(), ..query };
    let members = space.list_as(ctx, access, &query, reader).await?.records;
    let gate = Gate::open(space, reader).await?;
    let Some(purpose) = gate.purposes.get(&key) else { return Ok(None) };
    let audience = if purpose.job_related { Audience::Professional } else { Audience::Consumer };
    let points = |field: &str| -> Vec<Vec<ContactPoint>> {
        members.iter().map(|member| ContactPoint::of_value(member.value(field), field == "phones")).collect()
    };
    let (emails, phones) = (points("emails"), points("phones"));
    let all: Vec<ContactPoint> = emails.iter().chain(&phones).flatten().cloned().collect();
    let known = known(reader, &all).await?;
    let (of_emails, of_phones) = known.split_at(emails.iter().map(Vec::len).sum());
    let mut channels = Vec::new();
    for (channel, field) in CHANNELS {
        let (points, known) = if field == "emails" { (&emails, of_emails) } else { (&phones, of_phones) };
        let decided = gate.decide(known, channel, &key, audience, ctx.now)?;
        let mut rest = decided.as_slice();
        let reached = points.iter().filter(|own| {
            let (mine, others) = rest.split_at(own.len());
            rest = others;
            mine.iter().any(|decision| decision.allowed)
        });
        channels.push((channel, reached.count()));
    }
    Ok(Some(Reach { purpose: purpose.name(ctx.locale).to_owned(), of: members.len(), channels }))
}
