use maud::{Markup, html};

use crate::{Icon, View, icon};

/// What every control needs to know of its field.
#[derive(Clone, Debug, Default)]
pub struct Control {
    /// The name it posts under; composite controls add `.part`.
    pub name: String,
    /// A value is required.
    pub required: bool,
    /// Shown but not changeable.
    pub disabled: bool,
    /// Takes the focus when the page or dialog opens.
    pub autofocus: bool,
    /// A hint stands below it.
    pub hinted: bool,
    /// Its value was refused.
    pub invalid: bool,
    /// What it is called when no [`field`] stands around it, as in a table cell or a filter.
    pub label: Option<String>,
    /// An example or prompt in grey, for inputs of text.
    pub placeholder: Option<String>,
}

impl Control {
    /// A control of a name, optional and enabled.
    pub fn new(name: impl Into<String>) -> Control {
        Control { name: name.into(), ..Control::default() }
    }

    /// The `id` of its main element, which its label refers to.
    pub fn id(&self) -> String {
        format!("f-{}", self.name)
    }

    pub(crate) fn part(&self, part: &str) -> String {
        format!("{}.{part}", self.name)
    }

    pub(crate) fn described_by(&self) -> Option<String> {
        let id = self.id();
        match (self.hinted, self.invalid) {
            (false, false) => None,
            (true, false) => Some(format!("{id}-hint")),
            (false, true) => Some(format!("{id}-error")),
            (true, true) => Some(format!("{id}-hint {id}-error")),
        }
    }

    pub(crate) fn aria_invalid(&self) -> Option<&'static str> {
        self.invalid.then_some("true")
    }
}

/// A control with its label, hint and error.
#[derive(Clone, Debug, Default)]
pub struct Field {
    /// Its name in words.
    pub label: String,
    /// A sentence of help.
    pub hint: Option<String>,
    /// What was wrong with the value, and what to do.
    pub error: Option<String>,
    /// The control's settings; [`field`] completes them with hint and error before it calls the control.
    pub control: Control,
    /// The control consists of several inputs: names, addresses, lists, choices as boxes.
    pub group: bool,
    /// Takes the whole width of a form of two columns.
    pub wide: bool,
}

/// Draws a field; `body` draws the control from its completed settings.
///
/// ```
/// # let words = ui::Words::shipped("en");
/// # let view = ui::View { words: &words, lang: "en", theme: ui::Theme::System, csrf: "" };
/// let name = ui::Field { label: "Name".into(), control: ui::Control::new("name"), ..Default::default() };
/// let html = ui::field(&view, &name, |control| ui::text(control, &ui::Text { value: "Acme".into(), ..Default::default() }));
/// assert!(html.into_string().contains(r#"<label for="f-name">Name"#));
/// ```
pub fn field(view: &View, field: &Field, body: impl FnOnce(&Control) -> Markup) -> Markup {
    let control = Control { hinted: field.hint.is_some(), invalid: field.error.is_some(), ..field.control.clone() };
    let id = control.id();
    let mark = html! {
        @if control.required { span.required title=(view.words.required) aria-hidden="true" { "*" } }
    };
    let notes = html! {
        @if let Some(hint) = &field.hint { p.hint id={ (id) "-hint" } { (hint) } }
        @if let Some(error) = &field.error { p.error id={ (id) "-error" } { (icon(Icon::CircleAlert)) (error) } }
    };
    let described = control.described_by();
    html! {
        @if field.group {
            fieldset.field.wide[field.wide] id=(id) aria-describedby=[described] data-invalid[control.invalid] {
                legend { (field.label) (mark) }
                (body(&control))
                (notes)
            }
        } @else {
            div.field.wide[field.wide] data-invalid[control.invalid] {
                label for=(id) { (field.label) (mark) }
                (body(&control))
                (notes)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Text, Theme, Words, text};

    #[test]
    fn an_error_is_tied_to_its_control() {
        let words = Words::shipped("en");
        let view = View { words: &words, lang: "en", theme: Theme::System, csrf: "t" };
        let name = Field {
            label: "Name <i>".into(),
            hint: Some("As on the invoice".into()),
            error: Some("A name is needed".into()),
            control: Control { required: true, ..Control::new("name") },
            ..Field::default()
        };
        let html =
            field(&view, &name, |control| text(control, &Text { value: "\" onfocus=x".into(), ..Text::default() }));
        insta::assert_snapshot!(html.into_string(), @r#"<div class="field" data-invalid><label for="f-name">Name &lt;i&gt;<span class="required" title="required" aria-hidden="true">*</span></label><input class="input" id="f-name" name="name" type="text" value="&quot; onfocus=x" autocomplete="off" required aria-invalid="true" aria-describedby="f-name-hint f-name-error"><p class="hint" id="f-name-hint">As on the invoice</p><p class="error" id="f-name-error"><svg class="icon" viewBox="0 0 24 24" width="16" height="16" aria-hidden="true"><circle cx="12" cy="12" r="10"/><line x1="12" x2="12" y1="8" y2="12"/><line x1="12" x2="12.01" y1="16" y2="16"/></svg>A name is needed</p></div>"#);
    }
}
