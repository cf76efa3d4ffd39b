//! Writes a register of organisations as CSV: `organisations ROWS SEED > FILE`. See [`demo::organisations`].

use std::io::{self, BufWriter, Write};

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>());
    let (Some(Ok(rows)), Some(Ok(seed))) = (arguments.next(), arguments.next()) else {
        return Err(io::Error::other("say how many rows and which seed: organisations 100000 1"));
    };
    let mut out = BufWriter::new(io::stdout().lock());
    writeln!(out, "{}", demo::ORGANISATION_COLUMNS.join(","))?;
    for row in demo::organisations(rows, seed) {
        let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
        writeln!(out, "{}", cells.join(","))?;
    }
    out.flush()
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}
