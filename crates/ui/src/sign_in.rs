use maud::{Markup, html};

use crate::{Action, Banner, View, action, asset_url, banner, toast_region};

/// A page before the session: sign-in, first administrator, password reset, second factor.
#[derive(Clone, Debug, Default)]
pub struct SignIn {
    /// The product or workspace.
    pub product: String,
    /// The heading, such as `Sign in to Atelier Nord`.
    pub title: String,
    /// A sentence below it.
    pub detail: Option<String>,
    /// What went wrong or right before.
    pub message: Option<Banner>,
    /// The form, from [`crate::form`].
    pub form: Markup,
    /// Other ways in, such as single sign-on.
    pub others: Vec<Action>,
    /// Small print, such as languages.
    pub foot: Vec<Action>,
}

/// Draws a card in the middle of an empty page.
pub fn sign_in(view: &View, content: &SignIn) -> Markup {
    html! {
        main #main.sign-in {
            div.sign-in-card {
                p.sign-in-brand { img src=(asset_url("mark.svg")) width="24" height="24" alt=""; span { (content.product) } }
                h1 { (content.title) }
                @if let Some(detail) = &content.detail { p.muted { (detail) } }
                @if let Some(message) = &content.message { (banner(view, message)) }
                (content.form)
                @for other in &content.others { (action(view, other)) }
            }
            div.sign-in-foot { @for each in &content.foot { (action(view, each)) } }
        }
        (toast_region(view))
    }
}
