//! Words and addresses of objects, fields and options: from Fluent for standard ones, from their definition for those that
//! administrators add.

use kernel::Id;
use model::{Choice, FieldDef, FieldType, ObjectDef, Section};

use crate::visit::Visit;

fn own_or(visit: &Visit, own: &kernel::Label, key: impl FnOnce() -> String) -> String {
    if own.is_empty() { visit.word(&key()) } else { own.get(visit.ctx.locale).to_owned() }
}

/// An object in the singular.
pub(crate) fn one(visit: &Visit, object: &ObjectDef) -> String {
    own_or(visit, &object.label, || object.name.to_string())
}

/// An object in the plural.
pub(crate) fn many(visit: &Visit, object: &ObjectDef) -> String {
    if object.custom && object.plural.is_empty() {
        return one(visit, object);
    }
    own_or(visit, &object.plural, || format!("{}.many", object.name))
}

/// A field.
pub(crate) fn field(visit: &Visit, object: &ObjectDef, field: &FieldDef) -> String {
    let owner = if field.system { "system" } else { object.name.as_str() };
    own_or(visit, &field.label, || format!("{owner}.{}", field.name))
}

/// A field or one of its parts, dotted as in problems.
pub(crate) fn path(visit: &Visit, object: &ObjectDef, path: &str) -> String {
    let (name, part) = path.split_once('.').unwrap_or((path, ""));
    let Some(def) = object.field(name) else { return String::new() };
    let label = field(visit, object, def);
    if !def.kind.parts().contains(&part) {
        return label;
    }
    let part = visit.word(&format!("part.{part}"));
    visit.say("field-part", &[("field", (&label).into()), ("part", (&part).into())])
}

/// An option of a choice.
pub(crate) fn option(visit: &Visit, object: &ObjectDef, field: &FieldDef, choice: &Choice) -> String {
    own_or(visit, &choice.label, || format!("{}.{}-{}", object.name, field.name, choice.value))
}

/// A section of a form.
pub(crate) fn section(visit: &Visit, section: &Section) -> String {
    own_or(visit, &section.label, || format!("section-{}", section.name))
}

/// An object's icon.
pub(crate) fn icon(object: &ObjectDef) -> ui::Icon {
    icon_named(&object.icon)
}

/// An icon by its Lucide name, older names included.
pub(crate) fn icon_named(name: &str) -> ui::Icon {
    let name = match name {
        "building-2" => "building",
        "check-square" => "square-check",
        "git-branch" => "workflow",
        "history" => "rotate-ccw-clock",
        name => name,
    };
    ui::Icon::from_name(name).unwrap_or(ui::Icon::Box)
}

/// The icon of a field's type.
pub(crate) fn type_icon(kind: &FieldType) -> ui::Icon {
    use ui::Icon;
    match kind {
        FieldType::Text { .. } | FieldType::LongText => Icon::Type,
        FieldType::Integer { .. } | FieldType::Number | FieldType::AutoNumber { .. } => Icon::Hash,
        FieldType::Percent => Icon::Percent,
        FieldType::Money => Icon::Euro,
        FieldType::Boolean => Icon::ToggleLeft,
        FieldType::Date => Icon::Calendar,
        FieldType::DateTime => Icon::CalendarClock,
        FieldType::Duration => Icon::Clock,
        FieldType::Choice { .. } | FieldType::MultiChoice { .. } => Icon::ListChecks,
        FieldType::Tags => Icon::Tag,
        FieldType::PersonName | FieldType::User => Icon::User,
        FieldType::Emails => Icon::Mail,
        FieldType::Phones => Icon::Phone,
        FieldType::Links => Icon::Globe,
        FieldType::Address | FieldType::Location => Icon::MapPin,
        FieldType::Reference { .. } | FieldType::References { .. } | FieldType::Polymorphic { .. } => Icon::Link,
        FieldType::Files => Icon::Paperclip,
        FieldType::Rating { .. } => Icon::Star,
        FieldType::Json => Icon::Braces,
        FieldType::Formula { .. } | FieldType::Rollup(_) => Icon::Calculator,
    }
}

/// The colour of an option.
pub(crate) fn hue(hue: model::Hue) -> ui::Hue {
    use model::Hue as H;
    match hue {
        H::Grey => ui::Hue::Gray,
        H::Red => ui::Hue::Red,
        H::Orange => ui::Hue::Orange,
        H::Amber | H::Yellow => ui::Hue::Amber,
        H::Lime => ui::Hue::Lime,
        H::Green => ui::Hue::Green,
        H::Teal => ui::Hue::Teal,
        H::Cyan => ui::Hue::Cyan,
        H::Blue => ui::Hue::Blue,
        H::Violet => ui::Hue::Violet,
        H::Pink => ui::Hue::Pink,
    }
}

/// The address of an object's list.
pub(crate) fn list_address(object: &ObjectDef) -> String {
    format!("/o/{}", object.name)
}

/// The address of a record.
pub(crate) fn record_address(object: &ObjectDef, id: Id) -> String {
    format!("/o/{}/{}", object.name, id.typed(object.prefix.as_str()))
}
