//! Forms on the web: what they may ask, what is kept of what people send, and what keeps programs out.

use customers::consent::{Channel, ContactPoint, PointKind, State, known};
use customers::form::{self, Form, FormField, Sent, Submission, Takes, open, save, submit, token};
use kernel::{Label, Locale};
use records::RecordError;
use store::Trace;

use crate::world::{World, on_each};

const WORDING: &str = "Je veux recevoir la lettre";

fn field(name: &str, takes: Takes) -> FormField {
    let label = Label { fr: format!("{name} ?"), en: format!("{name}?") };
    FormField { name: name.to_owned(), label, takes, ..FormField::default() }
}

fn letter() -> Form {
    let mut mail = field("email", Takes::Email);
    mail.required = true;
    let mut wish = field("letter", Takes::Consent);
    wish.label.fr = WORDING.to_owned();
    (wish.purpose, wish.channel) = ("newsletter".to_owned(), Some(Channel::Email));
    let mut choice = field("size", Takes::Choice);
    choice.options = vec!["S".to_owned(), "L".to_owned()];
    Form { fields: vec![mail, field("last_name", Takes::Text), choice, wish], ..Form::default() }
}

fn problems<T: std::fmt::Debug>(outcome: Result<T, RecordError>) -> Vec<String> {
    match outcome {
        Err(RecordError::Invalid(problems)) => problems.0.iter().map(|p| format!("{}:{}", p.field, p.key)).collect(),
        other => panic!("{other:?}"),
    }
}

/// Sends a form that was shown this many seconds ago.
async fn send(world: &World, ago: i64, trap: &str, entered: &[(&str, &str)]) -> Result<Sent, RecordError> {
    let token = token(&world.space, world.clock.now()).await.expect("a token");
    world.wait(ago);
    send_with(world, &token, trap, entered).await
}

async fn send_with(world: &World, token: &str, trap: &str, entered: &[(&str, &str)]) -> Result<Sent, RecordError> {
    let (source, form) = open(&world.space, world.source).await?;
    let entered: Vec<(String, String)> = entered.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let sent = Submission {
        token,
        trap,
        entered: &entered,
        locale: Locale::Fr,
        page: "https://crm.example/f/x",
        address: "192.0.2.7",
    };
    submit(&world.space, &world.ctx(), &source, &form, sent).await
}

async fn make(world: &World) {
    world.set("kind", "form").await;
    save(&world.space, &world.ctx(), world.source, &letter()).await.expect("saved");
}

/// Events that were kept.
async fn events(world: &World) -> i64 {
    let mut reader = world.space.store.read().await.expect("a reader");
    reader.volumes(world.source, 30).await.expect("read").iter().map(|volume| volume.accepted).sum()
}

#[test]
fn what_is_sent_is_a_record_an_event_and_a_proven_consent() {
    on_each(async |world| {
        make(world).await;
        let entered = [("email", " Ana@Exemple.FR "), ("last_name", "Ruiz"), ("letter", "true"), ("other", "x")];
        let token = token(&world.space, world.clock.now()).await.expect("a token");
        world.wait(5);
        for _ in 0..2 {
            assert_eq!(send_with(world, &token, "", &entered).await.expect("kept"), Sent::Kept);
        }
        assert_eq!(events(world).await, 2, "a page that is sent twice is one submission");
        let mut reader = world.space.store.read().await.expect("a reader");
        let records = reader.source_records(world.source, None, 10).await.expect("read");
        let [record] = records.as_slice() else { panic!("{records:?}") };
        let id = record.key.strip_prefix("anonymous/").expect("somebody unknown");
        assert_eq!((&record.payload["email"], &record.payload["letter"]), (&"ana@exemple.fr".into(), &true.into()));
        assert_eq!(record.payload.get("other"), None, "only what is asked is kept");
        let names: Vec<_> = reader.events_of(Trace::Anonymous(id), None, 10).await.expect("read");
        assert!(names.iter().any(|event| event.name.as_deref() == Some("Form Submitted")));
        let point = ContactPoint::new(PointKind::Email, "ana@exemple.fr").expect("a point");
        let found = known(&mut reader, &[point]).await.expect("read").remove(0).history;
        let [line] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(
            (line.state, line.purpose.as_deref(), line.channel),
            (State::Granted, Some("newsletter"), Some(Channel::Email))
        );
        assert_eq!((line.proof.wording.as_str(), line.proof.address.as_str()), (WORDING, "192.0.2.7"));
        assert!(line.is_proven());
    });
}

#[test]
fn a_box_that_is_not_ticked_says_nothing() {
    on_each(async |world| {
        make(world).await;
        assert_eq!(send(world, 5, "", &[("email", "ana@exemple.fr")]).await.expect("kept"), Sent::Kept);
        let point = ContactPoint::new(PointKind::Email, "ana@exemple.fr").expect("a point");
        let mut reader = world.space.store.read().await.expect("a reader");
        assert!(known(&mut reader, &[point]).await.expect("read").remove(0).history.is_empty());
    });
}

#[test]
fn wrong_entries_and_programs_change_nothing() {
    on_each(async |world| {
        make(world).await;
        let good = [("email", "ana@exemple.fr")];
        let wrong = [("email", "nothing"), ("size", "XXL"), ("last_name", &*"x".repeat(5_000))];
        let told = problems(send(world, 5, "", &wrong).await);
        assert_eq!(told, ["email:form-email", "last_name:form-entered-long", "size:form-choice"]);
        assert_eq!(problems(send(world, 5, "", &[]).await), ["email:required"]);
        assert_eq!(problems(send(world, 5, "http://spam.example", &good).await), [":form-robot"]);
        assert_eq!(problems(send(world, 1, "", &good).await), [":form-early"]);
        assert_eq!(problems(send(world, 25 * 3600, "", &good).await), [":form-late"]);
        for forged in ["", "x", "1.2.3", &format!("{}.0.{}", world.clock.now().as_millisecond(), "0".repeat(64))] {
            assert_eq!(problems(send_with(world, forged, "", &good).await), [":form-late"], "{forged}");
        }
        assert_eq!(events(world).await, 0);
        world.wait(3_600);
        for _ in 0..10 {
            assert_eq!(send(world, 3, "", &good).await.expect("kept"), Sent::Kept);
        }
        assert_eq!(send(world, 3, "", &good).await.expect("read"), Sent::TooMany);
        world.wait(3_600);
        assert_eq!(send(world, 3, "", &good).await.expect("kept"), Sent::Kept);
        world.set("active", model::Value::Bool(false)).await;
        assert!(open(&world.space, world.source).await.is_err());
    });
}

#[test]
fn a_form_says_what_is_wrong_with_it() {
    on_each(async |world| {
        let mut bad = letter();
        bad.origins = vec!["https://a.example; script-src *".to_owned()];
        bad.fields[0].name = "E mail".to_owned();
        bad.fields[1].label.en.clear();
        bad.fields[2].options.clear();
        (bad.fields[3].required, bad.fields[3].channel) = (true, Some(Channel::Sms));
        bad.fields[3].purpose = "nothing".to_owned();
        let told = problems(save(&world.space, &world.ctx(), world.source, &bad).await);
        let expected = [
            "origins:form-origin",
            "0.name:form-name",
            "1.label_fr:form-label",
            "2.options:form-options",
            "3.purpose:form-purpose",
            "3.channel:form-channel",
            "3.required:form-consent-free",
        ];
        assert_eq!(told, expected);
        let rep = world.user("rep", &["rep"]).await;
        assert!(form::save(&world.space, &rep, world.source, &letter()).await.is_err());
    });
}
