//! Rows a second through the whole pipeline, into a SQLite file: contacts with a unique key, a name, addresses and a reference.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use kernel::Clock;
use model::{Ident, ObjectDef, address, date, emails, person_name, phones, reference, text};
use records::import::{self, Mapping, Reading, Request};
use records::{App, Platform, Space};
use store::{Place, Store};

const ROWS: u64 = 50_000;

fn app() -> App {
    let company = vec![text("name").required().searchable().indexed().def()];
    let person = vec![
        person_name("name").required().searchable().indexed().def(),
        text("number").unique().def(),
        emails("emails").searchable().indexed().def(),
        phones("phones").searchable().indexed().def(),
        address("address").def(),
        date("born").def(),
        reference("company", "company").def(),
    ];
    App::new("bench")
        .object(ObjectDef::new("company", "com", "building-2", "name", company))
        .object(ObjectDef::new("person", "per", "contact", "name", person))
}

fn file() -> String {
    let mut text = String::from("number,first,last,email,phone,street,city,zip,born,company\n");
    for n in 0..ROWS {
        writeln!(
            text,
            "P{n},Prénom {},Nom{n},p{n}@x.example,06 39 98 {:02} {:02},{} rue Haute,Lille,59000,{:02}/03/1980,Company {}",
            n % 97,
            n / 100 % 100,
            n % 100,
            n % 200,
            n % 28 + 1,
            n % 500
        )
        .expect("a string takes it");
    }
    text
}

fn rows(c: &mut Criterion) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("people.csv");
    std::fs::write(&path, file()).expect("written");
    let mapping = Mapping::new(Ident::of("person"))
        .column("number", "number")
        .column("first", "name.first")
        .column("last", "name.last")
        .column("email", "emails")
        .column("phone", "phones")
        .column("street", "address.street")
        .column("city", "address.city")
        .column("zip", "address.postcode")
        .column("born", "born")
        .column("company", "company")
        .create_missing("company", &[])
        .upsert(&["number"]);
    let rejects = folder.path().join("rejected.csv");
    let request =
        Request { name: "people".into(), path, source: String::new(), reading: Reading::default(), mapping, rejects };
    let mut group = c.benchmark_group("import");
    group.throughput(Throughput::Elements(ROWS)).sample_size(10).warm_up_time(Duration::from_millis(1));
    let mut n = 0;
    group.bench_function("sqlite", |b| {
        b.iter_batched(
            || {
                n += 1;
                let place = Place::File(folder.path().join(format!("{n}.db")));
                runtime.block_on(async {
                    let platform = Arc::new(Platform::new(vec![app()], Vec::new(), Clock::System).expect("a platform"));
                    let store = Store::open(&place).await.expect("a file");
                    Space::open(platform, "bench", store).await.expect("a tenant")
                })
            },
            |space| {
                runtime.block_on(async {
                    let ctx = space.system_ctx();
                    let batch = import::start(&space, &ctx, request.clone()).await.expect("started");
                    let batch = import::run(&space, &ctx, batch.id, |_| true).await.expect("imported");
                    assert_eq!(import::progress_of(&batch).created, ROWS);
                });
            },
            criterion::BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, rows);
criterion_main!(benches);
