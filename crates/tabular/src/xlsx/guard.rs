//! Weighing a workbook before it is read.
//!
//! A workbook is a zip archive, and a few kilobytes of it can unpack to gigabytes. Every part that will be parsed is unpacked
//! once into nothing, and measured: what the archive declares about itself is not trusted.

use std::io::{Read, Seek};

use memchr::memchr_iter;
use zip::ZipArchive;

use crate::{Error, Format, Limits};

/// Below this size a part is never a bomb, however well it packs.
const RATIO_FLOOR: u64 = 64 << 20;
const MOST_PARTS: usize = 10_000;
/// XML writes one character as up to six bytes (`&quot;`), and a cell is surrounded by its tag.
const MARKUP: usize = 6;

/// Fails if the archive is not a workbook or passes a limit. The reader ends where it began.
pub(crate) fn weigh(reader: &mut (impl Read + Seek), limits: &Limits) -> Result<(), Error> {
    let mut archive = ZipArchive::new(&mut *reader).map_err(|error| Error::damaged(Format::Xlsx, error))?;
    if archive.len() > MOST_PARTS {
        return Err(Error::damaged(Format::Xlsx, format!("it has {} parts", archive.len())));
    }
    let mut total = 0;
    let mut workbook = false;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| Error::damaged(Format::Xlsx, error))?;
        let name = part.name().map_err(|error| Error::damaged(Format::Xlsx, error))?.into_owned();
        workbook |= name.eq_ignore_ascii_case("xl/workbook.xml");
        if !(name.ends_with(".xml") || name.ends_with(".rels")) {
            continue;
        }
        total += weigh_part(part, &name, total, limits)?;
    }
    if !workbook {
        return Err(Error::Unsupported("zip archives and other office"));
    }
    reader.rewind()?;
    Ok(())
}

fn weigh_part<R: Read>(
    mut part: zip::read::ZipFile<'_, R>,
    name: &str,
    total: u64,
    limits: &Limits,
) -> Result<u64, Error> {
    let packed = part.compressed_size().max(1);
    let streamed = name.starts_with("xl/worksheets/");
    let most = if streamed { limits.unpacked_bytes } else { limits.shared_text_bytes.min(limits.unpacked_bytes) };
    let most = most.min(limits.unpacked_bytes.saturating_sub(total));
    let too_large = |actual, limit| Err(Error::TooLarge { what: name.to_owned(), actual, limit });
    if part.size() > most {
        return too_large(part.size(), most);
    }
    let longest_run = limits.cell_bytes.saturating_mul(MARKUP).max(1 << 20);
    let mut buffer = vec![0; 64 * 1024];
    let mut size = 0;
    let mut run = 0;
    loop {
        let read = part.read(&mut buffer).map_err(|error| Error::damaged(Format::Xlsx, format!("{name}: {error}")))?;
        if read == 0 {
            return Ok(size);
        }
        size += read as u64;
        if size > most {
            return too_large(size, most);
        }
        let ratio_limit = packed.saturating_mul(limits.unpacked_ratio).max(RATIO_FLOOR);
        if size > ratio_limit {
            return too_large(size, ratio_limit);
        }
        let mut from = 0;
        for tag in memchr_iter(b'<', &buffer[..read]) {
            run += tag - from;
            from = tag;
            if run > longest_run {
                return too_large(run as u64, longest_run as u64);
            }
            run = 0;
        }
        run += read - from;
        if run > longest_run {
            return too_large(run as u64, longest_run as u64);
        }
    }
}
