use kernel::Label;
use serde::{Deserialize, Serialize};

use crate::{Filter, Ident};

/// A field's type. Each type owns its storage, operators, control, cell, import parser and JSON form; the match arms over this
/// enum are where a type is defined.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FieldType {
    /// One line of text of at most `max` characters.
    Text {
        /// Characters.
        max: u32,
    },
    /// Several lines, in Markdown.
    LongText,
    /// A whole number.
    Integer {
        /// The least allowed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<i64>,
        /// The greatest allowed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<i64>,
    },
    /// A floating number.
    Number,
    /// A percentage; 12.5 means 12.5 %.
    Percent,
    /// An amount with its currency.
    Money,
    /// Yes or no.
    Boolean,
    /// A day.
    Date,
    /// A moment.
    DateTime,
    /// A length of time, in seconds.
    Duration,
    /// One of several.
    Choice {
        /// In the order shown.
        options: Vec<Choice>,
    },
    /// Some of several.
    MultiChoice {
        /// In the order shown.
        options: Vec<Choice>,
    },
    /// Title, first, middle, last name, suffix.
    PersonName,
    /// E-mail addresses, the first is the primary one.
    Emails,
    /// Phone numbers, the first is the primary one.
    Phones,
    /// Web addresses, the first is the primary one.
    Links,
    /// A postal address.
    Address,
    /// A record of one object.
    Reference {
        /// The object.
        to: Ident,
        /// What happens to this record when that one is deleted.
        #[serde(default)]
        on_delete: OnDelete,
    },
    /// Many records of one object.
    References {
        /// The object.
        to: Ident,
    },
    /// A record of one of several objects; empty means any.
    Polymorphic {
        /// The objects.
        to: Vec<Ident>,
    },
    /// A user.
    User,
    /// Attached files.
    Files,
    /// Stars, 1 to `max`.
    Rating {
        /// At most ten.
        max: u8,
    },
    /// Free labels.
    Tags,
    /// Latitude and longitude.
    Location,
    /// Anything.
    Json,
    /// A number given at creation: `{year}`, `{month}` and zeros for the counter, as in `D-{year}-00000`.
    AutoNumber {
        /// The pattern.
        pattern: String,
    },
    /// Computed from the record by a CEL expression, whenever the record is written.
    Formula {
        /// The expression.
        expression: String,
        /// What it yields.
        result: Scalar,
    },
    /// Computed from the records that point here.
    Rollup(Box<Rollup>),
}

/// What a formula yields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scalar {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// A floating number.
    Number,
    /// Yes or no.
    Boolean,
    /// A day.
    Date,
    /// A moment.
    DateTime,
}

/// A count, sum, least, greatest or mean over the records of another object that point to this one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rollup {
    /// The object counted.
    pub object: Ident,
    /// Its reference field that points here.
    pub via: Ident,
    /// What is computed.
    pub op: RollupOp,
    /// The field summed or compared; none for a count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<Ident>,
    /// Only records that match.
    #[serde(default, skip_serializing_if = "Filter::is_all")]
    pub filter: Filter,
}

/// What a roll-up computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum RollupOp {
    Count,
    Sum,
    Min,
    Max,
    Avg,
}

/// What happens to a record when the one it refers to is deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnDelete {
    /// It keeps pointing to the record in the bin, and is whole again when that is restored.
    #[default]
    Keep,
    /// The deletion is refused.
    Restrict,
    /// It is deleted too, in the same batch.
    Cascade,
}

/// An option of a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The stored value.
    pub value: String,
    /// Its words; for standard fields they are in Fluent instead.
    #[serde(default, skip_serializing_if = "Label::is_empty")]
    pub label: Label,
    /// Its colour.
    #[serde(default)]
    pub hue: Hue,
}

/// A colour of the tag palette.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Hue {
    #[default]
    Grey,
    Red,
    Orange,
    Amber,
    Yellow,
    Lime,
    Green,
    Teal,
    Cyan,
    Blue,
    Violet,
    Pink,
}

/// The value a new record starts with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Initial {
    /// A value in its JSON form.
    Value(serde_json::Value),
    /// The acting user.
    Me,
    /// The current day or moment.
    Now,
}

/// A field of an object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldDef {
    /// Its name: the column, the API's key, the key of its words.
    pub name: Ident,
    /// Its type.
    #[serde(flatten)]
    pub kind: FieldType,
    /// Its words, for fields that administrators add.
    #[serde(default, skip_serializing_if = "Label::is_empty")]
    pub label: Label,
    /// A sentence below the control.
    #[serde(default, skip_serializing_if = "Label::is_empty")]
    pub help: Label,
    /// Must have a value.
    #[serde(default)]
    pub required: bool,
    /// No two records of the object outside the bin have the same.
    #[serde(default)]
    pub unique: bool,
    /// Has an index: filters and sorts on it stay fast at any size.
    #[serde(default)]
    pub indexed: bool,
    /// Is found by the global search.
    #[serde(default)]
    pub searchable: bool,
    /// Says something about a person (for erasure and the page shown to customers).
    #[serde(default)]
    pub personal: bool,
    /// Written only by rules, never by people.
    #[serde(default)]
    pub read_only: bool,
    /// The value a new record starts with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Initial>,
    /// CEL condition under which the field must have a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_when: Option<String>,
    /// CEL condition under which the field is shown; hidden fields cannot be written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visible_when: Option<String>,
    /// CEL condition under which the field cannot be changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_only_when: Option<String>,
    /// Added by an administrator.
    #[serde(default)]
    pub custom: bool,
    /// One of the fields that every record carries.
    #[serde(skip)]
    pub system: bool,
}

impl FieldDef {
    /// A field with nothing but a name and a type.
    pub fn new(name: Ident, kind: FieldType) -> FieldDef {
        FieldDef {
            name,
            kind,
            label: Label::default(),
            help: Label::default(),
            required: false,
            unique: false,
            indexed: false,
            searchable: false,
            personal: false,
            read_only: false,
            default: None,
            required_when: None,
            visible_when: None,
            read_only_when: None,
            custom: false,
            system: false,
        }
    }

    /// Whether the product computes the value: nobody writes it.
    pub fn is_computed(&self) -> bool {
        matches!(self.kind, FieldType::Formula { .. } | FieldType::Rollup(_) | FieldType::AutoNumber { .. })
    }

    /// Whether records can be sorted by it.
    pub fn is_sortable(&self) -> bool {
        !matches!(
            self.kind,
            FieldType::References { .. }
                | FieldType::MultiChoice { .. }
                | FieldType::Tags
                | FieldType::Files
                | FieldType::Json
                | FieldType::Location
        )
    }

    /// The objects it refers to: `None` when it is no reference, an empty list for any object.
    pub fn targets(&self) -> Option<Vec<Ident>> {
        match &self.kind {
            FieldType::Reference { to, .. } | FieldType::References { to } => Some(vec![to.clone()]),
            FieldType::User => Some(vec![Ident::of("user")]),
            FieldType::Polymorphic { to } => Some(to.clone()),
            _ => None,
        }
    }
}

impl FieldType {
    /// The name in definitions, the API and the words.
    pub fn name(&self) -> &'static str {
        match self {
            FieldType::Text { .. } => "text",
            FieldType::LongText => "long_text",
            FieldType::Integer { .. } => "integer",
            FieldType::Number => "number",
            FieldType::Percent => "percent",
            FieldType::Money => "money",
            FieldType::Boolean => "boolean",
            FieldType::Date => "date",
            FieldType::DateTime => "date_time",
            FieldType::Duration => "duration",
            FieldType::Choice { .. } => "choice",
            FieldType::MultiChoice { .. } => "multi_choice",
            FieldType::PersonName => "person_name",
            FieldType::Emails => "emails",
            FieldType::Phones => "phones",
            FieldType::Links => "links",
            FieldType::Address => "address",
            FieldType::Reference { .. } => "reference",
            FieldType::References { .. } => "references",
            FieldType::Polymorphic { .. } => "polymorphic",
            FieldType::User => "user",
            FieldType::Files => "files",
            FieldType::Rating { .. } => "rating",
            FieldType::Tags => "tags",
            FieldType::Location => "location",
            FieldType::Json => "json",
            FieldType::AutoNumber { .. } => "auto_number",
            FieldType::Formula { .. } => "formula",
            FieldType::Rollup(_) => "rollup",
        }
    }

    /// The names of the parts that can be read, filtered and sorted on their own.
    pub fn parts(&self) -> &'static [&'static str] {
        match self {
            FieldType::Money => &["currency"],
            FieldType::PersonName => &["title", "first", "middle", "last", "suffix"],
            FieldType::Address => &["street", "street2", "postcode", "city", "region", "country"],
            FieldType::Emails | FieldType::Phones | FieldType::Links => &["primary"],
            FieldType::Polymorphic { .. } => &["object"],
            FieldType::Location => &["lat", "lon"],
            _ => &[],
        }
    }

    /// The options, for choices.
    pub fn options(&self) -> Option<&[Choice]> {
        match self {
            FieldType::Choice { options } | FieldType::MultiChoice { options } => Some(options),
            _ => None,
        }
    }
}
