use std::sync::Arc;

use crate::{Id, Locale, Timestamp, Zone};

/// Everything a call depends on besides its arguments: tenant, actor, time, language, and how it came in.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// The tenant's short name.
    pub tenant: Arc<str>,
    /// Who acts.
    pub actor: Actor,
    /// When, to the microsecond; one value for the whole call.
    pub now: Timestamp,
    /// The language to answer in.
    pub locale: Locale,
    /// The actor's time zone: days, weeks and “today” are counted in it.
    pub zone: Zone,
    /// How the call came in.
    pub via: Via,
    /// The batch that the call's changes belong to, for undo.
    pub batch: Option<Id>,
    /// Identifies the request in logs and error pages.
    pub request: Id,
}

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    /// The product itself: migrations, scheduled work, the command line.
    System,
    /// A signed-in user, or an API token of theirs.
    User(Id),
    /// Nobody: before sign-in.
    Nobody,
}

/// How a change came in; kept in the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Via {
    /// The pages.
    Web,
    /// The REST interface.
    Api,
    /// A file.
    Import,
    /// A rule of an app or an automation.
    Rule,
    /// The command line.
    Cli,
    /// An undo of a batch.
    Undo,
}

impl Ctx {
    /// A context in which the product itself acts.
    pub fn system(tenant: &str, now: Timestamp) -> Ctx {
        Ctx {
            tenant: tenant.into(),
            actor: Actor::System,
            now,
            locale: Locale::default(),
            zone: Zone::UTC,
            via: Via::Cli,
            batch: None,
            request: Id::new(now),
        }
    }

    /// The acting user.
    pub fn user(&self) -> Option<Id> {
        match self.actor {
            Actor::User(id) => Some(id),
            Actor::System | Actor::Nobody => None,
        }
    }

    /// The same context with another actor.
    pub fn as_actor(&self, actor: Actor) -> Ctx {
        Ctx { actor, ..self.clone() }
    }

    /// The actor's day.
    pub fn today(&self) -> jiff::civil::Date {
        self.now.to_zoned(self.zone.clone()).date()
    }
}

impl Via {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Via::Web => "web",
            Via::Api => "api",
            Via::Import => "import",
            Via::Rule => "rule",
            Via::Cli => "cli",
            Via::Undo => "undo",
        }
    }
}
