use std::sync::Arc;

use kernel::Code;
use model::{Filter, Ident, ObjectDef, Op, Operand, Problem, system};

use super::plan::Plan;
use super::relation::{Link, relation};
use crate::call::Call;
use crate::failure::Failure;
use crate::postgrest::{self, Join, Window};

/// A related resource within a row.
pub(crate) struct Embed {
    pub(crate) name: String,
    pub(crate) link: Link,
    pub(crate) plan: Plan,
    pub(crate) inner: bool,
    pub(crate) spread: bool,
    pub(crate) window: Window,
    pub(crate) ordered: bool,
}

pub(crate) fn plan(call: &Call, object: &Arc<ObjectDef>, embed: &postgrest::Embed) -> Result<Embed, Failure> {
    let (link, target) = relation(call, object, embed)?;
    if embed.spread && !link.is_one() {
        return Err(Failure::of(Code::BadRequest)
            .detail(Problem::new("", "spread-of-many").text("name", &embed.relation))
            .named("PGRST119"));
    }
    // What a reference points to may lie in the bin.
    let narrow = match link {
        Link::One(_) => Filter::is(Ident::of(system::DELETED_AT), Op::IsNull, Operand::None),
        Link::Listed(_) | Link::Back(_) => Filter::All,
    };
    let mut plan = super::plan(call, &target, &embed.level, narrow)?;
    if plan.grouping.as_ref().is_some_and(|g| g.by.is_some() || !matches!(link, Link::Back(_))) {
        return Err(Failure::because(Code::BadRequest, "aggregate-here"));
    }
    if let Link::Back(via) = &link {
        plan.also(via);
    }
    let ordered = !embed.level.order.is_empty();
    let inner = embed.join == Some(Join::Inner);
    let window = embed.level.window;
    Ok(Embed { name: embed.name().to_owned(), link, plan, inner, spread: embed.spread, window, ordered })
}

impl Embed {
    /// The row has some of these.
    pub(crate) fn present(&self) -> Filter {
        let object = self.plan.object.name.clone();
        let filter = Box::new(self.plan.query.filter.clone());
        match &self.link {
            Link::One(field) | Link::Listed(field) => {
                Filter::Related { field: field.clone(), object: Some(object), filter }
            }
            Link::Back(via) => Filter::Any { object, via: via.clone(), filter },
        }
    }
}
