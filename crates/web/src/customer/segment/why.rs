use std::sync::Arc;

use customers::segment::{Because, Membership};
use maud::{Markup, html};
use model::{ObjectDef, Path, Value};

use crate::list::describe;
use crate::names::Names;
use crate::show;
use crate::visit::Visit;

/// Segments that somebody is in, each with what it is and with the conditions that hold. Their names lead to them where `linked`.
pub(crate) fn memberships(visit: &Visit, profiles: &Arc<ObjectDef>, all: &[Membership], linked: bool) -> Markup {
    html! { ul.memberships { @for membership in all {
        @let segment = &membership.segment;
        li {
            @if linked { a href={ "/o/segment/" (segment.id.typed("seg")) } { (segment.name) } } @else { strong { (segment.name) } }
            p.muted { (segment.description(visit.ctx.locale)) }
            details open[!linked] {
                summary { (ui::icon(ui::Icon::ChevronRight)) (visit.word("segment-why")) }
                ul {
                    @if membership.because.is_empty() { li { (visit.word("segment-everybody")) } }
                    @for because in &membership.because { (reason(visit, profiles, because)) }
                }
            }
        }
    } } }
}

/// A condition, and the values by which it holds.
fn reason(visit: &Visit, profiles: &Arc<ObjectDef>, because: &Because) -> Markup {
    let condition = describe::sentences(visit, profiles, &because.condition, &Names::default()).join(", ");
    let values: Vec<String> = because.values.iter().map(|held| value(visit, profiles, held)).collect();
    let values = values.join(", ");
    let args = [("value", (&values).into())];
    html! { li { (condition) br; span.muted { (visit.say("segment-value", &args)) } } }
}

fn value(visit: &Visit, profiles: &ObjectDef, (path, value): &(Path, Value)) -> String {
    let text = match profiles.field(path.field.as_str()).filter(|_| path.part.is_none()) {
        Some(field) => show::text(visit, profiles, field, value, &Names::default()),
        None => value.as_text().unwrap_or_default().to_owned(),
    };
    if text.is_empty() { visit.word("segment-no-value") } else { text }
}
