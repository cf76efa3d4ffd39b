//! What every layer of Clientele speaks: identifiers, money, time, locale, context and error codes. No IO.

mod code;
mod ctx;
mod format;
mod id;
mod locale;
mod money;
mod text;
mod time;
mod words;

pub use code::{Code, Coded};
pub use ctx::{Actor, Ctx, Via};
pub use format::Format;
pub use id::{Id, IdError};
pub use locale::{Label, Locale};
pub use money::{Currency, Money, MoneyError};
pub use text::{fold, words_of};
pub use time::{Clock, Timestamp, Zone, civil};
pub use words::{Words, WordsError};
