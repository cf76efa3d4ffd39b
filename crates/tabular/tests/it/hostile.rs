use std::io::{Cursor, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use tabular::{Encoding, Error, Format, Header, Limits, Options, Ragged, Reason, Source};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{open, show};

fn read(text: &str) -> String {
    show(open(text).unwrap())
}

#[test]
fn ragged_rows_are_errors_and_reading_goes_on() {
    insta::assert_snapshot!(read("a,b,c\n1,2,3\n4,5\n6,7,8,9\n10,11,12,,\n13,14,15\n"), @r"
    a | b | c
    2: 1 | 2 | 3
    3! the row has 2 cells where the table has 3 columns
    4! the row has 4 cells where the table has 3 columns
    5: 10 | 11 | 12
    6: 13 | 14 | 15
    ");
    let options = Options { ragged: Ragged::Pad, ..Options::default() };
    let source = Source::from_bytes(b"a,b,c\n1,2,3\n4,5\n".to_vec(), &options).unwrap();
    insta::assert_snapshot!(show(source), @r"
    a | b | c
    2: 1 | 2 | 3
    3: 4 | 5 | 
    ");
}

#[test]
fn a_quote_left_open_costs_one_row() {
    insta::assert_snapshot!(read("a,b\n1,\"x\ny\"\n2,\"open\n3,z\n4,\"w\"\n"), @r#"
    a | b
    2: 1 | x
    y
    4! a quote opened on line 4 is never closed
    5: 3 | z
    6: 4 | w
    "#);
}

#[test]
fn a_wrong_byte_is_located() {
    let mut bytes = "nom;ville\nAmélie;Orléans\nZoé;Nîmes\nNoël;Sète\n".as_bytes().to_vec();
    let at = bytes.len() - 3;
    bytes[at] = 0xFF;
    bytes.extend_from_slice("Éva;Évry\n".as_bytes());
    let source = open(bytes).unwrap();
    assert_eq!(source.layout().encoding, Some(Encoding::Utf8));
    let text = show(source);
    insta::assert_snapshot!(text, @r"
    nom | ville
    2: Amélie | Orléans
    3: Zoé | Nîmes
    4! line 4 holds a wrong character (byte 48 of the file)
    5: Éva | Évry
    ");
    assert_eq!(at, 48);
}

#[test]
fn encodings_and_line_endings_are_found() {
    let utf16: Vec<u8> = "\u{feff}nom\tville\r\nZoé\tNîmes\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(show(open(utf16).unwrap()), "nom | ville\n2: Zoé | Nîmes");
    assert_eq!(show(open(b"nom;ville\rZo\xE9;N\xEEmes\r".to_vec()).unwrap()), "nom | ville\n2: Zoé | Nîmes");
    assert_eq!(show(open(b"\xEF\xBB\xBFnom,ville\nA,B".to_vec()).unwrap()), "nom | ville\n2: A | B");
}

#[test]
fn an_accent_far_in_a_file_decides_its_encoding() {
    let mut bytes = b"id;name\n".to_vec();
    bytes.extend("1;Ann\n".repeat(200_000).into_bytes());
    let utf8 = [bytes.clone(), "2;Zoé".into()].concat();
    bytes.extend(b"2;Zo\xE9");
    for bytes in [utf8, bytes] {
        let last = open(bytes).unwrap().last().unwrap().unwrap();
        assert_eq!(last.cells[1].to_text(), "Zoé");
    }
    let forced = Options { encoding: Some(Encoding::Utf8), ..Options::default() };
    let wrong = Source::from_bytes(b"id;name\n2;Zo\xE9;\n".to_vec(), &forced).unwrap().last().unwrap().unwrap_err();
    assert_eq!(wrong.reason, Reason::Encoding { line: 2, byte: 12 });
}

#[test]
fn long_lines_are_refused_in_bounded_memory() {
    let line = std::io::repeat(b'x').take(100 << 20);
    let stream = Cursor::new(b"a,b\n1,2\n".to_vec()).chain(line).chain(Cursor::new(b"\n3,4\n\"".to_vec()));
    let stream = stream.chain(std::io::repeat(b'y').take(20 << 20)).chain(Cursor::new(b"\n5,6\n".to_vec()));
    let source = Source::from_reader(stream, &Options::default()).unwrap();
    insta::assert_snapshot!(show(source), @r"
    a | b
    2: 1 | 2
    3! the row is longer than 4194304 bytes
    4: 3 | 4
    5! a quote opened on line 5 is never closed
    6: 5 | 6
    ");
}

#[test]
fn long_cells_and_many_cells_are_refused() {
    let limits = Limits { cell_bytes: 10, columns: 3, ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    let text = format!("a,b\n1,{}\n{}\n2,3\n", "x".repeat(11), ",".repeat(100_000));
    let source = Source::from_bytes(text.into_bytes(), &options).unwrap();
    insta::assert_snapshot!(show(source), @r"
    a | b
    2! the cell of column 2 is longer than 10 bytes
    3! the row has 100001 cells where the table has 3 columns
    4: 2 | 3
    ");
    let wide = Source::from_bytes(b"a,b,c,d,e\n".repeat(3), &options);
    assert!(wide.is_err());
}

#[test]
fn empty_files_say_so() {
    for bytes in ["", " \n\n", "\u{feff}"] {
        assert!(matches!(open(bytes), Err(Error::Empty)), "{bytes:?}");
    }
    assert_eq!(read("a,b\n"), "a | b");
    assert!(matches!(open(vec![0_u8, 1, 2, 0, 9, 0, 0, 0, 0, 7]), Err(Error::UnknownFormat)));
    assert!(matches!(open(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec()), Err(Error::Unsupported(_))));
}

#[test]
fn headers_are_made_whole() {
    insta::assert_snapshot!(read("id,,name,Name\n1,2,3,4\n"), @r"
    id | column_2 | name | Name_2
    2: 1 | 2 | 3 | 4
    ");
    insta::assert_snapshot!(read("Clients 2026\n\nname;city\nAnn;Lille\nBob;Brest\n"), @r"
    name | city
    4: Ann | Lille
    5: Bob | Brest
    ");
    let options = Options { header: Header::Absent, ..Options::default() };
    let source = Source::from_bytes(b"Ann,Lille\nBob,Brest\n".to_vec(), &options).unwrap();
    assert_eq!(show(source), "column_1 | column_2\n1: Ann | Lille\n2: Bob | Brest");
    let options = Options { header: Header::Row(3), ..Options::default() };
    let source = Source::from_bytes(b"x,y\nz,t\nname,city\nAnn,Lille\n".to_vec(), &options).unwrap();
    assert_eq!(show(source), "name | city\n4: Ann | Lille");
}

#[test]
fn reading_goes_on_where_it_stopped() {
    let text: String =
        std::iter::once("id,name\n".to_owned()).chain((0..1000).map(|n| format!("{n},\"a\nb\"\n"))).collect();
    let mut first = open(text.clone()).unwrap();
    let stopped = first.nth(700).unwrap().unwrap();
    let rest: Vec<_> = first.map(Result::unwrap).collect();
    let mut again = open(text).unwrap();
    again.skip_to_row(stopped.number + 1);
    assert_eq!(again.map(Result::unwrap).collect::<Vec<_>>(), rest);
    assert_eq!(rest.len(), 299);
}

#[test]
fn packed_files_are_unpacked_and_bounded() {
    let pack = |bytes: &[u8]| {
        let mut packer = GzEncoder::new(Vec::new(), Compression::default());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    };
    assert_eq!(show(open(pack(b"a,b\n1,2\n")).unwrap()), "a | b\n2: 1 | 2");
    let mut cut = pack("a,b\n1,2\n".repeat(50_000).as_bytes());
    cut.truncate(cut.len() / 2);
    let last = open(cut).unwrap().last().unwrap().unwrap_err();
    assert!(last.reason.is_fatal(), "{last}");
    let limits = Limits { unpacked_bytes: 1 << 20, ..Limits::default() };
    let bomb = pack(&vec![b'\n'; 4 << 20]);
    let error = Source::from_bytes(bomb, &Options { limits, ..Options::default() }).err().unwrap();
    assert!(error.to_string().contains("passes the limit"), "{error}");
}

#[test]
fn json_comes_in_every_shape() {
    let lines = "{\"a\":1,\"b\":\"x\"}\n\n{\"a\":2.5,\"c\":[1,2]}\nnot json\n[1]\n{\"b\":null}\n";
    let expected = "a | b | c\n1: 1 | x | \n3: 2.5 |  | [1,2]\n4! the row is not a JSON object: expected ident at line 1 column 2\n5! the row is not a JSON object: it is a list\n6:  |  | ";
    let skipped = expected.strip_suffix("\n6:  |  | ").unwrap();
    assert_eq!(read(lines), skipped);
    let array = "[ {\"a\": 1, \"b\": \"]},{\"},\n {\"a\": 2,\n  \"b\": \"\\\"\"} , 7, {\"a\": tru} ]";
    insta::assert_snapshot!(read(array), @r#"
    a | b
    1: 1 | ]},{
    2: 2 | "
    3! the row is not a JSON object: it is a number
    4! the row is not a JSON object: expected ident at line 1 column 10
    "#);
    assert_eq!(read("{\n \"a\": 1\n}\n{\n \"a\": 2\n}"), "a\n1: 1\n2: 2");
    insta::assert_snapshot!(read("[{\"a\":1},{\"a\":2},{\"a\":"), @r"
    a
    1: 1
    2: 2
    3! the file ends in the middle of the row
    ");
    insta::assert_snapshot!(read("[{\"a\":1},{\"a\":2}"), @r"
    a
    1: 1
    2: 2
    3! the file ends in the middle of the row
    ");
    let deep = format!("[{{\"a\":1}},{{\"a\":{}}}]", "[".repeat(100_000));
    assert!(open(deep).unwrap().last().unwrap().is_err());
}

#[test]
fn a_huge_json_value_costs_one_row() {
    let limits = Limits { row_bytes: 1000, ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    let text = format!("[{{\"a\":1}},{{\"a\":\"{}\"}},{{\"a\":3}}]", "x".repeat(5000));
    let source = Source::from_bytes(text.clone().into_bytes(), &options).unwrap();
    assert_eq!(show(source), "a\n1: 1\n2! the row is longer than 1000 bytes\n3: 3");
    let lines = text.trim_matches(['[', ']']).replace("},{", "}\n{");
    let source = Source::from_bytes(lines.into_bytes(), &options).unwrap();
    assert_eq!(show(source), "a\n1: 1\n2! the row is longer than 1000 bytes\n3: 3");
}

/// A workbook from the parts that matter, some given by the test.
fn workbook(sheet: &str, shared: &str, extra: impl FnOnce(&mut ZipWriter<Cursor<Vec<u8>>>)) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut part = |name: &str, text: &str| {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    let relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    part(
        "_rels/.rels",
        &format!(
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
        ),
    );
    part(
        "xl/workbook.xml",
        &format!(
            r#"<workbook xmlns="{main}" xmlns:r="{relation}"><workbookPr date1904="1"/><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>"#
        ),
    );
    part(
        "xl/_rels/workbook.xml.rels",
        &format!(
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{relation}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{relation}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="{relation}/styles" Target="styles.xml"/></Relationships>"#
        ),
    );
    part(
        "xl/styles.xml",
        &format!(
            r#"<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#
        ),
    );
    part("xl/sharedStrings.xml", &format!(r#"<sst xmlns="{main}">{shared}</sst>"#));
    part(
        "xl/worksheets/sheet1.xml",
        &format!(r#"<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>"#),
    );
    extra(&mut zip);
    zip.finish().unwrap().into_inner()
}

#[test]
fn sheets_are_read_as_they_show() {
    let shared = "<si><t>name</t></si><si><t>day</t></si><si><t>total</t></si>";
    let sheet = r#"<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="C2" t="s"><v>2</v></c></row>
        <row r="4"><c r="A4" t="inlineStr"><is><t>Ann</t></is></c><c r="B4" s="1"><v>1</v></c><c r="C4"><f>1+1</f><v>2</v></c></row>
        <row r="5"><c r="A5" t="str"><v>Bob</v></c><c r="C5" t="e"><v>#N/A</v></c></row>"#;
    insta::assert_snapshot!(show(open(workbook(sheet, shared, |_| {})).unwrap()), @r"
    name | day | total
    4: Ann | 1904-01-02 | 2
    5: Bob |  | #N/A
    ");
    let options = Options { sheet: Some("Other".into()), ..Options::default() };
    let error = Source::from_bytes(workbook(sheet, shared, |_| {}), &options).err().unwrap();
    assert_eq!(error.to_string(), "there is no sheet \"Other\"; the workbook has [\"Data\"]");
}

#[test]
fn workbook_bombs_are_refused() {
    let limits =
        Limits { shared_text_bytes: 1 << 20, unpacked_bytes: 8 << 20, cell_bytes: 1 << 16, ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    let refused = |bytes: Vec<u8>| {
        let error = Source::from_bytes(bytes, &options).err().expect("a bomb must be refused");
        assert!(matches!(error, Error::TooLarge { .. }), "{error}");
    };
    refused(workbook("", &"<si><t>aaaa</t></si>".repeat(100_000), |_| {}));
    refused(workbook(&"<row/>".repeat(2_000_000), "", |_| {}));
    refused(workbook("", &format!("<si><t>{}</t></si>", "x".repeat((1 << 20) + 200)), |_| {}));
    refused(workbook("", "", |zip| {
        zip.start_file("xl/extra.xml", SimpleFileOptions::default()).unwrap();
        for _ in 0..20 {
            zip.write_all(&vec![b' '; 1 << 20]).unwrap();
        }
    }));
}

#[test]
fn an_archive_that_lies_about_sizes_is_measured() {
    let mut bytes = workbook(&"<row/>".repeat(3_000_000), "", |_| {});
    let declared = (3_000_000_u32 * 6).to_le_bytes();
    // The size of the sheet in the central directory, which readers trust, becomes tiny.
    let lies: Vec<usize> = (0..bytes.len() - 4)
        .filter(|&at| {
            u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()).abs_diff(u32::from_le_bytes(declared)) < 200
        })
        .collect();
    assert!(!lies.is_empty());
    for at in lies {
        bytes[at..at + 4].copy_from_slice(&10_u32.to_le_bytes());
    }
    let limits = Limits { unpacked_bytes: 8 << 20, ..Limits::default() };
    let error = Source::from_bytes(bytes, &Options { limits, ..Options::default() }).err().unwrap();
    assert!(matches!(error, Error::TooLarge { .. } | Error::Damaged { .. }), "{error}");
}

#[test]
fn a_cell_far_away_costs_no_memory() {
    let sheet = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>Ann</t></is></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
    let source = open(workbook(sheet, "", |_| {}));
    match source {
        Ok(source) => {
            let last = source.last().unwrap().unwrap_err();
            assert!(matches!(last.reason, Reason::Ragged { found: 16_384, .. }), "{last}");
        }
        Err(error) => assert!(matches!(error, Error::TooManyColumns { .. }), "{error}"),
    }
}

#[test]
fn files_cut_in_half_are_damaged() {
    let whole = workbook(r#"<row r="1"><c r="A1"><v>1</v></c></row>"#, "", |_| {});
    let error = open(whole[..whole.len() / 2].to_vec()).err().unwrap();
    assert!(matches!(error, Error::Damaged { format: Format::Xlsx, .. }), "{error}");
    let error = open(b"PAR1 and then nothing".to_vec()).err().unwrap();
    assert!(matches!(error, Error::Damaged { format: Format::Parquet, .. } | Error::NotBuilt(_)), "{error}");
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", SimpleFileOptions::default()).unwrap();
    let error = open(zip.finish().unwrap().into_inner()).err().unwrap();
    assert!(matches!(error, Error::Unsupported(_)), "{error}");
}
