use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::{NoContext, Uuid};

/// A record's identifier: a UUID version 7 (RFC 9562), so that identifiers sort by creation time.
///
/// At the edges it is written with its object's prefix and in Crockford's base 32: `con_01jd…` ([`Id::typed`]).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(Uuid);

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Neither a UUID nor prefix, underscore and 26 characters of base 32.
    #[error("an identifier looks like “con_01h455vb4pex5vsknk084sn02q” or like a UUID")]
    Malformed,
    /// The prefix belongs to another object.
    #[error("this identifier starts with “{found}”, expected “{expected}”")]
    WrongPrefix {
        /// The prefix expected.
        expected: String,
        /// The prefix found.
        found: String,
    },
}

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

impl Id {
    /// A new identifier whose time part is `now`.
    pub fn new(now: Timestamp) -> Id {
        let seconds = now.as_second().max(0) as u64;
        let nanos = now.subsec_nanosecond().max(0) as u32;
        Id(Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, seconds, nanos)))
    }

    /// The identifier of these sixteen bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Id {
        Id(Uuid::from_bytes(bytes))
    }

    /// A stable identifier for a name, the same on every machine: for records that the product itself ships.
    pub fn named(name: &str) -> Id {
        // FNV-1a over 128 bits: stable, and collisions among a few hundred shipped names are out of reach.
        let mut hash: u128 = 0x6c62272e07bb014262b821756295c58d;
        for byte in name.bytes() {
            hash ^= u128::from(byte);
            hash = hash.wrapping_mul(0x0000000001000000000000000000013B);
        }
        Id(uuid::Builder::from_custom_bytes(hash.to_be_bytes()).into_uuid())
    }

    /// The sixteen bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    /// The UUID.
    pub const fn uuid(&self) -> Uuid {
        self.0
    }

    /// The form used in URLs, files and the API: `prefix_` and 26 characters.
    pub fn typed(&self, prefix: &str) -> String {
        let mut out = String::with_capacity(prefix.len() + 27);
        out.push_str(prefix);
        out.push('_');
        out.extend(self.letters().map(char::from));
        out
    }

    /// Appends the typed form to text under construction.
    pub fn write_typed(&self, prefix: &str, out: &mut Vec<u8>) {
        out.extend_from_slice(prefix.as_bytes());
        out.push(b'_');
        out.extend(self.letters());
    }

    fn letters(&self) -> [u8; 26] {
        let n = u128::from_be_bytes(*self.as_bytes());
        std::array::from_fn(|i| ALPHABET[((n >> ((25 - i) * 5)) & 31) as usize])
    }

    /// Reads the typed form or a bare UUID; a prefix, when there is one, must be `prefix`.
    pub fn parse(text: &str, prefix: &str) -> Result<Id, IdError> {
        match text.rsplit_once('_') {
            None => Uuid::try_parse(text).map(Id).map_err(|_| IdError::Malformed),
            Some((found, body)) if found == prefix => decode(body).ok_or(IdError::Malformed),
            Some((found, _)) => Err(IdError::WrongPrefix { expected: prefix.to_owned(), found: found.to_owned() }),
        }
    }

    /// Reads the typed form with any prefix, or a bare UUID, and says which prefix it had.
    pub fn parse_any(text: &str) -> Result<(Option<&str>, Id), IdError> {
        match text.rsplit_once('_') {
            None => Ok((None, Uuid::try_parse(text).map(Id).map_err(|_| IdError::Malformed)?)),
            Some((prefix, body)) => Ok((Some(prefix), decode(body).ok_or(IdError::Malformed)?)),
        }
    }
}

fn decode(body: &str) -> Option<Id> {
    if body.len() != 26 {
        return None;
    }
    let mut n: u128 = 0;
    for (i, byte) in body.bytes().enumerate() {
        let digit = ALPHABET.iter().position(|&a| a == byte.to_ascii_lowercase())? as u128;
        if i == 0 && digit > 7 {
            return None;
        }
        n = (n << 5) | digit;
    }
    Some(Id(Uuid::from_u128(n)))
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_form_round_trips_and_checks_its_prefix() {
        let id = Id::new("2026-01-02T03:04:05Z".parse().unwrap());
        let text = id.typed("con");
        assert_eq!(text.len(), 30);
        assert_eq!(Id::parse(&text, "con"), Ok(id));
        assert_eq!(Id::parse(&id.to_string(), "con"), Ok(id));
        assert!(matches!(Id::parse(&text, "acc"), Err(IdError::WrongPrefix { .. })));
        assert_eq!(Id::parse("con_zzzzzzzzzzzzzzzzzzzzzzzzzz", "con"), Err(IdError::Malformed));
        assert_eq!(Id::parse("con_é", "con"), Err(IdError::Malformed));
    }

    #[test]
    fn identifiers_sort_by_time() {
        let early = Id::new("2026-01-02T03:04:05Z".parse().unwrap());
        let late = Id::new("2026-01-02T03:04:06Z".parse().unwrap());
        assert!(early < late && early.typed("x") < late.typed("x"));
    }

    #[test]
    fn a_name_always_gives_the_same_identifier() {
        assert_eq!(Id::named("role:admin"), Id::named("role:admin"));
        assert_ne!(Id::named("role:admin"), Id::named("role:rep"));
    }
}
