use maud::{Markup, html};
use ui::*;

use super::{Sample, frame, header};

fn labelled(label: String, name: &str) -> Field {
    Field { label, control: Control::new(name), ..Field::default() }
}

fn grouped(label: String, name: &str) -> Field {
    Field { group: true, ..labelled(label, name) }
}

fn kinds(sample: &Sample) -> Vec<Choice> {
    [("work", sample.say("Work", "Travail"), Hue::Blue), ("home", sample.say("Home", "Domicile"), Hue::Green)]
        .into_iter()
        .map(|(value, label, hue)| Choice { value: value.into(), label, hue })
        .collect()
}

fn fields(sample: &Sample) -> Vec<Markup> {
    let view = &sample.view;
    let words = view.words;
    let pick = format!("pick.{}", view.lang);
    let held = Reference { value: "acc_1".into(), label: "Maison Vauquelin & Fils".into() };
    let required = Field {
        hint: Some(sample.say("As on the invoice", "Tel que sur la facture")),
        control: Control { required: true, ..Control::new("name") },
        ..labelled(sample.say("Account name", "Nom du compte"), "name")
    };
    let value = |value: &str| Text { value: value.into(), ..Text::default() };
    vec![
        field(view, &required, |c| text(c, &value("Maison Vauquelin & Fils"))),
        field(view, &labelled(sample.say("Status", "Statut"), "status"), |c| {
            choice(c, &kinds(sample), "work", Some("—"))
        }),
        field(view, &labelled(sample.say("Employees", "Effectif"), "employees"), |c| number(c, "1 250", true, None)),
        field(view, &labelled(sample.say("Discount", "Remise"), "discount"), |c| number(c, "12,5", false, Some("%"))),
        field(view, &labelled(words.amount.clone(), "amount"), |c| {
            let amount = MoneyInput {
                amount: "128 400,00".into(),
                currency: "EUR".into(),
                currencies: vec!["EUR".into(), "GBP".into(), "USD".into()],
            };
            money(view, c, &amount)
        }),
        field(view, &labelled(sample.say("Expected close", "Clôture prévue"), "close"), |c| date(c, "2026-12-18")),
        field(view, &labelled(sample.say("Meeting", "Rendez-vous"), "meeting"), |c| {
            date_time(c, &Moment { value: "2026-12-18T10:30".into(), zone: Some("Europe/Paris".into()) })
        }),
        field(view, &grouped(sample.say("Duration", "Durée"), "duration"), |c| duration(view, c, "1", "30")),
        field(view, &labelled(sample.say("Accepts e-mail", "Accepte les e-mails"), "optin"), |c| boolean(c, true)),
        field(view, &grouped(sample.say("Rating", "Note"), "rating"), |c| rating_input(view, c, 3, 5)),
        field(view, &labelled(sample.say("Parent account", "Compte parent"), "parent"), |c| {
            reference(view, c, &pick, Some(&held))
        }),
        field(view, &labelled(sample.say("Contacts", "Contacts"), "contacts"), |c| {
            references(
                view,
                c,
                &pick,
                &[held.clone(), Reference { value: "2".into(), label: "Hélène Vauquelin".into() }],
            )
        }),
        field(view, &labelled(sample.say("About", "Concerne"), "about"), |c| {
            let kinds = vec![
                ("account".into(), sample.say("Account", "Compte"), pick.clone()),
                ("contact".into(), "Contact".into(), pick.clone()),
            ];
            polymorphic(view, c, &kinds, "account", Some(&held))
        }),
        field(view, &labelled(sample.say("Tags", "Étiquettes"), "tags"), |c| {
            tags_input(view, c, &pick, &[sample.say("Trade fair", "Salon"), "VIP".into()])
        }),
        field(
            view,
            &Field { wide: true, ..grouped(sample.say("Interests", "Centres d’intérêt"), "interests") },
            |c| multi_choice(c, &kinds(sample), &["home".into()]),
        ),
        field(view, &Field { wide: true, ..grouped(sample.say("Main contact", "Contact principal"), "person") }, |c| {
            let name = PersonName {
                title: "Mme".into(),
                first: "Hélène".into(),
                last: "Vauquelin".into(),
                ..PersonName::default()
            };
            person_name(view, c, &name)
        }),
        field(view, &grouped("E-mails".into(), "emails"), |c| {
            let held = [Entry { value: "helene@vauquelin.example".into(), label: "work".into() }];
            emails(view, c, &held, &kinds(sample))
        }),
        field(view, &grouped(sample.say("Phones", "Téléphones"), "phones"), |c| {
            let held = [Entry { value: "+33 4 72 00 00 00".into(), label: "work".into() }];
            phones(view, c, &held, &kinds(sample))
        }),
        field(view, &grouped(sample.say("Billing address", "Adresse de facturation"), "address"), |c| {
            let address = Address {
                street: "12 rue des Métiers".into(),
                postcode: "69007".into(),
                city: "Lyon".into(),
                country: "FR".into(),
                ..Address::default()
            };
            postal_address(view, c, &address, &[Country { code: "FR".into(), name: "France".into() }])
        }),
        html! {
            (field(view, &grouped(sample.say("Place", "Lieu"), "place"), |c| {
                location(view, c, &LocationInput { latitude: "45.7485".into(), longitude: "4.8467".into() })
            }))
        },
        field(view, &Field { wide: true, ..labelled(sample.say("Description", "Description"), "description") }, |c| {
            long_text(c, &sample.say("Family business since 1921.", "Entreprise familiale depuis 1921."), 3)
        }),
        field(view, &labelled(sample.say("Settings (JSON)", "Réglages (JSON)"), "settings"), |c| {
            code_input(c, "{\n  \"tier\": 2\n}", 4)
        }),
        field(view, &labelled(sample.say("Files", "Fichiers"), "files"), |c| {
            files(view, c, &[Reference { value: "f1".into(), label: "contrat.pdf".into() }], true)
        }),
        field(view, &labelled(sample.say("Number", "Numéro"), "number"), |c| {
            read_only(view, c, &Cell::Text("ACC-00231".into()))
        }),
    ]
}

pub(crate) fn controls_page(sample: &Sample) -> Markup {
    let content = Form {
        action: "moved.en".into(),
        sections: vec![FormSection { label: None, fields: fields(sample) }],
        submit: sample.view.words.save.clone(),
        cancel: Some("#".into()),
        columns: true,
        ..Form::default()
    };
    let head = header(
        sample,
        Icon::Package,
        sample.say("Every control", "Tous les contrôles"),
        Some(sample.say("Products", "Produits")),
        None,
    );
    frame(sample, "form", head, page_body(form(&sample.view, &content)))
}

pub(crate) fn refused_page(sample: &Sample) -> Markup {
    let view = &sample.view;
    let wrong = sample.say(
        "“31/02/2026” is not a date: write it as day/month/year",
        "« 31/02/2026 » n’est pas une date : écrivez jour/mois/année",
    );
    let close =
        Field { error: Some(wrong.clone()), ..labelled(sample.say("Expected close", "Clôture prévue"), "close") };
    let name = labelled(sample.say("Name", "Nom"), "name");
    let conflict = Conflict {
        by: sample.say("Idir Benali changed it 2 minutes ago.", "Idir Benali l’a modifiée il y a 2 minutes."),
        rows: vec![ConflictRow {
            name: "amount".into(),
            label: view.words.amount.clone(),
            mine: Cell::Money("120 000,00 €".into()),
            theirs: Cell::Money("128 400,00 €".into()),
        }],
    };
    let content = Form {
        action: "moved.en".into(),
        problems: vec![Problem { field: Some("close".into()), text: wrong }],
        sections: vec![FormSection {
            label: Some(sample.say("Opportunity", "Opportunité")),
            fields: vec![
                field(view, &name, |c| text(c, &Text { value: "Salon 2026".into(), ..Text::default() })),
                field(view, &close, |c| text(c, &Text { value: "31/02/2026".into(), ..Text::default() })),
            ],
        }],
        submit: view.words.save.clone(),
        cancel: Some("#".into()),
        another: true,
        columns: true,
        notice: Some(conflict_panel(view, &conflict)),
        ..Form::default()
    };
    let head = header(sample, Icon::GitMerge, sample.say("A refused form", "Un formulaire refusé"), None, None);
    frame(sample, "form-refused", head, page_body(form(view, &content)))
}

pub(crate) fn create_dialog(sample: &Sample) -> Markup {
    let view = &sample.view;
    let pick = format!("pick.{}", view.lang);
    let content = Form {
        action: "moved.en".into(),
        sections: vec![FormSection {
            label: None,
            fields: vec![
                field(
                    view,
                    &Field {
                        label: sample.say("Name", "Nom"),
                        control: Control { required: true, autofocus: true, ..Control::new("new-name") },
                        ..Field::default()
                    },
                    |c| text(c, &Text::default()),
                ),
                field(view, &labelled(sample.say("Parent account", "Compte parent"), "new-parent"), |c| {
                    reference(view, c, &pick, None)
                }),
            ],
        }],
        submit: sample.say("Create account", "Créer le compte"),
        cancel: Some("#".into()),
        ..Form::default()
    };
    let body = form(view, &content);
    dialog(view, &Dialog { title: sample.say("New account", "Nouveau compte"), body, wide: false })
}

pub(crate) fn cell_edit(sample: &Sample) -> Markup {
    let control = Control { label: Some(sample.say("Value", "Valeur")), ..Control::new("value") };
    let edit = CellEdit {
        action: "moved.en".into(),
        label: sample.say("City", "Ville"),
        control: text(&control, &Text { value: "Lyon".into(), ..Text::default() }),
        error: None,
    };
    ui::cell_edit(&sample.view, &edit)
}

pub(crate) fn picker(sample: &Sample) -> Markup {
    let offer = |value: &str, label: &str, detail: &str| ComboboxOption {
        value: value.into(),
        label: label.into(),
        detail: Some(detail.into()),
        avatar: Some(Avatar::thing(label)),
    };
    let offers = [
        offer("acc_1", "Maison Vauquelin & Fils", "Lyon"),
        offer("acc_2", "Brasserie du Marais", "Paris"),
        offer("acc_3", "Kestrel Logistics", "Manchester"),
    ];
    combobox_options(&sample.view, &offers, Some(("Vauq", &format!("create.{}", sample.view.lang))))
}

fn previews(sample: &Sample) -> Vec<PreviewRow> {
    vec![
        PreviewRow {
            line: "2".into(),
            outcome: Tag::new(sample.say("Changed", "Modifiée"), Hue::Blue),
            name: "Garage Petit".into(),
            href: Some("#".into()),
            changes: vec![Change {
                field: sample.view.words.city.clone(),
                before: "Brest".into(),
                after: "Quimper".into(),
            }],
            reason: None,
        },
        PreviewRow {
            line: "14".into(),
            outcome: Tag::new(sample.say("Rejected", "Rejetée"), Hue::Red),
            name: "GTXPro".into(),
            reason: Some(sample.say(
                "No product is called “GTXPro”: map the value or create it",
                "Aucun produit ne s’appelle « GTXPro » : associez la valeur ou créez-le",
            )),
            ..PreviewRow::default()
        },
    ]
}

pub(crate) fn import_page(sample: &Sample) -> Markup {
    let view = &sample.view;
    let wizard = [
        (sample.say("File", "Fichier"), StepState::Done),
        (sample.say("Columns", "Colonnes"), StepState::Current),
        (sample.say("Preview", "Aperçu"), StepState::Ahead),
        (view.words.import.clone(), StepState::Ahead),
        (sample.say("Result", "Résultat"), StepState::Ahead),
    ]
    .map(|(label, state)| Step { label, state, href: (state == StepState::Done).then(|| "#".into()) });
    let column = |name: &str, examples: [&str; 2], field: &str, note: Option<String>| Mapping {
        column: name.into(),
        examples: examples.map(str::to_owned).to_vec(),
        field: field.into(),
        note,
    };
    let columns = [
        column("Raison sociale", ["Garage Petit", "Le Goff"], "name", None),
        column(
            "CA 2025",
            ["12.400,50", "8 120"],
            "revenue",
            Some(sample.say("Decimal comma recognised", "Virgule décimale reconnue")),
        ),
        column("Notes internes", ["", "—"], "", None),
    ];
    let options = [
        ("name", sample.say("Account name", "Nom du compte")),
        ("revenue", sample.say("Revenue", "Chiffre d’affaires")),
    ]
    .map(|(value, label)| MappingOption { value: value.into(), label });
    let running = Progress {
        label: sample.say("Importing accounts", "Import des comptes"),
        value: Some(4_200),
        total: 8_800,
        detail: sample.say("4,200 of 8,800 rows · 12 rejected", "4 200 lignes sur 8 800 · 12 rejetées"),
    };
    let stop = Action { label: view.words.cancel.clone(), href: "#".into(), method: Method::Post, ..Action::default() };
    let confirm = Action {
        label: sample.say("Import 8,788 rows", "Importer 8 788 lignes"),
        href: "#".into(),
        method: Method::Post,
        ..Action::default()
    };
    let counts = [
        (sample.say("New", "Nouvelles"), "8 412"),
        (sample.say("Changed", "Modifiées"), "376"),
        (sample.say("Rejected", "Rejetées"), "12"),
    ]
    .map(|(label, value)| Tile { label, value: value.into(), ..Tile::default() });
    let upload = Upload {
        action: "#".into(),
        file: Field {
            hint: Some("CSV, XLSX, JSON Lines, Parquet".into()),
            ..labelled(sample.say("File", "Fichier"), "file")
        },
        fields: Vec::new(),
        submit: view.words.next.clone(),
    };
    let title = sample.say("Import accounts", "Importer des comptes");
    let head = header(sample, Icon::Database, title.clone(), Some(sample.say("Accounts", "Comptes")), None);
    frame(
        sample,
        "import",
        head,
        page_body(html! {
                (steps(&title, &wizard))
                (panel(&sample.say("Columns", "Colonnes"), Some(&sample.say("Say what each column holds.", "Dites ce que contient chaque colonne.")),
                    import_mapping(view, "#", &view.words.column_in_file, &columns, &options, &html! {}, &view.words.next)))
                (panel(&view.words.preview, None, import_preview(view, &counts, &previews(sample), &[confirm])))
                (panel(&running.label, None, import_run(view, &running, None, &[stop])))
                (panel(&upload.file.label, None, import_upload(view, &upload)))
        }),
    )
}
