title = Matching report
contents = Contents
footer = Made by clientele match. This page loads nothing from elsewhere. It holds data from the matched files: share it as carefully as them.
one-in = 1 in { $n }
rows = { $n ->
  [one] { $n } row
 *[other] { $n } rows
}
pairs = { $n ->
  [one] { $n } pair
 *[other] { $n } pairs
}

tile-rows = Rows
tile-files = { $n ->
  [one] in one file
 *[other] in { $n } files
}
tile-entities-person = People
tile-entities-organisation = Organisations
tile-entities-any = Different things
tile-largest = { $n ->
  [one] one row each
 *[other] at most { $n } rows each
}
tile-duplicates = Repeated rows
tile-share = { $n } of all rows
tile-compared = Pairs compared
    .hint = each of them once
tile-review = To review
    .hint = pairs too close to call
tile-precision = Expected precision
    .hint = share of the links that are right
tile-f1 = F1
    .hint = against the truth
tile-time = Time
tile-cpu = { $n } s of CPU
tile-memory = { $n } MB at most

asked = The pair you asked about
    .hint = What speaks for these two rows being the same, and what against.
pair-probability = Probability { $n }

quality = Quality
    .hint = The result against the column that holds the truth.
quality-column = The truth is in the column “{ $column }”.
quality-entities = { $n ->
  [one] It names { $n } entity.
 *[other] It names { $n } entities.
}
quality-pairs = { $n ->
  [one] There is { $n } true pair.
 *[other] There are { $n } true pairs.
}
quality-clusters = Pairs in clusters
    .hint = two rows in one cluster
quality-b-cubed = B-cubed
    .hint = averaged over rows, each weighing the same
quality-exact = Whole clusters
    .hint = exactly the rows of one entity
quality-links = Links
    .hint = pairs above the threshold, before clustering
precision = Precision
recall = Recall
f1 = F1
curve = If the threshold were another
    .hint = Quality of the links by the lowest match weight taken, in bits.

columns = What was understood
    .hint = What each column holds, recognised by its name and values. Correct it with --print-config and --config.
column-name = Column
column-role = Understood as
column-filled = Filled
column-different = Different values
column-examples = For example
role-last_name = last name
role-first_name = first name
role-full_name = full name
role-date = date
role-gender = gender or title
role-email = e-mail address
role-phone = telephone
role-street_number = house number
role-street = street
role-address_line = address line
role-full_address = whole address
role-postcode = postcode
role-city = city
role-region = region
role-country = country
role-organisation_name = organisation
role-identifier = identifier
role-website = website
role-text = words
role-category = category
role-number = number
role-latitude = latitude
role-longitude = longitude
role-coordinates = latitude and longitude
role-ignore = not compared
because-holds-the-truth = holds the truth

weights = What was learnt
    .hint = How often each outcome occurs among rows of the same entity and among others, learnt from the files themselves, and the weight of evidence that follows: each bit doubles the odds.
prior = Before anything is compared, two rows are the same with a probability of { $n }:
prior-weight = every pair starts at { $n } bits.
level = Outcome
level-m = If the same
level-u = If different
level-weight = Weight
level-bar = against ← → for
by-frequency = rarer weighs more

blocking = How candidates were found
    .hint = Rows are compared when they agree on one of these keys. A pair counts for the first rule that finds it.
blocking-share = Of all pairs that could be made, { $n } had to be compared.
rule = Key
rule-groups = Groups
rule-largest = Largest
rule-pairs = Pairs
rule-matches = Above the threshold
rule-bar = cost
rule-divided = { $n ->
  [one] { $n } large group divided
 *[other] { $n } large groups divided
}
stages = Where the time went
stage-normalise = Normalising
stage-block = Finding candidates
stage-learn = Learning
stage-score = Comparing
stage-cluster = Grouping

scores = Scores
    .hint = Compared pairs by match weight in bits. The heights are logarithmic: a handful of pairs is still seen beside millions.
line-review = review
line-match = same
line-sure = sure
band-sure = surely the same
band-review = to review
band-different = different

clusters = Clusters
    .hint = How many rows the entities have.
cluster-rows = Rows
cluster-count = Clusters
cluster-name = Cluster { $n }
largest = The largest
    .hint = Look here first for rows that were joined by mistake.

review = Borderline pairs
    .hint = The pairs that were hardest to decide. Open one for its values and the reasons for its weight; what differs is marked.
review-over = Joined, barely
review-under = Kept apart, barely
review-sure = For comparison: joined for sure
verdict-same = same
verdict-likely = rather the same
verdict-unlikely = rather different
verdict-different = different
waterfall = Why
waterfall-what = Compared
waterfall-outcome = Outcome
waterfall-total = Together
per-thousand = { $n } ‰ have this value
comparison-prior = Before comparing

level-exact = exact
level-first-and-last-name-swapped = first and last name swapped
level-one-letter-or-the-sound = one letter, or the sound alike
level-a-word-in-common = a word in common
level-similar = similar
level-different = different
level-diminutive = diminutive
level-initial = initial
level-day-and-month-swapped = day and month swapped
level-one-digit = one digit differs
level-two-parts-of-three = two parts of three agree
level-same-year = same year
level-same-name-at-another-domain = same name at another domain
level-same-street-and-number = same street and number
level-same-street = same street
level-same-street-and-number-elsewhere = same street and number elsewhere
level-same-postcode-and-city = same postcode and city
level-same-postcode-or-city = same postcode or city
level-similar-postcode-or-city = similar postcode or city
level-same-beginning = same beginning
level-one-sign = one sign differs
level-nearly-all-words = nearly all words
level-most-words = most words
level-more-than-half-of-the-words = more than half of the words
level-half-of-the-words = half of the words
level-some-words = some words
level-same-codes = same codes
level-a-long-code-in-common = a long code in common
level-a-number-in-common = a number in common
level-within-2 = within 2 %
level-within-10 = within 10 %
level-within-30 = within 30 %
level-within-50-m = within 50 m
level-within-500-m = within 500 m
level-within-5-km = within 5 km
level-within-50-km = within 50 km
level-farther-than-50-km = farther than 50 km
level-missing = missing
level-two-records-taken-at-random = two records taken at random

because-header = named “{ $name }”
because-not-recognised = not recognised
because-no-values = no values
because-first-and-last-name-are-given-apart = first and last name are given apart
because-content-e-mail-addresses = by its values
because-content-dates = by its values
because-content-latitudes-and-longitudes = by its values
because-latitude-and-longitude-are-not-both-given = latitude and longitude are not both given
because-content-company-numbers-that-pass-their-check = company numbers that pass their check
because-content-telephone-numbers = by its values
because-content-web-addresses = by its values
because-content-numbers = numbers
because-content-words = words
because-content-a-few-repeated-values = a few values that are repeated
because-content-numbers-that-are-all-different = numbers that are all different
comparison-related = Related entities
comparison-address = address
comparison-name = name
comparison-codes = codes
comparison-distance = distance
cluster-first = the first { $n }
