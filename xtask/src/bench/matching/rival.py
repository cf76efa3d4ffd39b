"""Runs Splink on one of the data sets of the matching benchmark and prints what it costs and how good it is, as JSON.

    rival.py KIND FILE [FILE]      KIND: febrl3, febrl4, fake_1000, french

The settings follow Splink's own public demonstrations for the kind of data: its ready-made comparisons, term frequencies on
names, several blocking rules, `u` from random pairs, `m` by two or three rounds of EM. Loading the program is not counted.
"""

import json
import logging
import resource
import sys
import time

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

THRESHOLDS = (0.5, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999, 0.999999)

FEBRL_COLUMNS = """
    trim(rec_id) as unique_id, regexp_extract(rec_id, 'rec-[0-9]+') as truth,
    nullif(trim(given_name), '') as given_name, nullif(trim(surname), '') as surname,
    nullif(trim(given_name), '') || ' ' || nullif(trim(surname), '') as full_name,
    nullif(trim(street_number), '') as street_number, nullif(trim(address_1), '') as address_1,
    nullif(trim(suburb), '') as suburb, nullif(trim(postcode), '') as postcode,
    nullif(trim(date_of_birth), '') as date_of_birth, nullif(trim(soc_sec_id), '') as soc_sec_id
"""


def csv(path):
    return f"read_csv('{path}', all_varchar = true, header = true)"


def names(first, last):
    return cl.ForenameSurnameComparison(first, last, forename_surname_concat_col_name="full_name")


def febrl(files):
    tables = [f"select {FEBRL_COLUMNS} from {csv(path)}" for path in files]
    comparisons = [
        names("given_name", "surname"),
        cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
        cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.JaroWinklerAtThresholds("address_1", [0.9, 0.8]).configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
    ]
    blocking = [
        block_on("soc_sec_id"),
        block_on("given_name", "surname"),
        block_on("given_name", "date_of_birth"),
        block_on("surname", "date_of_birth"),
        block_on("surname", "postcode"),
        block_on("given_name", "postcode"),
        block_on("postcode", "date_of_birth"),
        block_on("address_1", "postcode"),
        block_on("street_number", "address_1"),
    ]
    certain = [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")]
    return tables, comparisons, blocking, certain, 0.9, [block_on("date_of_birth"), block_on("postcode", "surname")]


def fake(files):
    tables = [f"select unique_id, cluster as truth, first_name, surname, dob, city, email from {csv(files[0])}"]
    comparisons = [
        cl.NameComparison("first_name").configure(term_frequency_adjustments=True),
        cl.NameComparison("surname").configure(term_frequency_adjustments=True),
        cl.DateOfBirthComparison("dob", input_is_string=True),
        cl.ExactMatch("city").configure(term_frequency_adjustments=True),
        cl.EmailComparison("email"),
    ]
    blocking = [block_on("first_name"), block_on("surname"), block_on("dob"), block_on("email")]
    certain = [block_on("first_name", "surname", "dob"), block_on("email")]
    return tables, comparisons, blocking, certain, 0.7, [block_on("first_name", "surname"), block_on("dob"), block_on("email")]


def french(files):
    clean = "lower(strip_accents(trim({0})))"
    columns = ", ".join(f"{clean.format(name)} as {name}" for name in ("last_name", "first_name", "street", "city", "email"))
    digits = "right(regexp_replace(phone, '[^0-9]', '', 'g'), 9)"
    tables = [
        f"""with cleaned as (select cast(id as varchar) as unique_id, cast(truth as varchar) as truth, {columns}, birth_date,
                postcode, nullif({digits}, '') as phone from read_parquet('{files[0]}'))
            select *, first_name || ' ' || last_name as full_name from cleaned"""
    ]
    comparisons = [
        names("first_name", "last_name"),
        cl.DateOfBirthComparison("birth_date", input_is_string=True),
        cl.EmailComparison("email"),
        cl.DamerauLevenshteinAtThresholds("phone", [1]),
        cl.JaroWinklerAtThresholds("street", [0.95, 0.88]),
        cl.DamerauLevenshteinAtThresholds("postcode", [1]).configure(term_frequency_adjustments=True),
    ]
    blocking = [
        block_on("email"),
        block_on("phone"),
        block_on("last_name", "birth_date"),
        block_on("first_name", "birth_date"),
        block_on("last_name", "first_name", "postcode"),
        block_on("birth_date", "postcode"),
        block_on("last_name", "street"),
    ]
    certain = [block_on("email", "birth_date"), block_on("last_name", "first_name", "birth_date"), block_on("phone", "last_name")]
    return tables, comparisons, blocking, certain, 0.7, [block_on("birth_date"), block_on("last_name", "first_name")]


KINDS = {"febrl3": febrl, "febrl4": febrl, "fake_1000": fake, "french": french}


def pair_quality(database, clusters):
    """Pairs of rows in one cluster against pairs of rows of one entity, from the sizes of clusters and of overlaps."""
    pairs = "sum(n * (n - 1) / 2)"
    found, wanted, both = (
        database.sql(f"select coalesce({pairs}, 0) from (select count(*) as n from {clusters} group by {by})").fetchall()[0][0]
        for by in ("cluster_id", "truth", "cluster_id, truth")
    )
    precision, recall = both / max(found, 1), both / max(wanted, 1)
    return {"precision": precision, "recall": recall, "f1": 2 * both / max(found + wanted, 1)}


def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main():
    logging.getLogger("splink").setLevel(logging.ERROR)
    kind, files = sys.argv[1], sys.argv[2:]
    cpu_before, wall_before = cpu(), time.monotonic()
    tables, comparisons, blocking, certain, recall, rounds = KINDS[kind](files)
    database = duckdb.connect()
    api = DuckDBAPI(connection=database)
    frames = []
    for number, query in enumerate(tables):
        database.sql(f"create table source_{number} as {query}")
        frames.append(api.register(f"source_{number}", dataset_display_name=f"source_{number}"))
    settings = SettingsCreator(
        link_type="dedupe_only" if len(frames) == 1 else "link_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=blocking,
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
        additional_columns_to_retain=["truth"],
    )
    linker = Linker(frames if len(frames) > 1 else frames[0], settings)
    linker.training.estimate_probability_two_random_records_match(certain, recall=recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in rounds:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    predictions = linker.inference.predict(threshold_match_probability=0.01)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predictions, threshold_match_probability=0.95)
    cost = {"cpu_seconds": cpu() - cpu_before, "wall_seconds": time.monotonic() - wall_before}
    cost["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    quality = {}
    for threshold in THRESHOLDS:
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
            predictions, threshold_match_probability=threshold
        )
        quality[str(threshold)] = pair_quality(database, clusters.physical_name)
    best = max(quality, key=lambda threshold: quality[threshold]["f1"])
    rows = sum(database.sql(f"select count(*) from source_{number}").fetchall()[0][0] for number in range(len(tables)))
    print(json.dumps({**cost, "rows": rows, "best": {"threshold": float(best), **quality[best]}, "thresholds": quality}))


main()
