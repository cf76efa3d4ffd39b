use kernel::Id;
use model::{FieldDef, FieldType, Ident, ObjectDef, Record, Schema, Value, system};

use super::value::{Val, of_json};

/// A field that an expression reads, with what its value's written form needs.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub(super) name: Ident,
    boolean: bool,
    /// The prefix of each object that the field may point to.
    prefixes: Vec<(Ident, Ident)>,
}

impl Source {
    pub(super) fn of(schema: &Schema, object: &ObjectDef, field: &FieldDef) -> Source {
        let mut prefixes = Vec::new();
        if field.name == system::ID {
            prefixes.push((object.name.clone(), object.prefix.clone()));
        } else if let Some(targets) = field.targets() {
            let all = targets.is_empty();
            let pointed = schema.objects().filter(|o| all || targets.contains(&o.name));
            prefixes.extend(pointed.map(|o| (o.name.clone(), o.prefix.clone())));
        }
        let boolean = *schema.effective(object, field) == FieldType::Boolean;
        Source { name: field.name.clone(), boolean, prefixes }
    }

    pub(super) fn read<'a>(&'a self, record: &'a Record) -> Val<'a> {
        match record.value(self.name.as_str()) {
            Value::Null if self.boolean => Val::Bool(false),
            Value::Null => Val::Null,
            Value::Bool(b) => Val::Bool(*b),
            Value::Int(n) => Val::Int(*n),
            Value::Number(n) => Val::Number(*n),
            Value::Text(text) if text.is_empty() => Val::Null,
            Value::Text(text) => Val::text(text.as_str()),
            Value::Date(day) => Val::Date(*day),
            Value::DateTime(at) => Val::Moment(*at),
            Value::Id(id) => Val::text(self.written(id, self.prefixes.first())),
            Value::Ref(to) => {
                let prefix = self.prefixes.iter().find(|(object, _)| *object == to.object);
                Val::Reference(to.object.as_str(), self.written(&to.id, prefix))
            }
            Value::Ids(ids) => {
                Val::List(ids.iter().map(|id| Val::text(self.written(id, self.prefixes.first()))).collect())
            }
            Value::Texts(texts) => Val::List(texts.iter().map(|t| Val::text(t.as_str())).collect()),
            Value::Entries(list) => Val::Entries(list),
            Value::Files(files) => Val::List(files.iter().map(Val::File).collect()),
            Value::Json(json) => of_json(json),
            value @ (Value::Money(_) | Value::Name(_) | Value::Address(_) | Value::Location(_)) => {
                Val::Composite(value)
            }
        }
    }

    fn written(&self, id: &Id, prefix: Option<&(Ident, Ident)>) -> String {
        match prefix {
            Some((_, prefix)) => id.typed(prefix.as_str()),
            None => id.uuid().to_string(),
        }
    }
}
