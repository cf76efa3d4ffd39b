product-name = Clientele
home = Accueil
overview = Vue d’ensemble
my-profile = Mon profil
sessions = Mes sessions
password = Mot de passe
save = Enregistrer
create = Créer
records = Fiches
go-to = Aller à
app-custom = Vos objets
welcome = Bonjour { $name }
recent = { $objects } : derniers changements

## Avant la session.
sign-in = Se connecter
sign-in-title = Connexion
wrong-password = Cette adresse et ce mot de passe ne vont pas ensemble.
problem-too-many-attempts = Trop d’essais : attendez un quart d’heure.
your-name = Votre nom
new-password = Mot de passe
new-password-hint = Au moins 10 caractères ; une phrase se retient facilement.
setup-title = Bienvenue dans Clientele
setup-detail = Créez le premier administrateur. Les autres seront invités ensuite.
setup-submit = Créer l’espace de travail
invite-title = Rejoindre l’espace de travail
invite-detail = Choisissez le mot de passe avec lequel vous vous connecterez.
invite-submit = Rejoindre
dead-link-title = Ce lien n’est plus valable
dead-link = Il a déjà servi ou il est trop ancien. Demandez-en un nouveau.

## Ce qui a été fait.
toast-saved = Enregistré
toast-created = Créé
toast-deleted = Mis à la corbeille
toast-restored = Restauré
toast-moved = Déplacé
toast-undone = Annulé
toast-bulk-done = C’est fait
toast-revoked = Révoqué
toast-forgotten = Oublié
toast-replayed = Nouvel essai fait
toast-discarded = Jeté
toast-revived = Relancé
toast-password-changed = Mot de passe changé
undone-records = { $n ->
    [one] Annulé : { $n } fiche est revenue à son état d’avant.
   *[other] Annulé : { $n } fiches sont revenues à leur état d’avant.
}
undone-kept = { $n ->
    [one] { $n } a été laissée telle quelle, car elle a changé depuis.
   *[other] { $n } ont été laissées telles quelles, car elles ont changé depuis.
}

## Ce qui ne va pas.
error-request = Si cela se reproduit, donnez ce numéro à votre administrateur : { $id }
problem-unreadable-form = Ce formulaire est illisible.
problem-file-too-large = Un fichier pèse au plus { $max } Mo.
problem-filter-unreadable = Ce filtre est illisible.
problem-no-such-name = Aucune fiche ne s’appelle « { $value } », ou plusieurs.
problem-bulk-none = Aucune fiche n’est sélectionnée.
problem-bulk-too-many = Au plus { $max } fiches peuvent changer en une fois : restreignez la liste.
problem-not-a-name = Des minuscules sans accent, des chiffres et des tirets bas, en commençant par une lettre.
problem-options-expected = Donnez au moins une option, une par ligne.

## Listes.
layout-table = Tableau
layout-board = Kanban
board-empty = Il n’y a aucune colonne à montrer.
bin = Corbeille
bin-empty = La corbeille est vide.
list-empty = { $objects } : rien pour l’instant
count-rows = { $of ->
    [one] { $n } fiche
   *[other] { $n } fiches
}
figure-sum = Somme
figure-avg = Moyenne
sort-newest = Les plus récents d’abord
search-chip = Recherche
format-csv = CSV
format-xlsx = Excel
format-jsonl = JSON, une ligne par fiche
format-parquet = Parquet
hidden-record = Masqué
view-all = { $objects } : tout
views-mine = Mes vues
views-shared = Vues partagées
view-save-as = Enregistrer comme vue
view-edit = Renommer ou partager la vue
view-delete = Supprimer la vue
view-delete-sure = Supprimer la vue « { $name } » ?
view-update = Mettre la vue à jour
view-unsaved = La vue a changé
view-shared = Partagée avec tout le monde

## Filtres.
filter-value = Valeur
filter-or = ou
filter-custom = Filtre particulier
op-contains = contient
op-eq = est
op-ne = n’est pas
op-starts_with = commence par
op-empty = est vide
op-filled = est rempli
op-gt = est supérieur à
op-gte = est au moins
op-lt = est inférieur à
op-lte = est au plus
op-within = est
op-before = est avant le
op-since = est à partir du
op-in = est parmi
op-not_in = n’est pas parmi
op-has_any = contient un parmi
op-has_none = ne contient aucun parmi
op-me = est moi
op-not_me = n’est pas moi
span-today = aujourd’hui
span-yesterday = hier
span-tomorrow = demain
span-last-7-days = dans les 7 derniers jours
span-next-7-days = dans les 7 prochains jours
span-last-30-days = dans les 30 derniers jours
span-next-30-days = dans les 30 prochains jours
span-this-week = cette semaine
span-last-week = la semaine dernière
span-next-week = la semaine prochaine
span-this-month = ce mois-ci
span-last-month = le mois dernier
span-next-month = le mois prochain
span-this-quarter = ce trimestre
span-last-quarter = le trimestre dernier
span-next-quarter = le trimestre prochain
span-this-year = cette année
span-last-year = l’année dernière

## Changer plusieurs fiches.
bulk-edit = { $objects } : modifier
bulk-delete = { $objects } : supprimer
bulk-restore = { $objects } : restaurer
bulk-edit-preview = { $n ->
    [one] { $n } fiche recevra une nouvelle valeur.
   *[other] { $n } fiches recevront une nouvelle valeur.
}
bulk-delete-preview = { $n ->
    [one] { $n } fiche ira à la corbeille.
   *[other] { $n } fiches iront à la corbeille.
}
bulk-restore-preview = { $n ->
    [one] { $n } fiche sortira de la corbeille.
   *[other] { $n } fiches sortiront de la corbeille.
}
bulk-edit-submit = Modifier
bulk-delete-submit = Supprimer
bulk-restore-submit = Restaurer
bulk-undo-hint = Vous pourrez l’annuler en une fois.
bulk-refused = Modifiées : { $done }. Refusées : { $refused }.

## Fiches.
new-record = Créer : { $object }
edit-record = Modifier { $name }
section-more = Autres
section-system = Fiche
properties = Propriétés
record-tabs = Parties de la fiche
timeline = Activité
history = Historique
timeline-empty = Il ne s’est encore rien passé.
history-empty = Rien n’a encore changé.
timeline-create = a créé la fiche
timeline-update = a modifié
timeline-delete = a mis la fiche à la corbeille
timeline-restore = a restauré la fiche
change-create = Création
change-delete = À la corbeille
change-restore = Restauration
via-web = Pages
via-api = API
via-import = Import
via-rule = Règle
via-cli = Ligne de commande
via-undo = Annulation
in-bin = Cette fiche est dans la corbeille.
related-empty = { $objects } : aucune fiche
moved = Changement d’étape
changed-by = { $who }, { $when }.
why-visible = Pourquoi est-ce visible ?
why-administrator = les administrateurs voient tout
why-everything = le rôle « { $role } » voit toutes les fiches de cette sorte
why-owner = cette personne en est responsable (rôle « { $role } »)
why-team = elle appartient à l’une de ses équipes (rôle « { $role } »)
why-shared = elle est partagée avec tout le monde
why-about = et la fiche dont elle parle est visible ({ $field })
entry-work = Travail
entry-mobile = Mobile
entry-home = Domicile
entry-other = Autre
revoke = Révoquer

## Son propre profil.
profile-preferences = Langue et fuseau horaire
present-password = Mot de passe actuel
change-password = Changer le mot de passe
password-ends-sessions = Le changer vous déconnecte partout.
session-browser = Navigateur
session-address = Adresse
session-since = Connexion
session-seen = Dernière activité
session-this = celle-ci

## Réglages.
settings-objects = Objets et champs
settings-objects-hint = Ajoutez des champs à tout objet, et vos propres objets.
settings-users = Utilisateurs
settings-users-hint = Qui travaille ici, dans quelle équipe, avec quels rôles.
settings-teams = Équipes
settings-teams-hint = Les équipes et celles qui en dépendent.
settings-roles = Rôles
settings-roles-hint = Qui peut voir et modifier quoi.
settings-sources = Sources
settings-sources-hint = D’où viennent les données clients, dans quel état, et avec quelles clés elles sont envoyées.
settings-webhooks = Webhooks
settings-webhooks-hint = Dites à d’autres systèmes ce qui change ici.
settings-jobs = Tâches de fond
settings-jobs-hint = Ce qui attend, ce qui tourne, ce qui a échoué.
settings-batches = Imports et modifications en masse
settings-batches-hint = Chacun s’annule en une fois.
settings-tokens = Clés d’API
settings-tokens-hint = Une clé agit en votre nom, avec vos droits ou moins.
settings-api = API
settings-api-hint = L’interface pour les programmes, documentée pour cet espace.
invitation = Invitation
invite = Inviter
invitation-hint = Envoyez ce lien. Il sert une fois, pendant trois jours, à choisir un mot de passe.
token-new = Nouvelle clé
token-name = Nom
token-scope = Droits
token-read = Lecture seule
token-write = Lecture et écriture
token-days = Fin
token-days-30 = dans 30 jours
token-days-90 = dans 90 jours
token-days-365 = dans un an
token-days-0 = jamais
token-created = Créée
token-used = Dernier usage
token-expires = Fin
token-once = Copiez cette clé maintenant : elle n’est montrée qu’une fois.
job-all = Toutes
job-ready = En attente
job-running = En cours
job-dead = Échouées
job-done = Terminées
job-kind = Sorte
job-state = État
job-at = Prévue
job-attempts = Essais
job-error = Dernière erreur
job-revive = Relancer
job-none = Aucune tâche ici.
batch-label = Nom
batch-kind = Sorte
batch-at = Quand
batch-by = Qui
batch-import = Import
batch-bulk = Modification en masse
batch-edit = Modification
batch-undo = Annulation
batch-none = Rien pour l’instant.
batch-undo-sure = Annuler « { $name } » ? Ce qui a changé depuis reste tel quel.
state-running = En cours
state-done = Terminé
state-failed = Arrêté par une erreur
state-cancelled = Interrompu
state-undone = Annulé
scope-none = aucune
scope-own = les siennes
scope-team = celles de ses équipes
scope-all = toutes
grant-read = Voir
grant-create = Créer
grant-update = Modifier
grant-delete = Supprimer
grant-hidden = Champs invisibles
grant-locked = Champs non modifiables
grant-fields = { $n ->
    [0] sans limite
    [one] { $n } champ limité
   *[other] { $n } champs limités
}
object = Objet
object-new = Nouvel objet
object-name = Nom pour les programmes
object-name-hint = Minuscules sans accent, chiffres et tirets bas ; il ne change plus ensuite.
object-kind = Sorte
object-custom = à vous
object-standard = standard
object-fields = Champs
object-added = Ajouté
object-icon = Icône
label-fr = Nom en français
label-en = Nom en anglais
plural-fr = Pluriel en français
plural-en = Pluriel en anglais
field-new = Nouveau champ
field-label = Champ
field-type = Type
field-required = Obligatoire
field-unique = Unique
field-searchable = Trouvé par la recherche
field-indexed = Filtres et tris rapides
field-personal = Concerne une personne
field-default = Valeur par défaut
field-options = Options
field-options-hint = Une par ligne : un nom, ou « valeur | français | anglais ».
field-to = Pointe vers
field-stars = Étoiles
field-pattern = Modèle
field-pattern-hint = Les zéros sont le compteur, comme dans D-{"{"}year{"}"}-00000.
field-expression = Formule
field-expression-hint = Par exemple : amount.amount * probability / 100.0
field-result = Donne
field-source = Sur
field-operation = Calcul
field-of = De
field-help-section = Aide
help-fr = Aide en français
help-en = Aide en anglais
field-conditions = Conditions
field-required-when = Obligatoire quand
field-visible-when = Visible quand
field-read-only-when = Verrouillé quand
rollup-count = Nombre
rollup-sum = Somme
rollup-min = Minimum
rollup-max = Maximum
rollup-avg = Moyenne
type-text = Texte
type-long_text = Texte long
type-integer = Nombre entier
type-number = Nombre
type-percent = Pourcentage
type-money = Montant
type-boolean = Oui ou non
type-date = Date
type-date_time = Date et heure
type-duration = Durée
type-choice = Choix
type-multi_choice = Choix multiple
type-person_name = Nom de personne
type-emails = Adresses électroniques
type-phones = Numéros de téléphone
type-links = Liens
type-address = Adresse postale
type-reference = Lien vers une fiche
type-references = Liens vers plusieurs fiches
type-polymorphic = Lien vers toute fiche
type-user = Utilisateur
type-files = Fichiers
type-rating = Note
type-tags = Étiquettes
type-location = Lieu
type-json = JSON
type-auto_number = Numéro automatique
type-formula = Formule
type-rollup = Cumul

## Import.
import-title = Importer : { $objects }
import-steps = Étapes de l’import
import-file = Fichier
import-file-hint = CSV, Excel, JSON ou Parquet, dans tout encodage ; jusqu’à 512 Mo.
import-no-file = Choisissez d’abord un fichier.
import-columns = Colonnes
import-preview = Aperçu
import-run = Import
import-to-preview = Aperçu
import-method = Que faire de chaque ligne
import-method-create = Créer des fiches
import-method-update = Modifier les fiches existantes
import-method-upsert = Modifier les fiches existantes, créer les autres
import-key = Trouver les fiches existantes par
import-saved = Correspondances enregistrées :
import-save-as = Enregistrer la correspondance sous
import-save-as-hint = Pour le prochain fichier de la même forme. Laisser vide pour ne pas l’enregistrer.
import-missing = Créer les fiches liées
import-missing-hint = Quand un lien ne trouve rien, une fiche de ce nom est créée.
import-back = Revenir aux colonnes
import-start = Lancer l’import
import-tried = Essai sur les { $n } premières lignes ; rien n’est encore enregistré.
import-read = Lignes
import-created = Créées
import-updated = Modifiées
import-unchanged = Inchangées
import-made = Créées au passage
import-rejected = Rejetées
import-is-created = nouvelle
import-is-updated = modifiée
import-is-unchanged = inchangée
import-is-rejected = rejetée
import-rows = { $n ->
    [one] { $n } ligne
   *[other] { $n } lignes
}
import-rejects = Lignes rejetées
import-undo = Annuler l’import
problem-file-unreadable = Ce fichier est illisible : { $detail }
invitation-make = Créer le lien
why-sees = { $name } voit cette fiche parce que :
why-not = { $name } ne peut pas voir cette fiche.
why-other = Demander pour cet utilisateur
webhook-deliveries = Derniers messages

## Sources : leur état, ce qui fut appris de leurs événements, ce qui fut rejeté.
source-none = Aucune source
source-none-hint = Une source est tout ce qui vous renseigne sur des personnes ou des organisations : un site, une application, un fichier.
source-tab-health = État
source-tab-events = Événements
source-tab-rejects = Rejets
source-last = Dernière réception
source-never = Jamais
source-accepted = Gardés en 30 jours
source-repeated = Doublons écartés
source-rejected = Rejetés en 30 jours
source-volume = Événements gardés par jour
source-volume-tip = { $day } : { $accepted } gardés, { $rejected } rejetés
source-unlawful = Dites pour quelle finalité et sur quelle base légale les données de cette source sont traitées.
source-complete = Compléter
source-off = Cette source est désactivée : ce qu’elle envoie n’est pas pris.
source-keys = Clés d’écriture
source-keys-hint = Un programme envoie des événements avec une clé. Une clé placée dans une page web est vue de tous : elle permet d’écrire, jamais de lire.
source-key-new = Nouvelle clé d’écriture
source-send = Où envoyer
source-send-hint = Les bibliothèques Segment prennent cette adresse et une clé d’écriture.
source-learnt-none = Aucun événement reçu
source-learnt-hint = Appris de ce qui est arrivé. Une source qui rejette ce qu’elle ne connaît pas s’y compare.
source-property = Propriété
source-types = Types
source-count = Fois
source-first = Première
source-seen = Dernière
source-forget = Oublier
source-type-text = texte
source-type-number = nombre
source-type-boolean = oui/non
source-type-list = liste
source-type-object = objet
source-type-nothing = rien
source-type-times = { $type } × { $n }
source-rejects-none = Rien n’a été rejeté
source-rejects-hint = Ce qui fut rejeté attend ici. Corrigez la cause, puis réessayez : les événements gardent l’heure de leur arrivée.
source-received = Reçu
source-reason = Raison
source-event = Événement
source-replay = Réessayer
source-replay-all = Tout réessayer
source-discard = Jeter
source-discard-all = Tout jeter
source-discard-sure = Jeter les événements rejetés de cette source ? Ils ne reviendront pas.
