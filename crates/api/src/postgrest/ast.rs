/// A whole query string.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// The resource of the request's path.
    pub root: Level,
    /// `columns`: the only keys of the body that are written; none means all.
    pub columns: Option<Vec<String>>,
    /// `on_conflict`: the columns whose values decide that a row exists already.
    pub on_conflict: Option<Vec<String>>,
    /// Parameters that the caller keeps for itself, in the order they came.
    pub own: Vec<(String, String)>,
}

/// What is asked of one resource: the root, or an embedded one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Level {
    /// What each row shows. Empty only in an embedded resource, which then filters and shows nothing.
    pub select: Vec<Item>,
    /// Conditions that all hold.
    pub filters: Vec<Filter>,
    /// Sort order, most significant first.
    pub order: Vec<Order>,
    /// Which of the sorted rows.
    pub window: Window,
}

/// A stretch of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Window {
    /// Rows left out before the first.
    pub offset: u64,
    /// Most rows; none means no limit was asked for.
    pub limit: Option<u64>,
}

/// One thing a row shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// `*`: every column.
    All,
    /// A column, a part of one, or an aggregate over it.
    Column(Column),
    /// `count()`: how many rows.
    Count {
        /// Name in the answer in place of `count`.
        alias: Option<String>,
        /// Type the count is turned into.
        cast: Option<String>,
    },
    /// A related resource.
    Embed(Embed),
}

/// A column in `select`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Name in the answer in place of the column's own.
    pub alias: Option<String>,
    /// The column, or a part of it.
    pub field: Field,
    /// Type the value is turned into, before any aggregate.
    pub cast: Option<String>,
    /// Function over all rows of a group.
    pub aggregate: Option<Aggregate>,
}

/// A column, or a part of a JSON column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The column's name.
    pub name: String,
    /// Steps into its JSON value; empty for the column itself.
    pub path: Vec<Step>,
}

/// One step into a JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// `->>`: the value as text; `->`: as JSON.
    pub as_text: bool,
    /// Where to.
    pub key: Key,
}

/// A place in a JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// A member of an object.
    Name(String),
    /// An element of an array, from the end when negative.
    Index(i64),
}

/// An aggregate over a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aggregate {
    /// Which.
    pub function: Function,
    /// Type its result is turned into.
    pub cast: Option<String>,
}

/// Functions over a group of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Function {
    Avg,
    Count,
    Max,
    Min,
    Sum,
}

/// A related resource within a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embed {
    /// Name in the answer in place of the relation's own; a spread resource has none.
    pub alias: Option<String>,
    /// The related resource, or the column that refers to it.
    pub relation: String,
    /// `!hint`: which of several relations to that resource.
    pub hint: Option<String>,
    /// `!inner` or `!left`; none means left.
    pub join: Option<Join>,
    /// `...`: its columns stand in the row itself.
    pub spread: bool,
    /// What is asked of it.
    pub level: Level,
}

impl Embed {
    /// The name that other parameters use for it: the alias if there is one.
    #[must_use]
    pub fn name(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.relation)
    }
}

/// Whether a row without related rows stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    /// It goes.
    Inner,
    /// It stays.
    Left,
}

/// A condition or a group of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// A single condition.
    Condition(Condition),
    /// Conditions joined by `and` or `or`.
    Group {
        /// Whether the group as a whole is negated.
        negated: bool,
        /// How they are joined.
        connective: Connective,
        /// At least one.
        filters: Vec<Filter>,
    },
}

/// How the conditions of a group are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Connective {
    /// All hold.
    And,
    /// At least one holds.
    Or,
}

/// A test of one field. The field may also name an embedded resource, to ask whether it has rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// What is tested.
    pub field: Field,
    /// Whether the test must fail.
    pub negated: bool,
    /// The test.
    pub test: Test,
}

/// What is asked of a field's value. Values are texts; the field's type says how to read them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// `eq.5`. In patterns of `like` and `ilike`, `*` stands for `%`.
    Compare(Operator, String),
    /// `eq(any).{1,2}`: the comparison with any or with all of the values.
    Quantified(Operator, Quantifier, Vec<String>),
    /// `in.(a,b)`: equal to one of the values, possibly none.
    In(Vec<String>),
    /// `is.null`.
    Is(Truth),
    /// `fts(french).facture`.
    Search {
        /// How the words are read.
        kind: Search,
        /// Language whose rules apply; none means the default.
        language: Option<String>,
        /// The words.
        words: String,
    },
}

/// Comparisons of a field with one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `eq`: equal.
    Equal,
    /// `neq`: not equal.
    NotEqual,
    /// `gt`: greater.
    Greater,
    /// `gte`: greater or equal.
    GreaterOrEqual,
    /// `lt`: less.
    Less,
    /// `lte`: less or equal.
    LessOrEqual,
    /// `like`: matches a pattern, cases differ.
    Like,
    /// `ilike`: matches a pattern, cases do not differ.
    LikeIgnoringCase,
    /// `match`: matches a regular expression, cases differ.
    Match,
    /// `imatch`: matches a regular expression, cases do not differ.
    MatchIgnoringCase,
    /// `isdistinct`: not equal, where nothing equals nothing.
    Distinct,
    /// `cs`: contains all of these.
    Contains,
    /// `cd`: all of it is among these.
    Contained,
    /// `ov`: has one of these, or overlaps the range.
    Overlaps,
    /// `sl`: ends before the range begins.
    Before,
    /// `sr`: begins after the range ends.
    After,
    /// `nxr`: does not reach beyond the range's end.
    NotBeyond,
    /// `nxl`: does not reach before the range's start.
    NotAhead,
    /// `adj`: touches the range without overlap.
    Adjacent,
}

/// Whether a comparison must hold for one or for every value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// For one.
    Any,
    /// For every one.
    All,
}

/// What `is` compares with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// No value.
    Null,
    /// Some value.
    NotNull,
    /// True.
    True,
    /// False.
    False,
    /// A truth value that is missing.
    Unknown,
}

/// How the words of a search are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Search {
    /// `fts`: words joined by `&`, `|` and `!`.
    Query,
    /// `plfts`: all of the words.
    Plain,
    /// `phfts`: the words in this order.
    Phrase,
    /// `wfts`: as in a search engine, with quotes, `or` and `-`.
    Web,
}

/// One key of a sort order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The embedded resource whose column sorts; none for the level's own column.
    pub relation: Option<String>,
    /// The column.
    pub field: Field,
    /// Ascending unless said otherwise.
    pub direction: Direction,
    /// Where missing values go; none means last when ascending, first when descending.
    pub nulls: Option<Nulls>,
}

/// Direction of a sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// Smallest first.
    #[default]
    Ascending,
    /// Largest first.
    Descending,
}

/// Where missing values are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nulls {
    /// Before all others.
    First,
    /// After all others.
    Last,
}

impl Level {
    /// The embedded resource that other parameters call by this name.
    #[must_use]
    pub fn embed(&self, name: &str) -> Option<&Embed> {
        self.embeds().find(|embed| embed.name() == name)
    }

    /// Embedded resources in the order of `select`.
    pub fn embeds(&self) -> impl Iterator<Item = &Embed> {
        self.select.iter().filter_map(|item| match item {
            Item::Embed(embed) => Some(embed),
            _ => None,
        })
    }

    pub(super) fn embed_mut(&mut self, name: &str) -> Option<&mut Embed> {
        self.select.iter_mut().find_map(|item| match item {
            Item::Embed(embed) if embed.name() == name => Some(embed),
            _ => None,
        })
    }
}

impl Filter {
    /// The conditions of this filter, groups taken apart.
    pub fn conditions(&self) -> Box<dyn Iterator<Item = &Condition> + '_> {
        match self {
            Self::Condition(condition) => Box::new(std::iter::once(condition)),
            Self::Group { filters, .. } => Box::new(filters.iter().flat_map(Self::conditions)),
        }
    }
}

impl Window {
    /// The part of this window that lies in another one of the same rows.
    ///
    /// `limit=10` under `Range: 5-9` are rows 5 to 9.
    #[must_use]
    pub fn within(self, other: Self) -> Self {
        let offset = self.offset.max(other.offset);
        let end = match (self.end(), other.end()) {
            (Some(one), Some(two)) => Some(one.min(two)),
            (one, two) => one.or(two),
        };
        Self { offset, limit: end.map(|end| end.saturating_sub(offset)) }
    }

    /// The first row after the window.
    fn end(self) -> Option<u64> {
        self.limit.map(|limit| self.offset.saturating_add(limit))
    }
}
