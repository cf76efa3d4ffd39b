use jiff::civil::Date;

/// The objects of the sample company, each after those it refers to.
pub const OBJECTS: [&str; 13] = [
    "team",
    "user",
    "product",
    "pipeline",
    "stage",
    "account",
    "contact",
    "lead",
    "opportunity",
    "task",
    "call",
    "meeting",
    "note",
];

/// What to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Everything that is left to chance follows from it.
    pub seed: u64,
    /// The day the company lives in: sales look back two years from it, tasks are overdue or due around it.
    pub today: Date,
    /// How many records.
    pub sizes: Sizes,
}

impl Plan {
    /// A company of the usual size.
    pub fn new(seed: u64, today: Date) -> Self {
        Self { seed, today, sizes: Sizes::default() }
    }

    /// The same company with every volume multiplied, in thousandths: 1000 changes nothing, 500 halves.
    pub fn scaled(mut self, thousandths: u64) -> Self {
        self.sizes = Sizes::default().scaled(thousandths);
        self
    }
}

/// How many records of each object whose volume can grow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sizes {
    /// Companies.
    pub accounts: u64,
    /// People, seven of ten at a company.
    pub contacts: u64,
    /// People not yet qualified.
    pub leads: u64,
    /// Sales, won, lost and open.
    pub opportunities: u64,
    /// Tasks.
    pub tasks: u64,
    /// Phone calls.
    pub calls: u64,
    /// Meetings.
    pub meetings: u64,
    /// Notes.
    pub notes: u64,
    /// People who appear in the source files.
    pub people: u64,
}

impl Default for Sizes {
    fn default() -> Self {
        Self {
            accounts: 1_200,
            contacts: 3_500,
            leads: 600,
            opportunities: 1_500,
            tasks: 3_150,
            calls: 2_250,
            meetings: 1_350,
            notes: 2_250,
            people: 2_000,
        }
    }
}

impl Sizes {
    /// Sizes with this many contacts and everything else in proportion.
    pub fn for_contacts(contacts: u64) -> Self {
        let usual = Self::default();
        let mut sizes = usual.map(|size| {
            u64::try_from(u128::from(size) * u128::from(contacts) / u128::from(usual.contacts)).unwrap_or(u64::MAX)
        });
        sizes.contacts = contacts.max(1);
        sizes
    }

    fn scaled(&self, thousandths: u64) -> Self {
        self.map(|size| size.saturating_mul(thousandths) / 1000)
    }

    fn map(&self, change: impl Fn(u64) -> u64) -> Self {
        let change = |size| change(size).max(1);
        Self {
            accounts: change(self.accounts),
            contacts: change(self.contacts),
            leads: change(self.leads),
            opportunities: change(self.opportunities),
            tasks: change(self.tasks),
            calls: change(self.calls),
            meetings: change(self.meetings),
            notes: change(self.notes),
            people: change(self.people),
        }
    }

    /// Contacts that work at an account: every account has at least one where there are enough.
    pub(crate) fn business_contacts(&self) -> u64 {
        self.contacts * 7 / 10
    }
}
