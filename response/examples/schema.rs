//! Prints the JSON Schema of the contract: `cargo xtask schema` commits it.

fn main() {
    print!("{}", afterword_response::schema::json());
}
