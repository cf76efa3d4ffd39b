//! Short forms of plain controls, for sign-in, profile and settings.

use maud::Markup;
use model::Problem;

use crate::failure::sentence;
use crate::form::Pairs;
use crate::visit::Visit;

/// A form in the making: labels, what was entered, what was wrong with it.
pub(crate) struct Simple<'a> {
    visit: &'a Visit,
    pairs: &'a Pairs,
    problems: &'a [Problem],
    form: ui::Form,
}

impl<'a> Simple<'a> {
    /// A form that posts to `action`, filled with what is known or was entered.
    pub(crate) fn new(visit: &'a Visit, action: &str, pairs: &'a Pairs, problems: &'a [Problem]) -> Simple<'a> {
        let form = ui::Form {
            action: action.to_owned(),
            problems: problems
                .iter()
                .map(|p| ui::Problem {
                    field: (!p.field.is_empty()).then(|| p.field.clone()),
                    text: sentence(visit, p),
                })
                .collect(),
            sections: vec![ui::FormSection::default()],
            submit: visit.view().words.save.clone(),
            ..ui::Form::default()
        };
        Simple { visit, pairs, problems, form }
    }

    fn settings(&self, name: &str, label: &str) -> ui::Field {
        let hint = format!("{label}-hint");
        let words = &self.visit.space.platform.words;
        let problem = self.problems.iter().find(|p| p.field == name || p.field.starts_with(&format!("{name}.")));
        ui::Field {
            label: self.visit.word(label),
            hint: words.find(self.visit.ctx.locale, &hint, None).map(|h| h.into_owned()),
            error: problem.map(|p| sentence(self.visit, p)),
            control: ui::Control::new(name),
            ..ui::Field::default()
        }
    }

    fn add(&mut self, field: Markup) {
        if let Some(section) = self.form.sections.last_mut() {
            section.fields.push(field);
        }
    }

    /// Starts a section.
    pub(crate) fn section(self, label: &str) -> Self {
        let label = self.visit.word(label);
        self.section_called(label)
    }

    /// Starts a section with a heading that is made of several words.
    pub(crate) fn section_called(mut self, label: String) -> Self {
        let section = ui::FormSection { label: Some(label), fields: Vec::new() };
        if self.form.sections.last().is_some_and(|s| s.fields.is_empty()) {
            self.form.sections.pop();
        }
        self.form.sections.push(section);
        self
    }

    /// One line of text.
    pub(crate) fn text(mut self, name: &str, label: &str, required: bool) -> Self {
        let mut field = self.settings(name, label);
        field.control.required = required;
        let value = self.pairs.text(name).to_owned();
        let html = ui::field(&self.visit.view(), &field, |c| ui::text(c, &ui::Text { value, ..ui::Text::default() }));
        self.add(html);
        self
    }

    /// An e-mail address.
    pub(crate) fn email(mut self, name: &str, label: &str) -> Self {
        let mut field = self.settings(name, label);
        field.control.required = true;
        let value = self.pairs.text(name).to_owned();
        let input = ui::Text { value, kind: Some("email"), autocomplete: Some("username"), max_length: Some(254) };
        let html = ui::field(&self.visit.view(), &field, |c| ui::text(c, &input));
        self.add(html);
        self
    }

    /// A password; what was entered is not sent back.
    pub(crate) fn password(mut self, name: &str, label: &str, autocomplete: &'static str) -> Self {
        let mut field = self.settings(name, label);
        field.control.required = true;
        let input = ui::Text { kind: Some("password"), autocomplete: Some(autocomplete), ..ui::Text::default() };
        let html = ui::field(&self.visit.view(), &field, |c| ui::text(c, &input));
        self.add(html);
        self
    }

    /// Several lines.
    pub(crate) fn long(self, name: &str, label: &str, required: bool) -> Self {
        self.lines(name, label, required, |c, value| ui::long_text(c, value, 5))
    }

    /// Several lines of code.
    pub(crate) fn code(self, name: &str, label: &str) -> Self {
        self.lines(name, label, false, |c, value| ui::code_input(c, value, 4))
    }

    fn lines(mut self, name: &str, label: &str, required: bool, draw: impl Fn(&ui::Control, &str) -> Markup) -> Self {
        let mut field = ui::Field { wide: true, ..self.settings(name, label) };
        field.control.required = required;
        let value = self.pairs.get(name).unwrap_or_default().to_owned();
        let html = ui::field(&self.visit.view(), &field, |c| draw(c, &value));
        self.add(html);
        self
    }

    /// One of several values.
    pub(crate) fn choice(mut self, name: &str, label: &str, options: &[(String, String)], empty: Option<&str>) -> Self {
        let field = self.settings(name, label);
        let value = self.pairs.text(name).to_owned();
        let choices = choices(options);
        let html = ui::field(&self.visit.view(), &field, |c| ui::choice(c, &choices, &value, empty));
        self.add(html);
        self
    }

    /// Some of several values.
    pub(crate) fn boxes(mut self, name: &str, label: &str, options: &[(String, String)]) -> Self {
        let field = ui::Field { group: true, wide: true, ..self.settings(name, label) };
        let values: Vec<String> = self.pairs.all(name).map(str::to_owned).collect();
        let choices = choices(options);
        let html = ui::field(&self.visit.view(), &field, |c| ui::multi_choice(c, &choices, &values));
        self.add(html);
        self
    }

    /// A switch.
    pub(crate) fn switch(mut self, name: &str, label: &str) -> Self {
        let field = self.settings(name, label);
        let on = self.pairs.is_on(name);
        let html = ui::field(&self.visit.view(), &field, |c| ui::boolean(c, on));
        self.add(html);
        self
    }

    /// Something drawn elsewhere.
    pub(crate) fn part(mut self, drawn: Markup) -> Self {
        self.add(drawn);
        self
    }

    /// A panel above the fields.
    pub(crate) fn notice(mut self, drawn: Option<Markup>) -> Self {
        self.form.notice = drawn;
        self
    }

    /// A value posted along.
    pub(crate) fn hidden(mut self, name: &str, value: impl Into<String>) -> Self {
        self.form.hidden.push((name.to_owned(), value.into()));
        self
    }

    /// Where leaving leads.
    pub(crate) fn cancel(mut self, href: &str) -> Self {
        self.form.cancel = Some(href.to_owned());
        self
    }

    /// Draws it; the button says `submit`.
    pub(crate) fn draw(mut self, submit: &str) -> Markup {
        self.form.submit = self.visit.word(submit);
        ui::form(&self.visit.view(), &self.form)
    }
}

/// Options as controls take them.
pub(crate) fn choices(options: &[(String, String)]) -> Vec<ui::Choice> {
    let one = |(value, label): &(String, String)| ui::Choice {
        value: value.clone(),
        label: label.clone(),
        ..ui::Choice::default()
    };
    options.iter().map(one).collect()
}
