//! Prints the contract's JSON Schema, or with the argument `display` that of displays:
//! `cargo xtask schema` commits it.

fn main() {
    let schema = match std::env::args().nth(1).as_deref() {
        Some("display") => afterword_response::schema::display_json(),
        _ => afterword_response::schema::json(),
    };
    print!("{schema}");
}
