use super::{Error, Field, Key, Place, Step};

/// Reads one decoded text from left to right.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
    place: &'a Place,
}

/// A name as it was written; a quoted one is never a word of the dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) text: String,
    pub(super) quoted: bool,
}

impl Name {
    /// Whether this is the dialect's word `word`.
    pub(super) fn is_word(&self, word: &str) -> bool {
        !self.quoted && self.text == word
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, place: &'a Place) -> Self {
        Self { text, at: 0, place }
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn at_end(&self) -> bool {
        self.at == self.text.len()
    }

    /// Where the reader stands, to come back to.
    pub(super) fn mark(&self) -> usize {
        self.at
    }

    pub(super) fn back_to(&mut self, mark: usize) {
        self.at = mark;
    }

    /// Passes one character and returns it.
    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    /// Passes `token` if it stands here.
    pub(super) fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    /// Passes `token`, which must stand here.
    pub(super) fn expect(&mut self, token: &str) -> Result<(), Error> {
        if self.eat(token) { Ok(()) } else { Err(self.expected(&format!("`{token}`"))) }
    }

    /// Passes what satisfies `wanted` and returns it.
    pub(super) fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let taken = &rest[..rest.find(|c| !wanted(c)).unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }

    pub(super) fn skip_spaces(&mut self) {
        self.take_while(char::is_whitespace);
    }

    /// Passes everything that is left and returns it.
    pub(super) fn take_rest(&mut self) -> &'a str {
        self.take_while(|_| true)
    }

    pub(super) fn end(&self) -> Result<(), Error> {
        if self.at_end() { Ok(()) } else { Err(self.expected("the end")) }
    }

    /// The error that something else was expected here.
    pub(super) fn expected(&self, what: &str) -> Error {
        let found = self.peek().map_or_else(|| "the end".to_owned(), |c| format!("`{c}`"));
        self.error(format!("found {found}, expected {what}"))
    }

    /// An error at this place.
    pub(super) fn error(&self, message: impl Into<String>) -> Error {
        self.error_at(self.at, message)
    }

    /// An error at a place marked before.
    pub(super) fn error_at(&self, mark: usize, message: impl Into<String>) -> Error {
        Error::new(self.place.clone(), self.text[..mark].chars().count(), message)
    }

    /// A name: quoted, or of letters, digits, `_`, `$`, inner `-` and inner spaces.
    pub(super) fn name(&mut self, what: &str) -> Result<Name, Error> {
        self.skip_spaces();
        if self.peek() == Some('"') {
            let text = self.quoted()?;
            if text.is_empty() {
                return Err(self.error(format!("the quotes are empty, expected {what}")));
            }
            self.skip_spaces();
            return Ok(Name { text, quoted: true });
        }
        let start = self.at;
        loop {
            self.take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | ' '));
            if self.rest().starts_with("->") || !self.eat("-") {
                break;
            }
        }
        let text = self.text[start..self.at].trim();
        if text.is_empty() { Err(self.expected(what)) } else { Ok(Name { text: text.to_owned(), quoted: false }) }
    }

    /// A text in double quotes, in which a backslash takes the next character as it is.
    pub(super) fn quoted(&mut self) -> Result<String, Error> {
        let start = self.at;
        self.expect("\"")?;
        let mut text = String::new();
        let mut characters = self.rest().char_indices();
        while let Some((offset, c)) = characters.next() {
            match c {
                '"' => {
                    self.at += offset + 1;
                    return Ok(text);
                }
                '\\' => text.extend(characters.next().map(|(_, escaped)| escaped)),
                _ => text.push(c),
            }
        }
        Err(self.error_at(start, "this quote is never closed: end the text with `\"`, and write `\\\"` within it"))
    }

    /// A column and the steps into its JSON value.
    pub(super) fn field(&mut self) -> Result<Field, Error> {
        let name = self.name("a column")?.text;
        Ok(Field { name, path: self.json_path()? })
    }

    pub(super) fn json_path(&mut self) -> Result<Vec<Step>, Error> {
        let mut path = Vec::new();
        loop {
            let as_text = self.eat("->>");
            if !as_text && !self.eat("->") {
                return Ok(path);
            }
            path.push(Step { as_text, key: self.key()? });
        }
    }

    fn key(&mut self) -> Result<Key, Error> {
        let name = self.name("a key or an index")?;
        match name.text.parse() {
            Ok(index) if !name.quoted => Ok(Key::Index(index)),
            _ => Ok(Key::Name(name.text)),
        }
    }

    /// `::type`, if it stands here.
    pub(super) fn cast(&mut self) -> Result<Option<String>, Error> {
        if !self.eat("::") {
            return Ok(None);
        }
        let cast = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_' || c == ' ').trim();
        if cast.is_empty() { Err(self.expected("a type")) } else { Ok(Some(cast.to_owned())) }
    }
}
