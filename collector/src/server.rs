//! The whole server: [`Collector`] opens the database, answers requests, and closes it again.

mod connections;
mod socket;

use std::{future::Future, sync::Arc};

use axum::Router;
use jiff::Timestamp;
use tokio::{net::TcpListener, sync::Notify};
use tokio_util::sync::CancellationToken;

pub use self::socket::{InheritedSocket, Socket, SocketError};
use self::{
    connections::{Connections, Deadlines},
    socket::Lifetime,
};

use crate::{
    abuse::Abuse,
    access::{Need, Role, attempts::Attempts, password::Passwords, secret::Secret, trial::Trials},
    alerts::{self, Post, Sending},
    config::Config,
    descriptors,
    exchange::turn::Turns,
    indexing,
    intake::Intake,
    log_sample::LogSample,
    mail::Mailer,
    metrics::{ConnectionFigures, Metrics},
    outgoing::Outgoing,
    privacy, router,
    state::Shared,
    store::{OpenError, Patience, Store, StoreError, accounts::Purpose, file},
    theming,
    token::{self, TokenHash},
};

/// Connections of the listener for metrics.
const MAX_METRICS_CONNECTIONS: usize = 16;

/// The shop's mail server, if the settings name one.
fn mailer(config: &Config) -> Option<Mailer> {
    let made = config.mail.as_ref().map(Mailer::new).transpose();
    // The settings file was checked, but for what only the library can tell.
    made.unwrap_or_else(|error| {
        tracing::error!(%error, cause = ?std::error::Error::source(&error), "no mails can be sent");
        None
    })
}

/// A collector with its database open. Cheap to clone; clones share everything.
#[derive(Clone)]
pub struct Collector {
    pub(crate) shared: Arc<Shared>,
    made_token: Option<String>,
}

impl Collector {
    /// Opens the database, creates or migrates it as needed, and sets the admin token up. Waits for a while if
    /// another collector still serves the database.
    ///
    /// # Errors
    /// The address is not one of SQLite, the file cannot be opened or created, or belongs to a newer release,
    /// or another collector continues to serve it.
    pub async fn open(config: &Config) -> Result<Self, OpenError> {
        let patience = Patience { busy: config.busy_timeout, lock: config.lock_timeout };
        let store = Store::serve(&config.database, patience).await?.fixing(config.surveys.clone());
        match &config.time_zone {
            Some(zone) => store.set_time_zone(zone).await.map_err(OpenError::from)?,
            None => store.refresh_time_zone().await?,
        }
        store.settle_surveys().await?;
        let (admin, made_token) = match &config.token {
            Some(token) => (TokenHash::of(token), None),
            None => token::remembered_or_made(&store).await?,
        };
        if !config.assets.contains("afterword.js").await {
            tracing::warn!(
                assets = %config.assets,
                "the widget's files are missing, so /afterword.js and /demo/ answer 404; \
                 run `cargo xtask dist` and build again, or name their folder with --assets"
            );
        }
        let trials = token::trials(&store).await?;
        Ok(Self { made_token, ..Self::with(store, admin, trials, config) })
    }

    fn with(store: Store, admin: TokenHash, trials: Trials, config: &Config) -> Self {
        let trials = Arc::new(trials);
        let store = Arc::new(store);
        let proxies = config.trusted_proxies.clone().saying_it_by(config.forwarded_header);
        let abuse = Arc::new(Abuse::new(proxies, config.limits, config.budget_time));
        let metrics = Arc::new(Metrics::new(file::file_of(&config.database).ok()));
        let intake = Intake::new(
            Arc::clone(&store),
            (config.redaction, config.demo),
            Arc::clone(&abuse),
            Arc::clone(&metrics),
            Arc::clone(&trials),
        );
        let outgoing = Outgoing::new(Arc::clone(&config.resolver), config.outgoing_hosts.clone());
        let post = Post::new(
            Arc::clone(&store),
            outgoing,
            config.secrets_key.clone(),
            mailer(config),
            config.public_url.clone(),
        );
        let shared = Shared {
            intake: Arc::new(intake),
            trials,
            store,
            admin,
            assets: config.assets.clone(),
            passwords: Passwords::new(),
            attempts: Attempts::new(),
            abuse,
            public_url: config.public_url.clone(),
            is_time_zone_fixed: config.time_zone.is_some(),
            imports: Turns::default(),
            keep_days: config.keep_days,
            contact_periods: config.contact_periods,
            expiry_confirmed: Notify::new(),
            rules_changed: Notify::new(),
            post: Arc::new(post),
            post_due: Notify::new(),
            metrics,
            log_sample: LogSample::new(config.access_log_every),
        };
        Self { shared: Arc::new(shared), made_token: None }
    }

    /// Opens an existing database, for commands that must not create a new one if the address is mistyped. Does
    /// not change the admin token, and logs nothing about the widget's files.
    ///
    /// # Errors
    /// As [`open`](Self::open), or the file does not exist.
    pub async fn open_existing(config: &Config) -> Result<Self, OpenError> {
        let store = Store::open_existing(&config.database, config.busy_timeout)
            .await?
            .fixing(config.surveys.clone());
        // A command receives no messages, so it needs neither the token nor the key of trials.
        Ok(Self::with(store, TokenHash::of_none(), Trials::new([0; 64]), config))
    }

    /// The admin token, if [`open`](Self::open) had to make one. Only its hash is stored, so this is the only
    /// chance to show it.
    #[must_use]
    pub fn made_token(&self) -> Option<&str> {
        self.made_token.as_deref()
    }

    /// The path of a link that creates the first admin, such as `/setup/…`, and when it stops working; `None` if
    /// there is an admin already. Each call makes a new link and invalidates the one before.
    ///
    /// # Errors
    /// The database failed, or the system has no random bits.
    pub async fn setup_link(&self) -> Result<Option<(String, Timestamp)>, OpenError> {
        if self.shared.store.has_admin().await? {
            return Ok(None);
        }
        let secret = Secret::new("").map_err(OpenError::Random)?;
        let until =
            self.shared.store.put_link(secret.hash(), &Purpose::Setup, Timestamp::now()).await?;
        Ok(Some((format!("/setup/{}", secret.reveal()), until)))
    }

    /// The path of a link with which the owner of an account can set a new password, and when it stops working;
    /// `None` if the login does not exist.
    ///
    /// # Errors
    /// The database failed, or the system has no random bits.
    pub async fn password_link(
        &self,
        login: &str,
    ) -> Result<Option<(String, Timestamp)>, OpenError> {
        let Some((account, _)) =
            self.shared.store.account_by_login(&login.trim().to_lowercase()).await?
        else {
            return Ok(None);
        };
        let secret = Secret::new("").map_err(OpenError::Random)?;
        let purpose = Purpose::Password(account.id);
        let until = self.shared.store.put_link(secret.hash(), &purpose, Timestamp::now()).await?;
        Ok(Some((format!("/password/{}", secret.reveal()), until)))
    }

    /// The login, name and role of every account.
    ///
    /// # Errors
    /// The database failed.
    pub async fn accounts(&self) -> Result<Vec<(String, String, Role)>, OpenError> {
        let accounts = self.shared.store.accounts().await?;
        Ok(accounts.into_iter().map(|it| (it.login, it.name, it.role)).collect())
    }

    /// Every address with its methods and needs, for the test that checks them all.
    #[doc(hidden)]
    #[must_use]
    pub fn rules() -> Vec<(String, &'static str, Need)> {
        let (_, rules) = router::routes().into_parts();
        rules.all().map(|(path, rule)| (rule.method.to_string(), path, rule.need)).collect()
    }

    /// The router with every route.
    pub fn router(&self) -> Router {
        router::router(Arc::clone(&self.shared))
    }

    /// Answers requests on a socket until `shutdown` resolves, lets running ones finish for up to ten seconds, and
    /// closes the database.
    pub async fn serve(
        self,
        socket: impl Into<Socket>,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) {
        self.serve_with_metrics(socket, None, shutdown).await;
    }

    /// The same, with `/metrics`, `/healthz` and `/readyz` open to everybody who can reach a second listener.
    pub async fn serve_with_metrics(
        self,
        socket: impl Into<Socket>,
        metrics: Option<TcpListener>,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) {
        let Socket { listener, lifetime } = socket.into();
        if let Ok(address) = listener.local_addr() {
            self.shared.abuse.log_limits(address.ip());
        }
        if self.shared.public_url.is_none() {
            tracing::warn!(
                "the collector does not know its own address: links and tags begin with what each request says; \
                 set --public-url"
            );
        }
        let router = self.router();
        let most = descriptors::connections();
        tracing::info!(most, "so many connections are taken at a time");
        let figures = self.shared.metrics.connections.clone();
        let connections = Arc::new(Connections::new(most, Deadlines::default(), figures));
        let watchers = Connections::new(
            MAX_METRICS_CONNECTIONS,
            Deadlines::default(),
            ConnectionFigures::default(),
        );
        let watchers = Arc::new(watchers);
        let stop = CancellationToken::new();
        let taking = connections.take(&listener, &router, &stop);
        let figures = router::figures(Arc::clone(&self.shared));
        let watching = async {
            if let Some(metrics) = &metrics {
                watchers.take(metrics, &figures, &stop).await;
            }
        };
        let housekeeping = async {
            tokio::select! {
                () = privacy::expire_daily(
                    &self.shared.store,
                    self.shared.keep_days,
                    self.shared.contact_periods,
                    &self.shared.expiry_confirmed,
                ) => {}
                never = theming::keep_found(&self.shared.store, &self.shared.rules_changed) => {
                    match never {}
                }
                never = indexing::keep_complete(&self.shared.store) => match never {},
                never = alerts::keep_watch(
                    &self.shared.store,
                    &self.shared.post,
                    &self.shared.post_due,
                ) => match never {},
                () = shutdown => {}
            }
            tracing::info!("stopping: requests in flight may finish");
            stop.cancel();
        };
        tokio::join!(taking, watching, housekeeping);
        if lifetime == Lifetime::Process {
            connections.take_the_queue(&listener, &router).await;
        }
        drop(listener);
        // The second listener stops last, so that monitors see the end.
        connections.finish().await;
        watchers.finish().await;
        self.close().await;
    }

    /// Erases answers and displays that are too old, as [`serve`](Self::serve) does every day, except those that
    /// wait for a confirmation. Returns their number.
    ///
    /// # Errors
    /// The database failed.
    pub async fn expire(&self) -> Result<u64, StoreError> {
        let rules = privacy::retention(&self.shared.store, self.shared.keep_days).await?;
        let contacts = self.shared.contact_periods;
        privacy::expire(&self.shared.store, &rules, contacts, Timestamp::now()).await
    }

    /// Confirms every waiting erasure by age, for tests.
    ///
    /// # Errors
    /// The database failed.
    #[doc(hidden)]
    pub async fn confirm_expiry(&self) -> Result<(), StoreError> {
        let store = &self.shared.store;
        let expiry = store.expiry().await?;
        for held in expiry.held {
            let word = privacy::Word::Survey { survey: held.survey, days: held.days };
            privacy::confirm(store, word, Timestamp::now()).await?;
        }
        Ok(())
    }

    /// Finds the themes of all stored answers that need it, as [`serve`](Self::serve) does in the background.
    ///
    /// # Errors
    /// The database failed.
    #[doc(hidden)]
    pub async fn find_themes(&self) -> Result<(), StoreError> {
        theming::find_all(&self.shared.store).await
    }

    /// Runs the rules of alerts as at a given moment, as [`serve`](Self::serve) does every few seconds.
    ///
    /// # Errors
    /// The database failed.
    #[doc(hidden)]
    pub async fn run_rules(&self, now: Timestamp) -> Result<(), StoreError> {
        alerts::run_on_answers(&self.shared.store, now).await?;
        alerts::run_on_time(&self.shared.store, now).await
    }

    /// Sends the alerts that are due at a given moment, as [`serve`](Self::serve) does every few seconds, and waits for
    /// the answers.
    ///
    /// # Errors
    /// The database failed.
    #[doc(hidden)]
    pub async fn send_alerts(&self, now: Timestamp) -> Result<(), StoreError> {
        let mut sending = Sending::default();
        self.shared.post.begin(&mut sending, now).await?;
        Post::finish(&mut sending).await;
        Ok(())
    }

    /// Sets the shop's time zone, for tests.
    ///
    /// # Errors
    /// The zone does not exist, or the database failed.
    #[doc(hidden)]
    pub async fn set_time_zone(&self, zone: &str) -> Result<(), OpenError> {
        Ok(self.shared.store.set_time_zone(zone).await?)
    }

    /// The tables whose counts are not those of a recount.
    ///
    /// # Errors
    /// The database cannot be read.
    #[doc(hidden)]
    pub async fn disagreeing(&self) -> Result<Vec<&'static str>, StoreError> {
        self.shared.store.disagreeing().await
    }

    /// Rebuilds all counts from the answers, for tests that write directly to the database.
    ///
    /// # Errors
    /// The database failed.
    #[doc(hidden)]
    pub async fn count_anew(&self) -> Result<(), StoreError> {
        self.shared.store.derive_anew().await
    }

    /// The id that an answer is shown under.
    #[doc(hidden)]
    #[must_use]
    pub fn public_id(&self, id: &str) -> String {
        self.shared.store.public_id(id)
    }

    /// Ends deletions of surveys that were interrupted, as a server does at its start.
    ///
    /// # Errors
    /// The database failed.
    #[doc(hidden)]
    pub async fn end_deletions(&self) -> Result<(), StoreError> {
        self.shared.store.end_deletions().await.map(drop)
    }

    /// Lets writes finish and closes the database. [`serve`](Self::serve) does this by itself.
    pub async fn close(self) {
        self.shared.intake.close().await;
        self.shared.store.close().await;
        tracing::info!("the database is closed");
    }
}
