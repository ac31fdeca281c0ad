//! The command line: its commands and options, with the texts of `--help`.

mod data;

use std::{convert::Infallible, ffi::OsStr, net::SocketAddr, num::NonZeroU32, path::PathBuf};

use afterword_collector::{
    Arguments, ForwardedHeader, Limits, MailPassword, SealKey, TrustedProxies,
    read_forwarded_header,
};
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};

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

/// The collector's commands.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Take answers and serve the widget until stopped.
    ///
    /// Creates the database if there is none, updates its tables to this release, and prints the address
    /// that it listens on to standard output. Logs go to standard error. SIGINT (Ctrl-C) and SIGTERM stop
    /// it: it first answers the requests that it has begun, for up to ten seconds.
    #[command(after_long_help = "\
Addresses:
  POST /v1/responses    takes answers: JSON, text/plain holding JSON, or a form
  GET  /v1/responses    lists them as JSON (header: Authorization: Bearer TOKEN)
  GET  /                the report, after signing in
  GET  /afterword.js    the script for your pages
  GET  /demo/           a demo shop
  GET  /healthz         200 while the process runs
  GET  /readyz          200 while the database can be read and written
  GET  /metrics         figures for Prometheus (with a token)

Examples:
  afterword-collector serve
  afterword-collector serve --listen 0.0.0.0:80 --database sqlite:///var/lib/afterword/afterword.db
  AFTERWORD_LOG=debug afterword-collector serve --log-format json

Logging is set with AFTERWORD_LOG, or RUST_LOG if that is not set: error, warn, info (the default), debug,
or a filter such as info,hyper=debug. Logs never hold tokens, IP addresses or comments.")]
    Serve(Serve),

    /// Fill a database with a realistic year of a demo shop.
    ///
    /// Invents answers in German and English for the year that ends now, so that you can try the report:
    /// several touchpoints, seasons, a delivery crisis, and a change of the question. Refuses a database
    /// that already holds answers.
    Seed(Seed),

    /// Write answers to a file.
    ///
    /// Excel opens the CSV with correct umlauts, and reads no cell as a formula, whatever customers wrote.
    /// docs/DATA.md explains the columns. The collector may be running.
    Export(Export),

    /// Import answers that another tool has collected.
    ///
    /// Reads CSV and Excel files of other survey tools, and this program's own exports. It recognises the
    /// columns and prints what it takes them for: try it with --dry-run first. Importing the same file
    /// again changes nothing. The collector may be running.
    Import(Import),

    /// Copy the database to a file.
    ///
    /// The copy is complete and shows the database at one moment, even while the collector runs. Answers
    /// that are erased later remain in it.
    Backup(Backup),

    /// Replace the database by a backup.
    ///
    /// Stop the collector first. The backup is checked before it replaces anything, and the present
    /// database is kept beside it under another name.
    Restore(Restore),

    /// Check the database, the settings and the machine, and say how to mend what is wrong.
    ///
    /// Exits with 1 if it found something to mend, else with 0.
    Doctor(Doctor),

    /// Erase one answer, or all answers of an order or a customer.
    ///
    /// Prints a receipt that says how many answers were erased, but not whose. An erased answer cannot come
    /// back by a late retry or an import. Earlier backups still contain it. The collector may be running.
    Erase(Erase),

    /// List the receipts of erasures.
    Receipts(Database),

    /// Write the manual's pages and the shells' completions to a folder, for packages.
    #[command(hide = true)]
    Reference {
        /// The folder; it is made if it is not there.
        folder: PathBuf,
    },

    /// Make links for the first account and for forgotten passwords.
    Admin(Admin),
}

/// The arguments of `admin`.
#[derive(Args)]
pub(crate) struct Admin {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: AdminCommand,
}

/// Reads the arguments of the process and its environment. A variable that is empty counts as absent: container
/// files pass on variables that nobody has set in this way. If the arguments are wrong, prints why and exits.
pub(crate) fn parse() -> Cli {
    let command = without_empty_variables(Cli::command(), &|name| {
        std::env::var_os(name).is_some_and(|value| value.is_empty())
    });
    Cli::from_arg_matches(&command.get_matches()).unwrap_or_else(|error| error.exit())
}

/// The command and those below it, without the environment variables that are empty.
fn without_empty_variables(
    command: clap::Command,
    is_empty: &dyn Fn(&OsStr) -> bool,
) -> clap::Command {
    command
        .mut_args(|argument| match argument.get_env() {
            Some(name) if is_empty(name) => argument.env(None::<&'static str>),
            _ => argument,
        })
        .mut_subcommands(|command| without_empty_variables(command, is_empty))
}

/// The commands under `admin`.
#[derive(Subcommand)]
pub(crate) enum AdminCommand {
    /// Print a link that lets somebody choose a new password.
    ///
    /// The link works once, for three days, and replaces any earlier one. If there is no administrator yet,
    /// this prints a link that creates the first account. The collector may be running.
    ResetLink {
        /// The person's login; may be left out if there is only one account.
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

/// The collector's database and its public address.
#[derive(Args)]
pub(crate) struct Place {
    #[command(flatten)]
    pub(crate) database: Database,

    /// The collector's public address, with which the link begins
    /// [default: http://127.0.0.1:8080]
    #[arg(long, env = "AFTERWORD_PUBLIC_URL", value_name = "ORIGIN", value_parser = afterword_collector::read_public_url)]
    pub(crate) public_url: Option<String>,
}

/// The arguments of `serve`.
#[derive(Args)]
pub(crate) struct Serve {
    /// A settings file, such as afterword.toml.
    ///
    /// It holds most of these options, and the surveys; docs/RUNNING.md lists its keys. An option on the
    /// command line or in the environment overrides the file.
    #[arg(long, env = "AFTERWORD_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Address and port to listen on [default: 127.0.0.1:8080]
    ///
    /// Port 0 takes any free port, which the line on standard output names. Use 0.0.0.0 or [::] so that
    /// other machines can reach the collector; then put a proxy with HTTPS in front of it.
    #[arg(long, env = "AFTERWORD_LISTEN", value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<SocketAddr>,

    /// The database, as an address [default: sqlite://afterword.db]
    ///
    /// sqlite://FILE is a file in the current folder, sqlite:///FOLDER/FILE a file elsewhere. The file is
    /// created if it does not exist. PostgreSQL is not supported in this release.
    #[arg(long, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub(crate) database: Option<String>,

    /// The collector's public address, such as https://feedback.shop.example.
    ///
    /// Links and tags begin with it, and cookies belong to it. Without it the collector takes the address
    /// from each request, which is correct if the proxy passes on the headers Host and X-Forwarded-Proto.
    #[arg(long, env = "AFTERWORD_PUBLIC_URL", value_name = "ORIGIN", value_parser = afterword_collector::read_public_url)]
    pub(crate) public_url: Option<String>,

    /// The token with which programs may use the whole API.
    ///
    /// Without this option the first start makes a token, prints it once to standard output, and stores
    /// only its hash. If you lose it, start with a token of your own. Prefer the environment variable:
    /// other users of the machine can see a process's arguments.
    #[arg(long, env = "AFTERWORD_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub(crate) token: Option<String>,

    /// Serve the widget's files from this folder instead of those built in.
    ///
    /// The folder has the layout that `cargo xtask dist` writes. It is read again for each request.
    #[arg(long, env = "AFTERWORD_ASSETS", value_name = "FOLDER")]
    pub(crate) assets: Option<PathBuf>,

    /// Remove e-mail addresses, phone numbers and IBANs from comments before storing them [default: on]
    ///
    /// The contact that customers give so that you can answer them is stored unchanged.
    #[arg(long, env = "AFTERWORD_REDACTION", value_enum, value_name = "WHETHER")]
    pub(crate) redaction: Option<Redaction>,

    /// Store the answers of the demo shop, for a demonstration
    ///
    /// Anybody can open /demo/. Without this option its answers are thanked for and not stored.
    #[arg(long, env = "AFTERWORD_STORE_DEMO")]
    pub(crate) store_demo: bool,

    /// Erase answers after so many days.
    ///
    /// Runs at the start and every day. A survey can have a time of its own. Without this option answers
    /// are kept for ever.
    #[arg(
        long,
        env = "AFTERWORD_KEEP_DAYS",
        value_name = "DAYS",
        value_parser = clap::value_parser!(u32).range(1..=36_500)
    )]
    pub(crate) keep_days: Option<u32>,

    #[command(flatten)]
    pub(crate) sender_options: SenderOptions,

    /// Address and port that serve /metrics, /healthz and /readyz without a token.
    ///
    /// For Prometheus in a private network. Without this option, /metrics needs a token with the scope read.
    #[arg(long, env = "AFTERWORD_METRICS_LISTEN", value_name = "ADDRESS:PORT")]
    pub(crate) metrics_listen: Option<SocketAddr>,

    #[command(flatten)]
    pub(crate) secrets: Secrets,

    /// Write a log line for one in so many accepted answers [default: 100]
    ///
    /// Every other request has a line: pages, the API, and refused answers.
    #[arg(long, env = "AFTERWORD_ACCESS_LOG_EVERY", value_name = "NUMBER")]
    pub(crate) access_log_every: Option<NonZeroU32>,

    /// The format of log lines [default: text]
    #[arg(long, env = "AFTERWORD_LOG_FORMAT", value_enum)]
    pub(crate) log_format: Option<LogFormat>,
}

/// Secrets that belong in the environment or in files.
#[derive(Args)]
pub(crate) struct Secrets {
    /// The key under which the addresses and secrets of webhooks are stored: 32 random bytes in base64.
    ///
    /// `openssl rand -base64 32` makes one. Keep it apart from backups: a copy of the database alone then
    /// opens nothing. Without a key there are no webhooks and no messages to chats. Prefer the environment
    /// variable or the file: other users of the machine can see a process's arguments.
    #[arg(long, env = "AFTERWORD_SECRETS_KEY", value_name = "KEY", hide_env_values = true, value_parser = SealKey::read)]
    pub(crate) secrets_key: Option<SealKey>,

    /// A file with that key, and nothing else.
    #[arg(long, env = "AFTERWORD_SECRETS_KEY_FILE", value_name = "FILE", value_parser = read_key_file)]
    pub(crate) secrets_key_file: Option<SealKey>,

    /// The password of the mail server that the settings file names.
    #[arg(long, env = "AFTERWORD_MAIL_PASSWORD", value_name = "PASSWORD", hide_env_values = true, value_parser = read_password)]
    pub(crate) mail_password: Option<MailPassword>,
}

impl Secrets {
    /// These arguments and those. The key is the one that was said itself, or else that of the file.
    pub(crate) fn and(self, arguments: Arguments) -> Arguments {
        let secrets_key = self.secrets_key.or(self.secrets_key_file);
        Arguments { secrets_key, mail_password: self.mail_password, ..arguments }
    }
}

fn read_password(text: &str) -> Result<MailPassword, Infallible> {
    Ok(MailPassword::new(text))
}

fn read_key_file(path: &str) -> Result<SealKey, String> {
    SealKey::read_file(path.as_ref())
}

/// The limits for senders without a token, and how their networks are recognised.
#[derive(Args)]
pub(crate) struct SenderOptions {
    /// The networks of your proxies, such as "127.0.0.1, 10.0.0.0/8".
    ///
    /// The collector believes the client address in the forwarding header only if the request comes from
    /// one of these networks. Without this option all requests through a proxy seem to come from one
    /// address, and there is no limit per network.
    #[arg(long, env = "AFTERWORD_TRUSTED_PROXIES", value_name = "NETWORKS", value_parser = TrustedProxies::read)]
    pub(crate) trusted_proxies: Option<TrustedProxies>,

    /// The header with the client's address: x-forwarded-for or forwarded [default: x-forwarded-for]
    #[arg(long, env = "AFTERWORD_FORWARDED_HEADER", value_name = "HEADER", value_parser = read_forwarded_header)]
    pub(crate) forwarded_header: Option<ForwardedHeader>,

    /// A factor for all limits on senders without a token, for a very busy shop; or off [default: 1]
    ///
    /// SECURITY.md lists the limits.
    #[arg(long, env = "AFTERWORD_LIMITS", value_name = "TIMES", value_parser = Limits::read)]
    pub(crate) limits: Option<Limits>,
}

impl SenderOptions {
    /// These arguments, with all others absent.
    pub(crate) fn into_arguments(self) -> Arguments {
        Arguments {
            trusted_proxies: self.trusted_proxies,
            forwarded_header: self.forwarded_header,
            limits: self.limits,
            ..Arguments::default()
        }
    }
}

impl Serve {
    /// The arguments, before the settings file is read.
    pub(crate) fn into_arguments(self) -> Arguments {
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
            ..self.secrets.and(self.sender_options.into_arguments())
        }
    }
}

/// The format of log lines.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line, for programs.
    Json,
}

/// The values of `--redaction`.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Redaction {
    /// Comments are redacted.
    On,
    /// Comments are stored as customers wrote them.
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
