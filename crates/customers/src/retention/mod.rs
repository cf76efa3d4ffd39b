//! Retention: how long records are kept, what then becomes of them, and the register of processing that says so.

mod object;
mod register;
mod run;

pub use object::*;
pub(crate) use object::{check, seed};
pub use register::{Entry, Register, SECURITY, register, security, set_security};
pub(crate) use run::follow;
pub use run::{Preview, Report, preview, run};
