//! Bytes of a text file to UTF-8: detection of the encoding and transcoding in chunks.

use std::collections::VecDeque;
use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, DecoderResult, ISO_8859_15, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::Encoding;

/// A byte that UTF-8 never holds: it stands where the source could not be decoded, and makes the row an error.
const WRONG: u8 = 0xFF;
const CHUNK: usize = 256 * 1024;

/// The encoding of a text and the length of its byte order mark; nothing if the sample is not text. `whole` says that the
/// sample is not cut, so that half a character at its end is none.
pub(crate) fn detect(sample: &[u8], whole: bool) -> Option<(Encoding, usize)> {
    match sample {
        [0xEF, 0xBB, 0xBF, ..] => return Some((Encoding::Utf8, 3)),
        [0xFF, 0xFE, ..] => return Some((Encoding::Utf16Le, 2)),
        [0xFE, 0xFF, ..] => return Some((Encoding::Utf16Be, 2)),
        _ => {}
    }
    let zeros = |parity: usize| sample.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let pairs = sample.len() / 2;
    if pairs > 0 && odd * 10 > pairs * 3 && even * 10 < pairs {
        return Some((Encoding::Utf16Le, 0));
    }
    if pairs > 0 && even * 10 > pairs * 3 && odd * 10 < pairs {
        return Some((Encoding::Utf16Be, 0));
    }
    if (even + odd) * 100 > sample.len() {
        return None;
    }
    match std::str::from_utf8(sample) {
        Ok(_) => Some((Encoding::Utf8, 0)),
        Err(error) if error.error_len().is_none() && !whole => Some((Encoding::Utf8, 0)),
        Err(_) if mostly_utf8(sample) => Some((Encoding::Utf8, 0)),
        Err(_) => Some((single_byte(sample), 0)),
    }
}

/// Whether well-formed multi-byte characters far outnumber wrong bytes: a UTF-8 file with an accident.
fn mostly_utf8(sample: &[u8]) -> bool {
    let (mut good, mut wrong) = (0_usize, 0_usize);
    for chunk in sample.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        wrong += usize::from(!chunk.invalid().is_empty());
    }
    good > 4 * wrong
}

/// Windows-1252 unless the bytes that only make sense in ISO-8859-15 (œ, Œ, Ÿ, ž, € between their neighbours) win.
fn single_byte(sample: &[u8]) -> Encoding {
    let (mut latin9, mut windows) = (0_i32, 0_i32);
    for (index, byte) in sample.iter().enumerate() {
        let before = index.checked_sub(1).map_or(b' ', |i| sample[i]);
        let after = sample.get(index + 1).copied().unwrap_or(b' ');
        let letter = |b: u8| b.is_ascii_alphabetic() || b >= 0xC0;
        match byte {
            0x80..=0x9F => windows += 2,
            0xA4 if before.is_ascii_digit() || before == b' ' => latin9 += 1,
            0xBC | 0xBD | 0xA8 | 0xB8 | 0xA6 | 0xB4 if letter(before) && letter(after) => latin9 += 1,
            0xBC if letter(after) && !before.is_ascii_digit() => latin9 += 1,
            _ => {}
        }
    }
    if latin9 > windows { Encoding::Iso8859_15 } else { Encoding::Windows1252 }
}

/// A stream of UTF-8 over a stream of bytes in any [`Encoding`].
///
/// Only ASCII has been seen of many files when reading starts: `undecided` ones are looked at again where another byte
/// first turns up, however far in the file.
pub(crate) struct TextReader {
    raw: Box<dyn Read + Send>,
    undecided: bool,
    decoder: Option<Decoder>,
    wide: bool,
    scratch: Vec<u8>,
    raw_read: u64,
    mark: u64,
    produced: u64,
    wrong: VecDeque<(u64, u64)>,
    end: bool,
}

impl TextReader {
    /// Reads `raw` from its start, in `encoding`, skipping a byte order mark of `mark` bytes.
    pub(crate) fn new(
        mut raw: Box<dyn Read + Send>,
        encoding: Encoding,
        mark: usize,
        undecided: bool,
    ) -> io::Result<Self> {
        let mut skipped = [0; 4];
        raw.read_exact(&mut skipped[..mark])?;
        Ok(Self {
            raw,
            undecided,
            decoder: decoder(encoding),
            wide: matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be),
            scratch: vec![0; CHUNK],
            raw_read: mark as u64,
            mark: mark as u64,
            produced: 0,
            wrong: VecDeque::new(),
            end: false,
        })
    }

    /// Appends at least one byte to `out`, or returns false at the end of the file. Bytes that cannot be decoded are
    /// passed on or replaced by one that is not UTF-8, so that whoever checks a row finds them.
    pub(crate) fn fill(&mut self, out: &mut Vec<u8>) -> io::Result<bool> {
        while !self.end {
            let mut read = read_some(&mut self.raw, &mut self.scratch)?;
            self.end = read == 0;
            if self.undecided && !self.scratch[..read].is_ascii() {
                while !self.end && read < self.scratch.len() {
                    let more = read_some(&mut self.raw, &mut self.scratch[read..])?;
                    self.end = more == 0;
                    read += more;
                }
                self.undecided = false;
                self.decoder = detect(&self.scratch[..read], self.end).and_then(|(encoding, _)| decoder(encoding));
            }
            let before = out.len();
            match &mut self.decoder {
                None => out.extend_from_slice(&self.scratch[..read]),
                Some(decoder) => {
                    let base = self.raw_read;
                    let produced = self.produced;
                    let chunk = &self.scratch[..read];
                    decode(decoder, chunk, self.end, out, |decoded, raw| {
                        self.wrong.push_back((produced + (decoded - before) as u64, base + raw as u64));
                    });
                }
            }
            self.raw_read += read as u64;
            self.produced += (out.len() - before) as u64;
            if out.len() > before {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The offset in the source of a wrong byte found at `decoded` in the stream of UTF-8.
    pub(crate) fn raw_offset(&mut self, decoded: u64) -> u64 {
        if !self.wide {
            return decoded + self.mark;
        }
        while let Some((at, raw)) = self.wrong.front().copied() {
            if at >= decoded {
                return raw;
            }
            self.wrong.pop_front();
        }
        self.raw_read
    }
}

fn decoder(encoding: Encoding) -> Option<Decoder> {
    let encoding = match encoding {
        Encoding::Utf8 => return None,
        Encoding::Utf16Le => UTF_16LE,
        Encoding::Utf16Be => UTF_16BE,
        Encoding::Windows1252 => WINDOWS_1252,
        Encoding::Iso8859_15 => ISO_8859_15,
    };
    Some(encoding.new_decoder_without_bom_handling())
}

fn read_some(raw: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match raw.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

fn decode(decoder: &mut Decoder, mut chunk: &[u8], last: bool, out: &mut Vec<u8>, mut wrong: impl FnMut(usize, usize)) {
    let mut consumed = 0;
    loop {
        let room = decoder.max_utf8_buffer_length_without_replacement(chunk.len()).unwrap_or(CHUNK).max(16);
        let start = out.len();
        out.resize(start + room, 0);
        let (result, read, written) = decoder.decode_to_utf8_without_replacement(chunk, &mut out[start..], last);
        out.truncate(start + written);
        chunk = &chunk[read..];
        consumed += read;
        match result {
            DecoderResult::InputEmpty => return,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(length, extra) => {
                wrong(out.len(), consumed.saturating_sub(usize::from(length) + usize::from(extra)));
                out.push(WRONG);
            }
        }
    }
}

/// The start of a text as UTF-8, wrong characters replaced: for looking at, never for data.
pub(crate) fn sample_text(sample: &[u8], encoding: Encoding, mark: usize) -> String {
    let sample = &sample[mark.min(sample.len())..];
    let Some(mut decoder) = decoder(encoding) else { return String::from_utf8_lossy(sample).into_owned() };
    let mut text = String::with_capacity(sample.len() * 3 + 16);
    let (result, _, _) = decoder.decode_to_string(sample, &mut text, false);
    debug_assert_eq!(result, CoderResult::InputEmpty);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: Encoding) {
        assert_eq!(detect(bytes, false).map(|found| found.0), Some(expected), "{}", String::from_utf8_lossy(bytes));
    }

    #[test]
    fn encodings_are_told_apart() {
        check("nom;Lévêque".as_bytes(), Encoding::Utf8);
        check(b"\xEF\xBB\xBFnom", Encoding::Utf8);
        check(&"nom;Lévêque".as_bytes()[..6], Encoding::Utf8);
        check(b"nom;L\xE9v\xEAque;12 \x80", Encoding::Windows1252);
        check(b"nom;L\xE9v\xEAque;c\xBDur;12 \xA4", Encoding::Iso8859_15);
        let wide: Vec<u8> = "nom;prénom\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        check(&wide, Encoding::Utf16Le);
        let wide: Vec<u8> = "nom;prénom\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        check(&wide, Encoding::Utf16Be);
        assert_eq!(detect(&[0, 0, 0, 1, 2, 0, 0, 0, 9], true), None);
    }

    #[test]
    fn one_accident_does_not_change_the_encoding() {
        let mut bytes = "é".repeat(100).into_bytes();
        bytes.insert(20, 0xE9);
        check(&bytes, Encoding::Utf8);
    }

    #[test]
    fn a_lone_surrogate_is_located_in_the_source() {
        let mut bytes: Vec<u8> = "aé".encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.extend([0x00, 0xD8]);
        bytes.extend("b".encode_utf16().flat_map(u16::to_le_bytes));
        let mut reader = TextReader::new(Box::new(io::Cursor::new(bytes)), Encoding::Utf16Le, 0, false).unwrap();
        let mut out = Vec::new();
        while reader.fill(&mut out).unwrap() {}
        assert_eq!(out, b"a\xC3\xA9\xFFb");
        assert_eq!(reader.raw_offset(3), 4);
    }
}
