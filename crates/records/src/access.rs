//! Who may do what: the one predicate that every read and write uses.

use std::collections::HashMap;

use kernel::{Actor, Ctx, Id};
use model::{Filter, Grant, Ident, ObjectDef, Op, Operand, Path, Record, Schema, Scope, Value, system};

use crate::RecordError;

/// What an actor may do, computed once and kept for some seconds.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// The user; none for the product itself.
    pub user: Option<Id>,
    /// Whether everything is allowed: the product itself, administrators.
    pub full: bool,
    /// The roles, by key and name.
    pub roles: Vec<(String, String)>,
    /// The user's team and those below it.
    pub teams: Vec<Id>,
    /// The merged rights by object; each with the roles that give them.
    grants: HashMap<Ident, Vec<(usize, Grant)>>,
    /// Limits of the API token in use, if any.
    pub scopes: Option<Vec<String>>,
}

/// What is done with records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Action {
    Read,
    Create,
    Update,
    Delete,
}

/// Why an actor may see a record.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// A role reads every record of the object.
    Everything(String),
    /// The actor owns it.
    Owner(String),
    /// It belongs to one of the actor's teams.
    Team(String),
    /// It is shared with everybody.
    Shared,
    /// Administrators see everything.
    Administrator,
    /// It can be seen because the record that it is about can be.
    About(Ident),
}

impl Action {
    /// The name in errors and scopes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Action::Read => "read",
            Action::Create => "create",
            Action::Update => "update",
            Action::Delete => "delete",
        }
    }
}

impl Access {
    /// The product itself.
    pub fn everything() -> Access {
        Access { full: true, ..Access::default() }
    }

    /// A user with roles: their keys, names and own grants. Grants of several roles add up.
    pub fn of_user(
        user: Id,
        admin: bool,
        roles: Vec<(String, String, HashMap<Ident, Grant>)>,
        teams: Vec<Id>,
        schema: &Schema,
    ) -> Access {
        let mut grants = HashMap::new();
        for object in schema.objects() {
            let list = roles.iter().enumerate().map(|(i, (key, _, own))| (i, grant_of(object, key, own))).collect();
            grants.insert(object.name.clone(), list);
        }
        let roles = roles.into_iter().map(|(key, name, _)| (key, name)).collect();
        Access { user: Some(user), full: admin, roles, teams, grants, scopes: None }
    }

    fn list(&self, object: &ObjectDef) -> &[(usize, Grant)] {
        self.grants.get(&object.name).map_or(&[], Vec::as_slice)
    }

    /// The widest scope of an action; for creations all or none.
    pub fn scope(&self, object: &ObjectDef, action: Action) -> Scope {
        if !self.token_allows(object, action) {
            return Scope::None;
        }
        if self.full {
            return Scope::All;
        }
        let of = |grant: &Grant| match action {
            Action::Read => grant.read,
            Action::Create if grant.create => Scope::All,
            Action::Create => Scope::None,
            Action::Update => grant.update.min(grant.read),
            Action::Delete => grant.delete.min(grant.read),
        };
        self.list(object).iter().map(|(_, g)| of(g)).max().unwrap_or(Scope::None)
    }

    fn token_allows(&self, object: &ObjectDef, action: Action) -> bool {
        let Some(scopes) = &self.scopes else { return true };
        let verb = if action == Action::Read { "read" } else { "write" };
        scopes.iter().any(|scope| {
            let (what, on) = scope.split_once(':').unwrap_or((scope, "*"));
            (what == verb || what == "write") && (on == "*" || object.name == on)
        })
    }

    /// Whether the actor may do something with the object at all; the filter says with which records.
    pub fn check(&self, object: &ObjectDef, action: Action) -> Result<(), RecordError> {
        if self.scope(object, action) == Scope::None && !(action == Action::Read && self.reads_shared(object)) {
            return Err(RecordError::forbidden(action.as_str(), &object.name));
        }
        Ok(())
    }

    fn reads_shared(&self, object: &ObjectDef) -> bool {
        object.shared_by.is_some() && self.user.is_some() && self.token_allows(object, Action::Read)
    }

    /// The records with which the actor may do something, as a bound filter. Invariant 2: every path goes through this.
    pub fn filter(&self, schema: &Schema, object: &ObjectDef, action: Action) -> Filter {
        let own = |id| condition(system::OWNER, Op::Eq, Operand::Value(Value::Id(id)));
        let mut filter = match (self.scope(object, action), self.user) {
            (Scope::All, _) => Filter::All,
            (Scope::Own, Some(me)) => own(me),
            (Scope::Team, Some(me)) => {
                let teams = self.teams.iter().copied().map(Value::Id).collect::<Vec<_>>();
                let team = condition(system::TEAM, Op::In, Operand::Values(teams));
                if self.teams.is_empty() { own(me) } else { own(me).or(team) }
            }
            _ => Filter::None,
        };
        if action == Action::Read
            && let Some(field) = object.shared_by.as_ref().filter(|_| self.reads_shared(object))
        {
            filter = filter.or(Filter::is(field.clone(), Op::Eq, Operand::Value(Value::Bool(true))));
        }
        match &object.guarded_by {
            Some(field) if !self.full => filter.and(self.guard(schema, object, field)),
            _ => filter,
        }
    }

    /// The record that `field` points to can be read, or there is none.
    fn guard(&self, schema: &Schema, object: &ObjectDef, field: &Ident) -> Filter {
        let Some(def) = object.field(field.as_str()) else { return Filter::None };
        let targets = def.targets().unwrap_or_default();
        let polymorphic = matches!(def.kind, model::FieldType::Polymorphic { .. });
        let all: Vec<&Ident> =
            if targets.is_empty() { schema.objects().map(|o| &o.name).collect() } else { targets.iter().collect() };
        let mut filter = Filter::is(field.clone(), Op::IsNull, Operand::None);
        let mut open = Vec::new();
        let mut restricted = false;
        for name in all {
            // A record about a record about a record …: one level is looked at, the guard of the target included.
            let Some(target) = schema.object(name.as_str()).filter(|t| t.name != object.name) else { continue };
            match self.filter(schema, target, Action::Read) {
                Filter::All => open.push(Value::Text(name.to_string())),
                Filter::None => restricted = true,
                inner => {
                    restricted = true;
                    filter = filter.or(Filter::Related {
                        field: field.clone(),
                        object: Some(name.clone()),
                        filter: Box::new(inner),
                    });
                }
            }
        }
        if !restricted {
            return Filter::All;
        }
        if polymorphic {
            let path = Path { field: field.clone(), part: Some(Ident::of("object")) };
            filter = filter.or(Filter::Is(model::Condition { path, op: Op::In, operand: Operand::Values(open) }));
        } else if !open.is_empty() {
            filter = Filter::All;
        }
        filter
    }

    /// Whether a field may be read, which is also needed to filter, sort, search or export by it.
    pub fn reads(&self, object: &ObjectDef, field: &Ident) -> bool {
        let list = self.list(object);
        self.full || list.iter().any(|(_, g)| g.read > Scope::None && !g.hidden.contains(field)) || list.is_empty()
    }

    /// Refuses to search an object some of whose searchable fields are hidden: the index holds the words of all of them, and a hit on a
    /// hidden one would tell what it says.
    pub fn check_search(&self, object: &ObjectDef) -> Result<(), RecordError> {
        match object.fields.iter().find(|f| f.searchable && !self.reads(object, &f.name)) {
            Some(hidden) => Err(RecordError::forbidden("read", format!("{}.{}", object.name, hidden.name))),
            None => Ok(()),
        }
    }

    /// Whether a field may be written.
    pub fn writes(&self, object: &ObjectDef, field: &Ident) -> bool {
        self.full
            || self.list(object).iter().any(|(_, g)| {
                (g.create || g.update > Scope::None) && !g.hidden.contains(field) && !g.locked.contains(field)
            })
    }

    /// Refuses a filter that looks at a field which the actor may not read.
    pub fn check_paths(&self, schema: &Schema, object: &ObjectDef, filter: &Filter) -> Result<(), RecordError> {
        if self.full {
            return Ok(());
        }
        let mut refused = None;
        filter.paths(&object.name, &mut |name, field| {
            if let Some(def) = schema.object(name.as_str())
                && !(self.reads(def, field) && self.scope(def, Action::Read) > Scope::None || self.reads_shared(def))
            {
                refused = Some(format!("{name}.{field}"));
            }
        });
        refused.map_or(Ok(()), |path| Err(RecordError::forbidden("read", path)))
    }

    /// Everything that lets the actor see a record, for “why can this person see this?”. Empty when nothing does.
    pub fn explain(&self, object: &ObjectDef, record: &Record) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if self.full {
            reasons.push(Reason::Administrator);
        }
        for (i, grant) in self.list(object) {
            let role = self.roles.get(*i).map_or_else(String::new, |(_, name)| name.clone());
            let owner = record.owner().is_some() && record.owner() == self.user;
            let team = record.team().is_some_and(|t| self.teams.contains(&t));
            match grant.read {
                Scope::All => reasons.push(Reason::Everything(role)),
                Scope::Own | Scope::Team if owner => reasons.push(Reason::Owner(role)),
                Scope::Team if team => reasons.push(Reason::Team(role)),
                _ => {}
            }
        }
        if let Some(field) = &object.shared_by
            && *record.value(field.as_str()) == Value::Bool(true)
        {
            reasons.push(Reason::Shared);
        }
        if let Some(field) = &object.guarded_by
            && !reasons.is_empty()
            && !self.full
        {
            reasons.push(Reason::About(field.clone()));
        }
        reasons
    }

    /// Refuses whoever is no administrator.
    pub fn administers(&self) -> Result<(), RecordError> {
        if self.full && self.scopes.is_none() { Ok(()) } else { Err(RecordError::forbidden("administer", "settings")) }
    }

    /// The access of an actor whose rights are not kept in the database.
    pub fn of_actor(ctx: &Ctx) -> Option<Access> {
        match ctx.actor {
            Actor::System => Some(Access::everything()),
            Actor::Nobody => Some(Access::default()),
            Actor::User(_) => None,
        }
    }
}

/// A role's rights on an object: its own, else what the object's definition gives that role, else what it gives every role.
fn grant_of(object: &ObjectDef, role: &str, own: &HashMap<Ident, Grant>) -> Grant {
    let declared = |name: &str| object.grants.iter().find(|(role, _)| role == name).map(|(_, g)| g.clone());
    own.get(&object.name).cloned().or_else(|| declared(role)).or_else(|| declared("*")).unwrap_or_else(|| {
        if object.setup {
            Grant::default()
        } else {
            Grant { read: Scope::All, create: true, update: Scope::Team, delete: Scope::Own, ..Grant::default() }
        }
    })
}

fn condition(field: &'static str, op: Op, operand: Operand) -> Filter {
    Filter::is(Ident::of(field), op, operand)
}
