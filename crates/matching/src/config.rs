//! What the columns hold and how far to go: everything that can be inferred, printed, edited and given back.

use serde::{Deserialize, Serialize};

use crate::Error;

/// What kind of thing a record describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entity {
    /// People.
    Person,
    /// Companies, associations, administrations.
    Organisation,
    /// Anything else: products, publications, places.
    #[default]
    Any,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Family name.
    LastName,
    /// Given name.
    FirstName,
    /// First and last name in one cell, in any order.
    FullName,
    /// Date of birth, foundation or another date that stays the same.
    Date,
    /// Gender or title.
    Gender,
    /// E-mail address.
    Email,
    /// Telephone number.
    Phone,
    /// House number alone.
    StreetNumber,
    /// Street, with or without the house number.
    Street,
    /// A further address line: building, place name.
    AddressLine,
    /// A whole address in one cell.
    FullAddress,
    /// Postal code.
    Postcode,
    /// City, suburb or locality.
    City,
    /// State, county or region.
    Region,
    /// Country.
    Country,
    /// Name of an organisation.
    OrganisationName,
    /// A number that identifies the entity: SIREN, VAT, social security, customer number of a shared register.
    Identifier,
    /// Web address.
    Website,
    /// Words: a title, a name of a thing, a description.
    Text,
    /// A few words or a code that many records share: brand, venue, type.
    Category,
    /// A number: price, year, weight.
    Number,
    /// Degrees north of the equator.
    Latitude,
    /// Degrees east of Greenwich.
    Longitude,
    /// Latitude and longitude in one cell.
    Coordinates,
    /// Not compared: row numbers, dates of entry, free remarks.
    Ignore,
}

/// The role of one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnConfig {
    /// The name of the column.
    pub name: String,
    /// What it holds.
    pub role: Role,
    /// Whether its cells may hold several e-mail addresses or telephone numbers, which are compared as a set: up to three.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub several: bool,
    /// How the role was recognised; empty when a person gave it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub because: String,
}

/// Where the bands between “the same”, “ask someone” and “different” lie, as the probability that a pair is a match.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Thresholds {
    /// Pairs at least this probable are linked.
    pub matched: f64,
    /// Linked pairs below this probability are proposed for review.
    pub sure: f64,
    /// Pairs at least this probable are kept and proposed for review.
    pub review: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { matched: 0.5, sure: 0.95, review: 0.05 }
    }
}

/// How to resolve one table.
///
/// ```
/// use matching::{Config, Role};
/// let config = Config::from_toml(r#"
///     entity = "person"
///     region = "FR"
///     [[columns]]
///     name = "nom"
///     role = "last_name"
/// "#)?;
/// assert_eq!(config.columns[0].role, Role::LastName);
/// assert_eq!(Config::from_toml(&config.to_toml())?, config);
/// # Ok::<(), matching::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// What a record describes.
    #[serde(default)]
    pub entity: Entity,
    /// The country whose habits read telephone numbers without prefix and dates that could be read two ways (ISO 3166).
    #[serde(default = "default_region")]
    pub region: String,
    /// Whether `03/04/1990` is the 4th of March; told from the data when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month_first: Option<bool>,
    /// Sources in which no two records are the same.
    #[serde(default)]
    pub distinct_sources: Vec<String>,
    /// Blocking rules such as `last_name.sound + date`; empty to have them proposed from the data.
    #[serde(default)]
    pub blocking: Vec<String>,
    /// The bands.
    #[serde(default)]
    pub thresholds: Thresholds,
    /// What the columns hold. Columns that are not named are not compared.
    #[serde(default)]
    pub columns: Vec<ColumnConfig>,
}

fn default_region() -> String {
    "FR".to_owned()
}

impl Default for Config {
    fn default() -> Self {
        Self {
            entity: Entity::default(),
            region: default_region(),
            month_first: None,
            distinct_sources: Vec::new(),
            blocking: Vec::new(),
            thresholds: Thresholds::default(),
            columns: Vec::new(),
        }
    }
}

impl Thresholds {
    /// The bands for a kind of thing. Companies of one group and namesakes in one town are alike in several ways at once.
    pub fn of(entity: Entity) -> Self {
        let matched = if entity == Entity::Organisation { 0.6 } else { 0.5 };
        Self { matched, ..Self::default() }
    }
}

impl Config {
    /// Reads a configuration.
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        toml::from_str(text).map_err(|error| Error::Unreadable { what: "the configuration", detail: error.to_string() })
    }

    /// The configuration as text that [`from_toml`](Self::from_toml) reads back.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).unwrap_or_default()
    }

    /// The role of a column, [`Role::Ignore`] when it is not named.
    pub fn role(&self, column: &str) -> Role {
        self.columns.iter().find(|held| held.name == column).map_or(Role::Ignore, |held| held.role)
    }
}
