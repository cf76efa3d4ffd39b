use kernel::{Code, Coded};
use records::RecordError;
use store::StoreError;

use super::MAX_BODY;

/// Why a call was refused as a whole.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The body is larger than [`MAX_BODY`].
    #[error("the body is larger than {MAX_BODY} bytes")]
    TooLarge,
    /// The body cannot be read.
    #[error("the body cannot be read: {0}")]
    Unreadable(String),
    /// There is no write key, it is unknown or taken back, or its source is switched off.
    #[error("no open source has this write key")]
    NoKey,
    /// The delivery is not signed as its source asks.
    #[error("the delivery is not signed as its source asks")]
    Unsigned,
    /// The platform or its database.
    #[error("{0}")]
    Records(#[from] RecordError),
}

impl From<StoreError> for IntakeError {
    fn from(error: StoreError) -> IntakeError {
        IntakeError::Records(error.into())
    }
}

impl Coded for IntakeError {
    fn code(&self) -> Code {
        match self {
            // Senders try again what is answered with 413, so that it is a bad request like any other.
            IntakeError::TooLarge | IntakeError::Unreadable(_) => Code::BadRequest,
            IntakeError::NoKey | IntakeError::Unsigned => Code::Unauthenticated,
            IntakeError::Records(error) => error.code(),
        }
    }
}
