use std::marker::PhantomData;

use jiff::{Timestamp, civil};
use kernel::{Id, Money};

use crate::{
    Address, Choice, Condition, Entry, FieldDef, FieldType, FileRef, Filter, Hue, Ident, Initial, Location, Op,
    Operand, Path, PersonName, Ref, Rollup, RollupOp, Scalar, Sort, Value,
};

/// A typed handle on a field: its definition, and compile-time safety over the dynamic record.
///
/// ```
/// use model::{Field, money};
/// use kernel::Money;
/// pub const AMOUNT: Field<Money> = money("amount").indexed();
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Field<T> {
    name: &'static str,
    kind: Kind,
    flags: u16,
    default: DefaultOf,
    value: PhantomData<fn() -> T>,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Text(u32),
    LongText,
    Integer(Option<i64>, Option<i64>),
    Number,
    Percent,
    Money,
    Boolean,
    Date,
    DateTime,
    Duration,
    Choice(&'static [(&'static str, Hue)]),
    MultiChoice(&'static [(&'static str, Hue)]),
    PersonName,
    Emails,
    Phones,
    Links,
    Address,
    Reference(&'static str, crate::OnDelete),
    References(&'static str),
    Polymorphic(&'static [&'static str]),
    User,
    Files,
    Rating(u8),
    Tags,
    Location,
    Json,
    AutoNumber(&'static str),
    Formula(&'static str, Scalar),
    Rollup {
        object: &'static str,
        via: &'static str,
        op: RollupOp,
        field: Option<&'static str>,
        only: Option<(&'static str, &'static str)>,
    },
}

#[derive(Clone, Copy, Debug)]
enum DefaultOf {
    None,
    Text(&'static str),
    Int(i64),
    Bool(bool),
    Me,
    Now,
}

const REQUIRED: u16 = 1;
const UNIQUE: u16 = 2;
const INDEXED: u16 = 4;
const SEARCHABLE: u16 = 8;
const PERSONAL: u16 = 16;
const READ_ONLY: u16 = 32;

/// A Rust type that a field holds.
pub trait FieldValue: Sized {
    /// From the stored value; `None` when there is none.
    fn from_value(value: &Value) -> Option<Self>;
    /// To the stored value.
    fn into_value(self) -> Value;
}

macro_rules! field_value {
    ($($type:ty => $variant:ident),* $(,)?) => {$(
        impl FieldValue for $type {
            fn from_value(value: &Value) -> Option<$type> {
                if let Value::$variant(inner) = value { Some(inner.clone().into()) } else { None }
            }
            fn into_value(self) -> Value {
                Value::$variant(self.into())
            }
        }
    )*};
}

field_value! {
    String => Text, i64 => Int, f64 => Number, bool => Bool, civil::Date => Date, Timestamp => DateTime, Money => Money, Id => Id,
    Ref => Ref, Vec<Id> => Ids, Vec<String> => Texts, Box<PersonName> => Name, Vec<Entry> => Entries, Box<Address> => Address,
    Location => Location, Vec<FileRef> => Files, Box<serde_json::Value> => Json,
}

macro_rules! constructors {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $type:ty),*) -> $value:ty = $kind:expr;)*) => {$(
        $(#[$doc])*
        pub const fn $name(name: &'static str $(, $arg: $type)*) -> Field<$value> {
            Field { name, kind: $kind, flags: 0, default: DefaultOf::None, value: PhantomData }
        }
    )*};
}

constructors! {
    /// One line of text, at most 255 characters unless [`Field::max`] says otherwise.
    text() -> String = Kind::Text(255);
    /// Several lines in Markdown.
    long_text() -> String = Kind::LongText;
    /// A whole number.
    integer() -> i64 = Kind::Integer(None, None);
    /// A floating number.
    decimal() -> f64 = Kind::Number;
    /// A percentage; 12.5 means 12.5 %.
    percent() -> f64 = Kind::Percent;
    /// An amount with its currency.
    money() -> Money = Kind::Money;
    /// Yes or no.
    boolean() -> bool = Kind::Boolean;
    /// A day.
    date() -> civil::Date = Kind::Date;
    /// A moment.
    date_time() -> Timestamp = Kind::DateTime;
    /// Seconds.
    duration() -> i64 = Kind::Duration;
    /// One of `options`.
    choice(options: &'static [(&'static str, Hue)]) -> String = Kind::Choice(options);
    /// Some of `options`.
    multi_choice(options: &'static [(&'static str, Hue)]) -> Vec<String> = Kind::MultiChoice(options);
    /// A person's name.
    person_name() -> Box<PersonName> = Kind::PersonName;
    /// E-mail addresses.
    emails() -> Vec<Entry> = Kind::Emails;
    /// Phone numbers.
    phones() -> Vec<Entry> = Kind::Phones;
    /// Web addresses.
    links() -> Vec<Entry> = Kind::Links;
    /// A postal address.
    address() -> Box<Address> = Kind::Address;
    /// A record of one object.
    reference(to: &'static str) -> Id = Kind::Reference(to, crate::OnDelete::Keep);
    /// Many records of one object.
    references(to: &'static str) -> Vec<Id> = Kind::References(to);
    /// A record of one of several objects; an empty list means any.
    polymorphic(to: &'static [&'static str]) -> Ref = Kind::Polymorphic(to);
    /// A user.
    user() -> Id = Kind::User;
    /// Attached files.
    files() -> Vec<FileRef> = Kind::Files;
    /// One to `max` stars.
    rating(max: u8) -> i64 = Kind::Rating(max);
    /// Free labels.
    tags() -> Vec<String> = Kind::Tags;
    /// Latitude and longitude.
    location() -> Location = Kind::Location;
    /// Anything.
    json() -> Box<serde_json::Value> = Kind::Json;
    /// A number given at creation, as in `D-{year}-00000`.
    auto_number(pattern: &'static str) -> String = Kind::AutoNumber(pattern);
    /// A CEL expression over the record.
    formula(expression: &'static str, result: Scalar) -> Value = Kind::Formula(expression, result);
}

impl FieldValue for Value {
    fn from_value(value: &Value) -> Option<Value> {
        Some(value.clone())
    }

    fn into_value(self) -> Value {
        self
    }
}

/// A computation over the records of `object` whose field `via` points here; `only` keeps those whose choice has a value.
pub const fn rollup(
    name: &'static str,
    object: &'static str,
    via: &'static str,
    op: RollupOp,
    field: Option<&'static str>,
    only: Option<(&'static str, &'static str)>,
) -> Field<Value> {
    let kind = Kind::Rollup { object, via, op, field, only };
    Field { name, kind, flags: 0, default: DefaultOf::None, value: PhantomData }
}

impl<T> Field<T> {
    const fn with(self, flag: u16) -> Field<T> {
        Field { flags: self.flags | flag, ..self }
    }

    /// The name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Must have a value.
    pub const fn required(self) -> Field<T> {
        self.with(REQUIRED)
    }

    /// No two records have the same.
    pub const fn unique(self) -> Field<T> {
        self.with(UNIQUE | INDEXED)
    }

    /// Filters and sorts stay fast at any size.
    pub const fn indexed(self) -> Field<T> {
        self.with(INDEXED)
    }

    /// Found by the global search.
    pub const fn searchable(self) -> Field<T> {
        self.with(SEARCHABLE)
    }

    /// Says something about a person.
    pub const fn personal(self) -> Field<T> {
        self.with(PERSONAL)
    }

    /// Written only by rules.
    pub const fn read_only(self) -> Field<T> {
        self.with(READ_ONLY)
    }

    /// At most this many characters, or this greatest number.
    pub const fn max(mut self, max: u32) -> Field<T> {
        self.kind = match self.kind {
            Kind::Text(_) => Kind::Text(max),
            Kind::Integer(min, _) => Kind::Integer(min, Some(max as i64)),
            other => other,
        };
        self
    }

    /// The least number allowed.
    pub const fn min(mut self, min: i64) -> Field<T> {
        if let Kind::Integer(_, max) = self.kind {
            self.kind = Kind::Integer(Some(min), max);
        }
        self
    }

    /// Deleting the target deletes this record too.
    pub const fn cascade(mut self) -> Field<T> {
        if let Kind::Reference(to, _) = self.kind {
            self.kind = Kind::Reference(to, crate::OnDelete::Cascade);
        }
        self
    }

    /// The target cannot be deleted while this record exists.
    pub const fn restrict(mut self) -> Field<T> {
        if let Kind::Reference(to, _) = self.kind {
            self.kind = Kind::Reference(to, crate::OnDelete::Restrict);
        }
        self
    }

    /// A new record starts with this text or option.
    pub const fn default_text(self, value: &'static str) -> Field<T> {
        Field { default: DefaultOf::Text(value), ..self }
    }

    /// A new record starts with this number.
    pub const fn default_int(self, value: i64) -> Field<T> {
        Field { default: DefaultOf::Int(value), ..self }
    }

    /// A new record starts with yes or no.
    pub const fn default_bool(self, value: bool) -> Field<T> {
        Field { default: DefaultOf::Bool(value), ..self }
    }

    /// A new record starts with the acting user.
    pub const fn default_me(self) -> Field<T> {
        Field { default: DefaultOf::Me, ..self }
    }

    /// A new record starts with the current day or moment.
    pub const fn default_now(self) -> Field<T> {
        Field { default: DefaultOf::Now, ..self }
    }

    /// The definition.
    pub fn def(&self) -> FieldDef {
        let mut def = FieldDef::new(Ident::of(self.name), self.kind.build());
        let has = |flag| self.flags & flag != 0;
        def.required = has(REQUIRED);
        def.unique = has(UNIQUE);
        def.indexed = has(INDEXED);
        def.searchable = has(SEARCHABLE);
        def.personal = has(PERSONAL);
        def.read_only = has(READ_ONLY);
        def.default = match self.default {
            DefaultOf::None => None,
            DefaultOf::Text(text) => Some(Initial::Value(text.into())),
            DefaultOf::Int(n) => Some(Initial::Value(n.into())),
            DefaultOf::Bool(b) => Some(Initial::Value(b.into())),
            DefaultOf::Me => Some(Initial::Me),
            DefaultOf::Now => Some(Initial::Now),
        };
        def
    }

    /// The path, for filters and sorts.
    pub fn path(&self) -> Path {
        Path { field: Ident::of(self.name), part: None }
    }

    /// Smallest first.
    pub fn asc(&self) -> Sort {
        Sort { path: self.path(), desc: false, nulls: Default::default() }
    }

    /// Greatest first.
    pub fn desc(&self) -> Sort {
        Sort { path: self.path(), desc: true, nulls: Default::default() }
    }

    /// Has no value.
    pub fn is_null(&self) -> Filter {
        Filter::Is(Condition { path: self.path(), op: Op::IsNull, operand: Operand::None })
    }
}

impl<T: FieldValue> Field<T> {
    fn compare(&self, op: Op, value: T) -> Filter {
        Filter::Is(Condition { path: self.path(), op, operand: Operand::Value(value.into_value()) })
    }

    /// Equals.
    pub fn eq(&self, value: impl Into<T>) -> Filter {
        self.compare(Op::Eq, value.into())
    }

    /// Differs; records without a value do not match.
    pub fn ne(&self, value: impl Into<T>) -> Filter {
        self.compare(Op::Ne, value.into())
    }

    /// Greater than.
    pub fn gt(&self, value: impl Into<T>) -> Filter {
        self.compare(Op::Gt, value.into())
    }

    /// Greater than or equal.
    pub fn gte(&self, value: impl Into<T>) -> Filter {
        self.compare(Op::Gte, value.into())
    }

    /// Less than.
    pub fn lt(&self, value: impl Into<T>) -> Filter {
        self.compare(Op::Lt, value.into())
    }

    /// One of.
    pub fn one_of(&self, values: impl IntoIterator<Item = T>) -> Filter {
        let values = values.into_iter().map(FieldValue::into_value).collect();
        Filter::Is(Condition { path: self.path(), op: Op::In, operand: Operand::Values(values) })
    }
}

impl Kind {
    fn build(self) -> FieldType {
        let options = |list: &[(&str, Hue)]| list.iter().map(|(value, hue)| Choice::of(value, *hue)).collect();
        match self {
            Kind::Text(max) => FieldType::Text { max },
            Kind::LongText => FieldType::LongText,
            Kind::Integer(min, max) => FieldType::Integer { min, max },
            Kind::Number => FieldType::Number,
            Kind::Percent => FieldType::Percent,
            Kind::Money => FieldType::Money,
            Kind::Boolean => FieldType::Boolean,
            Kind::Date => FieldType::Date,
            Kind::DateTime => FieldType::DateTime,
            Kind::Duration => FieldType::Duration,
            Kind::Choice(list) => FieldType::Choice { options: options(list) },
            Kind::MultiChoice(list) => FieldType::MultiChoice { options: options(list) },
            Kind::PersonName => FieldType::PersonName,
            Kind::Emails => FieldType::Emails,
            Kind::Phones => FieldType::Phones,
            Kind::Links => FieldType::Links,
            Kind::Address => FieldType::Address,
            Kind::Reference(to, on_delete) => FieldType::Reference { to: Ident::of(to), on_delete },
            Kind::References(to) => FieldType::References { to: Ident::of(to) },
            Kind::Polymorphic(to) => FieldType::Polymorphic { to: to.iter().map(|name| Ident::of(name)).collect() },
            Kind::User => FieldType::User,
            Kind::Files => FieldType::Files,
            Kind::Rating(max) => FieldType::Rating { max },
            Kind::Tags => FieldType::Tags,
            Kind::Location => FieldType::Location,
            Kind::Json => FieldType::Json,
            Kind::AutoNumber(pattern) => FieldType::AutoNumber { pattern: pattern.to_owned() },
            Kind::Formula(expression, result) => FieldType::Formula { expression: expression.to_owned(), result },
            Kind::Rollup { object, via, op, field, only } => FieldType::Rollup(Box::new(Rollup {
                object: Ident::of(object),
                via: Ident::of(via),
                op,
                field: field.map(Ident::of),
                filter: only.map_or(Filter::All, |(field, value)| {
                    let path = Path { field: Ident::of(field), part: None };
                    Filter::Is(Condition { path, op: Op::Eq, operand: Operand::Value(value.into()) })
                }),
            })),
        }
    }
}
