use kernel::Label;
use serde::{Deserialize, Serialize};

use crate::{Choice, FieldDef, FieldType, Hue, Ident};

/// The names of the fields that every record carries.
#[expect(missing_docs, reason = "the names say it")]
pub mod system {
    pub const ID: &str = "id";
    pub const CREATED_AT: &str = "created_at";
    pub const CREATED_BY: &str = "created_by";
    pub const UPDATED_AT: &str = "updated_at";
    pub const UPDATED_BY: &str = "updated_by";
    pub const OWNER: &str = "owner";
    pub const TEAM: &str = "team";
    pub const VERSION: &str = "version";
    pub const DELETED_AT: &str = "deleted_at";
    pub const SEQ: &str = "seq";
}

/// An object: declared once; its table, forms, lists, API, history, search and documentation derive from this.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObjectDef {
    /// Singular, also the table and the API's path.
    pub name: Ident,
    /// The letters in front of its records' identifiers.
    pub prefix: Ident,
    /// Its words in the singular, for objects that administrators add.
    #[serde(default, skip_serializing_if = "Label::is_empty")]
    pub label: Label,
    /// Its words in the plural.
    #[serde(default, skip_serializing_if = "Label::is_empty")]
    pub plural: Label,
    /// A Lucide icon's name.
    #[serde(default)]
    pub icon: String,
    /// The field that names a record.
    pub title: Ident,
    /// Its fields, the system's excluded until it enters a [`crate::Schema`].
    pub fields: Vec<FieldDef>,
    /// Indexes over several fields.
    #[serde(default)]
    pub indexes: Vec<IndexDef>,
    /// What lists and forms show first.
    #[serde(default)]
    pub layout: Layout,
    /// Conditions that every record must meet.
    #[serde(default)]
    pub validations: Vec<Validation>,
    /// A reference whose target must be visible for the record to be visible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guarded_by: Option<Ident>,
    /// A yes-or-no field: records where it holds are readable by everybody, whoever owns them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared_by: Option<Ident>,
    /// What roles may do with it, by role name; `*` for roles that are not named.
    #[serde(default)]
    pub grants: Vec<(String, Grant)>,
    /// Part of the platform's set-up (users, roles, webhooks …): not among the applications' objects.
    #[serde(default)]
    pub setup: bool,
    /// Shows on the timeline of the record it is about (calls, notes …): the field that points there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeline: Option<Ident>,
    /// Added by an administrator.
    #[serde(default)]
    pub custom: bool,
}

/// An index over several fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IndexDef {
    /// In order.
    pub fields: Vec<Ident>,
    /// No two records outside the bin have the same values.
    #[serde(default)]
    pub unique: bool,
}

/// What lists and forms show.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Layout {
    /// The columns of a new list.
    pub columns: Vec<Ident>,
    /// The form's sections.
    pub sections: Vec<Section>,
    /// The choice or reference whose values are a board's columns.
    pub board: Option<Ident>,
    /// The key facts beside the name.
    pub facts: Vec<Ident>,
    /// The amount summed at the head of a board's columns.
    pub sum: Option<Ident>,
}

/// A group of fields in a form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// Key of its words, for standard objects.
    pub name: Ident,
    /// Its words, for those an administrator adds.
    #[serde(default, skip_serializing_if = "Label::is_empty")]
    pub label: Label,
    /// Its fields.
    pub fields: Vec<Ident>,
}

/// A condition that every record must meet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Validation {
    /// Its name.
    pub name: Ident,
    /// A CEL expression that is true for a valid record.
    pub expression: String,
    /// The field beside which the message stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<Ident>,
    /// What to tell the user.
    pub message: Label,
}

/// How far a permission reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// No record.
    #[default]
    None,
    /// Records that one owns.
    Own,
    /// And those of one's teams and the teams below.
    Team,
    /// Every record.
    All,
}

/// What a role may do with an object's records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Grant {
    /// Whose records it may read.
    pub read: Scope,
    /// Whether it may create.
    pub create: bool,
    /// Whose records it may change.
    pub update: Scope,
    /// Whose records it may delete.
    pub delete: Scope,
    /// Fields it may not read (nor filter, sort or export by).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<Ident>,
    /// Fields it may read but not write.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locked: Vec<Ident>,
}

impl Grant {
    /// Everything.
    pub fn full() -> Grant {
        Grant { read: Scope::All, create: true, update: Scope::All, delete: Scope::All, ..Grant::default() }
    }

    /// Reading everything, changing nothing.
    pub fn read_only() -> Grant {
        Grant { read: Scope::All, ..Grant::default() }
    }

    /// Reading everything, creating, changing and deleting within `scope`.
    pub fn write(scope: Scope) -> Grant {
        Grant { read: Scope::All, create: true, update: scope, delete: scope, ..Grant::default() }
    }
}

impl ObjectDef {
    /// A standard object.
    pub fn new(
        name: &'static str,
        prefix: &'static str,
        icon: &str,
        title: &'static str,
        fields: Vec<FieldDef>,
    ) -> ObjectDef {
        ObjectDef {
            name: Ident::of(name),
            prefix: Ident::of(prefix),
            label: Label::default(),
            plural: Label::default(),
            icon: icon.to_owned(),
            title: Ident::of(title),
            fields,
            indexes: Vec::new(),
            layout: Layout::default(),
            validations: Vec::new(),
            guarded_by: None,
            shared_by: None,
            grants: Vec::new(),
            setup: false,
            timeline: None,
            custom: false,
        }
    }

    /// Names the columns of a new list.
    pub fn columns(mut self, fields: &[&'static str]) -> ObjectDef {
        self.layout.columns = idents(fields);
        self
    }

    /// Adds a section to the form.
    pub fn section(mut self, name: &'static str, fields: &[&'static str]) -> ObjectDef {
        self.layout.sections.push(Section { name: Ident::of(name), label: Label::default(), fields: idents(fields) });
        self
    }

    /// Names the key facts beside the name.
    pub fn facts(mut self, fields: &[&'static str]) -> ObjectDef {
        self.layout.facts = idents(fields);
        self
    }

    /// Names the field whose values are a board's columns, and the amount summed.
    pub fn board(mut self, by: &'static str, sum: Option<&'static str>) -> ObjectDef {
        self.layout.board = Some(Ident::of(by));
        self.layout.sum = sum.map(Ident::of);
        self
    }

    /// Adds an index over several fields.
    pub fn index(mut self, fields: &[&'static str], unique: bool) -> ObjectDef {
        self.indexes.push(IndexDef { fields: idents(fields), unique });
        self
    }

    /// Says what a role may do (`*`: roles that are not named).
    pub fn grant(mut self, role: &str, grant: Grant) -> ObjectDef {
        self.grants.push((role.to_owned(), grant));
        self
    }

    /// Makes the records visible only with the record that `field` points to, on whose timeline they show.
    pub fn about(mut self, field: &'static str) -> ObjectDef {
        self.guarded_by = Some(Ident::of(field));
        self.timeline = Some(Ident::of(field));
        self
    }

    /// Names the field that makes a record readable by everybody.
    pub fn shared_by(mut self, field: &'static str) -> ObjectDef {
        self.shared_by = Some(Ident::of(field));
        self
    }

    /// Makes it part of the platform's set-up.
    pub fn setup(mut self) -> ObjectDef {
        self.setup = true;
        self
    }

    /// A field by its name.
    pub fn field(&self, name: &str) -> Option<&FieldDef> {
        self.fields.iter().find(|f| f.name == name)
    }

    /// The fields that are not the system's.
    pub fn own_fields(&self) -> impl Iterator<Item = &FieldDef> {
        self.fields.iter().filter(|f| !f.system)
    }

    /// The fields with which every object is completed.
    pub fn system_fields() -> Vec<FieldDef> {
        let field = |name, kind| FieldDef { system: true, read_only: true, ..FieldDef::new(Ident::of(name), kind) };
        vec![
            field(system::ID, FieldType::Reference { to: Ident::of("self"), on_delete: Default::default() }),
            field(system::CREATED_AT, FieldType::DateTime),
            field(system::CREATED_BY, FieldType::User),
            FieldDef { indexed: true, ..field(system::UPDATED_AT, FieldType::DateTime) },
            field(system::UPDATED_BY, FieldType::User),
            FieldDef { indexed: true, read_only: false, ..field(system::OWNER, FieldType::User) },
            FieldDef {
                indexed: true,
                ..field(system::TEAM, FieldType::Reference { to: Ident::of("team"), on_delete: Default::default() })
            },
            field(system::VERSION, FieldType::Integer { min: None, max: None }),
            field(system::DELETED_AT, FieldType::DateTime),
        ]
    }
}

impl Choice {
    /// An option whose words are in Fluent.
    pub fn of(value: &str, hue: Hue) -> Choice {
        Choice { value: value.to_owned(), label: Label::default(), hue }
    }
}

fn idents(names: &[&'static str]) -> Vec<Ident> {
    names.iter().map(|name| Ident::of(name)).collect()
}
