//! Checks the source of a crate for circles among its rooms.
//!
//! A room is a module with everything below it. The children of a module must have an order in which each
//! names only those before it, so that a reader can begin at one end. Parent and child are one room and may
//! name each other. Tests may name any module.
//!
//! `cargo-modules --acyclic` is not enough: it misses names in the bodies of functions. This check reads
//! every path, in `use`, in types, in expressions and inside macros, and follows `pub use` to the module
//! that defines a name. It does not see types that are used without being named.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Attribute, Item, ItemUse, UseTree,
    spanned::Spanned as _,
    visit::{self, Visit},
};

use crate::places::root;

/// The root files of the crates that are checked.
const CRATES: [&str; 6] = [
    "collector/src/lib.rs",
    "collector/src/main.rs",
    "collector/statistics/src/lib.rs",
    "response/src/lib.rs",
    "src/lib.rs",
    "xtask/src/main.rs",
];

/// The one room of the collector that may name a database's crate.
const SQL_ROOM: (&str, &str) = ("collector/src/lib.rs", "store");

/// The crates of databases.
const SQL_CRATES: [&str; 4] = ["libsqlite3_sys", "postgres", "rusqlite", "sqlx"];

/// The path of a module from the crate's root; the root's own path is empty.
type ModulePath = Vec<String>;

/// Fails if there is a circle among the rooms of a crate, or SQL outside its room.
pub(crate) fn check() -> Result<()> {
    let mut complaints = Vec::new();
    for start in CRATES {
        let krate = Crate::read(&root().join(start))?;
        complaints.extend(krate.circles().into_iter().map(|circle| format!("{start}: {circle}")));
        if SQL_ROOM.0 == start {
            complaints.extend(krate.outside(SQL_ROOM.1));
        }
    }
    if complaints.is_empty() { Ok(()) } else { bail!("{}", complaints.join("\n")) }
}

/// The modules of a crate.
#[derive(Default)]
struct Crate {
    modules: BTreeMap<ModulePath, Module>,
}

/// A module, without what is below it.
#[derive(Default)]
struct Module {
    file: PathBuf,
    /// The names that `use` imports, each with its full path.
    imports: BTreeMap<String, Vec<String>>,
    paths: Vec<Mention>,
}

/// A path in a module's source, and its line.
struct Mention {
    path: Vec<String>,
    line: usize,
}

/// A circle: each room with the file and line where it names the next; the last names the first.
struct Circle(Vec<(String, String)>);

impl fmt::Display for Circle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rooms: Vec<&str> = self.0.iter().map(|(room, _)| room.as_str()).collect();
        write!(f, "a circle among rooms: {} -> {}", rooms.join(" -> "), rooms[0])?;
        for (_, place) in &self.0 {
            write!(f, "\n    {place}")?;
        }
        Ok(())
    }
}

impl Crate {
    /// Reads a crate, starting at its root file.
    fn read(start: &Path) -> Result<Self> {
        let mut krate = Self::default();
        let folder = start.parent().unwrap_or(Path::new("."));
        krate.read_file(ModulePath::new(), start, folder)?;
        Ok(krate)
    }

    /// Reads the file of a module. `folder` is where the files of its children are.
    fn read_file(&mut self, module_path: ModulePath, file: &Path, folder: &Path) -> Result<()> {
        let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
        let parsed = syn::parse_file(&text).with_context(|| file.display().to_string())?;
        self.read_items(module_path, file, folder, &parsed.items)
    }

    fn read_items(
        &mut self,
        module_path: ModulePath,
        file: &Path,
        folder: &Path,
        items: &[Item],
    ) -> Result<()> {
        let mut module = Module { file: file.to_owned(), ..Module::default() };
        for item in items {
            match item {
                Item::Mod(child) => {
                    if is_test(&child.attrs) {
                        continue;
                    }
                    let name = child.ident.to_string();
                    let name = name.trim_start_matches("r#");
                    let module_path = [module_path.clone(), vec![name.to_owned()]].concat();
                    let below = folder.join(name);
                    if let Some((_, items)) = &child.content {
                        self.read_items(module_path, file, &below, items)?;
                        continue;
                    }
                    let beside = folder.join(format!("{name}.rs"));
                    let within = below.join("mod.rs");
                    let file = if beside.exists() { beside } else { within };
                    self.read_file(module_path, &file, &below)?;
                }
                item => module.visit_item(item),
            }
        }
        self.modules.insert(module_path, module);
        Ok(())
    }

    /// The module that defines the item that `path` names in `from`; `None` if that is another crate or
    /// `from` itself.
    fn home(&self, from: &ModulePath, path: &[String]) -> Option<ModulePath> {
        self.follow(from, path, true, 0).map(|(home, _)| home)
    }

    /// The same, and whether the path names that module itself and not an item in it. `is_start` says
    /// whether `crate`, `self` and `super` have a meaning at the path's beginning.
    fn follow(
        &self,
        from: &ModulePath,
        path: &[String],
        is_start: bool,
        depth: usize,
    ) -> Option<(ModulePath, bool)> {
        // A name that imports itself: the item belongs to this module.
        if depth > 16 {
            return None;
        }
        let mut here = from.clone();
        for (index, name) in path.iter().enumerate() {
            let is_first = index == 0;
            match name.as_str() {
                "crate" if is_first && is_start => here = ModulePath::new(),
                "self" if is_start => {}
                "super" if is_start => {
                    here.pop()?;
                }
                name => {
                    let child = [here.clone(), vec![name.to_owned()]].concat();
                    if self.modules.contains_key(&child) {
                        here = child;
                        continue;
                    }
                    let import = self.modules.get(&here)?.imports.get(name);
                    let is_itself = import.is_some_and(|it| it.len() == 1 && it[0] == name);
                    match import.filter(|_| !is_itself) {
                        Some(import) => match self.follow(&here, import, true, depth + 1) {
                            Some((home, true)) => here = home,
                            Some((home, false)) => return Some((home, false)),
                            // From another crate.
                            None if is_first => return None,
                            None => return Some((here, false)),
                        },
                        // A name of this module, of the prelude, or of another crate.
                        None if is_first => return None,
                        None => return Some((here, false)),
                    }
                }
            }
        }
        Some((here, true))
    }

    /// The circles among the children of a module: the shortest one of each strongly connected group.
    fn circles(&self) -> Vec<Circle> {
        // By the parent: room, the room it names, and where.
        let mut arrows: BTreeMap<ModulePath, BTreeMap<String, BTreeMap<String, String>>> =
            BTreeMap::new();
        for (module_path, module) in &self.modules {
            for Mention { path, line } in &module.paths {
                let Some(home) = self.home(module_path, path) else { continue };
                let common =
                    module_path.iter().zip(&home).take_while(|(one, other)| one == other).count();
                let (Some(room), Some(named)) = (module_path.get(common), home.get(common)) else {
                    // The same module, or one within the other.
                    continue;
                };
                let file = module.file.strip_prefix(root()).unwrap_or(&module.file);
                let place = format!("{}:{line} names {}", file.display(), path.join("::"));
                let rooms = arrows.entry(module_path[..common].to_vec()).or_default();
                rooms.entry(room.clone()).or_default().entry(named.clone()).or_insert(place);
            }
        }
        let mut circles = Vec::new();
        for (parent, rooms) in &arrows {
            let mut done = BTreeSet::new();
            for room in rooms.keys() {
                if done.contains(room) {
                    continue;
                }
                if let Some(circle) = shortest_circle(rooms, room) {
                    done.extend(circle.iter().map(|(room, _)| room.clone()));
                    let name =
                        |room: &String| [parent.clone(), vec![room.clone()]].concat().join("::");
                    circles.push(Circle(
                        circle.into_iter().map(|(room, place)| (name(&room), place)).collect(),
                    ));
                }
            }
        }
        circles
    }

    /// The places outside of `room` that name the crate of a database.
    fn outside(&self, room: &str) -> Vec<String> {
        let modules = self
            .modules
            .iter()
            .filter(|(module_path, _)| module_path.first().is_none_or(|it| it != room));
        modules
            .flat_map(|(_, module)| module.paths.iter().map(move |named| (module, named)))
            .filter(|(_, named)| {
                named.path.first().is_some_and(|it| SQL_CRATES.contains(&it.as_str()))
            })
            .map(|(module, named)| {
                let file = module.file.strip_prefix(root()).unwrap_or(&module.file);
                let path = named.path.join("::");
                format!(
                    "{}:{} names {path}; SQL is written in {room} only",
                    file.display(),
                    named.line
                )
            })
            .collect()
    }
}

/// The shortest circle through a room, each room with the place where it names the next.
fn shortest_circle(
    rooms: &BTreeMap<String, BTreeMap<String, String>>,
    start: &str,
) -> Option<Vec<(String, String)>> {
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut waiting = VecDeque::from([start]);
    while let Some(room) = waiting.pop_front() {
        for named in rooms.get(room).into_iter().flat_map(BTreeMap::keys) {
            if named == start {
                let mut circle = vec![room];
                while let Some(before) = came_from.get(circle[circle.len() - 1]) {
                    circle.push(before);
                }
                circle.reverse();
                let nexts = circle.iter().skip(1).chain([&start]);
                let places = circle
                    .iter()
                    .zip(nexts)
                    .map(|(room, next)| ((*room).to_owned(), rooms[*room][*next].clone()));
                return Some(places.collect());
            }
            if !came_from.contains_key(named.as_str()) {
                came_from.insert(named, room);
                waiting.push_back(named);
            }
        }
    }
    None
}

/// Whether an item exists only in tests.
fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let is_cfg = attribute.path().is_ident("cfg");
        attribute.path().is_ident("test")
            || is_cfg && attribute.parse_args::<syn::Ident>().is_ok_and(|it| it == "test")
    })
}

impl Module {
    fn name(&mut self, path: Vec<String>, line: usize) {
        self.paths.push(Mention { path, line });
    }

    /// Notes the paths and the imported names of a `use`.
    fn import(&mut self, tree: &UseTree, mut module_path: Vec<String>, line: usize) {
        match tree {
            UseTree::Path(path) => {
                module_path.push(path.ident.to_string());
                self.import(&path.tree, module_path, line);
            }
            UseTree::Name(name) if name.ident == "self" => {
                self.bring(module_path.last().cloned(), module_path, line);
            }
            UseTree::Name(name) => {
                module_path.push(name.ident.to_string());
                self.bring(module_path.last().cloned(), module_path, line);
            }
            UseTree::Rename(rename) => {
                if rename.ident != "self" {
                    module_path.push(rename.ident.to_string());
                }
                self.bring(Some(rename.rename.to_string()), module_path, line);
            }
            UseTree::Glob(_) => self.name(module_path, line),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(tree, module_path.clone(), line);
                }
            }
        }
    }

    fn bring(&mut self, name: Option<String>, path: Vec<String>, line: usize) {
        self.name(path.clone(), line);
        if let Some(name) = name {
            self.imports.insert(name, path);
        }
    }

    /// Notes the paths in a macro's tokens, which are not parsed.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let (mut colons, mut line) = (0, 0);
        for token in tokens {
            match &token {
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.end_of(&mut path, line);
                    }
                    line = ident.span().start().line;
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' && !path.is_empty() => {
                    colons += 1;
                }
                // `$crate`: the crate that defines the macro.
                TokenTree::Punct(punct) if punct.as_char() == '$' => {}
                _ => {
                    self.end_of(&mut path, line);
                    colons = 0;
                }
            }
            if let TokenTree::Group(group) = token {
                self.tokens(group.stream());
            }
        }
        self.end_of(&mut path, line);
    }

    fn end_of(&mut self, path: &mut Vec<String>, line: usize) {
        if path.len() > 1 {
            self.name(std::mem::take(path), line);
        }
        path.clear();
    }
}

impl<'ast> Visit<'ast> for Module {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Fn(it) => &it.attrs,
            Item::Impl(it) => &it.attrs,
            Item::Mod(it) => &it.attrs,
            Item::Use(it) => &it.attrs,
            _ => &Vec::new(),
        };
        if !is_test(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if item.leading_colon.is_none() {
            self.import(&item.tree, Vec::new(), item.span().start().line);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            let names = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            self.name(names, path.span().start().line);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, it: &'ast syn::Macro) {
        self.tokens(it.tokens.clone());
        visit::visit_macro(self, it);
    }

    // Doc comments may name any module.
    fn visit_attribute(&mut self, _: &'ast Attribute) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The circles of a crate of these modules, each given by its name and text.
    fn circles(modules: &[(&str, &str)]) -> Vec<String> {
        let mut krate = Crate::default();
        krate.modules.insert(ModulePath::new(), Module::default());
        for (name, text) in modules {
            let module_path: ModulePath = match *name {
                "" => ModulePath::new(),
                name => name.split("::").map(str::to_owned).collect(),
            };
            let items = syn::parse_file(text).unwrap().items;
            krate.read_items(module_path, Path::new(name), Path::new(""), &items).unwrap();
        }
        krate
            .circles()
            .into_iter()
            .map(|circle| {
                let mut rooms: Vec<String> = circle.0.into_iter().map(|(room, _)| room).collect();
                rooms.sort();
                rooms.join(" ")
            })
            .collect()
    }

    #[track_caller]
    fn check(modules: &[(&str, &str)], expected: &[&str]) {
        assert_eq!(circles(modules), expected, "{modules:?}");
    }

    #[test]
    fn a_circle_is_found_in_every_kind_of_path() {
        let back = ("b", "use crate::a::A; pub struct B(A);");
        for names_b in [
            "use crate::b::B; pub struct A;",
            "use crate::{c::C, b::{self, B}}; pub struct A;",
            "use super::b; pub struct A;",
            "pub struct A; fn f() { crate::b::g(); }",
            "pub struct A; fn f() { use crate::b::B; }",
            "pub struct A; fn f() -> Vec<crate::b::B> { Vec::new() }",
            "pub struct A; fn f() { html! { p { (crate::b::g()) } } }",
            "pub struct A; impl From<crate::b::B> for A {}",
            "use crate::b::*; pub struct A;",
        ] {
            check(&[("a", names_b), back, ("c", "pub struct C;")], &["a b"]);
        }
    }

    #[test]
    fn a_name_is_followed_to_where_it_is_at_home() {
        // Through the crate's root.
        check(
            &[
                ("", "pub use crate::b::B;"),
                ("a", "use crate::B; pub struct A;"),
                ("b", "pub struct B(crate::a::A);"),
            ],
            &["a b"],
        );
        // Through an import of the module.
        check(
            &[
                ("a", "use crate::c; pub struct A; fn f() { c::b::g(); }"),
                ("b", "pub fn g() { crate::a::f(); }"),
                ("c", "pub use crate::b;"),
            ],
            &["a b", "a b c"],
        );
    }

    #[test]
    fn a_circle_of_many_rooms_is_one_circle() {
        check(
            &[
                ("a", "use crate::b::B;"),
                ("b", "use crate::c::C; pub struct B;"),
                ("c", "use crate::a::A; pub struct C;"),
                ("d", "use crate::a::A;"),
            ],
            &["a b c"],
        );
    }

    #[test]
    fn rooms_are_judged_with_what_is_in_them() {
        // The rooms form a circle, although no two modules do.
        check(
            &[
                ("a", ""),
                ("a::one", "use crate::b::two::Two;"),
                ("a::two", "pub struct Two;"),
                ("b", ""),
                ("b::one", "use crate::a::two::Two;"),
                ("b::two", "pub struct Two;"),
            ],
            &["a b"],
        );
        check(
            &[
                ("a", ""),
                ("a::one", "use super::two::Two; pub struct One;"),
                ("a::two", "use super::one::One; pub struct Two;"),
            ],
            &["a::one a::two"],
        );
    }

    #[test]
    fn parent_and_child_are_one_room_and_tests_may_name_everything() {
        check(
            &[
                ("a", "use self::one::One; pub struct A;"),
                ("a::one", "use super::A; pub struct One;"),
                ("b", "use crate::a::A; #[cfg(test)] mod tests { use crate::c::C; }"),
                ("c", "use crate::b::B; use std::b::A; pub struct C;"),
            ],
            &[],
        );
    }

    #[test]
    fn a_local_name_may_equal_that_of_a_room() {
        check(
            &[
                ("a", "pub fn b() {} fn f() { b(); let b = 1; b.c(); std::b::f(); }"),
                ("b", "use crate::a::A;"),
            ],
            &[],
        );
    }

    #[test]
    fn sql_is_seen_outside_its_room() {
        let mut krate = Crate::default();
        for (name, text) in
            [("store", "use sqlx::Row;"), ("site", "fn f() { sqlx::query(\"SELECT 1\"); }")]
        {
            let items = syn::parse_file(text).unwrap().items;
            let module_path = vec![name.to_owned()];
            krate.read_items(module_path, Path::new(name), Path::new(""), &items).unwrap();
        }
        let said = krate.outside("store");
        assert_eq!(said, ["site:1 names sqlx::query; SQL is written in store only"]);
    }
}
