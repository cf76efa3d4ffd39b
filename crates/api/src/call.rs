//! Who calls, and what a handler needs of it. A handler that takes [`On`] or [`One`] cannot forget to ask whether it may.

use std::marker::PhantomData;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use kernel::{Code, Ctx, Id};
use model::{ObjectDef, Problem, Schema};
use records::{Access, Action, Space};

use crate::failure::Failure;

/// Most bytes of a request's body.
pub const MAX_BODY: usize = 10 * 1024 * 1024;

/// A caller who is known.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) space: Arc<Space>,
    pub(crate) schema: Arc<Schema>,
    pub(crate) ctx: Ctx,
    pub(crate) access: Arc<Access>,
}

/// What authentication found.
#[derive(Clone)]
pub(crate) struct Caller(pub(crate) Result<Call, Failure>);

/// What a handler does with an object.
pub(crate) trait Does: Send + Sync {
    const ACTION: Action;
}

pub(crate) struct Reads;
pub(crate) struct Creates;
pub(crate) struct Updates;
pub(crate) struct Deletes;

impl Does for Reads {
    const ACTION: Action = Action::Read;
}
impl Does for Creates {
    const ACTION: Action = Action::Create;
}
impl Does for Updates {
    const ACTION: Action = Action::Update;
}
impl Does for Deletes {
    const ACTION: Action = Action::Delete;
}

/// An object that the path names, with which the caller may do `A` at all.
pub(crate) struct On<A> {
    pub(crate) call: Call,
    pub(crate) object: Arc<ObjectDef>,
    action: PhantomData<A>,
}

/// A record that the path names. Whether the caller may see it is found when it is read.
pub(crate) struct One<A> {
    pub(crate) call: Call,
    pub(crate) object: Arc<ObjectDef>,
    pub(crate) id: Id,
    action: PhantomData<A>,
}

/// An administrator, signed in without the limits of a token.
pub(crate) struct Administrator(pub(crate) Call);

/// A request's body, of at most [`MAX_BODY`] bytes.
pub(crate) struct Body(pub(crate) Bytes);

impl<S: Send + Sync> FromRequestParts<S> for Call {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Call, Failure> {
        let caller = parts.extensions.get::<Caller>().cloned();
        caller.unwrap_or_else(|| Caller(Err(Failure::of(Code::Unauthenticated)))).0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Administrator {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Administrator, Failure> {
        let call = Call::from_request_parts(parts, state).await?;
        call.access.administers()?;
        Ok(Administrator(call))
    }
}

impl<S: Send + Sync, A: Does> FromRequestParts<S> for On<A> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<On<A>, Failure> {
        let call = Call::from_request_parts(parts, state).await?;
        let name = parameter(parts, state, "object").await;
        let object = call.object(&name)?;
        call.access.check(&object, A::ACTION)?;
        Ok(On { call, object, action: PhantomData })
    }
}

impl<S: Send + Sync, A: Does> FromRequestParts<S> for One<A> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<One<A>, Failure> {
        let On { call, object, .. } = On::<A>::from_request_parts(parts, state).await?;
        let text = parameter(parts, state, "id").await;
        let missing = || {
            Failure::of(Code::NotFound).detail(Problem::new("", "no-such-record").text("object", object.name.as_str()))
        };
        let id = Id::parse(&text, object.prefix.as_str()).map_err(|_| missing())?;
        Ok(One { call, object, id, action: PhantomData })
    }
}

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Body, Failure> {
        Bytes::from_request(request, state).await.map(Body).map_err(|rejection| match rejection.status().as_u16() {
            413 => Failure::of(Code::TooLarge)
                .detail(Problem::new("", "body-too-large").number("max", (MAX_BODY / 1024 / 1024) as i64)),
            _ => Failure::because(Code::BadRequest, "body-unreadable"),
        })
    }
}

async fn parameter<S: Send + Sync>(parts: &mut Parts, state: &S, name: &str) -> String {
    let Ok(params) = RawPathParams::from_request_parts(parts, state).await else { return String::new() };
    params.iter().find(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).unwrap_or_default()
}

impl Call {
    /// An object by its name.
    pub(crate) fn object(&self, name: &str) -> Result<Arc<ObjectDef>, Failure> {
        let found = self.schema.object(name).cloned();
        found.ok_or_else(|| {
            Failure::from(records::RecordError::Unknown { what: "object", name: name.chars().take(80).collect() })
        })
    }

    /// Refuses a token that may only read, for what concerns no single object.
    pub(crate) fn writes(&self) -> Result<(), Failure> {
        match &self.access.scopes {
            Some(scopes) if !scopes.iter().any(|s| s == "write" || s == "write:*") => {
                Err(records::RecordError::forbidden("update", "*").into())
            }
            _ => Ok(()),
        }
    }
}
