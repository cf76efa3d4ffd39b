use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::compression::{CompressionLayer, CompressionLevel};

use crate::failure::Failure;
use crate::tenants::{Closed, Tenants};

/// How long running requests may take after the server was asked to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Serves until the process is asked to stop; then lets running requests end.
pub async fn serve(listener: TcpListener, tenants: Arc<Tenants>) -> Result<(), Failure> {
    let (stop, mut stopped) = tokio::sync::watch::channel(false);
    let service = router(tenants).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        asked_to_stop().await;
        let _ = stop.send(true);
    });
    let too_long = async move {
        let _ = stopped.changed().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        ended = async { server.await } => Ok(ended?),
        () = too_long => Ok(()),
    }
}

fn router(tenants: Arc<Tenants>) -> Router {
    let worth_it = SizeAbove::new(1_024).and(NotForContentType::SSE).and(NotForContentType::IMAGES);
    api::router()
        .merge(web::router())
        .layer(middleware::from_fn_with_state(tenants, choose_tenant))
        .layer(CatchPanicLayer::new())
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(worth_it))
}

/// Puts the tenant of the request's host name into the request.
async fn choose_tenant(State(tenants): State<Arc<Tenants>>, mut request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
    match tenants.by_host(host).await {
        Ok(space) => {
            request.extensions_mut().insert(space);
            next.run(request).await
        }
        Err(Closed::Unknown) => {
            plain(StatusCode::NOT_FOUND, "Aucun espace à cette adresse. / There is no workspace at this address.\n")
        }
        Err(Closed::Suspended) => {
            plain(StatusCode::FORBIDDEN, "Cet espace est suspendu. / This workspace is suspended.\n")
        }
        Err(Closed::Failed(error)) => {
            tracing::error!(%error, "a tenant's database cannot be opened");
            plain(
                StatusCode::SERVICE_UNAVAILABLE,
                "La base de données ne répond pas. / The database does not answer.\n",
            )
        }
    }
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(signal) => signal,
        Err(_) => {
            let _ = interrupt.await;
            return;
        }
    };
    tokio::select! {
        _ = interrupt => {}
        _ = terminate.recv() => {}
    }
}
