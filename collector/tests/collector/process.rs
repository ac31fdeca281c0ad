//! Starts the real binary on a free port, and speaks as much HTTP as the tests need.

use std::{
    fs::{self, File},
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    os::fd::OwnedFd,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

use serde_json::Value;

/// The variable that gives a collector its token, and that token.
pub(crate) const TOKEN: (&str, &str) = ("AFTERWORD_TOKEN", "a token from the environment");

/// The command, without the settings in this machine's environment.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_afterword-collector"));
    for variable in [
        "AFTERWORD_ACCESS_LOG_EVERY",
        "AFTERWORD_ASSETS",
        "AFTERWORD_KEEP_DAYS",
        "AFTERWORD_CONFIG",
        "AFTERWORD_FORWARDED_HEADER",
        "AFTERWORD_LIMITS",
        "AFTERWORD_LISTEN",
        "AFTERWORD_LOG",
        "AFTERWORD_LOG_FORMAT",
        "AFTERWORD_METRICS_LISTEN",
        "AFTERWORD_PUBLIC_URL",
        "AFTERWORD_REDACTION",
        "AFTERWORD_TOKEN",
        "AFTERWORD_TRUSTED_PROXIES",
        "DATABASE_URL",
        "RUST_LOG",
    ] {
        command.env_remove(variable);
    }
    command
}

/// The command, started by a shell script as `$0`.
fn through_shell(script: &str) -> Command {
    let program = command();
    let mut shell = Command::new("sh");
    shell.args(["-c", script]).arg(program.get_program());
    for (name, _) in program.get_envs() {
        shell.env_remove(name);
    }
    shell
}

/// A running collector. It is ended when this value is dropped, also if the test fails.
pub(crate) struct Process {
    child: Child,
    pub(crate) address: SocketAddr,
    /// The lines before the one with the address.
    pub(crate) said: Vec<String>,
}

impl Process {
    /// Starts a collector on the database in `folder`; its log is `folder/log`.
    pub(crate) fn start(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = command();
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(arguments);
        Self::run(folder, command.envs(variables.iter().copied()))
    }

    /// Starts a collector that may have this many files and connections open.
    pub(crate) fn start_limited(
        folder: &Path,
        descriptors: u32,
        variables: &[(&str, &str)],
    ) -> Self {
        let script = format!("ulimit -n {descriptors}; exec \"$0\" serve --listen 127.0.0.1:0");
        Self::run(folder, through_shell(&script).envs(variables.iter().copied()))
    }

    /// Starts a collector that accepts connections from our socket, passed on as systemd does.
    pub(crate) fn start_on(
        folder: &Path,
        listener: &TcpListener,
        variables: &[(&str, &str)],
    ) -> Self {
        // The shell gets the socket as standard input, and passes it on as descriptor 3.
        let script = "exec 3<&0 0</dev/null; LISTEN_FDS=1 LISTEN_PID=$$ exec \"$0\" serve";
        let socket = OwnedFd::from(listener.try_clone().unwrap());
        let mut command = through_shell(script);
        Self::run(folder, command.stdin(socket).envs(variables.iter().copied()))
    }

    fn run(folder: &Path, command: &mut Command) -> Self {
        let log = File::options().create(true).append(true).open(folder.join("log")).unwrap();
        let mut child =
            command.current_dir(folder).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut said = Vec::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            if let Some(address) = line.strip_prefix("Listening on http://") {
                return Self { address: address.parse().unwrap(), child, said };
            }
            said.push(line);
        }
        let log = fs::read_to_string(folder.join("log")).unwrap();
        panic!("ended before it listened ({:?}): {said:?}\n{log}", child.wait());
    }

    /// Connects; a server that says nothing for half a minute fails the test.
    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream
    }

    pub(crate) fn post(&self, body: &str) -> (u16, Value) {
        self.post_with(body, "")
    }

    /// Posts with more headers, each with its line's end.
    pub(crate) fn post_with(&self, body: &str, headers: &str) -> (u16, Value) {
        let mut stream = self.connect();
        write!(
            stream,
            "POST /v1/responses HTTP/1.1\r\nHost: test\r\nConnection: close\r\n{headers}\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        read_answer(&mut stream)
    }

    pub(crate) fn list(&self, token: &str) -> (u16, Value) {
        let mut stream = self.connect();
        write!(
            stream,
            "GET /v1/responses HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\
             Authorization: Bearer {token}\r\n\r\n"
        )
        .unwrap();
        read_answer(&mut stream)
    }

    /// The whole answer to a GET at another of its addresses.
    pub(crate) fn get_from(&self, address: SocketAddr, path: &str) -> String {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Sends a form as a browser does from our own page; returns the status.
    pub(crate) fn form(&self, path: &str, body: &str) -> u16 {
        let mut stream = self.connect();
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\nOrigin: http://test\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// Starts a collector that gets an error instead of a signal when a file becomes too large.
    pub(crate) fn start_hardy(folder: &Path, variables: &[(&str, &str)]) -> Self {
        let script = "trap '' XFSZ; exec \"$0\" serve --listen 127.0.0.1:0";
        Self::run(folder, through_shell(script).envs(variables.iter().copied()))
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &id]).status().unwrap().success());
    }

    /// Kills it at once, as in a crash.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }

    /// Stops it in the way of a service manager.
    pub(crate) fn stop(mut self) {
        self.signal("TERM");
        assert!(self.wait().success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail if it has already ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a request on a new connection, and reads the whole answer.
pub(crate) fn exchange(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Reads a connection to its end; returns the status, and the body as JSON.
pub(crate) fn read_answer(stream: &mut TcpStream) -> (u16, Value) {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap())
}

/// A connection for many requests, as browsers and proxies use it.
pub(crate) struct Client {
    address: SocketAddr,
    headers: String,
    stream: Option<BufReader<TcpStream>>,
}

impl Client {
    pub(crate) const fn new(address: SocketAddr) -> Self {
        Self { address, headers: String::new(), stream: None }
    }

    /// Adds headers to each request, each with its line's end.
    pub(crate) fn with(mut self, headers: &str) -> Self {
        headers.clone_into(&mut self.headers);
        self
    }

    /// Posts an answer and reads the status. If a used connection is closed without a byte of an answer, the
    /// request is sent again on a new one, as browsers and proxies do.
    ///
    /// # Errors
    /// A new connection was closed without an answer, or one in the middle of an answer.
    pub(crate) fn post(&mut self, body: &str) -> io::Result<u16> {
        self.send("POST /v1/responses", body)
    }

    /// The same with another method and path, such as `DELETE /v1/responses?id=…`.
    ///
    /// # Errors
    /// As those of [`Self::post`].
    pub(crate) fn send(&mut self, what: &str, body: &str) -> io::Result<u16> {
        let request = format!(
            "{what} HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n{}\r\n{body}",
            body.len(),
            self.headers
        );
        if let Some(stream) = self.stream.take() {
            match self.exchange(stream, &request) {
                Err((_, Read::Nothing)) => {}
                Err((error, Read::Something)) => return Err(error),
                Ok(status) => return Ok(status),
            }
        }
        let stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        self.exchange(BufReader::new(stream), &request).map_err(|(error, _)| error)
    }

    fn exchange(
        &mut self,
        mut stream: BufReader<TcpStream>,
        request: &str,
    ) -> Result<u16, (io::Error, Read)> {
        let nothing = |error| (error, Read::Nothing);
        let something = |error| (error, Read::Something);
        stream.get_mut().write_all(request.as_bytes()).map_err(nothing)?;
        if stream.fill_buf().map_err(nothing)?.is_empty() {
            return Err(nothing(io::ErrorKind::UnexpectedEof.into()));
        }
        let (mut head, mut length, mut closes) = (String::new(), 0, false);
        while !head.ends_with("\r\n\r\n") {
            let start = head.len();
            if stream.read_line(&mut head).map_err(something)? == 0 {
                return Err(something(io::ErrorKind::UnexpectedEof.into()));
            }
            let line = head[start..].to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            closes |= line.trim() == "connection: close";
        }
        stream.read_exact(&mut vec![0; length]).map_err(something)?;
        if !closes {
            self.stream = Some(stream);
        }
        Ok(head.split(' ').nth(1).unwrap().parse().unwrap())
    }
}

/// How much of an HTTP response has arrived.
enum Read {
    Nothing,
    Something,
}
