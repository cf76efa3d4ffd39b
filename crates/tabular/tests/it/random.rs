//! Bytes of all kinds: reading ends, with rows or errors, and never panics.

use proptest::prelude::*;
use tabular::{Format, Limits, Options, Source};

fn drain(bytes: &[u8], format: Option<Format>) -> usize {
    let limits =
        Limits { row_bytes: 4096, cell_bytes: 1024, columns: 64, unpacked_bytes: 1 << 20, ..Limits::default() };
    match Source::from_bytes(bytes.to_vec(), &Options { format, limits, ..Options::default() }) {
        Ok(source) => source.count(),
        Err(error) => error.to_string().len(),
    }
}

/// A small whole file of each format, to be damaged.
fn seed(format: Format) -> Vec<u8> {
    use std::io::Read;
    use tabular::{Cell, Column, ColumnType, Sink, SinkOptions};
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let columns = [Column::new("name", ColumnType::Text), Column::new("age", ColumnType::Int)];
    let mut sink = Sink::to_writer(file.reopen().unwrap(), format, &columns, &SinkOptions::default()).unwrap();
    for age in 0..20 {
        sink.write(&["Ann".into(), Cell::Int(age)]).unwrap();
    }
    sink.finish().unwrap();
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).unwrap();
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        for format in [None, Some(Format::Csv), Some(Format::Json), Some(Format::Xlsx)] {
            drain(&bytes, format);
        }
    }

    #[test]
    fn random_text_is_read_or_refused(text in "[a-c\"',;\t\r\n{}\\[\\]:\\\\ =0-9é]{0,400}") {
        for format in [None, Some(Format::Csv), Some(Format::Json)] {
            drain(text.as_bytes(), format);
        }
    }

    #[test]
    fn a_chunked_stream_reads_like_the_whole(text in "[a-c\"',;\r\n é]{1,300}", step in 1_usize..7) {
        struct Slow(Vec<u8>, usize, usize);
        impl std::io::Read for Slow {
            fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
                let left = &self.0[self.1..];
                let read = left.len().min(self.2).min(buffer.len());
                buffer[..read].copy_from_slice(&left[..read]);
                self.1 += read;
                Ok(read)
            }
        }
        let options = Options { format: Some(Format::Csv), ..Options::default() };
        let whole = Source::from_bytes(text.clone().into_bytes(), &options).map(super::show).map_err(|e| e.to_string());
        let slow = Source::from_reader(Slow(text.into_bytes(), 0, step), &options).map(super::show).map_err(|e| e.to_string());
        prop_assert_eq!(whole, slow);
    }

    #[test]
    fn damaged_files_are_read_or_refused(which in 0_usize..2, at in any::<prop::sample::Index>(), with in any::<u8>(), cut in any::<bool>()) {
        let formats = [Format::Xlsx, if cfg!(feature = "parquet") { Format::Parquet } else { Format::Csv }];
        let mut bytes = seed(formats[which]);
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] = with }
        drain(&bytes, Some(formats[which]));
    }
}
