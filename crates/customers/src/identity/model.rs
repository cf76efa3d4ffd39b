//! The model by which records are matched: the starting one, and the one in use.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use kernel::Id;
use matching::{ColumnConfig, Config, Linker, Model, Thresholds};
use records::RecordError;
use store::{Reader, StoreError};

use super::{Kind, columns};

/// Blocking rules for people. They are fixed, so that a new model finds the keys of the one before.
const PERSON: &[&str] = &[
    "email",
    "phone",
    "identifier",
    "last_name.sound + date.any_order",
    "first_name.sound + date.any_order",
    "names + postcode",
    "names + city.sound",
    "names + date.year",
    "street.sound + house_number + postcode",
    "date.any_order + postcode",
    "email_2",
    "phone_2",
];

/// The same for organisations.
const ORGANISATION: &[&str] = &[
    "company",
    "identifier",
    "website",
    "phone",
    "email",
    "organisation",
    "organisation.words + postcode",
    "organisation.words + city.sound",
    "street.sound + house_number + postcode",
];

/// How records of a kind are read and compared.
pub fn config(kind: Kind) -> Config {
    let column = |(name, attribute, _): (String, &super::Attribute, usize)| ColumnConfig {
        name,
        role: attribute.role,
        several: false,
        because: String::new(),
    };
    let mut config = Config { entity: kind.entity(), month_first: Some(false), ..Config::default() };
    config.columns = columns(kind).map(column).collect();
    let rules = match kind {
        Kind::Person => PERSON,
        Kind::Organisation => ORGANISATION,
    };
    config.blocking = rules.iter().map(|rule| (*rule).to_owned()).collect();
    config.thresholds = Thresholds::of(config.entity);
    config
}

/// The model that a new database starts with: learnt from the generated people and organisations of the demo
/// (`cargo run --release -p customers --example starting_model`).
pub fn starting(kind: Kind) -> Result<Model, RecordError> {
    let text = match kind {
        Kind::Person => include_str!("person.json"),
        Kind::Organisation => include_str!("organisation.json"),
    };
    Model::from_json(text).map_err(|error| broken(&error))
}

/// The linkers in use, each with the model it was made of; `None` stands for the starting one.
#[derive(Default)]
pub(crate) struct Linkers(Mutex<HashMap<Kind, InUse>>);

type InUse = (Option<Id>, Arc<Linker>);

impl Linkers {
    /// The linker of a kind, of the model that is current in a write.
    pub(crate) async fn current(&self, reader: &mut Reader, kind: Kind) -> Result<Arc<Linker>, RecordError> {
        let id = reader.current_model(kind.as_str()).await?;
        if let Some((_, linker)) = self.0.lock().expect("not poisoned").get(&kind).filter(|(known, _)| *known == id) {
            return Ok(Arc::clone(linker));
        }
        let model = match id {
            None => starting(kind)?,
            Some(id) => {
                let kept = reader.model(id).await?.ok_or_else(|| RecordError::unknown("model", id.to_string()))?;
                Model::from_json(&kept.model).map_err(|error| broken(&error))?
            }
        };
        let linker = Arc::new(Linker::new(model).map_err(|error| broken(&error))?);
        self.0.lock().expect("not poisoned").insert(kind, (id, Arc::clone(&linker)));
        Ok(linker)
    }
}

pub(crate) fn broken(error: &matching::Error) -> RecordError {
    StoreError::Fault(format!("a matching model cannot be used: {error}")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starting_models_fit_the_vocabulary() {
        for kind in Kind::ALL {
            let model = starting(kind).unwrap();
            assert_eq!(model.config.columns, config(kind).columns, "{kind:?}");
            assert_eq!(model.blocking, config(kind).blocking, "{kind:?}");
            Linker::new(model).unwrap();
        }
    }
}
