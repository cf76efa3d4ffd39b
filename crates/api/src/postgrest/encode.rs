use super::{Error, Place};

/// Takes percent-encoding and `+` out of a part of the query string that begins at byte `start`.
pub(super) fn decode(part: &str, start: usize) -> Result<String, Error> {
    let fail = |at: usize, message: &str| Error::new(Place::QueryString, start + at, message);
    let bytes = part.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'+' => decoded.push(b' '),
            b'%' => {
                let digits = bytes.get(at + 1..at + 3).and_then(hex);
                decoded.push(digits.ok_or_else(|| {
                    fail(at, "`%` needs two hexadecimal digits after it; a percent sign itself is `%25`")
                })?);
                at += 2;
            }
            byte => decoded.push(byte),
        }
        at += 1;
    }
    String::from_utf8(decoded).map_err(|_| fail(0, "what the percent signs encode is not UTF-8"))
}

fn hex(digits: &[u8]) -> Option<u8> {
    let value = |digit: u8| char::from(digit).to_digit(16);
    u8::try_from(value(digits[0])? * 16 + value(digits[1])?).ok()
}

/// Percent-encodes what could be misread in a query string.
pub(super) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~,:()*!$".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding_undoes_encoding() {
        for text in ["", "a+b c%", "Hébert & \"Cie\"", "->>", "\u{0}\u{10ffff}"] {
            assert_eq!(decode(&encode(text), 0).as_deref(), Ok(text));
        }
        assert_eq!(decode("a+b%20c", 0).as_deref(), Ok("a b c"));
    }

    #[test]
    fn broken_encodings_say_where() {
        let told = |part: &str| decode(part, 10).unwrap_err().to_string();
        insta::assert_snapshot!(told("ab%4"), @"query string, character 13: `%` needs two hexadecimal digits after it; a percent sign itself is `%25`");
        insta::assert_snapshot!(told("%zz"), @"query string, character 11: `%` needs two hexadecimal digits after it; a percent sign itself is `%25`");
        insta::assert_snapshot!(told("%ff"), @"query string, character 11: what the percent signs encode is not UTF-8");
    }
}
