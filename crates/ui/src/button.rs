use maud::{Markup, html};

use crate::{Icon, View, icon};

/// How much a button asks for attention. A screen has at most one [`ActionKind::Primary`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ActionKind {
    /// Filled with the accent: the obvious next step.
    Primary,
    /// Outlined.
    #[default]
    Secondary,
    /// No outline until hovered.
    Quiet,
    /// Destroys something.
    Danger,
}

impl ActionKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            ActionKind::Primary => "primary",
            ActionKind::Secondary => "secondary",
            ActionKind::Quiet => "quiet",
            ActionKind::Danger => "danger",
        }
    }
}

/// What following an action does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// A link to a page.
    #[default]
    Get,
    /// A link whose page opens as a dialog or drawer over this one; without script, as a page of its own.
    Overlay,
    /// A form post without other input.
    Post,
}

/// A link or button with a label.
#[derive(Clone, Debug, Default)]
pub struct Action {
    /// What it says, or what it is called when only its icon shows.
    pub label: String,
    /// An icon before the label.
    pub icon: Option<Icon>,
    /// Where it goes, or what it posts to.
    pub href: String,
    /// What following it does.
    pub method: Method,
    /// How much it asks for attention.
    pub kind: ActionKind,
    /// One lower-case letter that triggers it from the keyboard: `c` creates, `e` edits.
    pub key: Option<char>,
    /// Shows the icon alone; the label becomes its name.
    pub icon_only: bool,
    /// A question to confirm before a post.
    pub confirm: Option<String>,
}

/// Draws an action as a link or a one-button form.
pub fn action(view: &View, action: &Action) -> Markup {
    let label = html! {
        @if let Some(each) = action.icon { (icon(each)) }
        @if !action.icon_only { span { (action.label) } }
    };
    let name = action.icon_only.then_some(&action.label);
    let kind = action.kind.name();
    html! {
        @match action.method {
            Method::Get => {
                a.button data-kind=(kind) href=(action.href) data-key=[action.key] aria-label=[name] title=[name] { (label) }
            }
            Method::Overlay => {
                a.button data-kind=(kind) href=(action.href) hx-get=(action.href) hx-target="#overlay" hx-swap="innerHTML"
                    data-key=[action.key] aria-label=[name] title=[name] { (label) }
            }
            Method::Post => {
                form.inline method="post" action=(action.href) hx-post=(action.href) hx-swap="none"
                    hx-confirm=[action.confirm.as_ref()] {
                    (view.csrf_field())
                    button.button data-kind=(kind) data-key=[action.key] aria-label=[name] title=[name] { (label) }
                }
            }
        }
    }
}

/// Draws actions in a row.
pub fn button_bar(view: &View, actions: &[Action]) -> Markup {
    html! { div.buttons { @for each in actions { (action(view, each)) } } }
}

/// A quiet link that shows an icon and is called `label`.
pub fn icon_link(label: &str, symbol: Icon, href: &str) -> Markup {
    html! { a.icon-button href=(href) aria-label=(label) title=(label) { (icon(symbol)) } }
}
