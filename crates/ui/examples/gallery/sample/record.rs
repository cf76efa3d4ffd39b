use maud::{Markup, html};
use ui::*;

use super::{Sample, frame, header};

pub(crate) fn page(sample: &Sample) -> Markup {
    let view = &sample.view;
    let layout = RecordLayout {
        head: html! { (record_header(view, &head(sample))) (stage_path(view, &stages(sample), Some("moved.en"))) },
        properties: properties(view, &groups(sample)),
        tabs: tabs(&sample.say("Views of this opportunity", "Vues de cette opportunité"), &page_tabs(sample)),
        center: html! {
            (composer(view, &add(sample)))
            (timeline(view, &entries(sample), None, &Empty::default()))
            (history_table(view, &history(sample)))
        },
        aside: html! { (related(view, &people(sample))) (related(view, &quotes(sample))) },
    };
    let mut top = header(
        sample,
        Icon::Target,
        sample.say("Workshop fittings, phase 2", "Équipement d’atelier, phase 2"),
        Some(sample.say("Opportunities", "Opportunités")),
        None,
    );
    top.presence = vec![Avatar::person("Idir Benali"), Avatar::person("Maud Le Guen")];
    frame(sample, "record", top, record_page(&layout))
}

fn head(sample: &Sample) -> RecordHeader {
    let fact = |label: String, value| KeyValue { label, value };
    RecordHeader {
        avatar: Avatar::thing("Maison Vauquelin & Fils"),
        subtitle: Some(sample.say("Industrial equipment · Lyon", "Équipement industriel · Lyon")),
        facts: vec![
            fact(sample.view.words.amount.clone(), Cell::Money("128 400,00 €".into())),
            fact(
                sample.say("Expected close", "Clôture prévue"),
                Cell::Date {
                    iso: "2026-12-18".into(),
                    text: sample.say("18 Dec 2026", "18 déc. 2026"),
                    relative: false,
                },
            ),
            fact(
                sample.view.words.owner.clone(),
                Cell::Named { avatar: Avatar::person("Camille Roussel"), href: None, detail: None },
            ),
        ],
        actions: vec![Action {
            label: sample.say("Mark as won", "Marquer comme gagnée"),
            icon: Some(Icon::CircleCheck),
            href: "moved.en".into(),
            method: Method::Post,
            kind: ActionKind::Primary,
            ..Action::default()
        }],
        more: vec![
            MenuEntry {
                label: sample.view.words.edit.clone(),
                icon: Some(Icon::Pencil),
                href: format!("create.{}", sample.view.lang),
                method: Method::Overlay,
                ..MenuEntry::default()
            },
            MenuEntry {
                label: sample.view.words.delete.clone(),
                icon: Some(Icon::Trash),
                href: "moved.en".into(),
                method: Method::Post,
                danger: true,
                section: Some(String::new()),
                ..MenuEntry::default()
            },
        ],
        siblings: (Some("#".into()), Some("#".into())),
    }
}

fn stages(sample: &Sample) -> Vec<Stage> {
    let names = [
        ("qualify", sample.say("Qualification", "Qualification")),
        ("propose", sample.say("Proposal sent", "Proposition envoyée")),
        ("negotiate", sample.say("Negotiation", "Négociation")),
        ("won", sample.say("Won", "Gagnée")),
    ];
    names
        .into_iter()
        .enumerate()
        .map(|(place, (key, label))| Stage {
            key: key.into(),
            label,
            current: place == 2,
            done: place < 2,
            time: (place < 3).then(|| sample.say(&format!("{} d", 4 + place * 3), &format!("{} j", 4 + place * 3))),
            hue: Hue::Violet,
        })
        .collect()
}

fn groups(sample: &Sample) -> Vec<PropertyGroup> {
    let edit = Some(format!("cell-edit.{}", sample.view.lang));
    let property = |label: String, icon, value, edit: &Option<String>| Property {
        label,
        icon: Some(icon),
        value,
        edit: edit.clone(),
        provenance: None,
    };
    vec![
        PropertyGroup {
            label: sample.say("Opportunity", "Opportunité"),
            properties: vec![
                property(
                    sample.say("Name", "Nom"),
                    Icon::Type,
                    Cell::Text(sample.say("Workshop fittings", "Équipement d’atelier")),
                    &edit,
                ),
                property(sample.view.words.amount.clone(), Icon::Euro, Cell::Money("128 400,00 €".into()), &edit),
                property(
                    sample.say("Probability", "Probabilité"),
                    Icon::Percent,
                    Cell::Progress { percent: 60, text: "60 %".into() },
                    &edit,
                ),
                property(
                    sample.say("Tags", "Étiquettes"),
                    Icon::Tag,
                    Cell::Tags(vec![
                        Tag::new(sample.say("Trade fair", "Salon"), Hue::Teal),
                        Tag::new(sample.say("Public tender", "Marché public"), Hue::Pink),
                    ]),
                    &edit,
                ),
                property(sample.say("Next step", "Prochaine étape"), Icon::Flag, Cell::Empty, &edit),
            ],
            folded: false,
        },
        PropertyGroup {
            label: sample.say("Account", "Compte"),
            properties: vec![
                property(
                    sample.say("Account", "Compte"),
                    Icon::Building,
                    Cell::Named {
                        avatar: Avatar::thing("Maison Vauquelin & Fils"),
                        href: Some("#".into()),
                        detail: None,
                    },
                    &None,
                ),
                property(
                    sample.view.words.phone.clone(),
                    Icon::Phone,
                    Cell::Link { text: "+33 4 72 00 00 00".into(), href: "tel:+33472000000".into() },
                    &edit,
                ),
                property(sample.say("Rating", "Note"), Icon::Star, Cell::Rating { value: 4, of: 5 }, &edit),
            ],
            folded: false,
        },
        PropertyGroup {
            label: sample.say("System", "Système"),
            properties: vec![property(
                sample.say("Number", "Numéro"),
                Icon::Hash,
                Cell::Text("OPP-00231".into()),
                &None,
            )],
            folded: true,
        },
    ]
}

fn page_tabs(sample: &Sample) -> Vec<Tab> {
    [
        (sample.say("Timeline", "Fil d’activité"), None, Icon::RotateCcwClock),
        (sample.view.words.tasks.clone(), Some("2"), Icon::ListChecks),
        (sample.say("Products", "Produits"), Some("7"), Icon::Package),
        (sample.say("Files", "Fichiers"), None, Icon::Paperclip),
    ]
    .into_iter()
    .enumerate()
    .map(|(place, (label, count, icon))| Tab {
        label,
        href: "#".into(),
        count: count.map(str::to_owned),
        current: place == 0,
        icon: Some(icon),
    })
    .collect()
}

fn add(sample: &Sample) -> Composer {
    let prompt = Some(sample.view.words.write_here.clone());
    let note = Control { label: prompt.clone(), placeholder: prompt, ..Control::new("body") };
    let tab = |key: &str, label: String, icon, fields, submit: String| ComposerTab {
        key: key.into(),
        label,
        icon: Some(icon),
        action: "moved.en".into(),
        fields,
        submit,
    };
    let subject = |name: &str| {
        let prompt = Some(sample.say("Subject", "Objet"));
        text(&Control { label: prompt.clone(), placeholder: prompt, ..Control::new(name) }, &Text::default())
    };
    Composer {
        tabs: vec![
            tab(
                "note",
                "Note".into(),
                Icon::StickyNote,
                long_text(&note, "", 3),
                sample.say("Add note", "Ajouter la note"),
            ),
            tab(
                "call",
                sample.say("Call", "Appel"),
                Icon::Phone,
                subject("call"),
                sample.say("Log call", "Consigner l’appel"),
            ),
            tab(
                "task",
                sample.say("Task", "Tâche"),
                Icon::ListChecks,
                subject("task"),
                sample.say("Add task", "Ajouter la tâche"),
            ),
            tab(
                "meeting",
                sample.say("Meeting", "Réunion"),
                Icon::Calendar,
                subject("meeting"),
                sample.say("Plan meeting", "Planifier la réunion"),
            ),
        ],
    }
}

fn entries(sample: &Sample) -> Vec<TimelineEntry> {
    let entry = |id: &str, icon, actor: &str, summary: String, iso: &str| TimelineEntry {
        id: id.into(),
        icon: Some(icon),
        actor: Avatar::person(actor),
        summary,
        iso: iso.into(),
        time: iso.into(),
        ..TimelineEntry::default()
    };
    vec![
        TimelineEntry {
            body: Some(sample.say(
                "Called Hélène: the committee meets on Thursday. She asks for delivery in two lots.\n\nSend the revised quote before noon.",
                "Appel avec Hélène : le comité se réunit jeudi. Elle demande une livraison en deux lots.\n\nEnvoyer le devis révisé avant midi.",
            )),
            heading: Some(sample.say("November 2026", "Novembre 2026")),
            ..entry("1", Icon::Phone, "Camille Roussel", sample.say("logged a call", "a consigné un appel"), "2026-11-20T10:00:00Z")
        },
        TimelineEntry {
            changes: vec![
                Change {
                    field: sample.view.words.stage.clone(),
                    before: sample.say("Proposal sent", "Proposition envoyée"),
                    after: sample.say("Negotiation", "Négociation"),
                },
                Change { field: sample.view.words.amount.clone(), before: "96 000,00 €".into(), after: "128 400,00 €".into() },
            ],
            ..entry("2", Icon::Target, "Idir Benali", sample.say("changed two fields", "a modifié deux champs"), "2026-11-12T08:30:00Z")
        },
        entry("3", Icon::Sparkles, "Camille Roussel", sample.say("created this opportunity", "a créé cette opportunité"), "2026-10-30T15:00:00Z"),
    ]
}

fn history(sample: &Sample) -> Vec<HistoryRow> {
    vec![HistoryRow {
        iso: "2026-11-12T08:30:00Z".into(),
        time: "12/11/2026 09:30".into(),
        actor: Avatar::person("Idir Benali"),
        through: sample.say("Import “fair.csv”", "Import « salon.csv »"),
        change: Change {
            field: sample.view.words.amount.clone(),
            before: "96 000,00 €".into(),
            after: "128 400,00 €".into(),
        },
        restore: Some(Action {
            label: sample.view.words.restore.clone(),
            icon: Some(Icon::Undo2),
            href: "moved.en".into(),
            method: Method::Post,
            kind: ActionKind::Quiet,
            ..Action::default()
        }),
    }]
}

fn people(sample: &Sample) -> Related {
    let person = |name: &str, detail: String| RelatedItem {
        avatar: Avatar::person(name),
        href: "#".into(),
        detail: Some(detail),
        value: Cell::Text(String::new()),
    };
    Related {
        label: "Contacts".into(),
        count: "3".into(),
        items: vec![
            person("Hélène Vauquelin", sample.say("Managing director", "Directrice générale")),
            person(
                "Bastien Ferrand",
                sample.say("Head of purchasing for the southern sites", "Responsable des achats des sites du sud"),
            ),
            person("Aïcha Diallo", sample.say("Workshop manager", "Cheffe d’atelier")),
        ],
        all: Some("#".into()),
        create: Some(format!("create.{}", sample.view.lang)),
        empty: String::new(),
    }
}

fn quotes(sample: &Sample) -> Related {
    Related {
        label: sample.say("Quotes", "Devis"),
        count: "0".into(),
        create: Some(format!("create.{}", sample.view.lang)),
        empty: sample.say("No quote yet", "Aucun devis pour l’instant"),
        ..Related::default()
    }
}
