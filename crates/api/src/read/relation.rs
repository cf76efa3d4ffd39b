//! Which relation an embedded resource follows.

use std::sync::Arc;

use kernel::Code;
use model::{FieldDef, FieldType, Ident, ObjectDef, Problem, system};

use super::path::field_of;
use crate::call::Call;
use crate::failure::Failure;
use crate::postgrest::Embed;

/// How the related records are found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Link {
    /// A field of the row points to one of them.
    One(Ident),
    /// A field of the row lists them.
    Listed(Ident),
    /// A field of theirs points to the row.
    Back(Ident),
}

impl Link {
    /// Whether a row has at most one.
    pub(crate) fn is_one(&self) -> bool {
        matches!(self, Link::One(_))
    }
}

/// The relation and the object it leads to. Names a field of the row, or an object related in one way; of several ways the hint
/// names the field.
pub(crate) fn relation(call: &Call, object: &Arc<ObjectDef>, embed: &Embed) -> Result<(Link, Arc<ObjectDef>), Failure> {
    let ambiguous = |ways: Vec<String>| {
        Failure::because(Code::BadRequest, "several-relations")
            .detail(Problem::new("", "several-relations").text("name", &embed.relation).text("ways", ways.join(", ")))
            .named("PGRST201")
    };
    if let Some(field) = object.field(&embed.relation).filter(|f| points(f)) {
        field_of(call, object, &embed.relation)?;
        let targets = field.targets().unwrap_or_default();
        let target = match (targets.as_slice(), &embed.hint) {
            ([one], _) => call.object(one.as_str())?,
            (list, Some(hint)) if list.is_empty() || list.iter().any(|t| *t == hint.as_str()) => call.object(hint)?,
            (list, _) => {
                let names: Vec<&Ident> = if list.is_empty() {
                    call.schema.objects().map(|o| &o.name).collect()
                } else {
                    list.iter().collect()
                };
                return Err(ambiguous(names.iter().take(10).map(|t| format!("{}!{t}", field.name)).collect()));
            }
        };
        return Ok((forward(field), target));
    }
    let unknown = || {
        Failure::because(Code::BadRequest, "no-relation")
            .detail(Problem::new("", "no-relation").text("name", &embed.relation).text("object", object.name.as_str()))
            .named("PGRST200")
    };
    let target = call.schema.object(&embed.relation).cloned().ok_or_else(unknown)?;
    let to_target = |f: &&FieldDef| f.targets().is_some_and(|t| t.is_empty() || t.contains(&target.name)) && points(f);
    let own = object.own_fields().filter(to_target);
    let mut ways: Vec<Link> = own.map(forward).collect();
    let back = target
        .own_fields()
        .filter(|f| points(f) && f.targets().is_some_and(|t| t.is_empty() || t.contains(&object.name)));
    ways.extend(back.map(|f| Link::Back(f.name.clone())));
    if ways.is_empty() {
        ways.extend(
            object
                .fields
                .iter()
                .filter(|f| f.name == system::OWNER || f.name == system::TEAM)
                .filter(to_target)
                .map(forward),
        );
    }
    if let Some(hint) = &embed.hint {
        ways.retain(|way| name(way) == hint.as_str());
        // A field of the same name on both sides, as in a hierarchy: the row's own is reached by its name.
        if ways.len() > 1 {
            ways.retain(|way| matches!(way, Link::Back(_)));
        }
    }
    match ways.len() {
        0 => Err(unknown()),
        1 => {
            let way = ways.remove(0);
            let holder = if matches!(way, Link::Back(_)) { &target } else { object };
            field_of(call, holder, name(&way).as_str())?;
            Ok((way, target))
        }
        _ => Err(ambiguous(ways.iter().map(|way| format!("{}!{}", embed.relation, name(way))).collect())),
    }
}

fn points(field: &FieldDef) -> bool {
    field.name != system::ID
        && matches!(
            field.kind,
            FieldType::Reference { .. }
                | FieldType::References { .. }
                | FieldType::Polymorphic { .. }
                | FieldType::User
        )
}

fn forward(field: &FieldDef) -> Link {
    if matches!(field.kind, FieldType::References { .. }) {
        Link::Listed(field.name.clone())
    } else {
        Link::One(field.name.clone())
    }
}

fn name(link: &Link) -> &Ident {
    let (Link::One(field) | Link::Listed(field) | Link::Back(field)) = link;
    field
}
