//! The `afterword-collector` command: reads its arguments, sets up logging, and runs the library until a
//! signal stops it.

#[allow(clippy::doc_markdown, reason = "what is a doc comment there is the help text")]
mod cli;
mod commands;
mod reference;

use std::{
    env,
    error::Error,
    io::{self, IsTerminal as _, Write as _},
    net::SocketAddr,
    path::Path,
    process::ExitCode,
};

use afterword_collector::{
    Collector, InheritedSocket, Resolved, SettingsFile, Socket, SocketError, resolve,
};
use jiff::Timestamp;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use crate::cli::{Admin, Command, LogFormat, Serve};

/// Handling an answer is many small allocations on several threads, for which it is quicker than the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Before other threads start, because it changes the environment.
    let inherited = InheritedSocket::from_environment();
    let ran = match cli::parse().command {
        Command::Serve(arguments) => start(arguments, inherited),
        Command::Seed(arguments) => run(commands::seed(arguments)),
        Command::Erase(arguments) => run(commands::erase(arguments)),
        Command::Receipts(database) => run(commands::receipts(database)),
        Command::Backup(arguments) => run(commands::backup(arguments)),
        Command::Restore(arguments) => run(commands::restore(arguments)),
        Command::Doctor(arguments) => run(commands::doctor(arguments)),
        Command::Import(arguments) => run(commands::import(arguments)),
        Command::Export(arguments) => run(commands::export(arguments)),
        Command::Reference { folder } => reference::write(&folder).map_err(Into::into),
        Command::Admin(Admin { command }) => run(commands::admin(command)),
    };
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        // The reader of a pipe has seen enough: `doctor | head -1`.
        Err(error) if is_closed_pipe(&*error) => ExitCode::from(ENDED_BY_CLOSED_PIPE),
        Err(error) => {
            let mut line = error.to_string();
            let mut source = error.source();
            while let Some(error) = source {
                line = format!("{line}\n  because: {error}");
                source = error.source();
            }
            // Printed for a person at a terminal, also if logging is off or has not started.
            let _ = writeln!(io::stderr(), "error: {line}");
            ExitCode::FAILURE
        }
    }
}

/// The exit status of a program whose standard output was closed: as a shell reports the end by SIGPIPE.
const ENDED_BY_CLOSED_PIPE: u8 = 141;

/// Whether an error, or one of its causes, is that nobody reads standard output any more.
fn is_closed_pipe(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        let io = error.downcast_ref::<io::Error>();
        if io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
            return true;
        }
        cause = error.source();
    }
    false
}

fn start(
    arguments: Serve,
    inherited: Result<Option<InheritedSocket>, SocketError>,
) -> Result<(), Box<dyn Error>> {
    let file = settings_file(arguments.config.as_deref())?;
    let resolved = resolve(arguments.into_arguments(), file);
    log_to_stderr(if resolved.log_as_json { LogFormat::Json } else { LogFormat::Text })?;
    run(serve(resolved, inherited?))
}

fn run(command: impl Future<Output = Result<(), Box<dyn Error>>>) -> Result<(), Box<dyn Error>> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(command)
}

/// The format of printed times.
const TIME_FORMAT: &str = "%Y-%m-%d %H:%M UTC";

fn setup_words(until: Timestamp) -> String {
    format!(
        "Create the first account (this link works once, until {})",
        until.strftime(TIME_FORMAT)
    )
}

/// Reads the settings file, if one is named. An empty name counts as not set: container files write it so.
pub(crate) fn settings_file(path: Option<&Path>) -> Result<SettingsFile, Box<dyn Error>> {
    let Some(path) = path.filter(|path| !path.as_os_str().is_empty()) else {
        return Ok(SettingsFile::default());
    };
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("the settings file {} cannot be read: {error}", path.display()))?;
    SettingsFile::read(&text).map_err(|wrong| {
        let mut message = format!("the settings file {} has to be corrected:", path.display());
        for wrong in wrong {
            message.push_str(&format!("\n  {}:{}: {}", path.display(), wrong.line, wrong.what));
        }
        message.into()
    })
}

async fn serve(
    resolved: Resolved,
    inherited: Option<InheritedSocket>,
) -> Result<(), Box<dyn Error>> {
    let Resolved { listen, metrics_listen, public_url, config, .. } = resolved;
    if config.has_short_token() {
        tracing::warn!("the admin token is short enough to be guessed; use 32 random characters");
    }
    // Opened before the database, so that nothing is created if the address is in use.
    let socket = Socket::open(inherited, listen).await?;
    let address = socket.address()?;
    if socket.is_inherited() {
        tracing::info!(%address, "listening on the socket that was handed over");
    }
    let metrics = match metrics_listen {
        Some(address) => {
            let listener = TcpListener::bind(address)
                .await
                .map_err(|error| format!("cannot listen for /metrics on {address}: {error}"))?;
            tracing::info!(address = %listener.local_addr()?, "figures are open there");
            Some(listener)
        }
        None => None,
    };
    let stop = stop_signal()?;
    let mut stop = Box::pin(stop);
    let collector = tokio::select! {
        opened = Collector::open(&config) => opened?,
        // Stopped while it waited for its predecessor to end.
        () = &mut stop => return Ok(()),
    };
    let setup = collector.setup_link().await?;
    announce(address, public_url.as_deref(), collector.made_token(), setup)?;
    tell_service_manager(Moment::Ready);
    let stop = async {
        stop.await;
        tell_service_manager(Moment::Stopping);
    };
    collector.serve_with_metrics(socket, metrics, stop).await;
    Ok(())
}

/// The states that a service manager is told about.
enum Moment {
    /// The collector answers requests.
    Ready,
    /// The collector answers its last requests.
    Stopping,
}

/// Tells systemd, if it started the process as a unit of `Type=notify`.
fn tell_service_manager(moment: Moment) {
    #[cfg(unix)]
    {
        use sd_notify::NotifyState;

        let state = match moment {
            Moment::Ready => NotifyState::Ready,
            Moment::Stopping => NotifyState::Stopping,
        };
        if let Err(error) = sd_notify::notify(&[state]) {
            tracing::warn!(%error, "the service manager could not be told");
        }
    }
    #[cfg(not(unix))]
    let (Moment::Ready | Moment::Stopping) = moment;
}

/// Prints on standard output where to find the collector. The address comes last, so that a program that
/// waits for it has read everything.
fn announce(
    address: SocketAddr,
    public_url: Option<&str>,
    made_token: Option<&str>,
    setup: Option<(String, Timestamp)>,
) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if let Some(token) = made_token {
        writeln!(out, "Admin token (shown only this once): {token}")?;
    }
    if let Some((path, until)) = setup {
        let origin = match public_url {
            Some(origin) => origin.to_owned(),
            // Nobody can open the unspecified address in a browser.
            None if address.ip().is_unspecified() => format!("http://localhost:{}", address.port()),
            None => format!("http://{address}"),
        };
        writeln!(out, "{}: {origin}{path}", setup_words(until))?;
    }
    writeln!(out, "Listening on http://{address}")?;
    out.flush()
}

/// Resolves on SIGINT or SIGTERM, elsewhere on Ctrl-C.
fn stop_signal() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        // Set up before the address is printed, after which a signal may come.
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        // If the signal cannot be received, this never resolves.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

fn log_to_stderr(format: LogFormat) -> Result<(), Box<dyn Error>> {
    let filter = ["AFTERWORD_LOG", "RUST_LOG"].into_iter().find_map(|name| {
        env::var(name).ok().filter(|value| !value.is_empty()).map(|it| (name, it))
    });
    let filter = match filter {
        Some((name, value)) => EnvFilter::try_new(value)
            .map_err(|error| format!("{name} is not a log filter ({error}); try info or debug"))?,
        None => EnvFilter::new("info"),
    };
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    match format {
        LogFormat::Text => log.with_ansi(io::stderr().is_terminal()).init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
    Ok(())
}
