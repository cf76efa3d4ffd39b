//! A record with a value in every field, on which an expression is tried out when it is compiled: CEL has no types of its own, so
//! this is what finds an operator on the wrong types before a user meets it.

use jiff::{Timestamp, civil};
use kernel::{Ctx, Currency, Id, Money};
use model::{
    Address, Entry, FieldType, FileRef, Ident, Location, ObjectDef, PersonName, Record, Ref, Scalar, Schema, Value,
};

use super::{FormulaError, Program};

/// Evaluates on the sample; only errors that do not depend on values count.
pub(super) fn try_out(program: &Program, schema: &Schema, object: &ObjectDef) -> Result<(), FormulaError> {
    let record = record(program, schema, object);
    match program.run_thoroughly(&record, &ctx()) {
        Err(error) => refuse(error),
        Ok(_) => Ok(()),
    }
}

/// Whether the result on the sample is of the declared type.
pub(super) fn result(
    program: &Program,
    result: Scalar,
    schema: &Schema,
    object: &ObjectDef,
) -> Result<(), FormulaError> {
    let record = record(program, schema, object);
    match program.evaluate(result, &record, &ctx()) {
        // A whole number may well come out on other records.
        Err(FormulaError::Result { found: "a number", .. }) if result == Scalar::Integer => Ok(()),
        Err(error) => refuse(error),
        Ok(_) => Ok(()),
    }
}

fn refuse(error: FormulaError) -> Result<(), FormulaError> {
    match error {
        FormulaError::Operands { .. } | FormulaError::UnknownPart { .. } | FormulaError::Result { .. } => Err(error),
        _ => Ok(()),
    }
}

fn ctx() -> Ctx {
    Ctx::system("sample", Timestamp::constant(1_767_225_600, 0))
}

fn record(program: &Program, schema: &Schema, object: &ObjectDef) -> Record {
    let mut record = Record::new(object.name.clone());
    for name in program.fields() {
        let kind = object.field(name.as_str()).map(|field| schema.effective(object, field));
        record.fields.set(name.clone(), kind.map_or(Value::Null, value));
    }
    record
}

fn value(kind: &FieldType) -> Value {
    let id = Id::from_bytes([1; 16]);
    let text = || "a".to_owned();
    match kind {
        FieldType::Text { .. } | FieldType::LongText | FieldType::AutoNumber { .. } => Value::Text(text()),
        FieldType::Choice { options } => options.first().map_or(Value::Null, |o| Value::Text(o.value.clone())),
        FieldType::MultiChoice { .. } | FieldType::Tags => Value::Texts(vec![text()]),
        FieldType::Integer { .. } | FieldType::Duration | FieldType::Rating { .. } => Value::Int(1),
        FieldType::Number | FieldType::Percent => Value::Number(1.5),
        FieldType::Money => Value::Money(Money::from_units(15_000, Currency::EUR)),
        FieldType::Boolean => Value::Bool(true),
        FieldType::Date => Value::Date(civil::date(2026, 1, 1)),
        FieldType::DateTime => Value::DateTime(Timestamp::constant(1_767_225_600, 0)),
        FieldType::PersonName => {
            Value::Name(Box::new(PersonName { first: text(), last: text(), ..PersonName::default() }))
        }
        FieldType::Emails | FieldType::Phones | FieldType::Links => {
            Value::Entries(vec![Entry { value: text(), label: text() }])
        }
        FieldType::Address => Value::Address(Box::new(Address { city: text(), ..Address::default() })),
        FieldType::Location => Value::Location(Location { lat: 1.0, lon: 1.0 }),
        FieldType::Reference { .. } | FieldType::User => Value::Id(id),
        FieldType::References { .. } => Value::Ids(vec![id]),
        FieldType::Polymorphic { .. } => Value::Ref(Ref { object: Ident::of("record"), id }),
        FieldType::Files => Value::Files(vec![FileRef { id, name: text(), size: 1, media: text() }]),
        FieldType::Json | FieldType::Formula { .. } | FieldType::Rollup(_) => Value::Null,
    }
}
