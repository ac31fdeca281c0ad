//! The command line: what can be said, and how it is explained.

mod data;

use std::{net::SocketAddr, num::NonZeroU32, path::PathBuf};

use afterword_collector::{
    Arguments, ForwardedHeader, Limits, TrustedProxies, read_forwarded_header,
};
use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use data::{Backup, Database, Doctor, Erase, Export, FileFormat, Import, Restore, Seed};

/// The command line as a whole.
#[derive(Parser)]
#[command(
    name = "afterword-collector",
    version,
    about = "Takes the answers of Afterword's recommendation survey, keeps them and shows them.",
    after_help = "`afterword-collector serve` in an empty folder is a complete start. \
                  `afterword-collector serve --help` explains every setting.",
    arg_required_else_help = true,
    disable_help_subcommand = true
)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What the collector can be told to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Take answers and serve the widget until stopped.
    ///
    /// Creates the database if there is none, brings it up to date, and prints the address it listens
    /// on to standard output. Logs go to standard error. SIGINT (Ctrl-C) and SIGTERM stop it: requests
    /// in flight finish first, for up to ten seconds.
    #[command(after_long_help = "\
Addresses:
  POST /v1/responses    takes answers: JSON, text/plain holding JSON, or a form
  GET  /v1/responses    lists them as JSON (header: Authorization: Bearer TOKEN)
  GET  /                the report; whoever is not signed in is led to the login page
  GET  /afterword.js    the script for your pages
  GET  /demo/           a demo shop
  GET  /healthz         the process is alive
  GET  /readyz          the database answers
  GET  /metrics         figures for Prometheus (with a token)

Examples:
  afterword-collector serve
  afterword-collector serve --listen 0.0.0.0:80 --database sqlite:///var/lib/afterword/afterword.db
  AFTERWORD_LOG=debug afterword-collector serve --log-format json

Logging is set with AFTERWORD_LOG, or RUST_LOG if that is not set: error, warn, info (the default), debug,
or a filter such as info,hyper=debug. No log holds a token, an IP address or what a customer wrote.")]
    Serve(Serve),

    /// Fill a database with a realistic year of a demo shop.
    ///
    /// Answers in German and English that end now, at several touchpoints, with seasons, a delivery crisis
    /// and a change of the question: for trying the report out. Everything in them is made up. Refuses a
    /// database that holds answers already.
    Seed(Seed),

    /// Write answers to a file.
    ///
    /// CSV opens right in Excel, umlauts included, and holds no formula, whatever customers wrote. The
    /// columns are explained in docs/DATA.md. The collector may be running.
    Export(Export),

    /// Take in answers that were given elsewhere.
    ///
    /// Reads exports of Delighted and Wootric, other CSV, and this program's own exports. What the columns
    /// mean is guessed and shown; try it with --dry-run first. A second import of the same file changes
    /// nothing. The collector may be running.
    Import(Import),

    /// Copy the database to a file.
    ///
    /// The copy is whole and as of one moment, also while the collector runs. It holds what customers wrote
    /// as of then: what is erased later is still in it.
    Backup(Backup),

    /// Put a backup in the database's place.
    ///
    /// The backup is checked first, and the database of before is kept beside it. Stop the collector
    /// before.
    Restore(Restore),

    /// Look everything over, and say what to do about what is wrong.
    ///
    /// Ends with 1 if something has to be mended, with 0 otherwise.
    Doctor(Doctor),

    /// Erase what an order, a customer or one response left.
    ///
    /// Prints a receipt that says how much was erased and not whose it was. Erased responses do not come
    /// back, neither by a late retry nor by an import. The collector may be running. Backups made before
    /// still hold them.
    Erase(Erase),

    /// List the receipts of what was erased.
    Receipts(Database),

    /// Write the manual's pages and the shells' completions to a folder, for packages.
    #[command(hide = true)]
    Reference {
        /// The folder; it is made if it is not there.
        folder: PathBuf,
    },

    /// Let people in: links for the first account and for lost passwords.
    Admin(Admin),
}

/// Whom to let in.
#[derive(Args)]
pub(crate) struct Admin {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: AdminCommand,
}

/// What can be done about accounts.
#[derive(Subcommand)]
pub(crate) enum AdminCommand {
    /// Print a link that lets somebody choose a new password.
    ///
    /// The link works once, for three days, and replaces an earlier one. Where there is no admin yet, a
    /// link that creates the first account is printed instead. The collector may be running.
    ResetLink {
        /// Whose; not needed where there is only one account.
        login: Option<String>,

        #[command(flatten)]
        place: Place,
    },
    /// List who may sign in: login, role and name.
    List {
        #[command(flatten)]
        place: Place,
    },
}

/// Where the collector keeps its data, and where people reach it.
#[derive(Args)]
pub(crate) struct Place {
    #[command(flatten)]
    pub(crate) database: Database,

    /// The address that people reach the collector by, to begin the link with
    /// [default: http://127.0.0.1:8080]
    #[arg(long, env = "AFTERWORD_PUBLIC_URL", value_name = "ORIGIN", value_parser = afterword_collector::read_public_url)]
    pub(crate) public_url: Option<String>,
}

/// How to serve.
#[derive(Args)]
pub(crate) struct Serve {
    /// A settings file, such as afterword.toml.
    ///
    /// It may say most of what is said here, and the surveys besides; docs/RUNNING.md lists its keys.
    /// What is said here goes before what the file says.
    #[arg(long, env = "AFTERWORD_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Address and port to listen on [default: 127.0.0.1:8080]
    ///
    /// Port 0 takes any free port; the line on standard output says which. Use 0.0.0.0 or [::] to be
    /// reached from other machines, behind a proxy that speaks HTTPS.
    #[arg(long, env = "AFTERWORD_LISTEN", value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<SocketAddr>,

    /// The database, as an address [default: sqlite://afterword.db]
    ///
    /// sqlite://FILE is a file in this folder, sqlite:///FOLDER/FILE one elsewhere. It is created if it
    /// does not exist. PostgreSQL is not supported in this release.
    #[arg(long, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub(crate) database: Option<String>,

    /// The address that people and shops reach the collector by, such as https://feedback.shop.example.
    ///
    /// Links and tags begin with it, and cookies are tied to it. Without it each request says it, which
    /// is right wherever a proxy hands on the headers Host and X-Forwarded-Proto.
    #[arg(long, env = "AFTERWORD_PUBLIC_URL", value_name = "ORIGIN", value_parser = afterword_collector::read_public_url)]
    pub(crate) public_url: Option<String>,

    /// The admin token, with which programs may do everything.
    ///
    /// Without it a token is made at the first start, printed once to standard output, and kept in the
    /// database as a hash. If it is lost, start with a token of your own. Prefer the variable to the
    /// flag: other users of the machine can see a process's flags.
    #[arg(long, env = "AFTERWORD_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub(crate) token: Option<String>,

    /// Serve the widget's files from this folder instead of those built in.
    ///
    /// The folder is laid out as `cargo xtask dist` writes it, and read anew for each request.
    #[arg(long, env = "AFTERWORD_ASSETS", value_name = "FOLDER")]
    pub(crate) assets: Option<PathBuf>,

    /// Take e-mail addresses, phone numbers and IBANs out of comments before they are stored [default: on]
    ///
    /// The field for a contact, which customers fill in to be answered, is kept as it is.
    #[arg(long, env = "AFTERWORD_REDACTION", value_enum, value_name = "WHETHER")]
    pub(crate) redaction: Option<Redaction>,

    /// Store what is answered on the demo shop, too: for a demonstration
    ///
    /// Everybody can open /demo/; without this its answers are thanked for and forgotten.
    #[arg(long, env = "AFTERWORD_STORE_DEMO")]
    pub(crate) store_demo: bool,

    /// Erase answers once they are so many days old.
    ///
    /// Done at the start and every day; a survey with a time of its own goes by that. Kept for ever if
    /// not said.
    #[arg(
        long,
        env = "AFTERWORD_KEEP_DAYS",
        value_name = "DAYS",
        value_parser = clap::value_parser!(u32).range(1..=36_500)
    )]
    pub(crate) keep_days: Option<u32>,

    #[command(flatten)]
    pub(crate) strangers: Strangers,

    /// Address and port on which /metrics, /healthz and /readyz are open to whoever reaches it.
    ///
    /// For Prometheus inside a private network. Without it /metrics takes a token of the scope read.
    #[arg(long, env = "AFTERWORD_METRICS_LISTEN", value_name = "ADDRESS:PORT")]
    pub(crate) metrics_listen: Option<SocketAddr>,

    /// Of so many answers that were taken in, log one [default: 100]
    ///
    /// Everything else has a line each: pages, programs, and what was refused.
    #[arg(long, env = "AFTERWORD_ACCESS_LOG_EVERY", value_name = "NUMBER")]
    pub(crate) access_log_every: Option<NonZeroU32>,

    /// How log lines are written [default: text]
    #[arg(long, env = "AFTERWORD_LOG_FORMAT", value_enum)]
    pub(crate) log_format: Option<LogFormat>,
}

/// What strangers may do, and how they are told apart.
#[derive(Args)]
pub(crate) struct Strangers {
    /// The proxies before the collector, such as "127.0.0.1, 10.0.0.0/8".
    ///
    /// What they say of whom a request is for counts, and nobody else's word does. Without them a proxy's
    /// requests all come from one address, so that nothing is limited by network.
    #[arg(long, env = "AFTERWORD_TRUSTED_PROXIES", value_name = "NETWORKS", value_parser = TrustedProxies::read)]
    pub(crate) trusted_proxies: Option<TrustedProxies>,

    /// The header in which trusted proxies say it: x-forwarded-for or forwarded [default: x-forwarded-for]
    #[arg(long, env = "AFTERWORD_FORWARDED_HEADER", value_name = "HEADER", value_parser = read_forwarded_header)]
    pub(crate) forwarded_header: Option<ForwardedHeader>,

    /// How many times as much as usual strangers may send, for a very busy shop; or off [default: 1]
    ///
    /// SECURITY.md says how much is usual.
    #[arg(long, env = "AFTERWORD_LIMITS", value_name = "TIMES", value_parser = Limits::read)]
    pub(crate) limits: Option<Limits>,
}

impl Strangers {
    /// As a part of all that is said.
    pub(crate) fn said(self) -> Arguments {
        Arguments {
            trusted_proxies: self.trusted_proxies,
            forwarded_header: self.forwarded_header,
            limits: self.limits,
            ..Arguments::default()
        }
    }
}

impl Serve {
    /// What is said, without the settings file.
    pub(crate) fn said(self) -> Arguments {
        Arguments {
            listen: self.listen,
            metrics_listen: self.metrics_listen,
            database: self.database,
            public_url: self.public_url,
            token: self.token,
            assets: self.assets,
            log_as_json: self.log_format.map(|format| format == LogFormat::Json),
            redaction: self.redaction.map(Into::into),
            demo: self.store_demo.then_some(afterword_collector::Demo::Stored),
            keep_days: self.keep_days,
            access_log_every: self.access_log_every,
            ..self.strangers.said()
        }
    }
}

/// How log lines are written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// For programs: one JSON object a line.
    Json,
}

/// Whether comments are redacted.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Redaction {
    /// Redact them.
    On,
    /// Store them as they were written.
    Off,
}

impl From<Redaction> for afterword_collector::Redaction {
    fn from(redaction: Redaction) -> Self {
        match redaction {
            Redaction::On => Self::On,
            Redaction::Off => Self::Off,
        }
    }
}
