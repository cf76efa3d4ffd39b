//! The laws of the decision.

use jiff::{SignedDuration, ToSpan};
use kernel::Timestamp;
use proptest::prelude::*;

use super::*;

fn purpose(key: &str, marketing: bool) -> Purpose {
    Purpose {
        key: key.to_owned(),
        names: (key.to_owned(), key.to_owned()),
        marketing,
        needs_consent: false,
        job_related: key == "work_prospecting",
        basis: if key == "service" { Basis::Contract } else { Basis::Consent },
        months: None,
        active: true,
    }
}

fn purposes() -> Purposes {
    let marketing = ["newsletter", "offers", "work_prospecting"].map(|key| purpose(key, true));
    marketing.into_iter().chain([purpose("service", false)]).collect()
}

fn point() -> ContactPoint {
    ContactPoint::guess("ada@example.org").unwrap()
}

fn day(days: i64) -> Timestamp {
    "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_hours(24 * days)
}

/// What was said on a day of 2026; proven where `proven`.
fn line(state: State, purpose: &str, on: i64, proven: bool) -> Line {
    let text = |text: &str| if proven { text.to_owned() } else { String::new() };
    Line {
        seq: on,
        channel: Some(Channel::Email),
        purpose: Some(purpose.to_owned()).filter(|key| key != "*"),
        state,
        basis: None,
        proof: Proof { wording: text("I agree"), place: text("form"), by: text("person"), ..Proof::default() },
        source: None,
        at: day(on),
        received_at: day(on),
        expires_at: None,
        via: "api".to_owned(),
        actor: None,
    }
}

fn ask(history: &[Line], key: &str, audience: Audience, now: Timestamp) -> Decision {
    let (purposes, point) = (purposes(), point());
    let purpose = purposes.get(key).unwrap();
    let question = Question { point: &point, channel: Channel::Email, purpose, audience, last_action: None };
    decide(history, &question, &purposes, &Policy::default(), now)
}

fn newsletter(history: &[Line]) -> Decision {
    ask(history, "newsletter", Audience::Consumer, day(300))
}

#[test]
fn consumers_are_asked_first_and_professionals_may_refuse() {
    let nobody_said = |key, audience| ask(&[], key, audience, day(300)).allowed;
    assert!(!nobody_said("newsletter", Audience::Consumer));
    assert!(!nobody_said("newsletter", Audience::Professional), "not about work");
    assert!(nobody_said("work_prospecting", Audience::Professional));
    assert!(!nobody_said("work_prospecting", Audience::Consumer));
    assert!(nobody_said("service", Audience::Consumer));
    let refused = [line(State::Denied, "work_prospecting", 1, false)];
    assert!(!ask(&refused, "work_prospecting", Audience::Professional, day(300)).allowed);
}

#[test]
fn of_contradicting_sources_the_strictest_wins_until_it_is_proven() {
    let yes = |on, proven| line(State::Granted, "newsletter", on, proven);
    let no = |on| line(State::Denied, "newsletter", on, false);
    assert!(newsletter(&[yes(1, false)]).allowed);
    assert!(!newsletter(&[yes(1, false), no(2)]).allowed);
    let unproven = newsletter(&[no(1), yes(2, false)]);
    assert_eq!(unproven.because.iter().map(|r| r.why).collect::<Vec<_>>(), [Why::Refused, Why::Unproven]);
    let lifted = newsletter(&[no(1), yes(2, true)]);
    assert_eq!((lifted.allowed, lifted.because[0].why), (true, Why::LiftedByProof));
    assert!(!newsletter(&[no(1), yes(1, true)]).allowed, "not later");
    assert!(!newsletter(&[yes(1, true), no(2)]).allowed);
}

#[test]
fn a_lifted_no_comes_back_when_the_yes_that_lifts_it_ends() {
    let expiring = Line { expires_at: Some(day(310)), ..line(State::Granted, "newsletter", 2, true) };
    let history = [line(State::Denied, "newsletter", 1, false), expiring, line(State::Granted, "newsletter", 3, false)];
    let decision = newsletter(&history);
    assert_eq!((decision.allowed, decision.until), (true, Some(day(310))));
    assert!(!ask(&history, "newsletter", Audience::Consumer, day(310)).allowed);
}

#[test]
fn an_event_with_a_public_key_lifts_nothing() {
    let event = Line { via: "event".to_owned(), ..line(State::Granted, "newsletter", 2, true) };
    assert!(newsletter(std::slice::from_ref(&event)).allowed);
    assert!(!newsletter(&[line(State::Denied, "newsletter", 1, false), event]).allowed);
}

#[test]
fn a_clock_that_is_ahead_dates_no_yes_after_its_withdrawal() {
    let ahead = Line { at: day(299), ..line(State::Granted, "newsletter", 1, true) };
    assert!(!newsletter(&[ahead, line(State::Withdrawn, "newsletter", 2, false)]).allowed);
}

#[test]
fn three_years_after_the_last_action_a_yes_has_lapsed() {
    let yes = [line(State::Granted, "newsletter", 0, true)];
    let end = day(0).to_zoned(kernel::Zone::UTC).checked_add(36.months()).unwrap().timestamp();
    let (purposes, point) = (purposes(), point());
    let at = |now, last_action| {
        let purpose = purposes.get("newsletter").unwrap();
        let audience = Audience::Consumer;
        let question = Question { point: &point, channel: Channel::Email, purpose, audience, last_action };
        decide(&yes, &question, &purposes, &Policy::default(), now)
    };
    let just_before = end - SignedDuration::from_secs(1);
    assert_eq!((at(just_before, None).allowed, at(just_before, None).until), (true, Some(end)));
    assert_eq!((at(end, None).allowed, at(end, None).standing), (false, Standing::Expired));
    assert!(at(end, Some(day(10))).allowed, "a click since");
    assert!(at(end, Some(day(5_000))).allowed, "an action in the future counts as one now");
}

#[test]
fn customers_who_were_told_may_get_e_mail_but_no_calls() {
    let told = Line { basis: Some(Basis::LegitimateInterests), ..line(State::Granted, "offers", 1, false) };
    assert!(ask(std::slice::from_ref(&told), "offers", Audience::Consumer, day(300)).allowed);
    let (purposes, phone) = (purposes(), ContactPoint::guess("0639981234").unwrap());
    let called = Line { channel: Some(Channel::Phone), ..told };
    let audience = Audience::Consumer;
    let purpose = purposes.get("offers").unwrap();
    let question = Question { point: &phone, channel: Channel::Phone, purpose, audience, last_action: None };
    let decision = decide(&[called], &question, &purposes, &Policy::default(), day(300));
    assert_eq!((decision.allowed, decision.because[0].why), (false, Why::WrongBasis));
}

#[test]
fn advertising_needs_a_yes_whatever_it_is_for() {
    let (purposes, point) = (purposes(), point());
    let purpose = purposes.get("service").unwrap();
    let audience = Audience::Professional;
    let question = Question { point: &point, channel: Channel::Ads, purpose, audience, last_action: None };
    let ask = |history: &[Line]| decide(history, &question, &purposes, &Policy::default(), day(300));
    assert_eq!(ask(&[]).because[0].why, Why::NeedsYes);
    let yes = Line { channel: Some(Channel::Ads), ..line(State::Granted, "service", 1, true) };
    assert!(ask(std::slice::from_ref(&yes)).allowed);
    assert!(!ask(&[yes, Line { channel: None, ..line(State::Objected, "*", 2, false) }]).allowed);
}

#[test]
fn a_channel_must_reach_the_point() {
    let (purposes, point) = (purposes(), point());
    let purpose = purposes.get("service").unwrap();
    let question =
        Question { point: &point, channel: Channel::Phone, purpose, audience: Audience::Consumer, last_action: None };
    assert_eq!(decide(&[], &question, &purposes, &Policy::default(), day(0)).standing, Standing::Closed);
}

const KEYS: [&str; 5] = ["newsletter", "offers", "work_prospecting", "service", "*"];

fn any_line() -> impl Strategy<Value = Line> {
    let states = prop::sample::select(State::ALL);
    let channel = prop::option::weighted(0.8, prop::sample::select(Channel::ALL));
    (states, 0..KEYS.len(), 0..300_i64, any::<bool>(), channel, prop::option::of(1..400_i64)).prop_map(
        |(state, key, on, proven, channel, expires)| Line {
            channel,
            expires_at: expires.filter(|_| !state.restricts()).map(|days| day(on + days)),
            ..line(state, KEYS[key], on, proven)
        },
    )
}

fn any_history() -> impl Strategy<Value = Vec<Line>> {
    prop::collection::vec(any_line(), 0..12)
        .prop_map(|lines| lines.into_iter().enumerate().map(|(i, l)| Line { seq: i as i64, ..l }).collect())
}

fn any_audience() -> impl Strategy<Value = Audience> {
    prop::sample::select(vec![Audience::Consumer, Audience::Professional])
}

proptest! {
    #[test]
    fn a_withdrawal_counts_at_once(history in any_history(), key in 0..3_usize, audience in any_audience()) {
        let mut history = history;
        history.push(line(State::Withdrawn, KEYS[key], 300, false));
        prop_assert!(!ask(&history, KEYS[key], audience, day(300)).allowed);
    }

    #[test]
    fn an_objection_covers_all_of_marketing(history in any_history(), named in 0..3_usize, asked in 0..3_usize, audience in any_audience()) {
        let mut history = history;
        history.push(Line { channel: None, ..line(State::Objected, KEYS[named], 300, false) });
        prop_assert!(!ask(&history, KEYS[asked], audience, day(300)).allowed);
        prop_assert!(ask(&history, "service", audience, day(300)).allowed, "a contract goes on");
    }

    #[test]
    fn no_unproven_word_ever_opens_what_a_no_closed(history in any_history(), added in any_line(), key in 0..3_usize, audience in any_audience()) {
        let before = ask(&history, KEYS[key], audience, day(300));
        let mut after = history;
        after.push(Line { proof: Proof::default(), seq: 99, ..added });
        if matches!(before.standing, Standing::Refused(_)) {
            prop_assert!(!ask(&after, KEYS[key], audience, day(300)).allowed);
        }
    }

    #[test]
    fn a_proven_yes_of_today_opens(history in any_history(), key in 0..3_usize, audience in any_audience()) {
        let mut history = history;
        history.retain(|line| line.at < day(300));
        history.push(line(State::Granted, KEYS[key], 300, true));
        prop_assert!(ask(&history, KEYS[key], audience, day(300)).allowed);
    }

    #[test]
    fn the_order_of_arrival_changes_nothing(history in any_history(), key in 0..4_usize, audience in any_audience()) {
        let mut reversed: Vec<Line> = history.clone();
        reversed.reverse();
        prop_assert_eq!(ask(&history, KEYS[key], audience, day(300)), ask(&reversed, KEYS[key], audience, day(300)));
    }

    #[test]
    fn a_decision_holds_until_it_says(history in any_history(), key in 0..3_usize, audience in any_audience(), ahead in 0..2_000_i64) {
        let decision = ask(&history, KEYS[key], audience, day(300));
        let then = day(300 + ahead);
        if decision.allowed && decision.until.is_none_or(|until| then < until) {
            prop_assert!(ask(&history, KEYS[key], audience, then).allowed);
        }
    }

    #[test]
    fn what_is_allowed_to_consumers_without_a_yes_is_nothing(history in any_history(), key in 0..3_usize) {
        let decision = ask(&history, KEYS[key], Audience::Consumer, day(300));
        let yes = |l: &Line| l.state == State::Granted && l.channel == Some(Channel::Email) && l.purpose.as_deref() == Some(KEYS[key]);
        if decision.allowed {
            prop_assert!(history.iter().any(yes));
        }
    }
}
