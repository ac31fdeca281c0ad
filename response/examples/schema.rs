//! Prints the JSON Schema of a message of the contract: `response` or `display`. `cargo xtask generate`
//! commits both.

use std::process::ExitCode;

use afterword_response::schema;

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("response") => print!("{}", schema::json()),
        Some("display") => print!("{}", schema::display_json()),
        _ => {
            eprintln!("Say which: response or display.");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
