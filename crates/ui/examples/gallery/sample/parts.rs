use maud::{Markup, html};
use ui::*;

use super::{Sample, frame, header};

pub(crate) fn page(sample: &Sample) -> Markup {
    let view = &sample.view;
    let head = header(sample, Icon::ListChecks, sample.say("Parts", "Pièces"), None, None);
    let tones = [Tone::Info, Tone::Success, Tone::Warning, Tone::Error];
    frame(
        sample,
        "parts",
        head,
        html! { (page_body(html! {
                (tiles(&figures(sample)))
                (panel(&sample.say("Buttons", "Boutons"), None, buttons(sample)))
                (panel(&sample.say("Tags", "Étiquettes"), None, html! {
                    div.buttons { @for hue in Hue::ALL { (tag(&Tag::new(hue.name(), hue))) } }
                    div.buttons { @for hue in Hue::ALL { (dot(hue.name(), hue)) } }
                    div.buttons {
                        @for name in ["Élodie Béranger", "Idir Benali", "Maud Le Guen", "Jean-Pierre Roux", "Zoé", "Kim Anh"] {
                            (avatar(&Avatar::person(name), AvatarSize::Small))
                            (avatar(&Avatar::person(name), AvatarSize::Medium))
                            (avatar(&Avatar::thing(name), AvatarSize::Large))
                        }
                    }
                }))
                @for tone in tones {
                    (banner(view, &Banner {
                        tone,
                        title: sample.say("The import has ended", "L’import est terminé"),
                        detail: Some(sample.say("12 rows were rejected; the reasons stand beside each.", "12 lignes ont été rejetées ; le motif figure à côté de chacune.")),
                        actions: vec![Action { label: sample.say("Download the rejects", "Télécharger les rejets"), href: "#".into(), ..Action::default() }],
                    }))
                }
                (panel(&sample.say("Details", "Détails"), Some(&sample.say("Names and values", "Noms et valeurs")), key_values(view, &[
                    KeyValue { label: sample.say("Server", "Serveur"), value: Cell::Text("crm.example".into()) },
                    KeyValue { label: sample.say("Last backup", "Dernière sauvegarde"), value: Cell::Date { iso: "2026-11-20T10:00:00Z".into(), text: "20/11/2026".into(), relative: true } },
                    KeyValue { label: sample.say("Encrypted", "Chiffrée"), value: Cell::Boolean(false) },
                ])))
                (code_block(view, "curl -H 'Authorization: Bearer …' /api/v1/account?select=id,name"))
                (progress(&Progress { label: sample.say("Indexing", "Indexation"), value: None, total: 1, detail: String::new() }))
                (skeleton(view, 3))
                (pager(view, Some("#"), Some("#"), "51–100"))
            }))
            (toast(view, Tone::Success, &sample.say("Account deleted", "Compte supprimé"), Some("#")))
        },
    )
}

fn figures(sample: &Sample) -> Vec<Tile> {
    let tile = |label: String, value: &str, detail: String, good| Tile {
        label,
        value: value.into(),
        detail: Some(detail),
        good,
        href: Some("#".into()),
    };
    vec![
        tile(
            sample.say("Won this month", "Gagné ce mois-ci"),
            "412 800 €",
            sample.say("+12 % on October", "+12 % sur octobre"),
            Some(true),
        ),
        tile(
            sample.say("Open pipeline", "En cours"),
            "2 033 113 €",
            sample.say("84 opportunities", "84 opportunités"),
            None,
        ),
        tile(
            sample.say("Overdue tasks", "Tâches en retard"),
            "7",
            sample.say("+3 since Monday", "+3 depuis lundi"),
            Some(false),
        ),
    ]
}

fn buttons(sample: &Sample) -> Markup {
    let button =
        |kind, label: String| Action { label, kind, href: "#".into(), icon: Some(Icon::Plus), ..Action::default() };
    let bar = [
        button(ActionKind::Primary, sample.say("Primary", "Principal")),
        button(ActionKind::Secondary, sample.say("Secondary", "Secondaire")),
        button(ActionKind::Quiet, sample.say("Quiet", "Discret")),
        button(ActionKind::Danger, sample.view.words.delete.clone()),
    ];
    button_bar(&sample.view, &bar)
}

pub(crate) fn sign_in_page(sample: &Sample) -> Markup {
    let view = &sample.view;
    let words = view.words;
    let email = Field {
        label: words.email.clone(),
        control: Control { required: true, autofocus: true, ..Control::new("email") },
        ..Field::default()
    };
    let password = Field {
        label: words.password.clone(),
        control: Control { required: true, ..Control::new("password") },
        ..Field::default()
    };
    let fields = vec![
        field(view, &email, |c| {
            text(c, &Text { kind: Some("email"), autocomplete: Some("username"), ..Text::default() })
        }),
        field(view, &password, |c| {
            text(c, &Text { kind: Some("password"), autocomplete: Some("current-password"), ..Text::default() })
        }),
    ];
    let content = SignIn {
        product: "Clientele".into(),
        title: sample.say("Sign in to Atelier Nord", "Connexion à Atelier Nord"),
        message: Some(Banner {
            tone: Tone::Error,
            title: sample.say("Wrong e-mail or password", "E-mail ou mot de passe incorrect"),
            ..Banner::default()
        }),
        form: form(
            view,
            &Form {
                action: "#".into(),
                sections: vec![FormSection { label: None, fields }],
                submit: words.sign_in.clone(),
                ..Form::default()
            },
        ),
        foot: vec![Action {
            label: words.forgot_password.clone(),
            href: "#".into(),
            kind: ActionKind::Quiet,
            ..Action::default()
        }],
        ..SignIn::default()
    };
    sign_in(view, &content)
}

pub(crate) fn palette(sample: &Sample) -> Markup {
    let record = |label: &str, detail: String| PaletteHit {
        label: label.into(),
        href: "#".into(),
        detail: Some(detail),
        avatar: Some(Avatar::thing(label)),
        ..PaletteHit::default()
    };
    let action = |label: String, icon| PaletteHit {
        label,
        href: format!("create.{}", sample.view.lang),
        icon: Some(icon),
        overlay: true,
        ..PaletteHit::default()
    };
    palette_hits(
        &sample.view,
        &[
            (
                sample.say("Records", "Fiches"),
                vec![
                    record("Maison Vauquelin & Fils", sample.say("Account", "Compte")),
                    record("Kestrel Logistics", sample.say("Account", "Compte")),
                ],
            ),
            (
                "Actions".into(),
                vec![
                    action(sample.say("New account", "Nouveau compte"), Icon::Plus),
                    action(sample.say("Import a file", "Importer un fichier"), Icon::Upload),
                ],
            ),
        ],
    )
}

pub(crate) fn moved_toast(sample: &Sample) -> Markup {
    toast(&sample.view, Tone::Success, &sample.say("Moved to Negotiation", "Passée en Négociation"), Some("moved.en"))
}
