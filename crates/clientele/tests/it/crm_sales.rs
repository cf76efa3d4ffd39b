//! The walkthrough of `docs/import-crm-sales.md`, with the commands that it shows.

use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use crate::program::{Program, text_of};

/// The data sets lie beside the repository on machines that have them; otherwise files of the same shape and the same totals are made.
fn data(program: &Program) -> PathBuf {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if beside.join("crm_sales/sales_pipeline.csv").exists() {
        return beside;
    }
    eprintln!("{} is absent: the walkthrough runs on made-up files of the same shape", beside.display());
    made_up(program)
}

fn made_up(program: &Program) -> PathBuf {
    let folder = program.path("made-up");
    std::fs::create_dir_all(folder.join("crm_sales")).expect("a folder");
    std::fs::create_dir_all(folder.join("er/febrl")).expect("a folder");
    let write = |name: &str, text: String| std::fs::write(folder.join(name), text).expect("written");
    let mut text = "sales_agent,manager,regional_office\n".to_owned();
    for n in 0..35 {
        text.push_str(&format!("Agent Number{n},Manager Number{},{}\n", n % 6, ["Central", "East", "West"][n % 6 / 2]));
    }
    write("crm_sales/sales_teams.csv", text);
    let mut text = "account,sector,year_established,revenue,employees,office_location,subsidiary_of\n".to_owned();
    for n in 0..85 {
        let parent = if n % 6 == 1 { format!("Company {}", 84 - n % 7) } else { String::new() };
        text.push_str(&format!("Company {n},technolgy,{},{}.5,{},Kenya,{parent}\n", 1980 + n % 30, n * 10, n * 100));
    }
    write("crm_sales/accounts.csv", text);
    let products = ["GTX Basic", "GTX Pro", "MG Special", "MG Advanced", "GTX Plus Pro", "GTX Plus Basic", "GTK 500"];
    let list: String =
        products.iter().enumerate().map(|(n, p)| format!("{p},{},{}\n", &p[..3], 50 + n * 700)).collect();
    write("crm_sales/products.csv", format!("product,series,sales_price\n{list}"));
    let mut text =
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n".to_owned();
    for n in 0..8_800 {
        // 4,238 won, worth 10,005,534 together.
        let (stage, dates, value) = match n {
            0..4_238 => ("Won", "10/20/2016,3/1/2017", (2_360 + usize::from(n < 3_854)).to_string()),
            4_238..6_711 => ("Lost", "11/14/2016,5/28/2017", "0".to_owned()),
            6_711..8_300 => ("Engaging", "12/25/2016,", String::new()),
            _ => ("Prospecting", ",", String::new()),
        };
        let product = if n % 6 == 5 && n < 8_880 { "GTXPro" } else { products[[0, 2, 3, 4, 5][n % 5]] };
        let account = if n >= 7_375 { String::new() } else { format!("Company {}", n % 85) };
        text.push_str(&format!("OPP{n:05},Agent Number{},{product},{account},{stage},{dates},{value}\n", n % 35));
    }
    write("crm_sales/sales_pipeline.csv", text);
    for (part, kind) in [("a", "org"), ("b", "dup-0")] {
        let mut text =
            "rec_id, given_name, surname, street_number, address_1, address_2, suburb, postcode, state, date_of_birth, soc_sec_id\n".to_owned();
        for n in 0..5_000 {
            let born = if n % 500 == 499 { "19791399".to_owned() } else { format!("19{:02}1111", n % 100) };
            text.push_str(&format!(
                "rec-{n}-{kind}, ann, person{n}, {n}, stanley street, , winston hills, 4223, nsw, {born}, 1\n"
            ));
        }
        write(&format!("er/febrl/dataset4{part}.csv"), text);
    }
    folder
}

const TEAMS: &str = "--object team --map regional_office=name --key name";
const USERS: &str = "--object user --key name --map sales_agent=name --map manager=manager --map regional_office=team \
    --set roles.key=rep --create-missing manager:roles.key=manager";
const ACCOUNTS: &str = "--object account --key name --currency USD --map account=name --map sector=industry \
    --map year_established=founded --map revenue=annual_revenue --map employees=size --map office_location=address.country \
    --map subsidiary_of=parent --value-map sector:technolgy=technology";
const PRODUCTS: &str =
    "--object product --key name --currency USD --map product=name --map series=family --map sales_price=price";
const STAGES: &str = "--object stage --key pipeline --key name --map pipeline=pipeline --map stage=name --map position=position \
    --map status=status --map probability=probability --create-missing pipeline:is_default=true";
const OPPORTUNITIES: &str = "--object opportunity --key external_id --currency USD --map opportunity_id=external_id \
    --map sales_agent=owner --map product=product --map account=account --map deal_stage=stage --map engage_date=opened_on \
    --map close_date=close_date --map close_value=amount --set name={product}␣{opportunity_id}";
const CONTACTS: &str = "--object contact --key external_id --map rec_id=external_id --map given_name=name.first \
    --map surname=name.last --set address.street={street_number}␣{address_1} --map address_2=address.street2 --map suburb=address.city \
    --map postcode=address.postcode --map state=address.region --map date_of_birth=birth_date --dates compact --set tags={@source}";

fn import(program: &Program, file: &Path, options: &str, more: &[&str]) -> Json {
    let options: Vec<String> = options.split_whitespace().map(|o| o.replace('␣', " ")).collect();
    let file = text_of(file);
    let mut args = vec!["import", &file];
    args.extend(options.iter().map(String::as_str));
    args.extend(more);
    program.json(&args)
}

fn counts(result: &Json) -> [u64; 4] {
    ["created", "updated", "unchanged", "rejected"].map(|name| result[name].as_u64().expect("a number"))
}

fn walk(program: &Program) {
    let data = data(program);
    let sales = data.join("crm_sales");
    let stages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/crm-sales-stages.csv");
    let mapped = ["--value-map", "product:GTXPro=GTX Pro"];
    let mut batches = Vec::new();
    let mut take = |result: Json| {
        batches.push(result["batch"].as_str().expect("a batch").to_owned());
        result
    };

    let teams = take(import(program, &sales.join("sales_teams.csv"), TEAMS, &[]));
    assert_eq!(counts(&teams), [3, 0, 32, 0]);
    let users = take(import(program, &sales.join("sales_teams.csv"), USERS, &[]));
    assert_eq!((counts(&users), &users["made"]), ([35, 0, 0, 0], &json!(6)));
    let accounts = take(import(program, &sales.join("accounts.csv"), ACCOUNTS, &[]));
    assert_eq!(counts(&accounts), [85, 0, 0, 0]);
    let products = take(import(program, &sales.join("products.csv"), PRODUCTS, &[]));
    assert_eq!(counts(&products), [7, 0, 0, 0]);
    let made = take(import(program, &stages, STAGES, &[]));
    assert_eq!((counts(&made), &made["made"]), ([4, 0, 0, 0], &json!(1)));

    let pipeline = sales.join("sales_pipeline.csv");
    let seen = import(program, &pipeline, OPPORTUNITIES, &["--dry-run"]);
    let wrong = std::fs::read_to_string(&pipeline).expect("readable").matches(",GTXPro,").count() as u64;
    assert!(wrong > 1_000);
    assert_eq!(counts(&seen), [8_800 - wrong, 0, 0, wrong]);
    let error = seen["errors"][0]["error"].as_str().expect("a sentence");
    assert_eq!(error, "Product: There is no Product “GTXPro”.");
    let first = take(import(program, &pipeline, OPPORTUNITIES, &[]));
    assert_eq!(counts(&first), [8_800 - wrong, 0, 0, wrong], "every row is imported or rejected");
    let rejected = std::fs::read_to_string(first["rejects"].as_str().expect("a file")).expect("readable");
    assert_eq!(rejected.lines().count() as u64, wrong + 1);
    let second = take(import(program, &pipeline, OPPORTUNITIES, &mapped));
    assert_eq!(counts(&second), [wrong, 0, 8_800 - wrong, 0]);

    let agents = program.records("user", "name,team.name,manager.name,roles");
    let role = |user: &Json, n: usize| user["roles"].as_array().is_some_and(|roles| roles.len() == n);
    assert_eq!(
        agents.iter().filter(|u| !u["team.name"].is_null() && !u["manager.name"].is_null() && role(u, 1)).count(),
        35
    );
    assert_eq!(program.records("account", "name").len(), 85);
    assert!(program.records("account", "parent.name").iter().filter(|a| !a["parent.name"].is_null()).count() >= 14);
    assert_eq!(program.records("product", "name").len(), 7);
    let sold = program.records("opportunity", "status,amount,account,owner");
    let of = |status: &str| sold.iter().filter(|o| o["status"] == status).collect::<Vec<_>>();
    assert_eq!((sold.len(), of("won").len(), of("lost").len()), (8_800, 4_238, 2_473));
    assert_eq!(of("won").iter().filter_map(|o| o["amount"].as_f64()).sum::<f64>(), 10_005_534.0);
    assert_eq!(sold.iter().filter(|o| o["account"].is_null()).count(), 1_425);
    assert!(sold.iter().all(|o| !o["owner"].is_null()));

    let mut people = 0;
    for part in ["a", "b"] {
        let file = data.join(format!("er/febrl/dataset4{part}.csv"));
        let source = format!("febrl-{part}");
        let result = take(import(program, &file, CONTACTS, &["--source", &source]));
        let [created, updated, unchanged, rejected] = counts(&result);
        assert_eq!((created + rejected, updated, unchanged), (5_000, 0, 0));
        assert!(rejected < 100, "{rejected}");
        people += created;
        let again = import(program, &file, CONTACTS, &["--source", &source]);
        assert_eq!(counts(&again), [0, 0, created, rejected], "the same file again changes nothing");
    }
    assert_eq!(program.records("contact", "name").len() as u64, people);

    for (file, options, more) in [
        ("sales_teams.csv", TEAMS, &[][..]),
        ("sales_teams.csv", USERS, &[]),
        ("accounts.csv", ACCOUNTS, &[]),
        ("products.csv", PRODUCTS, &[]),
        ("sales_pipeline.csv", OPPORTUNITIES, &mapped),
    ] {
        let again = import(program, &sales.join(file), options, more);
        assert_eq!(counts(&again), [0, 0, again["read"].as_u64().expect("a number"), 0], "{file} again: {again}");
    }

    for batch in batches.iter().rev() {
        program.run(&["undo", batch]);
    }
    for object in ["contact", "opportunity", "stage_change", "stage", "pipeline", "product", "account", "user", "team"]
    {
        assert_eq!(program.records(object, "id").len(), 0, "{object} is not empty after all is undone");
    }
}

#[test]
fn a_sales_department_moves_in_and_out_on_sqlite() {
    walk(&Program::on_files());
}

#[test]
fn a_sales_department_moves_in_and_out_on_postgresql() {
    if let Some(program) = Program::on_postgres("walk") {
        walk(&program);
    }
}
