//! Sample pages with every component, for the gallery and for the tests that walk through them.

mod forms;
mod list;
mod parts;
mod record;

use ui::{Action, ActionKind, Avatar, Crumb, Icon, Method, NavGroup, NavItem, Page, PageHeader, Palette, Shell, View};

/// How the sample pages are drawn.
#[derive(Clone, Copy)]
pub(crate) struct Sample<'a> {
    /// Words, language and theme.
    pub(crate) view: View<'a>,
    /// Says this instead of every text, to see what becomes of it.
    pub(crate) instead: Option<&'a str>,
}

impl Sample<'_> {
    /// A text in the sample's language.
    pub(crate) fn say(&self, english: &str, french: &str) -> String {
        let text = if self.view.lang == "fr" { french } else { english };
        self.instead.unwrap_or(text).to_owned()
    }
}

/// Whole pages by name.
pub(crate) fn documents(sample: &Sample) -> Vec<(&'static str, String)> {
    let pages = [
        ("list", list::page(sample)),
        ("list-empty", list::empty_page(sample)),
        ("list-no-match", list::no_match_page(sample)),
        ("board", list::board_page(sample)),
        ("record", record::page(sample)),
        ("form", forms::controls_page(sample)),
        ("form-refused", forms::refused_page(sample)),
        ("import", forms::import_page(sample)),
        ("parts", parts::page(sample)),
        ("sign-in", parts::sign_in_page(sample)),
    ];
    pages
        .into_iter()
        .map(|(name, body)| {
            let page = Page { title: format!("{name} · Clientele"), body };
            (name, ui::page(&sample.view, &page).into_string())
        })
        .collect()
}

/// The answers of the addresses that the pages ask, by name.
pub(crate) fn fragments(sample: &Sample) -> Vec<(&'static str, String)> {
    vec![
        ("palette", parts::palette(sample).into_string()),
        ("pick", forms::picker(sample).into_string()),
        ("rows", list::more_rows(sample).into_string()),
        ("filter", list::filter_drawer(sample).into_string()),
        ("filter-row", list::filter_row(sample).into_string()),
        ("columns", list::columns_drawer(sample).into_string()),
        ("create", forms::create_dialog(sample).into_string()),
        ("cell-edit", forms::cell_edit(sample).into_string()),
        ("moved", parts::moved_toast(sample).into_string()),
    ]
}

/// The frame all sample pages share; `at` is the current object.
pub(crate) fn frame(sample: &Sample, at: &str, header: PageHeader, content: maud::Markup) -> maud::Markup {
    let lang = sample.view.lang;
    let item = |label: String, icon: Icon, key: &str, letter: Option<char>| NavItem {
        label,
        href: format!("{key}.{lang}.{}.html", sample.view.theme.name()),
        icon: Some(icon),
        current: key == at,
        count: None,
        letter,
    };
    let accounts = item(sample.say("Accounts", "Comptes"), Icon::Building, "list", Some('a'));
    let contacts = item(sample.say("Contacts", "Contacts"), Icon::Users, "list-empty", Some('c'));
    let deals = item(sample.say("Opportunities", "Opportunités"), Icon::Target, "board", Some('o'));
    let tasks = NavItem {
        count: Some("4".into()),
        ..item(sample.say("Tasks", "Tâches"), Icon::ListChecks, "parts", Some('t'))
    };
    let shell = Shell {
        workspace: "Atelier Nord".into(),
        home: "index.html".into(),
        palette: Palette { url: format!("palette.{lang}"), page: "index.html".into() },
        notifications: Some(("index.html".into(), Some("12".into()))),
        favourites: vec![NavItem {
            label: "Maison Vauquelin & Fils".into(),
            href: format!("record.{lang}.{}.html", sample.view.theme.name()),
            current: at == "record",
            ..NavItem::default()
        }],
        groups: vec![
            NavGroup {
                label: sample.say("Sales", "Ventes"),
                items: vec![
                    accounts.clone(),
                    contacts.clone(),
                    item(sample.say("Leads", "Pistes"), Icon::UserPlus, "list-no-match", Some('l')),
                    deals.clone(),
                    item(sample.say("Products", "Produits"), Icon::Package, "form", Some('p')),
                    tasks.clone(),
                ],
            },
            NavGroup {
                label: sample.say("Customers", "Clients"),
                items: vec![
                    item(sample.say("Sources", "Sources"), Icon::Database, "import", None),
                    item(
                        sample.say("Duplicates to review", "Doublons à vérifier"),
                        Icon::GitMerge,
                        "form-refused",
                        None,
                    ),
                ],
            },
        ],
        phone: vec![accounts, contacts, deals, tasks],
        settings: Some(item(sample.view.words.settings.clone(), Icon::Settings, "settings", None)),
        user: Avatar::person("Camille Roussel"),
        user_detail: "camille@ateliernord.example".into(),
        preferences: "moved.en".into(),
        sign_out: "sign-in.en.light.html".into(),
        languages: vec![("fr".into(), "Français".into()), ("en".into(), "English".into())],
        header,
        ..Shell::default()
    };
    ui::shell(&sample.view, &shell, content)
}

/// A page header with one primary action.
pub(crate) fn header(
    sample: &Sample,
    icon: Icon,
    title: String,
    crumb: Option<String>,
    create: Option<String>,
) -> PageHeader {
    PageHeader {
        crumbs: crumb.map(|label| Crumb { label, href: Some("index.html".into()) }).into_iter().collect(),
        title,
        icon: Some(icon),
        actions: create
            .map(|label| Action {
                label,
                icon: Some(Icon::Plus),
                href: format!("create.{}", sample.view.lang),
                method: Method::Overlay,
                kind: ActionKind::Primary,
                key: Some('c'),
                ..Action::default()
            })
            .into_iter()
            .collect(),
        presence: Vec::new(),
    }
}
