use maud::{Markup, html};
use ui::*;

use super::{Sample, frame, header};

const COMPANIES: [(&str, &str, &str, &str, u8); 14] = [
    ("Maison Vauquelin & Fils", "Lyon", "vauquelin.example", "128 400,00 €", 5),
    (
        "Société Générale d’Équipement Hydraulique et Sanitaire",
        "Villeneuve-d’Ascq",
        "sgehs.example",
        "1 204 990,50 €",
        4,
    ),
    ("Brasserie du Marais", "Paris", "brasserie-marais.example", "8 120,00 €", 2),
    ("O’Connor & Sons Ltd", "Dublin", "oconnor.example", "64 300,00 €", 3),
    ("<script>alert(1)</script>", "Nowhere", "x.example", "0,00 €", 0),
    ("Ærø Møbler A/S", "Aarhus", "aero.example", "41 775,20 €", 4),
    ("Łódzkie Zakłady Metalowe", "Łódź", "lzm.example", "92 010,00 €", 3),
    ("Tissages de l’Isère", "Grenoble", "tissages.example", "15 640,00 €", 1),
    ("Garage Petit", "Brest", "", "2 310,00 €", 2),
    ("Pépinières Le Goff", "Quimper", "legoff.example", "27 900,00 €", 5),
    ("Kestrel Logistics", "Manchester", "kestrel.example", "310 000,00 €", 4),
    ("Clinique Saint-Roch", "Montpellier", "saint-roch.example", "76 200,00 €", 3),
    ("Fonderie Baptiste", "Saint-Étienne", "baptiste.example", "55 018,00 €", 2),
    ("Librairie des Écoles", "Nantes", "ecoles.example", "6 450,00 €", 4),
];

fn columns(sample: &Sample) -> Vec<Column> {
    let sort = |ascending| Some(Sort { href: "?order=x".into(), ascending });
    vec![
        Column {
            key: "name".into(),
            label: sample.say("Account", "Compte"),
            icon: Some(Icon::Building),
            sort: sort(Some(true)),
            ..Column::default()
        },
        Column {
            key: "status".into(),
            label: sample.say("Status", "Statut"),
            icon: Some(Icon::Tag),
            ..Column::default()
        },
        Column {
            key: "revenue".into(),
            label: sample.say("Open pipeline", "Opportunités en cours"),
            icon: Some(Icon::Euro),
            numeric: true,
            sort: sort(None),
            editable: true,
        },
        Column {
            key: "owner".into(),
            label: sample.view.words.owner.clone(),
            icon: Some(Icon::User),
            ..Column::default()
        },
        Column {
            key: "city".into(),
            label: sample.view.words.city.clone(),
            icon: Some(Icon::MapPin),
            sort: sort(None),
            editable: true,
            ..Column::default()
        },
        Column {
            key: "site".into(),
            label: sample.say("Website", "Site web"),
            icon: Some(Icon::Globe),
            ..Column::default()
        },
        Column {
            key: "rating".into(),
            label: sample.say("Rating", "Note"),
            icon: Some(Icon::Star),
            ..Column::default()
        },
        Column {
            key: "health".into(),
            label: sample.say("Health", "Santé"),
            icon: Some(Icon::Percent),
            numeric: true,
            ..Column::default()
        },
        Column {
            key: "seen".into(),
            label: sample.say("Last contact", "Dernier contact"),
            icon: Some(Icon::Calendar),
            sort: sort(None),
            ..Column::default()
        },
        Column { key: "vat".into(), label: sample.say("VAT checked", "TVA vérifiée"), ..Column::default() },
    ]
}

fn rows_of(sample: &Sample) -> Vec<Row> {
    let statuses = [
        Tag::new(sample.say("Customer", "Client"), Hue::Green),
        Tag::new(sample.say("Prospect", "Prospect"), Hue::Blue),
        Tag::new(sample.say("At risk", "À risque"), Hue::Amber),
        Tag::new(sample.say("Lost", "Perdu"), Hue::Gray),
    ];
    COMPANIES
        .iter()
        .enumerate()
        .map(|(number, (name, city, site, amount, stars))| Row {
            id: format!("acc_{number}"),
            name: (*name).into(),
            edit: Some(format!("cell-edit.{}?", sample.view.lang)),
            cells: vec![
                Cell::Named {
                    avatar: Avatar::thing(*name),
                    href: Some(format!("record.{}.{}.html", sample.view.lang, sample.view.theme.name())),
                    detail: None,
                },
                Cell::Tags(vec![statuses[number % 4].clone()]),
                Cell::Money((*amount).into()),
                Cell::Named {
                    avatar: Avatar::person(["Camille Roussel", "Idir Benali", "Maud Le Guen"][number % 3]),
                    href: None,
                    detail: None,
                },
                Cell::Text((*city).into()),
                if site.is_empty() {
                    Cell::Empty
                } else {
                    Cell::Link { text: (*site).into(), href: format!("https://{site}") }
                },
                Cell::Rating { value: *stars, of: 5 },
                Cell::Progress { percent: stars * 19, text: format!("{} %", stars * 19) },
                Cell::Date {
                    iso: format!("2026-0{}-14T09:30:00Z", 1 + number % 9),
                    text: format!("14/0{}/2026", 1 + number % 9),
                    relative: true,
                },
                Cell::Boolean(number % 3 != 0),
            ],
        })
        .collect()
}

fn bar(sample: &Sample) -> Toolbar {
    let lang = sample.view.lang;
    let entry = |label: String, icon| MenuEntry { label, icon: Some(icon), href: "#".into(), ..MenuEntry::default() };
    Toolbar {
        views: vec![
            ViewLink {
                label: sample.say("All accounts", "Tous les comptes"),
                href: "#".into(),
                current: true,
                section: None,
            },
            ViewLink {
                label: sample.say("My customers at risk", "Mes clients à risque"),
                href: "#".into(),
                current: false,
                section: Some(sample.say("Shared", "Partagées")),
            },
        ],
        view_actions: vec![MenuEntry {
            section: Some(String::new()),
            ..entry(sample.say("Save as a new view", "Enregistrer comme nouvelle vue"), Icon::Plus)
        }],
        layouts: vec![
            Layout { label: sample.say("Table", "Tableau"), icon: Icon::Table2, href: "#".into(), current: true },
            Layout { label: sample.say("Board", "Kanban"), icon: Icon::SquareKanban, href: "#".into(), current: false },
        ],
        chips: vec![
            Chip {
                field: sample.say("Status", "Statut"),
                text: sample.say("is Customer or Prospect", "est Client ou Prospect"),
                remove: "#".into(),
            },
            Chip { field: sample.view.words.owner.clone(), text: sample.say("is me", "est moi"), remove: "#".into() },
        ],
        filter: Some(format!("filter.{lang}")),
        clear: Some("#".into()),
        sorts: vec![
            MenuEntry { current: true, ..entry(sample.say("Account, A to Z", "Compte, de A à Z"), Icon::ArrowUp) },
            entry(sample.say("Last contact, newest first", "Dernier contact, du plus récent"), Icon::ArrowDown),
        ],
        columns: Some(format!("columns.{lang}")),
        search: Some("#".into()),
        tools: vec![
            entry(sample.view.words.import.clone(), Icon::Upload),
            entry(sample.view.words.export.clone(), Icon::Download),
        ],
        unsaved: Some((
            sample.say("Unsaved changes", "Modifications non enregistrées"),
            vec![Action {
                label: sample.say("Update the view", "Mettre à jour la vue"),
                href: "#".into(),
                ..Action::default()
            }],
        )),
        ..Toolbar::default()
    }
}

fn accounts(sample: &Sample) -> Table {
    Table {
        id: "accounts".into(),
        label: sample.say("Accounts", "Comptes"),
        columns: columns(sample),
        rows: rows_of(sample),
        selectable: true,
        more: Some(format!("rows.{}", sample.view.lang)),
        footer: Some(Footer {
            count: sample.say("10,000+ accounts", "Plus de 10 000 comptes"),
            calculations: vec![Calculation {
                column: "revenue".into(),
                label: sample.say("Sum", "Somme"),
                value: "2 033 113,70 €".into(),
            }],
        }),
        ..Table::default()
    }
}

pub(crate) fn more_rows(sample: &Sample) -> Markup {
    let next = Table { more: None, ..accounts(sample) };
    html! { (rows(&sample.view, &next)) (rows(&sample.view, &next)) }
}

pub(crate) fn page(sample: &Sample) -> Markup {
    let view = &sample.view;
    let list = accounts(sample);
    let bulk = Bulk {
        action: format!("create.{}", view.lang),
        verbs: vec![
            ("assign".into(), sample.say("Assign", "Attribuer"), Some(Icon::User)),
            ("edit".into(), view.words.edit.clone(), Some(Icon::Pencil)),
            ("delete".into(), view.words.delete.clone(), Some(Icon::Trash)),
        ],
        dangerous: vec!["delete".into()],
        matching: Some("10 000+".into()),
        keep: Vec::new(),
    };
    let head = header(
        sample,
        Icon::Building,
        sample.say("Accounts", "Comptes"),
        None,
        Some(sample.say("New account", "Nouveau compte")),
    );
    frame(
        sample,
        "list",
        head,
        html! {
            (toolbar(view, &bar(sample)))
            (table(view, &list))
            (selection_bar(view, &bulk))
        },
    )
}

pub(crate) fn empty_page(sample: &Sample) -> Markup {
    let nothing = Empty {
        icon: Some(Icon::Users),
        title: sample.say("No contact yet", "Aucun contact pour l’instant"),
        detail: Some(sample.say(
            "Contacts are the people you talk to, at a company or on their own.",
            "Les contacts sont vos interlocuteurs, dans une entreprise ou à titre personnel.",
        )),
        actions: vec![
            Action {
                label: sample.view.words.import.clone(),
                icon: Some(Icon::Upload),
                href: "#".into(),
                ..Action::default()
            },
            Action {
                label: sample.say("Add sample data", "Ajouter des données d’exemple"),
                href: "#".into(),
                ..Action::default()
            },
        ],
    };
    let head = header(sample, Icon::Users, "Contacts".into(), None, Some(sample.say("New contact", "Nouveau contact")));
    frame(sample, "list-empty", head, empty(&sample.view, &nothing))
}

pub(crate) fn no_match_page(sample: &Sample) -> Markup {
    let nothing = Empty {
        icon: Some(Icon::Funnel),
        title: sample.view.words.no_match.clone(),
        detail: None,
        actions: vec![Action { label: sample.view.words.clear_filters.clone(), href: "#".into(), ..Action::default() }],
    };
    let head = header(
        sample,
        Icon::UserPlus,
        sample.say("Leads", "Pistes"),
        None,
        Some(sample.say("New lead", "Nouvelle piste")),
    );
    frame(
        sample,
        "list-no-match",
        head,
        html! {
            (toolbar(&sample.view, &bar(sample)))
            (empty(&sample.view, &nothing))
        },
    )
}

pub(crate) fn board_page(sample: &Sample) -> Markup {
    let view = &sample.view;
    let stages = [
        ("qualify", sample.say("Qualification", "Qualification"), Hue::Gray, 4),
        ("propose", sample.say("Proposal sent", "Proposition envoyée"), Hue::Blue, 3),
        ("negotiate", sample.say("Negotiation", "Négociation"), Hue::Violet, 2),
        ("won", sample.say("Won", "Gagnée"), Hue::Green, 5),
        ("lost", sample.say("Lost", "Perdue"), Hue::Red, 1),
    ];
    let lanes = stages
        .iter()
        .enumerate()
        .map(|(place, (key, label, hue, count))| Lane {
            key: (*key).into(),
            label: label.clone(),
            hue: *hue,
            count: count.to_string(),
            sum: Some(format!("{} 400 €", 18 + place * 23)),
            cards: (0..*count).map(|number| deal(sample, place, number)).collect(),
            more: None,
            create: Some(format!("create.{}", view.lang)),
        })
        .collect();
    let columns = Board {
        label: sample.say("Opportunities by stage", "Opportunités par étape"),
        moves: Some(format!("moved.{}", view.lang)),
        lanes,
        empty: Empty::default(),
    };
    let head = header(
        sample,
        Icon::Target,
        sample.say("Opportunities", "Opportunités"),
        None,
        Some(sample.say("New opportunity", "Nouvelle opportunité")),
    );
    frame(sample, "board", head, html! { (toolbar(view, &bar(sample))) (board(view, &columns)) })
}

fn deal(sample: &Sample, place: usize, number: usize) -> Card {
    let company = COMPANIES[(place * 5 + number) % COMPANIES.len()];
    let activity = [
        (Activity::Overdue, sample.say("3 days late", "3 jours de retard")),
        (Activity::Today, sample.view.words.today.clone()),
        (Activity::Later, sample.say("12 May", "12 mai")),
    ];
    Card {
        id: format!("opp_{place}_{number}"),
        title: sample.say("Workshop fittings, phase ", "Équipement d’atelier, phase ") + &(number + 1).to_string(),
        href: format!("record.{}.{}.html", sample.view.lang, sample.view.theme.name()),
        subtitle: Some(company.0.into()),
        amount: Some(company.3.into()),
        owner: Some(Avatar::person(["Camille Roussel", "Idir Benali"][number % 2])),
        fields: if number == 0 {
            vec![(
                sample.say("Source", "Origine"),
                Cell::Tags(vec![Tag::new(sample.say("Trade fair", "Salon"), Hue::Teal)]),
            )]
        } else {
            Vec::new()
        },
        activity: Some(activity[(place + number) % 3].clone()),
        stale: (place == 1 && number == 1).then(|| sample.say("31 days in this stage", "31 jours à cette étape")),
    }
}

fn condition(sample: &Sample) -> Condition {
    Condition {
        field: "status".into(),
        fields: vec![
            ("status".into(), sample.say("Status", "Statut")),
            ("owner".into(), sample.view.words.owner.clone()),
            ("seen".into(), sample.say("Last contact", "Dernier contact")),
        ],
        operator: "in".into(),
        operators: vec![
            ("in".into(), sample.say("is one of", "est parmi")),
            ("empty".into(), sample.say("is empty", "est vide")),
        ],
        value: text(
            &Control { label: Some(sample.say("Value", "Valeur")), ..Control::new("value") },
            &Text { value: sample.say("Customer", "Client"), ..Text::default() },
        ),
    }
}

pub(crate) fn filter_row(sample: &Sample) -> Markup {
    condition_row(&sample.view, "0", &format!("filter-row.{}", sample.view.lang), &condition(sample))
}

pub(crate) fn filter_drawer(sample: &Sample) -> Markup {
    let builder = FilterBuilder {
        action: "#".into(),
        row: format!("filter-row.{}", sample.view.lang),
        groups: vec![FilterGroup { join: Join::And, conditions: vec![condition(sample), condition(sample)] }],
        ..FilterBuilder::default()
    };
    let body = filter_builder(&sample.view, &builder);
    drawer(&sample.view, &Dialog { title: sample.view.words.filter.clone(), body, wide: false })
}

pub(crate) fn columns_drawer(sample: &Sample) -> Markup {
    let all: Vec<_> =
        columns(sample).into_iter().enumerate().map(|(place, column)| (column.key, column.label, place < 7)).collect();
    let body = columns_chooser(&sample.view, "#", &all);
    drawer(&sample.view, &Dialog { title: sample.view.words.columns.clone(), body, wide: false })
}
