//! Purposes: what people are contacted for. Administrators change them like any record.

use std::collections::HashMap;
use std::sync::Arc;

use kernel::Locale;
use model::{
    Field, Fields, Filter, Grant, Hue, Ident, ObjectDef, Query, Record, Value, boolean, choice, integer, long_text,
    system, text,
};
use records::{Draft, Op, RecordError, Space};
use store::{Reader, StoreError};

use super::Basis;

/// The key by which consents name it.
pub const KEY: Field<String> = text("key").required().unique().max(60);
/// Its name in French.
pub const NAME_FR: Field<String> = text("name_fr").required().searchable();
/// Its name in English.
pub const NAME_EN: Field<String> = text("name_en").required().searchable();
/// Whether it is marketing, to which people may object at any time, or a service they asked for.
pub const KIND: Field<String> =
    choice("kind", &[("marketing", Hue::Violet), ("service", Hue::Blue)]).required().default_text("marketing");
/// Whether it needs consent whatever the policy says of its channel.
pub const NEEDS_CONSENT: Field<bool> = boolean("needs_consent").default_bool(false);
/// Whether it is about people's work, so that the rules for professionals can hold.
pub const JOB_RELATED: Field<bool> = boolean("job_related").default_bool(false);
/// On which ground (RGPD, article 6.1).
pub const LEGAL_BASIS: Field<String> = crate::source::LEGAL_BASIS.required();
/// Months after the person's last action until a consent has lapsed; the policy's when empty.
pub const MONTHS: Field<i64> = integer("months").min(1).max(1_200);
/// Whose data (RGPD, article 30.1 c).
pub const PEOPLE: Field<String> = long_text("people");
/// Which data (RGPD, article 30.1 c).
pub const DATA: Field<String> = long_text("data");
/// Who receives it (RGPD, article 30.1 d).
pub const RECIPIENTS: Field<String> = long_text("recipients");
/// Whether it is pursued.
pub const ACTIVE: Field<bool> = boolean("active").default_bool(true);

/// A purpose as decisions see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Purpose {
    /// Its key.
    pub key: String,
    /// Its names, French and English.
    pub names: (String, String),
    /// Whether it is marketing.
    pub marketing: bool,
    /// Whether it needs consent whatever the policy says.
    pub needs_consent: bool,
    /// Whether it is about people's work.
    pub job_related: bool,
    /// On which ground.
    pub basis: Basis,
    /// Months after the last action until a consent has lapsed.
    pub months: Option<i32>,
    /// Whether it is pursued.
    pub active: bool,
}

/// All purposes of a tenant, by key.
#[derive(Clone, Debug, Default)]
pub struct Purposes(HashMap<String, Purpose>);

/// Key, French name, English name, marketing, needs consent, job-related, basis.
type BuiltIn = (&'static str, &'static str, &'static str, bool, bool, bool, &'static str);

/// The purposes with which every tenant starts.
const BUILT_IN: [BuiltIn; 8] = [
    ("newsletter", "Lettre d’information", "Newsletter", true, false, false, "consent"),
    ("offers", "Offres commerciales", "Commercial offers", true, false, false, "consent"),
    ("phone_prospecting", "Prospection téléphonique", "Phone prospecting", true, false, false, "consent"),
    (
        "work_prospecting",
        "Prospection professionnelle",
        "Business prospecting",
        true,
        false,
        true,
        "legitimate_interests",
    ),
    ("partners", "Offres de partenaires", "Partners’ offers", true, true, false, "consent"),
    ("targeted_ads", "Publicité ciblée", "Targeted advertising", true, true, false, "consent"),
    ("satisfaction", "Enquêtes de satisfaction", "Satisfaction surveys", false, false, false, "legitimate_interests"),
    ("service", "Messages de service", "Service messages", false, false, false, "contract"),
];

impl Purpose {
    fn of(record: &Record) -> Option<Purpose> {
        Some(Purpose {
            key: record.get(KEY)?,
            names: (record.get(NAME_FR).unwrap_or_default(), record.get(NAME_EN).unwrap_or_default()),
            marketing: record.get(KIND).as_deref() != Some("service"),
            needs_consent: record.get(NEEDS_CONSENT) == Some(true),
            job_related: record.get(JOB_RELATED) == Some(true),
            basis: record.get(LEGAL_BASIS).as_deref().and_then(Basis::parse).unwrap_or(Basis::Consent),
            months: record.get(MONTHS).and_then(|n| i32::try_from(n).ok()),
            active: record.get(ACTIVE) == Some(true),
        })
    }

    /// Its name in a language.
    pub fn name(&self, locale: Locale) -> &str {
        if locale == Locale::Fr { &self.names.0 } else { &self.names.1 }
    }

    /// Whether a no can be said to it: not where a contract, a law or a public task is the ground.
    pub fn is_refusable(&self) -> bool {
        self.marketing || self.needs_consent || matches!(self.basis, Basis::Consent | Basis::LegitimateInterests)
    }
}

impl Purposes {
    /// Reads them; one statement.
    pub async fn load(space: &Space, reader: &mut Reader) -> Result<Purposes, RecordError> {
        let query = Query::of(Ident::of("purpose")).limit(1_000);
        let found = reader.list(&space.schema(), &query).await?.records;
        Ok(found.iter().filter_map(Purpose::of).collect())
    }

    /// The purpose of a key.
    pub fn get(&self, key: &str) -> Option<&Purpose> {
        self.0.get(key)
    }

    /// Whether a key stands for marketing; one that is not known is taken for it.
    pub fn is_marketing(&self, key: &str) -> bool {
        self.0.get(key).is_none_or(|purpose| purpose.marketing)
    }

    /// All of them by key.
    pub fn sorted(&self) -> Vec<&Purpose> {
        let mut all: Vec<&Purpose> = self.0.values().collect();
        all.sort_by(|a, b| a.key.cmp(&b.key));
        all
    }
}

impl FromIterator<Purpose> for Purposes {
    fn from_iter<I: IntoIterator<Item = Purpose>>(purposes: I) -> Purposes {
        Purposes(purposes.into_iter().map(|purpose| (purpose.key.clone(), purpose)).collect())
    }
}

/// The definition.
pub fn object() -> ObjectDef {
    let fields = vec![
        KEY.def(),
        NAME_FR.def(),
        NAME_EN.def(),
        KIND.def(),
        NEEDS_CONSENT.def(),
        JOB_RELATED.def(),
        LEGAL_BASIS.def(),
        MONTHS.def(),
        PEOPLE.def(),
        DATA.def(),
        RECIPIENTS.def(),
        ACTIVE.def(),
    ];
    ObjectDef::new("purpose", "pur", "target", "name_fr", fields)
        .columns(&[
            "name_fr",
            "name_en",
            "key",
            "kind",
            "needs_consent",
            "job_related",
            "legal_basis",
            "months",
            "active",
        ])
        .facts(&["kind", "legal_basis", "active"])
        .section("details", &["name_fr", "name_en", "key", "kind", "needs_consent", "job_related", "months", "active"])
        .section("lawfulness", &["legal_basis", "people", "data", "recipients"])
        .grant("*", Grant::read_only())
        .grant("steward", Grant::full())
        .setup()
}

/// A key is a name that programs can write, and never changes: lines of the ledger name it.
pub(crate) fn check(draft: &mut Draft) -> Result<(), RecordError> {
    let key = draft.get(KEY).unwrap_or_default();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
    if !key.chars().all(plain) {
        draft.refuse(KEY, "purpose-key");
    } else if !draft.is_new() && draft.changes(KEY) {
        draft.refuse(KEY, "purpose-key-stays");
    }
    if draft.get(NEEDS_CONSENT) == Some(true) && draft.get(LEGAL_BASIS).as_deref() != Some("consent") {
        draft.refuse(LEGAL_BASIS, "purpose-basis");
    }
    Ok(())
}

/// Makes the purposes with which every tenant starts.
pub(crate) async fn seed(space: Arc<Space>) -> Result<(), RecordError> {
    let rows = BUILT_IN.map(|(key, fr, en, marketing, needs_consent, job_related, basis)| {
        let kind = if marketing { "marketing" } else { "service" };
        let values: [(&'static str, Value); 7] = [
            ("key", key.into()),
            ("name_fr", fr.into()),
            ("name_en", en.into()),
            ("kind", kind.into()),
            ("needs_consent", Value::Bool(needs_consent)),
            ("job_related", Value::Bool(job_related)),
            ("legal_basis", basis.into()),
        ];
        (key, Fields::from_iter(values.map(|(name, value)| (Ident::of(name), value))))
    });
    plant(&space, "purpose", rows.into()).await
}

/// Makes those of these records, each with a name that never changes, that were never made before.
pub(crate) async fn plant(
    space: &Arc<Space>,
    object: &'static str,
    rows: Vec<(&'static str, Fields)>,
) -> Result<(), RecordError> {
    let ctx = space.system_ctx();
    let id = |name: &str| kernel::Id::named(&format!("{object}:{name}"));
    let ids: Vec<kernel::Id> = rows.iter().map(|(name, _)| id(name)).collect();
    let schema = space.schema();
    let mut reader = space.store.read().await?;
    let found = reader.get_many(&schema, &Ident::of(object), &ids, &Filter::All, &[]).await?;
    drop(reader);
    let missing = rows.into_iter().filter(|(name, _)| found.iter().all(|record| record.id() != id(name)));
    let ops: Vec<Op> = missing
        .map(|(name, mut fields)| {
            fields.set(Ident::of(system::ID), Value::Id(id(name)));
            Op::Create(fields)
        })
        .collect();
    if ops.is_empty() {
        return Ok(());
    }
    match space.transact(&ctx, move |cx| Box::pin(async move { cx.write(object, ops).await.map(drop) })).await {
        // Another process that started at the same time was first, or somebody took the key.
        Err(RecordError::Store(StoreError::Taken { .. })) => Ok(()),
        Err(RecordError::Invalid(problems)) if problems.0.iter().all(|p| p.key == "taken") => Ok(()),
        result => result,
    }
}
