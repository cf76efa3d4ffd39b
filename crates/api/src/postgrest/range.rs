use super::{Error, Place, Window};

impl Window {
    /// Reads `Range-Unit` and `Range`: `0-24` are the first 25 rows, `25-` all after them. The unit may also
    /// stand in the range itself, as `items=0-24`.
    ///
    /// None without a range, and when the unit is another than `items`, which HTTP lets a server ignore.
    /// Errors when the range is malformed or ends before it begins.
    pub fn from_headers(unit: Option<&str>, range: Option<&str>) -> Result<Option<Self>, Error> {
        let Some(range) = range else { return Ok(None) };
        let (unit, bounds) = match range.split_once('=') {
            Some((unit, bounds)) => (unit, bounds),
            None => (unit.unwrap_or("items"), range),
        };
        if !unit.trim().eq_ignore_ascii_case("items") {
            return Ok(None);
        }
        let fail = |message: &str| Error::new(Place::Header("Range"), 0, message);
        let malformed = || fail("expected first and last row counted from zero, as `0-24`, or `25-`");
        let (first, last) = bounds.split_once('-').ok_or_else(malformed)?;
        let offset: u64 = first.trim().parse().map_err(|_| malformed())?;
        if last.trim().is_empty() {
            return Ok(Some(Self { offset, limit: None }));
        }
        let last: u64 = last.trim().parse().map_err(|_| malformed())?;
        let before_last =
            last.checked_sub(offset).ok_or_else(|| fail("the range ends before it begins, expected `first-last`"))?;
        Ok(Some(Self { offset, limit: Some(before_last.saturating_add(1)) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(range: &str) -> Result<Option<Window>, String> {
        Window::from_headers(None, Some(range)).map_err(|error| error.to_string())
    }

    #[test]
    fn ranges_are_windows() {
        assert_eq!(read("0-24"), Ok(Some(Window { offset: 0, limit: Some(25) })));
        assert_eq!(read("25-"), Ok(Some(Window { offset: 25, limit: None })));
        assert_eq!(read("items=5-5"), Ok(Some(Window { offset: 5, limit: Some(1) })));
        assert_eq!(read("bytes=0-99"), Ok(None));
        assert_eq!(Window::from_headers(Some("bytes"), Some("0-99")), Ok(None));
        assert_eq!(Window::from_headers(Some("items"), None), Ok(None));
    }

    #[test]
    fn malformed_ranges_are_refused() {
        insta::assert_snapshot!(read("9-3").unwrap_err(), @"header Range, character 1: the range ends before it begins, expected `first-last`");
        for range in ["", "-", "-5", "a-b", "1", "0-99999999999999999999999"] {
            assert!(read(range).is_err(), "{range}");
        }
    }

    #[test]
    fn a_window_within_a_window() {
        let window = |offset, limit| Window { offset, limit };
        assert_eq!(window(0, Some(10)).within(window(5, Some(5))), window(5, Some(5)));
        assert_eq!(window(8, None).within(window(5, Some(5))), window(8, Some(2)));
        assert_eq!(window(8, Some(3)).within(window(0, Some(2))), window(8, Some(0)));
        assert_eq!(window(3, None).within(window(0, None)), window(3, None));
    }
}
