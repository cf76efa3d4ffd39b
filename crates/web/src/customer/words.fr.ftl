
## Profils clients : tout ce que l’on sait de quelqu’un.
toast-profile-followed = Ce profil a été fusionné : voici celui qui l’a repris
toast-value-fixed = Valeur fixée à la main
toast-value-released = Les sources décident à nouveau
toast-separated = Fiches séparées
toast-joined = Profils fusionnés
toast-answered-same = Même personne : les fiches sont rapprochées
toast-answered-different = Personnes différentes : les fiches sont séparées
back = Retour
profile-gone = Plus aucune source ne connaît ce profil.
sure = Certitude
sure-single = Une seule fiche
sure-decided = Décidé à la main
golden-identity = Identité
golden-contact = Coordonnées
golden-pinned = Fixé à la main
golden-steward = Une personne
golden-from = Vient de { $source }, le { $day }.
golden-rule-trusted = Retenue parce que cette source est jugée plus fiable que les autres ; à fiabilité égale, la valeur la plus récente l’emporte.
golden-rule-recent = Retenue parce que c’est la valeur la plus récente.
golden-rule-frequent = Retenue parce que la plupart des fiches la donnent.
golden-rule-complete = Retenue parce que c’est la valeur la plus complète.
golden-rule-verified = Retenue parce qu’elle est confirmée, ou que rien ne la dément ; à égalité, la source la plus fiable l’emporte.
point-confirmed = confirmé
point-bounced = non distribué
point-invalid = non valable
golden-rule-only = C’est la seule valeur connue.
golden-rule-pinned = Fixée à la main : elle l’emporte quoi que disent les sources.
golden-others = { $n ->
    [one] { $n } autre valeur
   *[other] { $n } autres valeurs
}
golden-also = Également connues
golden-rejected = Autres valeurs, écartées
golden-said = { $source }, le { $day }{ $n ->
    [one] {""}
   *[other] {" "}· { $n } fiches
}
golden-choose = Fixer « { $value } » comme bonne valeur
golden-fix = Bonne valeur
golden-fix-several = Bonnes valeurs, la meilleure d’abord, une par ligne
golden-pin = Fixer à la main
golden-release = Laisser décider les sources
attribute-first_name = Prénom
attribute-last_name = Nom de famille
attribute-full_name = Nom complet
attribute-name = Nom
attribute-birth_date = Date de naissance
attribute-email = E-mail
attribute-phone = Téléphone
attribute-street_number = Numéro
attribute-street = Rue
attribute-address = Adresse
attribute-address_line = Complément d’adresse
attribute-postcode = Code postal
attribute-city = Ville
attribute-identifier = Identifiants
attribute-region = Région
attribute-country = Pays
attribute-gender = Genre
attribute-organisation = Employeur
attribute-job_title = Fonction
attribute-language = Langue
attribute-website = Site web
attribute-stage = Étape
attribute-industry = Secteur
attribute-email_state = État de l’e-mail
attribute-phone_state = État du téléphone
worth = Valeur
worth-events = Événements
worth-first = Connu depuis le
worth-recency = Récence
worth-recency-1 = dernier achat il y a plus d’un an
worth-recency-2 = dernier achat il y a six mois à un an
worth-recency-3 = dernier achat il y a trois à six mois
worth-recency-4 = dernier achat il y a un à trois mois
worth-recency-5 = achat dans le mois écoulé
worth-frequency = Fréquence
worth-frequency-1 = un achat
worth-frequency-2 = deux achats
worth-frequency-3 = de trois à cinq achats
worth-frequency-4 = de six à neuf achats
worth-frequency-5 = dix achats ou plus
worth-money = Montant
worth-money-1 = moins de 100
worth-money-2 = de 100 à 300
worth-money-3 = de 300 à 800
worth-money-4 = de 800 à 2 000
worth-money-5 = 2 000 ou plus
relations = Relations
relations-none = Aucune relation connue.
relation-works_at = Y travaille
relation-employs = Y travaille
relation-household = Même foyer
relation-worked_at = A travaillé ici
relation-employed = A travaillé pour elle
relation-since = depuis le { $day }
relation-known-since = connu depuis le { $day }
relation-until = jusqu’au { $day }
doubts = Peut-être la même personne
consents-points = { $n ->
    [one] { $n } adresse ou numéro
   *[other] { $n } adresses et numéros
}
records-none = Aucune fiche source.

## Le fil d’un profil.
stream-record = a transmis la fiche { $key }
stream-record-again = a mis à jour la fiche { $key } (version { $version })
stream-same = a décidé : ces fiches décrivent la même personne
stream-different = a décidé : ces fiches ne décrivent pas la même personne
stream-merged = a fusionné avec { $name } ({ $n ->
    [one] { $n } fiche
   *[other] { $n } fiches
})
stream-lost = { $n ->
    [one] { $n } fiche est partie
   *[other] { $n } fiches sont parties
} vers { $name }
stream-came = { $n ->
    [one] { $n } fiche est venue
   *[other] { $n } fiches sont venues
} de { $name }
stream-nameless = un ancien profil
stream-did = · { $event }
stream-page = · page vue : { $name }
stream-screen = · écran vu : { $name }
stream-identify = a identifié la personne
stream-alias = a identifié la personne sous un autre nom
stream-group = · a rejoint un groupe
stream-property = { $name } : { $value }
event-order-completed = commande passée
event-order-updated = commande modifiée
event-order-refunded = commande remboursée
event-order-cancelled = commande annulée
event-order-shipped = commande expédiée
event-product-viewed = produit consulté
event-product-added = produit mis au panier
event-product-removed = produit retiré du panier
event-product-reviewed = avis donné sur un produit
event-product-shared = produit partagé
event-products-searched = recherche de produits
event-cart-viewed = panier consulté
event-checkout-started = paiement commencé
event-coupon-applied = code promo utilisé
event-email-opened = e-mail ouvert
event-email-link-clicked = lien d’un e-mail cliqué
event-email-bounced = e-mail revenu en erreur
event-unsubscribed = désinscription
event-signed-up = inscription
event-signed-in = connexion
event-invite-sent = a parrainé quelqu’un

## Les fiches d’un profil.
bonds = Ce qui relie les fiches
bonds-hint = Chaque trait porte la probabilité que deux fiches décrivent la même personne. C’est au trait le plus faible que le profil se séparerait.
bond-between = Fiches
bond-share = Probabilité
bond-kind = Rôle
bond-weakest = le plus faible
bond-holds = relie
bond-extra = confirme
bond-decided = décidé
why = Pourquoi ?
records-single = Une seule fiche : il n’y a rien eu à rapprocher.
records-drawn = Les { $n } premières fiches sont dessinées.
records-side-by-side = Fiches côte à côte
records-elsewhere = { $n ->
    [one] { $n } fiche d’un autre profil
   *[other] { $n } fiches d’autres profils
}
differs = diffère
separate = Ces fiches ne décrivent pas la même personne
separate-hint = Cochez les fiches qui n’ont rien à faire ici. Vous verrez ce qui s’ensuit avant que rien ne change.
separate-weakest = Séparer au trait le plus faible
separate-title = Ces fiches ne décrivent pas la même personne
separate-confirm = Séparer
join = Même personne que…
join-with = L’autre profil
join-hint = Choisissez le profil qui décrit la même personne. Vous verrez ce qui s’ensuit avant que rien ne change.
join-nobody = Aucun profil n’a été choisi : prenez-en un dans la liste.
join-preview = Voir la fusion
join-title = Ces profils décrivent la même personne
join-confirm = Fusionner
verdict = Décision
verdict-note = Pourquoi (gardé avec la décision)
verdict-undoable = Les fiches sources restent telles quelles. La décision peut être annulée à tout moment.
verdict-same = { $one } — la même personne que { $other }
verdict-different = { $one } — pas la même personne que { $other }
verdicts = Décisions
verdicts-hint = Ce que les personnes ont décidé l’emporte sur le modèle, jusqu’à annulation.
undo-verdict = Annuler
lineage = Comment ce profil s’est constitué
lineage-hint = Les anciens identifiants mènent toujours ici.
lineage-when = Quand
lineage-who = Qui
lineage-what = Quoi
lineage-former = Autre profil
lineage-model = Le modèle
follows-count = { $before ->
    [one] { $before } profil devient
   *[other] { $before } profils deviennent
} { $after ->
    [one] { $after } profil.
   *[other] { $after } profils.
}
follows-golden = Valeurs de référence
follows-before = Avant
follows-after = Après
follows-changes = change
follows-records = { $n ->
    [one] { $n } fiche source :
   *[other] { $n } fiches sources :
}
follows-events = { $events ->
    [0] Aucun événement
    [one] { $events } événement
   *[other] { $events } événements
} et { $orders ->
    [0] aucune commande
    [one] { $orders } commande
   *[other] { $orders } commandes
} suivent.
follows-consents = Les consentements restent attachés à leur adresse ou à leur numéro : aucun profil n’en gagne ni n’en perd.

## Deux fiches.
pair = Deux fiches
waterfall = Pourquoi : ce qu’apporte chaque comparaison
waterfall-what = Comparé
waterfall-values = Valeurs
waterfall-outcome = Résultat
waterfall-weight = Bits
waterfall-rare = { $n } ‰ des fiches l’ont
waterfall-sum = Au total { $bits } bits : { $share } de chances que ce soit la même personne.
compared-prior = Point de départ
compared-last_name = Nom de famille
compared-first_name = Prénom
compared-date = Date de naissance
compared-email = E-mail
compared-phone = Téléphone
compared-address = Adresse
compared-line = Complément d’adresse
compared-identifier = Identifiant
compared-organisation = Nom
compared-company = Numéro d’entreprise
compared-country = Pays
compared-website = Site web
compared-related = Parenté
compared-identical = Fiches identiques
level-missing = non renseigné
level-exact = identique
level-first-and-last-name-swapped = nom et prénom inversés
level-one-letter-or-the-sound = à une lettre près, ou même son
level-a-word-in-common = un mot en commun
level-similar = ressemblant
level-different = différent
level-diminutive = diminutif
level-initial = initiale
level-initials = initiales
level-day-and-month-swapped = jour et mois inversés
level-one-digit = un chiffre diffère
level-two-parts-of-three = deux parties sur trois concordent
level-same-year = même année
level-same-name-at-another-domain = même nom, autre domaine
level-same-street-and-number = même rue et même numéro
level-same-street = même rue
level-same-street-and-number-elsewhere = même rue et même numéro, ailleurs
level-same-postcode-and-city = même code postal et même ville
level-another-street-in-the-same-city = autre rue de la même ville
level-another-street-or-number-in-the-same-city = autre rue ou numéro de la même ville
level-same-postcode-or-city = même code postal ou même ville
level-similar-postcode-or-city = code postal ou ville proches
level-same-beginning = même début
level-one-sign = un signe diffère
level-nearly-all-words = presque tous les mots
level-most-words = la plupart des mots
level-more-than-half-of-the-words = plus de la moitié des mots
level-half-of-the-words = la moitié des mots
level-some-words = quelques mots
level-another-part-of-the-group = autre entité du groupe
level-another-part-or-trade-of-the-group = autre entité ou activité du groupe
level-two-records-taken-at-random = deux fiches prises au hasard
level-may-be-a-relative-instead = peut-être plutôt un proche
level-one-record-written-twice = une fiche écrite deux fois

## Les paires qui attendent une réponse.
review = Doublons à examiner
review-nav = Doublons
review-queue = En attente
review-question = Est-ce la même personne ?
review-share = probable à { $share }
review-waiting = { $of ->
    [one] { $n } paire attend une réponse
   *[other] { $n } paires attendent une réponse
}
review-done = { $n ->
    [0] aucune réponse aujourd’hui
    [one] { $n } réponse aujourd’hui
   *[other] { $n } réponses aujourd’hui
}
review-worth = Utilité { $worth }
review-worth-hint = Ce que votre réponse apprend au modèle : 1 quand il pourrait aussi bien tirer à pile ou face, 0 quand il est certain.
review-worth-most = la plus utile à trancher
review-answer = Réponse
review-same = Même personne
review-different = Personnes différentes
review-skip = Passer
review-undo = Annuler ma dernière réponse
review-previous = Précédente
review-next = Suivante
review-first = Revenir au début
review-more = La suite
review-none = Rien à examiner
review-none-hint = Le modèle est sûr de toutes les paires qu’il a trouvées. De nouvelles arrivent au fil des fiches que les sources envoient.
review-end = C’était la dernière paire
review-bulk = Accepter en nombre
review-quality = Qualité des données
bulk-share = Probables à au moins
bulk-count = Compter
bulk-found = { $n ->
    [0] Aucune paire en attente n’est probable à { $share } % ou plus
    [one] { $n } paire en attente est probable à { $share } % ou plus
   *[other] { $n } paires en attente sont probables à { $share } % ou plus
}
bulk-hint = Chaque paire est décidée une par une, comme si vous aviez répondu « Même personne », et toutes s’annulent d’un coup.
bulk-accept = { $n ->
    [one] Accepter { $n } paire
   *[other] Accepter { $n } paires
}
bulk-running = { $n ->
    [one] { $n } paire acceptée jusqu’ici…
   *[other] { $n } paires acceptées jusqu’ici…
}
bulk-continue = Continuer
bulk-done = { $n ->
    [0] Aucune paire n’a été acceptée
    [one] { $n } paire acceptée
   *[other] { $n } paires acceptées
}
bulk-note = Acceptée en nombre, probable à { $share } % ou plus
batch-verdicts = Décisions

## Qualité des données.
quality-none = Aucune source n’a encore envoyé de fiche.
quality-records = Fiches
quality-alone = Seules
quality-shared = Connues d’autres
quality-duplicates = Doublons
quality-unreadable = Illisibles
quality-unlinkable = Non reliables
quality-source = Source
quality-by-source = Par source
quality-hint = Seules : un profil à elles seules. Connues d’autres : une autre source connaît la même personne. Doublons : autres fiches d’une même personne dans la source. Illisibles : e-mails, téléphones et dates de naissance incompréhensibles. Non reliables : rien qui permette de les rapprocher.
quality-attribute = Attribut
quality-filled = Complétude
quality-valid = Validité
quality-sample = Les nombres sont exacts ; les parts sont mesurées sur { $n } fiches au plus de chaque source.
alike-title = { $n ->
    [one] Cette fiche est peut-être déjà connue
   *[other] Ces fiches sont peut-être les mêmes
}
alike-hint = Vous pouvez enregistrer quand même : les fiches sont rapprochées ensuite et peuvent être fusionnées plus tard.
alike-another = C’est quelqu’un d’autre
alike-new-window = (s’ouvre dans une nouvelle fenêtre)
erased-typed = Cette adresse ou ce numéro est d’une personne qui a demandé son effacement.
erased-typed-hint = N’enregistrez la fiche que si cette personne est revenue d’elle-même. Le référentiel client ne la reprend qu’une fois son adresse admise à nouveau.
toast-saved-erased = Enregistré. Cette adresse ou ce numéro est d’une personne qui a demandé son effacement.
known-profile = Profil client
known-none = Cette fiche ne fait partie d’aucun profil client.
known-twins = { $n ->
    [one] Une autre fiche de ce client
   *[other] { $n } autres fiches de ce client
} :
sure-records = { $n ->
    [one] une fiche source
   *[other] { $n } fiches sources, certitude { $share }
}
merge-with = Fusionner…
merge-title = Fusionner des fiches
merge-hint = Choisissez la fiche à garder et, pour chaque valeur, celle qu’elle aura. La valeur de référence est déjà choisie.
merge-values = Valeurs côte à côte
merge-keep = Fiche à garder
merge-all = Toutes
merge-moves = Tout ce qui renvoie aux autres (affaires, activités, contacts…) passe à la fiche gardée ; les autres vont à la corbeille. Le tout s’annule en une fois.
merge-do = Fusionner
enrich = Reprendre les valeurs cochées
enrich-title = Ce que disent d’autres sources :
toast-records-merged = Fiches fusionnées
toast-enriched = Valeurs reprises
problem-enrich-nothing = Cochez au moins une valeur encore proposée.

## Segments
segments = Segments
segment-why = Pourquoi ?
segment-value = Valeur connue : { $value }
segment-no-value = aucune
segment-everybody = Aucune condition : tous y sont.
segment-conditions = Conditions
segment-use = Usage
segment-no-purpose = Aucune
segment-by-program = Ces conditions ont été écrites par un programme ; elles ne se modifient pas ici et restent telles quelles.
segment-count = Compter
segment-counted = { $of ->
    [one] { $n } membre
   *[other] { $n } membres
}
segment-members = Membres
segment-see = Voir les membres
segment-make = En faire un segment
segment-by = Joignables : { $channel }
segment-reach = D’après les consentements, pour la finalité « { $purpose } », sur { $n ->
    [one] { $n } membre examiné.
   *[other] les { $n } derniers membres.
}
segment-hidden = Une condition porte sur un champ que vous ne voyez pas ; les membres ne vous sont donc pas montrés.
segment-off = Ce segment n’est pas utilisé : il n’a pas de membres.
segment-told = Ce que lisent ses membres
segment-told-hint = Sur leur page, avec les conditions et leurs propres valeurs.
follows-enters = Entre dans : { $names }
follows-stays = Reste dans : { $names }
follows-leaves = Sort de : { $names }
