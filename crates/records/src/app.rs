use std::sync::Arc;

use model::{ObjectDef, Problem};
use store::BoxFuture;

use crate::jobs::Handler;
use crate::pipeline::{Cx, Draft};
use crate::{RecordError, Space};

/// An app: what it adds to the platform. Its `lib.rs` builds one; that is its table of contents.
#[derive(Default)]
pub struct App {
    /// Its name.
    pub name: &'static str,
    /// Its objects, in the order of the navigation.
    pub objects: Vec<ObjectDef>,
    /// What happens when its records change.
    pub rules: Vec<Rule>,
    /// Its words, French and English Fluent sources.
    pub words: Vec<(&'static str, &'static str)>,
    /// What it does with what came in since it last looked.
    pub followers: Vec<Follower>,
    /// The records with which every tenant starts.
    pub seeds: Vec<Seed>,
    /// The jobs that it knows how to run, by kind.
    pub jobs: Vec<(&'static str, Handler)>,
    /// The kinds of these that may take hours: no other job waits for them.
    pub long_jobs: Vec<&'static str>,
    /// What it looks at before records are written that nobody typed one by one.
    pub screens: Vec<Screen>,
}

/// Makes records with which every tenant starts, where they are missing; runs when a tenant is opened with definitions it has not seen.
/// Records that somebody deleted are in the bin, and stay there.
pub type Seed = fn(Arc<Space>) -> BoxFuture<'static, Result<(), RecordError>>;

/// Follows a log: looks at what came in since it last looked, does what follows from it, and answers whether there was anything. The
/// worker calls it again and again, in several processes at once; it keeps its position in the transaction of what it does.
pub type Follower = fn(Arc<Space>) -> BoxFuture<'static, Result<bool, RecordError>>;

/// Something that happens when a record changes.
#[derive(Clone, Copy)]
pub struct Rule {
    /// The object.
    pub object: &'static str,
    /// At which point of the pipeline.
    pub when: When,
    /// What to do.
    pub run: RuleFn,
}

/// When a rule runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum When {
    /// Before validation, on creations and updates: may change the record.
    Saving,
    /// After the record was written, in the same transaction: may write other records.
    Saved,
    /// Before a record goes to the bin: may refuse.
    Deleting,
}

/// A rule's code. It awaits nothing but the context's own operations.
pub type RuleFn = for<'a, 'w> fn(&'a mut Draft, &'a mut Cx<'w>) -> BoxFuture<'a, Result<(), RecordError>>;

/// Looks at the records of an object that a file or a program is about to make or change, and answers for each, in their order, why it must
/// not, if so: that row is rejected with the reason. Called once for each thousand rows of an import, in their transaction.
pub type Screen = for<'a, 'w> fn(
    &'a mut Cx<'w>,
    &'a ObjectDef,
    &'a [&'a Draft],
) -> BoxFuture<'a, Result<Vec<Option<Problem>>, RecordError>>;

impl App {
    /// A new app.
    pub fn new(name: &'static str) -> App {
        App { name, ..App::default() }
    }

    /// Adds an object.
    pub fn object(mut self, object: ObjectDef) -> App {
        self.objects.push(object);
        self
    }

    /// Adds a rule.
    pub fn on(mut self, object: &'static str, when: When, run: RuleFn) -> App {
        self.rules.push(Rule { object, when, run });
        self
    }

    /// Adds a follower.
    pub fn follow(mut self, run: Follower) -> App {
        self.followers.push(run);
        self
    }

    /// Adds records with which every tenant starts.
    pub fn seed(mut self, run: Seed) -> App {
        self.seeds.push(run);
        self
    }

    /// Says how jobs of a kind are run.
    pub fn job(mut self, kind: &'static str, run: Handler) -> App {
        self.jobs.push((kind, run));
        self
    }

    /// Says how jobs of a kind are run that may take hours.
    pub fn long_job(mut self, kind: &'static str, run: Handler) -> App {
        self.long_jobs.push(kind);
        self.job(kind, run)
    }

    /// Looks at what files and programs bring before it is written.
    pub fn screen(mut self, run: Screen) -> App {
        self.screens.push(run);
        self
    }

    /// Adds words: the French source, then the English one.
    pub fn words(mut self, fr: &'static str, en: &'static str) -> App {
        self.words.push((fr, en));
        self
    }
}
