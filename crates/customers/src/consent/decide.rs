//! The decision: from what the ledger says about one contact point to whether it may be used. A pure function, and the only one.

use jiff::ToSpan;
use kernel::Timestamp;

use super::{Audience, Basis, Channel, ContactPoint, Line, Mode, Policy, Purpose, Purposes, State};

/// What is asked about a point.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The point.
    pub point: &'a ContactPoint,
    /// How it is to be used.
    pub channel: Channel,
    /// What for.
    pub purpose: &'a Purpose,
    /// To whom.
    pub audience: Audience,
    /// When the person last did something at this point: a click, an order, an answer; an opened message is nothing the person did.
    pub last_action: Option<Timestamp>,
}

/// Whether a point may be used, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// Whether it may.
    pub allowed: bool,
    /// How things stand.
    pub standing: Standing,
    /// The reasons, the deciding one first.
    pub because: Vec<Reason>,
    /// Until when this stays so if nothing new is said.
    pub until: Option<Timestamp>,
}

/// How things stand for a point, a channel and a purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing was said that counts.
    Unasked,
    /// A yes counts.
    Granted,
    /// A yes has had its time.
    Expired,
    /// A no counts.
    Refused(State),
    /// The question makes no sense: the channel does not reach the point, or the purpose is not pursued.
    Closed,
}

/// Why a decision is so.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// What holds.
    pub why: Why,
    /// The line of the ledger.
    pub line: Option<i64>,
    /// Where it is written.
    pub law: Option<String>,
}

/// What holds for a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The channel does not reach such a point.
    WrongChannel,
    /// The purpose is not pursued.
    PurposeClosed,
    /// No rule is there for the channel.
    NoRule,
    /// The rule forbids it to everybody.
    Never,
    /// The person said no.
    Refused,
    /// The person said yes, and it is proven, after a no.
    LiftedByProof,
    /// The person said yes.
    Granted,
    /// A later yes does not lift a no, for want of proof.
    Unproven,
    /// A yes was given on a ground that does not count here.
    WrongBasis,
    /// The yes has had its time.
    Expired,
    /// A yes is needed, and there is none.
    NeedsYes,
    /// No yes is needed, and nobody said no.
    NoRefusal,
    /// It is a service, for which the ground is another one.
    Service,
    /// The last action is too long ago.
    TooLongAgo,
}

impl Standing {
    /// The name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Standing::Unasked => "unasked",
            Standing::Granted => "granted",
            Standing::Expired => "expired",
            Standing::Refused(state) => state.as_str(),
            Standing::Closed => "closed",
        }
    }
}

impl Why {
    /// The name: `consent-why-{name}` are the words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Why::WrongChannel => "wrong-channel",
            Why::PurposeClosed => "purpose-closed",
            Why::NoRule => "no-rule",
            Why::Never => "never",
            Why::Refused => "refused",
            Why::LiftedByProof => "lifted-by-proof",
            Why::Granted => "granted",
            Why::Unproven => "unproven",
            Why::WrongBasis => "wrong-basis",
            Why::Expired => "expired",
            Why::NeedsYes => "needs-yes",
            Why::NoRefusal => "no-refusal",
            Why::Service => "service",
            Why::TooLongAgo => "too-long-ago",
        }
    }

    fn of(self, line: &Line) -> Reason {
        Reason { why: self, line: Some(line.seq), law: None }
    }

    fn by(self, law: Option<&str>) -> Reason {
        Reason { why: self, line: None, law: law.map(str::to_owned) }
    }
}

impl Decision {
    fn no(standing: Standing, because: Vec<Reason>) -> Decision {
        Decision { allowed: false, standing, because, until: None }
    }
}

impl Question<'_> {
    /// Whether it is about marketing: advertising is, whatever it is for.
    fn markets(&self) -> bool {
        self.purpose.marketing || self.channel == Channel::Ads
    }

    fn is_refusable(&self) -> bool {
        self.purpose.is_refusable() || self.markets()
    }
}

/// A yes with the moments between which it counts.
struct Yes<'a> {
    line: &'a Line,
    end: Option<Timestamp>,
}

impl Yes<'_> {
    fn ends(&self) -> Timestamp {
        self.end.unwrap_or(Timestamp::MAX)
    }
}

/// Decides from what was said about the question's point, and nothing else.
///
/// 1. A no counts from the moment it comes in, whoever reports it. It covers what it names, all channels or all of marketing where it
///    names none, and as an objection all of marketing (RGPD, article 21.3).
/// 2. Only a yes that is proven, by the person itself, later than the no and still counting lifts it. So of contradicting sources the
///    most restrictive wins.
/// 3. A yes counts for the channel and purpose that it names, until it expires: when it says so, and for marketing at the latest some
///    months after the person's last action.
/// 4. Without either the rule of the channel and audience decides.
pub fn decide(
    history: &[Line],
    question: &Question<'_>,
    purposes: &Purposes,
    policy: &Policy,
    now: Timestamp,
) -> Decision {
    let &Question { point, channel, purpose, audience, last_action } = question;
    let last_action = last_action.map(|at| at.min(now));
    if !point.kind().channels().contains(&channel) {
        return Decision::no(Standing::Closed, vec![Why::WrongChannel.by(None)]);
    }
    if !purpose.active {
        return Decision::no(Standing::Closed, vec![Why::PurposeClosed.by(None)]);
    }
    let audience = if purpose.job_related { audience } else { Audience::Consumer };
    let (rule, change) = if question.markets() { policy.rule(channel, audience, now) } else { (None, None) };
    let law = rule.map(|rule| rule.law.as_str());
    let months = purpose.months.or(question.markets().then_some(policy.months));
    let counts = |line: &Line| match line.basis.unwrap_or(Basis::Consent) {
        Basis::Consent => true,
        other => {
            !purpose.needs_consent && rule.is_some_and(|rule| rule.mode != Mode::OptIn || rule.also.contains(&other))
        }
    };
    let mut said: Vec<&Line> =
        history.iter().filter(|line| line.said_at() <= now && covers(line, question, purposes)).collect();
    said.sort_by_key(|line| (line.said_at(), line.seq));
    let yes: Vec<Yes<'_>> = said
        .iter()
        .filter(|line| line.state == State::Granted)
        .map(|line| Yes { line, end: end_of(line, last_action, months) })
        .collect();
    let live = || yes.iter().filter(|yes| yes.end.is_none_or(|end| end > now) && counts(yes.line));

    if question.is_refusable() {
        let lifted = |no: &Line| live().any(|y| y.line.is_proven() && y.line.said_at() > no.said_at());
        let standing = said.iter().filter(|line| line.state.restricts() && !lifted(line));
        if let Some(no) = standing.max_by_key(|line| (line.state, line.said_at(), line.seq)) {
            let mut because = vec![Why::Refused.of(no)];
            let later = live().filter(|y| y.line.said_at() > no.said_at());
            because.extend(later.map(|y| Why::Unproven.of(y.line)));
            return Decision::no(Standing::Refused(no.state), because);
        }
    }
    let mode = match (purpose.needs_consent, question.markets(), rule) {
        (_, true, Some(rule)) if rule.mode == Mode::Never => Mode::Never,
        (true, ..) => Mode::OptIn,
        (false, false, _) => {
            return Decision {
                allowed: true,
                standing: if live().next().is_some() { Standing::Granted } else { Standing::Unasked },
                because: vec![Why::Service.by(None)],
                until: None,
            };
        }
        (false, true, Some(rule)) => rule.mode,
        (false, true, None) => return Decision::no(Standing::Unasked, vec![Why::NoRule.by(None)]),
    };
    if mode == Mode::Never {
        return Decision::no(Standing::Unasked, vec![Why::Never.by(law)]);
    }
    if let Some(best) = live().max_by_key(|y| (y.ends(), y.line.seq)) {
        // Where there was a no, only as long as the proven yes that lifts it.
        let lifters = said.iter().filter(|line| line.state.restricts()).filter_map(|no| {
            live().filter(|y| y.line.is_proven() && y.line.said_at() > no.said_at()).max_by_key(|y| y.ends())
        });
        let (why, yes) = match lifters.min_by_key(|y| y.ends()) {
            Some(lifter) if question.is_refusable() => (Why::LiftedByProof, lifter),
            _ => (Why::Granted, best),
        };
        let until = [yes.end, change].into_iter().flatten().min();
        let because = vec![Reason { law: law.map(str::to_owned), ..why.of(yes.line) }];
        return Decision { allowed: true, standing: Standing::Granted, because, until };
    }
    if mode == Mode::OptIn {
        let dead = yes.iter().rev().find(|y| y.end.is_some_and(|end| end <= now));
        let wrong = yes.iter().rev().find(|y| !counts(y.line));
        return match (dead, wrong) {
            (Some(dead), _) => Decision::no(Standing::Expired, vec![Why::Expired.of(dead.line), Why::NeedsYes.by(law)]),
            (None, Some(wrong)) => {
                Decision::no(Standing::Unasked, vec![Why::WrongBasis.of(wrong.line), Why::NeedsYes.by(law)])
            }
            (None, None) => Decision::no(Standing::Unasked, vec![Why::NeedsYes.by(law)]),
        };
    }
    let seen = yes.iter().map(|y| y.line.said_at()).chain(last_action).max();
    let end = seen.and_then(|at| months_after(at, months.unwrap_or(policy.months)));
    if end.is_some_and(|end| end <= now) {
        return Decision::no(Standing::Expired, vec![Why::TooLongAgo.by(Some(&policy.months_law))]);
    }
    let until = [end, change].into_iter().flatten().min();
    Decision { allowed: true, standing: Standing::Unasked, because: vec![Why::NoRefusal.by(law)], until }
}

/// Whether a line says something about the question.
fn covers(line: &Line, question: &Question<'_>, purposes: &Purposes) -> bool {
    let purpose = question.purpose;
    if !line.state.restricts() {
        return line.channel == Some(question.channel) && line.purpose.as_ref() == Some(&purpose.key);
    }
    let named = match &line.purpose {
        None => question.markets(),
        Some(key) if *key == purpose.key => true,
        Some(key) => line.state == State::Objected && question.markets() && purposes.is_marketing(key),
    };
    named && line.channel.is_none_or(|channel| channel == question.channel)
}

/// When a yes has had its time, where consents of its purpose lapse `months` after the last action.
fn end_of(line: &Line, last_action: Option<Timestamp>, months: Option<i32>) -> Option<Timestamp> {
    let last = last_action.map_or(line.said_at(), |at| at.max(line.said_at()));
    let lapse = months.and_then(|months| months_after(last, months));
    [line.expires_at, lapse].into_iter().flatten().min()
}

/// The same time of the day months later, on the last day of the month where it has no such day; none beyond the calendar's end.
pub(crate) fn months_after(at: Timestamp, months: i32) -> Option<Timestamp> {
    let later = at.to_zoned(kernel::Zone::UTC).checked_add(months.months()).ok()?;
    Some(later.timestamp())
}
