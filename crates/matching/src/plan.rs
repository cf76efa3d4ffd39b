//! From roles of columns to what is read, kept and compared.

use crate::dictionary::ValueKind;
use crate::{ColumnConfig, Config, Entity, Error, Role};

/// What one number per record stands for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Slot {
    /// A name for blocking rules and frequency tables: `last_name`, `phone`, `phone_2`.
    pub name: String,
    /// Its dictionary.
    pub dictionary: usize,
}

/// How a column's cells are read, and into which slots.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reader {
    Last(usize),
    First(usize),
    Full {
        last: usize,
        first: usize,
    },
    Date(usize),
    /// Up to as many addresses, or numbers, as there are slots.
    Email(Vec<usize>),
    Phone(Vec<usize>),
    HouseNumber(usize),
    Street {
        number: usize,
        street: usize,
    },
    Address {
        number: usize,
        street: usize,
        postcode: usize,
        city: usize,
    },
    Postcode(usize),
    City(usize),
    Word(usize),
    Country(usize),
    Organisation(usize),
    Identifier(usize),
    /// A number of a register of companies, or another identifier.
    Company {
        company: usize,
        other: usize,
    },
    Website(usize),
    /// The mailbox of a company, and its domain for a website.
    CompanyEmail {
        email: Vec<usize>,
        website: usize,
    },
    Text {
        words: usize,
        codes: usize,
    },
    Number(usize),
    Latitude(usize),
    Longitude(usize),
    Coordinates {
        latitude: usize,
        longitude: usize,
    },
}

/// What is compared. The numbers are slots.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Last {
        last: usize,
        first: Option<usize>,
    },
    First {
        first: usize,
        last: Option<usize>,
    },
    Date(usize),
    Email(Vec<usize>),
    Phone(Vec<usize>),
    Address {
        number: Option<usize>,
        street: Option<usize>,
        postcode: Option<usize>,
        city: Option<usize>,
    },
    Word(usize),
    Organisation(usize),
    Identifier(usize),
    Website(usize),
    Text(usize),
    Codes(usize),
    Number(usize),
    /// The distance of two points, which says little where the address has said it.
    Distance {
        point: Point,
        address: [Option<usize>; 4],
    },
}

impl Kind {
    /// The slots that the comparison reads.
    pub fn slots(&self) -> Vec<usize> {
        match self {
            Kind::Last { last, .. } => vec![*last],
            Kind::First { first, .. } => vec![*first],
            Kind::Email(slots) | Kind::Phone(slots) => slots.clone(),
            Kind::Address { number, street, postcode, city } => {
                [number, street, postcode, city].into_iter().flatten().copied().collect()
            }
            Kind::Distance { point, .. } => vec![point.point, point.latitude, point.longitude],
            Kind::Date(slot) | Kind::Word(slot) | Kind::Organisation(slot) | Kind::Text(slot) => vec![*slot],
            Kind::Codes(slot) | Kind::Identifier(slot) | Kind::Website(slot) | Kind::Number(slot) => vec![*slot],
        }
    }

    /// Whether related but different entities tend to agree on it: what a household, or
    /// a group of companies, has in common.
    pub fn is_shared(&self) -> bool {
        matches!(
            self,
            Kind::Last { .. }
                | Kind::Address { .. }
                | Kind::Distance { .. }
                | Kind::Email(_)
                | Kind::Phone(_)
                | Kind::Organisation(_)
                | Kind::Website(_)
        )
    }
}

/// One comparison of the plan.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Compared {
    pub name: String,
    pub kind: Kind,
    /// Positions in [`Plan::columns`].
    pub columns: Vec<usize>,
}

/// What is read from a table, kept of each record, and compared between records.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Plan {
    pub entity: Entity,
    pub region: String,
    /// The columns that are read, by name, with their reader.
    pub columns: Vec<(String, Reader)>,
    pub slots: Vec<Slot>,
    pub dictionaries: Vec<ValueKind>,
    pub comparisons: Vec<Compared>,
    /// The shape of an e-mail address that is made from the name, where records have both.
    pub shape: Option<Shape>,
    /// The place of a record, where it has a latitude and a longitude.
    pub point: Option<Point>,
    /// Slots that together are one entity's own: each contact point and number, and a name with a date.
    pub own: Vec<Vec<usize>>,
}

/// The slots of a shape: where it is kept, and what it is made from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Shape {
    pub shape: usize,
    pub email: usize,
    pub last: usize,
    pub first: Option<usize>,
}

/// The slots of a place: latitude and longitude, and where both are kept as one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Point {
    pub point: usize,
    pub latitude: usize,
    pub longitude: usize,
}

impl Plan {
    /// The plan of a configuration.
    pub fn new(config: &Config) -> Result<Self, Error> {
        let mut plan = Plan { entity: config.entity, region: config.region.to_uppercase(), ..Plan::default() };
        for column in &config.columns {
            plan.add_column(column);
        }
        if let (Some(email), Some(last)) = (plan.slot("email"), plan.slot("last_name")) {
            let first = plan.slot("first_name");
            plan.shape = Some(Shape { shape: plan.one("email_shape", ValueKind::Code), email, last, first });
        }
        if let (Some(latitude), Some(longitude)) = (plan.slot("latitude"), plan.slot("longitude")) {
            plan.point = Some(Point { point: plan.one("point", ValueKind::Point), latitude, longitude });
        }
        plan.add_comparisons();
        plan.own = plan.own_evidence();
        if plan.comparisons.is_empty() {
            let names: Vec<&str> = config.columns.iter().map(|column| column.name.as_str()).collect();
            return Err(Error::NothingToCompare(names.join(", ")));
        }
        Ok(plan)
    }

    fn add_column(&mut self, column: &ColumnConfig) {
        let values = if column.several { SEVERAL } else { 1 };
        let reader = match column.role {
            Role::Ignore => return,
            Role::LastName => Reader::Last(self.one("last_name", ValueKind::Name)),
            Role::FirstName => Reader::First(self.one("first_name", ValueKind::Name)),
            Role::FullName => Reader::Full {
                last: self.one("last_name", ValueKind::Name),
                first: self.one("first_name", ValueKind::Name),
            },
            Role::Date => Reader::Date(self.another("date", ValueKind::Date)),
            // The domain of a company's mailbox is its website, unless anyone can have a mailbox there.
            Role::Email if self.entity == Entity::Organisation => Reader::CompanyEmail {
                email: self.others("email", ValueKind::Email, values),
                website: self.one("website", ValueKind::Code),
            },
            Role::Email => Reader::Email(self.others("email", ValueKind::Email, values)),
            Role::Phone => Reader::Phone(self.others("phone", ValueKind::Phone, values)),
            Role::StreetNumber => Reader::HouseNumber(self.one("house_number", ValueKind::Code)),
            Role::Street if self.columns.iter().any(|(_, reader)| matches!(reader, Reader::Street { .. })) => {
                Reader::City(self.another("line", ValueKind::Place))
            }
            Role::Street => Reader::Street {
                number: self.one("house_number", ValueKind::Code),
                street: self.one("street", ValueKind::Place),
            },
            Role::FullAddress => Reader::Address {
                number: self.one("house_number", ValueKind::Code),
                street: self.one("street", ValueKind::Place),
                postcode: self.one("postcode", ValueKind::Code),
                city: self.one("city", ValueKind::Place),
            },
            Role::AddressLine => Reader::City(self.another("line", ValueKind::Place)),
            Role::Postcode => Reader::Postcode(self.one("postcode", ValueKind::Code)),
            Role::City => Reader::City(self.one("city", ValueKind::Place)),
            Role::Gender => Reader::Word(self.another("gender", ValueKind::Code)),
            Role::Region => Reader::Word(self.another("region", ValueKind::Code)),
            Role::Country => Reader::Country(self.another("country", ValueKind::Code)),
            Role::Category => Reader::Word(self.another("category", ValueKind::Code)),
            Role::OrganisationName => Reader::Organisation(self.another("organisation", ValueKind::Words)),
            Role::Identifier if self.entity == Entity::Organisation => Reader::Company {
                company: self.one("company", ValueKind::Company),
                other: self.one("identifier", ValueKind::Code),
            },
            Role::Identifier => Reader::Identifier(self.another("identifier", ValueKind::Code)),
            Role::Website => Reader::Website(self.one("website", ValueKind::Code)),
            Role::Text => Reader::Text {
                words: self.another("text", ValueKind::Words),
                codes: self.another("codes", ValueKind::Words),
            },
            Role::Number => Reader::Number(self.another("number", ValueKind::Number)),
            Role::Latitude => Reader::Latitude(self.one("latitude", ValueKind::Number)),
            Role::Longitude => Reader::Longitude(self.one("longitude", ValueKind::Number)),
            Role::Coordinates => Reader::Coordinates {
                latitude: self.one("latitude", ValueKind::Number),
                longitude: self.one("longitude", ValueKind::Number),
            },
        };
        self.columns.push((column.name.clone(), reader));
    }

    /// The slot of a name, made when it is new.
    fn one(&mut self, name: &str, kind: ValueKind) -> usize {
        self.slot(name).unwrap_or_else(|| self.add_slot(name.to_owned(), kind))
    }

    /// A slot of its own: `phone`, then `phone_2`.
    fn another(&mut self, name: &str, kind: ValueKind) -> usize {
        let free = (1..).map(|n| if n == 1 { name.to_owned() } else { format!("{name}_{n}") });
        let name = free.into_iter().find(|name| self.slot(name).is_none()).unwrap_or_default();
        self.add_slot(name, kind)
    }

    /// Some slots of their own.
    fn others(&mut self, name: &str, kind: ValueKind, count: usize) -> Vec<usize> {
        (0..count).map(|_| self.another(name, kind)).collect()
    }

    fn add_slot(&mut self, name: String, kind: ValueKind) -> usize {
        // First and last names share a dictionary, so that swapped names are seen by their numbers; so do repeated roles.
        let group = |name: &str| match name.split('_').next().unwrap_or(name) {
            "last" | "first" => "names".to_owned(),
            "phone" => "phone".to_owned(),
            "email" if name != "email_shape" => "email".to_owned(),
            _ => name.to_owned(),
        };
        let wanted = group(&name);
        let dictionary = match self.slots.iter().find(|slot| group(&slot.name) == wanted) {
            Some(slot) => slot.dictionary,
            None => {
                self.dictionaries.push(kind);
                self.dictionaries.len() - 1
            }
        };
        self.slots.push(Slot { name, dictionary });
        self.slots.len() - 1
    }

    /// The slot with a name.
    pub fn slot(&self, name: &str) -> Option<usize> {
        self.slots.iter().position(|slot| slot.name == name)
    }

    /// Whether related but different entities can be told: by what is each one's own, beside what they share.
    pub fn tells_related(&self) -> bool {
        let own = match self.entity {
            Entity::Person => "first_name",
            Entity::Organisation => "company",
            Entity::Any => return false,
        };
        self.slot(own).is_some() && self.comparisons.iter().any(|compared| compared.kind.is_shared())
    }

    /// Whether records are people who can be told apart by something beside what a house has in common.
    pub fn tells_people(&self) -> bool {
        self.entity == Entity::Person && self.comparisons.len() > 1
    }

    /// The slots whose values are compared with those of a slot, itself among them.
    pub fn compared_with(&self, slot: usize) -> Vec<usize> {
        let sets = self.comparisons.iter().filter_map(|compared| match &compared.kind {
            Kind::Email(slots) | Kind::Phone(slots) if slots.contains(&slot) => Some(slots.clone()),
            _ => None,
        });
        sets.into_iter().next().unwrap_or_else(|| vec![slot])
    }

    fn own_evidence(&self) -> Vec<Vec<usize>> {
        let alone = ["email", "phone", "company", "identifier"].map(|name| self.slots_named(name)).concat();
        let dated = self.slot("last_name").zip(self.slot("date"));
        alone.into_iter().map(|slot| vec![slot]).chain(dated.map(|(name, date)| vec![name, date])).collect()
    }

    /// The slots with a name and its repetitions.
    fn slots_named(&self, name: &str) -> Vec<usize> {
        let ours = |slot: &str| slot == name || slot.strip_prefix(name).is_some_and(|rest| rest.starts_with('_'));
        (0..self.slots.len())
            .filter(|slot| ours(&self.slots[*slot].name) && self.shape.is_none_or(|held| held.shape != *slot))
            .collect()
    }

    fn add_comparisons(&mut self) {
        let (last, first) = (self.slot("last_name"), self.slot("first_name"));
        if let Some(last) = last {
            self.compare("last_name", Kind::Last { last, first });
        }
        if let Some(first) = first {
            self.compare("first_name", Kind::First { first, last });
        }
        for slot in self.slots_named("organisation") {
            self.compare_slot(slot, Kind::Organisation(slot));
        }
        for slot in self.slots_named("text") {
            self.compare_slot(slot, Kind::Text(slot));
        }
        for slot in self.slots_named("codes") {
            self.compare_slot(slot, Kind::Codes(slot));
        }
        for slot in self.slots_named("date") {
            self.compare_slot(slot, Kind::Date(slot));
        }
        for (name, kind) in [("email", Kind::Email as fn(Vec<usize>) -> Kind), ("phone", Kind::Phone)] {
            let slots = self.slots_named(name);
            if !slots.is_empty() {
                self.compare(name, kind(slots));
            }
        }
        let [number, street, postcode, city] =
            ["house_number", "street", "postcode", "city"].map(|name| self.slot(name));
        if number.or(street).or(postcode).or(city).is_some() {
            self.compare("address", Kind::Address { number, street, postcode, city });
        }
        if let Some(point) = self.point {
            self.compare("distance", Kind::Distance { point, address: [number, street, postcode, city] });
        }
        for name in ["line", "gender", "region", "country", "category"] {
            for slot in self.slots_named(name) {
                self.compare_slot(slot, Kind::Word(slot));
            }
        }
        for slot in [self.slots_named("company"), self.slots_named("identifier")].concat() {
            self.compare_slot(slot, Kind::Identifier(slot));
        }
        for slot in self.slots_named("website") {
            self.compare_slot(slot, Kind::Website(slot));
        }
        for slot in self.slots_named("number") {
            self.compare_slot(slot, Kind::Number(slot));
        }
        self.comparisons.truncate(MOST_COMPARISONS);
    }

    fn compare_slot(&mut self, slot: usize, kind: Kind) {
        let name = self.slots[slot].name.clone();
        self.compare(&name, kind);
    }

    fn compare(&mut self, name: &str, kind: Kind) {
        let slots = kind.slots();
        let reads = |reader: &Reader| reader.slots().iter().any(|slot| slots.contains(slot));
        let columns = (0..self.columns.len()).filter(|at| reads(&self.columns[*at].1)).collect();
        self.comparisons.push(Compared { name: name.to_owned(), kind, columns });
    }
}

/// Values that are kept of a cell which may hold several.
const SEVERAL: usize = 3;

/// More comparisons than this do not fit the word that holds a pattern of outcomes.
pub(crate) const MOST_COMPARISONS: usize = 14;

impl Reader {
    /// The slots that the reader fills.
    pub fn slots(&self) -> Vec<usize> {
        match self {
            Reader::Full { last, first } => vec![*last, *first],
            Reader::Street { number, street } => vec![*number, *street],
            Reader::Address { number, street, postcode, city } => vec![*number, *street, *postcode, *city],
            Reader::Text { words, codes } => vec![*words, *codes],
            Reader::Company { company, other } => vec![*company, *other],
            Reader::CompanyEmail { email, website } => [email.as_slice(), &[*website]].concat(),
            Reader::Email(slots) | Reader::Phone(slots) => slots.clone(),
            Reader::Last(slot) | Reader::First(slot) | Reader::Date(slot) => vec![*slot],
            Reader::HouseNumber(slot) | Reader::Postcode(slot) | Reader::City(slot) => vec![*slot],
            Reader::Word(slot) | Reader::Country(slot) | Reader::Organisation(slot) | Reader::Identifier(slot) => {
                vec![*slot]
            }
            Reader::Website(slot) | Reader::Number(slot) | Reader::Latitude(slot) | Reader::Longitude(slot) => {
                vec![*slot]
            }
            Reader::Coordinates { latitude, longitude } => vec![*latitude, *longitude],
        }
    }
}
