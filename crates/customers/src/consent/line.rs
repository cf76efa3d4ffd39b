//! What the ledger says about a point, line by line.

use kernel::{Id, Timestamp};
use serde::{Deserialize, Serialize};
use store::{ConsentLine, StoreError};

use super::ContactPoint;

macro_rules! names {
    ($(#[$doc:meta])* $type:ident { $($(#[$vdoc:meta])* $variant:ident = $name:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $type { $($(#[$vdoc])* $variant),+ }

        impl $type {
            /// Every one.
            pub const ALL: &[$type] = &[$($type::$variant),+];

            /// The stored name.
            pub const fn as_str(self) -> &'static str {
                match self { $($type::$variant => $name),+ }
            }

            /// The one of this name.
            pub fn parse(name: &str) -> Option<$type> {
                match name { $($name => Some($type::$variant),)+ _ => None }
            }
        }
    };
}

names! {
    /// How somebody is reached.
    Channel {
        /// E-mail.
        Email = "email",
        /// SMS and MMS.
        Sms = "sms",
        /// Telephone calls by people.
        Phone = "phone",
        /// Letters.
        Post = "post",
        /// Notifications on a device.
        Push = "push",
        /// Advertisements shown because of who somebody is.
        Ads = "ads",
    }
}

names! {
    /// What was said. The later of two restrictions here is the stricter one.
    State {
        /// Yes.
        Granted = "granted",
        /// No, when asked.
        Denied = "denied",
        /// No longer, after a yes (RGPD, article 7.3).
        Withdrawn = "withdrawn",
        /// No to all marketing (RGPD, article 21.2).
        Objected = "objected",
    }
}

names! {
    /// The grounds of RGPD, article 6.1, a to f.
    Basis {
        /// a.
        Consent = "consent",
        /// b.
        Contract = "contract",
        /// c.
        LegalObligation = "legal_obligation",
        /// d.
        VitalInterests = "vital_interests",
        /// e.
        PublicTask = "public_task",
        /// f.
        LegitimateInterests = "legitimate_interests",
    }
}

/// How what was said can be proven (RGPD, article 7.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Proof {
    /// The words that were shown or read out.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub wording: String,
    /// Which version of them.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// Where: a page's address, a form's name, a shop.
    #[serde(rename = "where", skip_serializing_if = "String::is_empty")]
    pub place: String,
    /// The address on the internet from which it was said.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// Who said it: `person` for the person itself, else whoever reports it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub by: String,
}

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its number; 0 before it is written.
    pub seq: i64,
    /// The channel; none for every channel that reaches the point.
    pub channel: Option<Channel>,
    /// The purpose's key; none for all of marketing.
    pub purpose: Option<String>,
    /// What was said.
    pub state: State,
    /// On which ground.
    pub basis: Option<Basis>,
    /// How it can be proven.
    pub proof: Proof,
    /// The source that told.
    pub source: Option<Id>,
    /// When it was said.
    pub at: Timestamp,
    /// When it came in.
    pub received_at: Timestamp,
    /// Until when a grant counts.
    pub expires_at: Option<Timestamp>,
    /// How it came in: as in the history of records, or `event`.
    pub via: String,
    /// The user who wrote it.
    pub actor: Option<Id>,
}

/// How lines come in that programs without a secret may send.
pub(super) const BY_EVENT: &str = "event";
const EVERY: &str = "*";

impl State {
    /// Whether it is a no.
    pub const fn restricts(self) -> bool {
        !matches!(self, State::Granted)
    }
}

impl Proof {
    /// The proof with its texts cut to what is kept: 4,000 characters of wording, 500 of each other.
    pub(super) fn cut(self) -> Proof {
        let cut = |text: String, most: usize| text.trim().replace('\0', "").chars().take(most).collect::<String>();
        Proof {
            wording: cut(self.wording, 4_000),
            version: cut(self.version, 500),
            place: cut(self.place, 500),
            address: cut(self.address, 500),
            by: cut(self.by, 500),
        }
    }
}

impl Line {
    /// Whether the person itself said it, it is known in which words and where, and it did not come by a public key that anybody who
    /// looks at a page can use.
    pub fn is_proven(&self) -> bool {
        let Proof { wording, place, by, .. } = &self.proof;
        by == "person" && !wording.is_empty() && !place.is_empty() && self.via != BY_EVENT
    }

    /// When it was said: never later than it came in, so that a wrong clock cannot date a consent after its withdrawal.
    pub fn said_at(&self) -> Timestamp {
        self.at.min(self.received_at)
    }

    pub(super) fn stored(&self, point: &ContactPoint) -> ConsentLine {
        ConsentLine {
            seq: self.seq,
            point: point.key().to_owned(),
            channel: self.channel.map_or(EVERY, Channel::as_str).to_owned(),
            purpose: self.purpose.clone().unwrap_or_else(|| EVERY.to_owned()),
            state: self.state.as_str().to_owned(),
            basis: self.basis.map(|basis| basis.as_str().to_owned()),
            proof: serde_json::to_value(&self.proof).unwrap_or_default(),
            source: self.source,
            at: self.at,
            received_at: self.received_at,
            expires_at: self.expires_at,
            via: self.via.clone(),
            actor: self.actor,
        }
    }

    pub(super) fn read(line: ConsentLine) -> Result<Line, StoreError> {
        let fault = || StoreError::Fault("a consent cannot be read back".to_owned());
        let channel = match line.channel.as_str() {
            EVERY => None,
            name => Some(Channel::parse(name).ok_or_else(fault)?),
        };
        Ok(Line {
            seq: line.seq,
            channel,
            purpose: Some(line.purpose).filter(|purpose| purpose != EVERY),
            state: State::parse(&line.state).ok_or_else(fault)?,
            basis: line.basis.as_deref().and_then(Basis::parse),
            proof: serde_json::from_value(line.proof).map_err(|_| fault())?,
            source: line.source,
            at: line.at,
            received_at: line.received_at,
            expires_at: line.expires_at,
            via: line.via,
            actor: line.actor,
        })
    }
}
