use model::{Filter, Ident, Query};
use records::export::{self, Export};
use records::import;
use tabular::Format;

use crate::databases::{World, counts, each, mapping};

async fn fill(world: &World) {
    let text = "name,code,size,revenue,founded,kind,mail,labels,street,city,notes,parent\n\
        Groupe Nord,G1,300,9000000,1990-01-03,client,a@x.example;b@x.example,big; old,8 rue Haute,Lille,\"two\nlines\",\n\
        =Élan,E1,,12.5,,supplier,,,,Brest,,Groupe Nord\n";
    let map = mapping("company")
        .column("name", "name")
        .column("code", "code")
        .column("size", "size")
        .column("revenue", "revenue")
        .column("founded", "founded")
        .column("kind", "kind")
        .column("mail", "emails")
        .column("labels", "labels")
        .column("street", "address.street")
        .column("city", "address.city")
        .column("notes", "notes")
        .column("parent", "parent");
    let (_, progress) = world.import(&world.request(text, map)).await;
    assert_eq!(progress.created, 2);
}

fn companies() -> Query {
    Query::of(Ident::of("company"))
}

#[test]
fn what_is_exported_in_any_format_is_imported_unchanged() {
    each(async |world| {
        fill(&world).await;
        for format in [Format::Csv, Format::Xlsx, Format::Json, Format::Parquet] {
            let path = world.path(&format!("companies.{}", format.extension()));
            let written =
                export::to_file(&world.space, &world.ctx(), &Export::of(companies(), format), &path, |_| true).await;
            assert_eq!(written.expect("exported"), 2);
            let object = world.space.object("company").expect("declared");
            let reading = import::Reading::default();
            let seen = import::analyse(&world.space, &world.ctx(), &object, &path, &reading).expect("analysed");
            let mut map = seen.mapping.clone();
            for wanted in [
                "id",
                "name",
                "code",
                "size",
                "revenue",
                "revenue.currency",
                "founded",
                "emails",
                "address.city",
                "notes",
                "parent",
                "partners",
            ] {
                assert!(map.fields.iter().any(|f| f.to == wanted), "{format}: {wanted} is not among {:?}", map.fields);
            }
            map.method = import::Method::Upsert;
            map.key = vec!["id".to_owned()];
            let mut request = world.request("", map);
            request.path = path;
            let (_, progress) = world.import(&request).await;
            assert_eq!(counts(&progress), "read 2 created 0 updated 0 unchanged 2 rejected 0 made 0", "{format}");
        }
    });
}

#[test]
fn an_export_follows_filter_order_and_columns() {
    each(async |world| {
        fill(&world).await;
        let query =
            companies().filter(Filter::is(Ident::of("code"), model::Op::Eq, model::Operand::Value("E1".into())));
        let fields =
            ["name", "parent.name", "parent.founded", "revenue", "revenue.currency"].map(str::to_owned).to_vec();
        let export = Export { fields, ..Export::of(query, Format::Csv) };
        let path = world.path("some.csv");
        export::to_file(&world.space, &world.ctx(), &export, &path, |_| true).await.expect("exported");
        let text = std::fs::read_to_string(&path).expect("there");
        insta::allow_duplicates! { insta::assert_snapshot!(text, @r#"
        name,parent.name,parent.founded,revenue,revenue.currency
        "'=Élan",Groupe Nord,1990-01-03,12.5,EUR
        "#) };
        let unknown = Export { fields: vec!["parent.nope".into()], ..export };
        let refused = export::to_file(&world.space, &world.ctx(), &unknown, &path, |_| true).await;
        assert_eq!(refused.unwrap_err().to_string(), "parent.nope: unknown-field object=company");
    });
}
