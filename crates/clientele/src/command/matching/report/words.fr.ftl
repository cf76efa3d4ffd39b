title = Rapport de rapprochement
contents = Sommaire
footer = Produit par clientele match. Cette page ne charge rien d’ailleurs. Elle contient des données des fichiers rapprochés : partagez-la avec les mêmes précautions.
one-in = 1 sur { $n }
rows = { $n ->
  [one] { $n } ligne
 *[other] { $n } lignes
}
pairs = { $n ->
  [one] { $n } paire
 *[other] { $n } paires
}

tile-rows = Lignes
tile-files = { $n ->
  [one] dans un fichier
 *[other] dans { $n } fichiers
}
tile-entities-person = Personnes
tile-entities-organisation = Organisations
tile-entities-any = Objets distincts
tile-largest = { $n ->
  [one] une ligne chacune
 *[other] au plus { $n } lignes chacune
}
tile-duplicates = Lignes en double
tile-share = { $n } des lignes
tile-compared = Paires comparées
    .hint = une seule fois chacune
tile-review = À vérifier
    .hint = paires incertaines
tile-precision = Précision attendue
    .hint = part des liens corrects
tile-f1 = F1
    .hint = selon la vérité
tile-time = Durée
tile-cpu = { $n } s de processeur
tile-memory = { $n } Mo au plus

asked = La paire demandée
    .hint = Ce qui plaide pour que ces deux lignes désignent la même chose, et contre.
pair-probability = Probabilité { $n }

quality = Qualité
    .hint = Le résultat comparé à la colonne qui contient la vérité.
quality-column = La vérité est dans la colonne « { $column } ».
quality-entities = { $n ->
  [one] Elle nomme { $n } entité.
 *[other] Elle nomme { $n } entités.
}
quality-pairs = { $n ->
  [one] Il y a { $n } paire vraie.
 *[other] Il y a { $n } paires vraies.
}
quality-clusters = Paires dans les groupes
    .hint = deux lignes d’un même groupe
quality-b-cubed = B-cubed
    .hint = moyenne sur les lignes, chacune du même poids
quality-exact = Groupes entiers
    .hint = exactement les lignes d’une entité
quality-links = Liens
    .hint = paires au-dessus du seuil, avant le regroupement
precision = Précision
recall = Rappel
f1 = F1
curve = Si le seuil était autre
    .hint = Qualité des liens selon le plus petit poids accepté, en bits.

columns = Ce qui a été compris
    .hint = Ce que contient chaque colonne, reconnu par son nom et ses valeurs. Se corrige avec --print-config et --config.
column-name = Colonne
column-role = Comprise comme
column-filled = Remplie
column-different = Valeurs distinctes
column-examples = Par exemple
role-last_name = nom
role-first_name = prénom
role-full_name = nom complet
role-date = date
role-gender = genre ou civilité
role-email = adresse électronique
role-phone = téléphone
role-street_number = numéro de voie
role-street = voie
role-address_line = complément d’adresse
role-full_address = adresse complète
role-postcode = code postal
role-city = ville
role-region = région
role-country = pays
role-organisation_name = organisation
role-identifier = identifiant
role-website = site web
role-text = texte
role-category = catégorie
role-number = nombre
role-latitude = latitude
role-longitude = longitude
role-coordinates = latitude et longitude
role-ignore = non comparée
because-holds-the-truth = contient la vérité

weights = Ce qui a été appris
    .hint = À quelle fréquence chaque issue se présente entre lignes d’une même entité et entre les autres, appris des fichiers mêmes, et le poids qui en découle : chaque bit double la cote.
prior = Avant toute comparaison, deux lignes sont les mêmes avec une probabilité de { $n } :
prior-weight = chaque paire part de { $n } bits.
level = Issue
level-m = Si identiques
level-u = Si différentes
level-weight = Poids
level-bar = contre ← → pour
by-frequency = plus rare, plus fort

blocking = Comment les candidats ont été trouvés
    .hint = Deux lignes sont comparées quand elles s’accordent sur une de ces clés. Une paire compte pour la première règle qui la trouve.
blocking-share = De toutes les paires possibles, { $n } a dû être comparée.
rule = Clé
rule-groups = Groupes
rule-largest = Le plus grand
rule-pairs = Paires
rule-matches = Au-dessus du seuil
rule-bar = coût
rule-divided = { $n ->
  [one] { $n } grand groupe divisé
 *[other] { $n } grands groupes divisés
}
stages = Où le temps est passé
stage-normalise = Normalisation
stage-block = Recherche des candidats
stage-learn = Apprentissage
stage-score = Comparaison
stage-cluster = Regroupement

scores = Scores
    .hint = Les paires comparées selon leur poids en bits. Les hauteurs sont logarithmiques : quelques paires se voient à côté de millions.
line-review = à vérifier
line-match = identiques
line-sure = sûr
band-sure = sûrement identiques
band-review = à vérifier
band-different = différentes

clusters = Groupes
    .hint = Combien de lignes ont les entités.
cluster-rows = Lignes
cluster-count = Groupes
cluster-name = Groupe { $n }
largest = Les plus grands
    .hint = À regarder en premier : des lignes peuvent y être réunies à tort.

review = Paires limites
    .hint = Les paires les plus difficiles à trancher. Ouvrez-en une pour voir ses valeurs et les raisons de son poids ; ce qui diffère est marqué.
review-over = Réunies de justesse
review-under = Séparées de justesse
review-sure = Pour comparer : réunies sans doute
verdict-same = identiques
verdict-likely = plutôt identiques
verdict-unlikely = plutôt différentes
verdict-different = différentes
waterfall = Pourquoi
waterfall-what = Comparé
waterfall-outcome = Issue
waterfall-total = Ensemble
per-thousand = { $n } ‰ ont cette valeur
comparison-prior = Avant de comparer

level-exact = identique
level-first-and-last-name-swapped = nom et prénom inversés
level-one-letter-or-the-sound = à une lettre près, ou même son
level-a-word-in-common = un mot en commun
level-similar = ressemblant
level-different = différent
level-diminutive = diminutif
level-initial = initiale
level-day-and-month-swapped = jour et mois inversés
level-one-digit = à un chiffre près
level-two-parts-of-three = deux parties sur trois
level-same-year = même année
level-same-name-at-another-domain = même nom, autre domaine
level-same-street-and-number = même voie et même numéro
level-same-street = même voie
level-same-street-and-number-elsewhere = même voie et numéro, ailleurs
level-same-postcode-and-city = mêmes code postal et ville
level-same-postcode-or-city = même code postal ou ville
level-similar-postcode-or-city = code postal ou ville ressemblants
level-same-beginning = même début
level-one-sign = à un signe près
level-nearly-all-words = presque tous les mots
level-most-words = la plupart des mots
level-more-than-half-of-the-words = plus de la moitié des mots
level-half-of-the-words = la moitié des mots
level-some-words = quelques mots
level-same-codes = mêmes codes
level-a-long-code-in-common = un long code en commun
level-a-number-in-common = un nombre en commun
level-within-2 = à 2 % près
level-within-10 = à 10 % près
level-within-30 = à 30 % près
level-within-50-m = à moins de 50 m
level-within-500-m = à moins de 500 m
level-within-5-km = à moins de 5 km
level-within-50-km = à moins de 50 km
level-farther-than-50-km = à plus de 50 km
level-missing = manquant
level-two-records-taken-at-random = deux lignes prises au hasard

because-header = nommée « { $name } »
because-not-recognised = non reconnue
because-no-values = aucune valeur
because-first-and-last-name-are-given-apart = nom et prénom sont donnés à part
because-content-e-mail-addresses = par ses valeurs
because-content-dates = par ses valeurs
because-content-latitudes-and-longitudes = par ses valeurs
because-latitude-and-longitude-are-not-both-given = latitude et longitude ne sont pas données toutes les deux
because-content-company-numbers-that-pass-their-check = numéros d’entreprise à clé juste
because-content-telephone-numbers = par ses valeurs
because-content-web-addresses = par ses valeurs
because-content-numbers = nombres
because-content-words = mots
because-content-a-few-repeated-values = quelques valeurs répétées
because-content-numbers-that-are-all-different = nombres tous différents
comparison-related = Entités apparentées
comparison-address = adresse
comparison-name = nom
comparison-codes = codes
comparison-distance = distance
cluster-first = les { $n } premières
