//! Makes a fresh `dist/` be embedded, and a new migration or language be compiled in.
//!
//! While `dist/` does not exist Cargo counts it as changed on every build: that is the price of
//! noticing when it appears.

fn main() {
    println!("cargo::rerun-if-changed=../dist");
    println!("cargo::rerun-if-changed=migrations");
    println!("cargo::rerun-if-changed=../locales");
}
