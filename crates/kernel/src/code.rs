/// What went wrong, for programs: one table for HTTP, command line and pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// The request cannot be read.
    BadRequest,
    /// Nobody is signed in, or the credentials are wrong.
    Unauthenticated,
    /// The actor may not do this.
    Forbidden,
    /// There is no such thing, or the actor may not see it.
    NotFound,
    /// The method does not exist here.
    MethodNotAllowed,
    /// None of the accepted formats can be produced.
    NotAcceptable,
    /// The record changed since it was read, or the key is already taken.
    Conflict,
    /// `If-Match` names another version.
    PreconditionFailed,
    /// More than the limit.
    TooLarge,
    /// Values that do not fit the definition.
    Invalid,
    /// The requested range starts after the last row.
    RangeNotSatisfiable,
    /// Too many requests.
    TooMany,
    /// A fault of ours.
    Internal,
    /// The database or another part does not answer.
    Unavailable,
}

/// An error that has a [`Code`].
pub trait Coded {
    /// The code.
    fn code(&self) -> Code;
}

impl Code {
    /// The name used in problem documents, also the key of its title in the words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Code::BadRequest => "bad-request",
            Code::Unauthenticated => "unauthenticated",
            Code::Forbidden => "forbidden",
            Code::NotFound => "not-found",
            Code::MethodNotAllowed => "method-not-allowed",
            Code::NotAcceptable => "not-acceptable",
            Code::Conflict => "conflict",
            Code::PreconditionFailed => "precondition-failed",
            Code::TooLarge => "too-large",
            Code::Invalid => "invalid",
            Code::RangeNotSatisfiable => "range-not-satisfiable",
            Code::TooMany => "too-many",
            Code::Internal => "internal",
            Code::Unavailable => "unavailable",
        }
    }

    /// The HTTP status.
    pub const fn status(self) -> u16 {
        match self {
            Code::BadRequest => 400,
            Code::Unauthenticated => 401,
            Code::Forbidden => 403,
            Code::NotFound => 404,
            Code::MethodNotAllowed => 405,
            Code::NotAcceptable => 406,
            Code::Conflict => 409,
            Code::PreconditionFailed => 412,
            Code::TooLarge => 413,
            Code::Invalid => 422,
            Code::RangeNotSatisfiable => 416,
            Code::TooMany => 429,
            Code::Internal => 500,
            Code::Unavailable => 503,
        }
    }

    /// The command line's exit code: 2 for wrong input, 1 for what failed.
    pub const fn exit(self) -> i32 {
        if self.status() < 500 { 2 } else { 1 }
    }
}
