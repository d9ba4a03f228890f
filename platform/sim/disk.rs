//! The file system: numbered nodes, names in directories.

use std::collections::BTreeMap;

use platform::{Errno, Result, Stat, Timespec, abi::file_type};

pub(crate) type Ino = u64;

/// What a node is.
pub(crate) enum Body {
    Regular(Vec<u8>),
    Directory(BTreeMap<Vec<u8>, Ino>),
    Symlink(Vec<u8>),
    /// Reads end at once, writes vanish (`/dev/null`).
    Null,
}

/// A file, directory or symbolic link.
pub(crate) struct Node {
    pub body: Body,
    pub stat: Stat,
    /// Parent of a directory.
    pub parent: Ino,
    /// Open descriptions; the node goes when neither these nor names are left.
    pub open: usize,
}

impl Node {
    /// What `stat` tells.
    pub fn stat(&self) -> Stat {
        let size = match &self.body {
            Body::Regular(data) => data.len(),
            Body::Symlink(target) => target.len(),
            Body::Directory(names) => names.len(),
            Body::Null => 0,
        } as i64;
        Stat { size, blocks: (size + 511) / 512, ..self.stat }
    }
}

/// All nodes.
pub(crate) struct Disk {
    nodes: BTreeMap<Ino, Node>,
    next: Ino,
    pub current: Ino,
    now: Timespec,
}

/// Where a path leads: the directory that holds its last name, the name, and the node if there is one.
pub(crate) struct Place {
    pub directory: Ino,
    pub name: Vec<u8>,
    pub node: Option<Ino>,
    /// The path ended in `/`: only a directory fits.
    pub directory_wanted: bool,
}

pub(crate) const ROOT: Ino = 1;

impl Disk {
    pub fn new(now: Timespec) -> Self {
        let mut disk = Self { nodes: BTreeMap::new(), next: ROOT, current: ROOT, now };
        let root = disk.add(Body::Directory(BTreeMap::new()), file_type::DIRECTORY | 0o755, ROOT);
        disk.node_mut(root).stat.nlink = 2;
        disk
    }

    pub fn make_directory_at_start(&mut self, path: &[u8]) {
        let place = self.walk(ROOT, path, true).expect("a parent directory");
        let ino = self.add(Body::Directory(BTreeMap::new()), file_type::DIRECTORY | 0o755, place.directory);
        self.enter(place.directory, place.name, ino);
        if path == b"/home" {
            self.current = ino;
        }
        if path == b"/dev" {
            let null = self.add(Body::Null, file_type::CHARACTER | 0o666, ROOT);
            self.enter(ino, b"null".to_vec(), null);
        }
    }

    pub fn put_file(&mut self, path: &[u8], data: &[u8]) {
        let place = self.walk(self.current, path, true).expect("a parent directory");
        match place.node {
            Some(ino) => self.node_mut(ino).body = Body::Regular(data.to_vec()),
            None => {
                let ino = self.add(Body::Regular(data.to_vec()), file_type::REGULAR | 0o644, ROOT);
                self.enter(place.directory, place.name, ino);
            }
        }
    }

    pub fn contents(&self, path: &[u8]) -> Option<Vec<u8>> {
        let ino = self.walk(self.current, path, true).ok()?.node?;
        match &self.node(ino).body {
            Body::Regular(data) => Some(data.clone()),
            _ => None,
        }
    }

    pub fn set_now(&mut self, now: Timespec) {
        self.now = now;
    }

    pub fn now(&self) -> Timespec {
        self.now
    }

    /// Bytes that all files hold.
    pub fn used(&self) -> usize {
        self.nodes.values().map(|node| if let Body::Regular(data) = &node.body { data.len() } else { 0 }).sum()
    }

    pub fn node(&self, ino: Ino) -> &Node {
        &self.nodes[&ino]
    }

    pub fn node_mut(&mut self, ino: Ino) -> &mut Node {
        self.nodes.get_mut(&ino).expect("a live node")
    }

    /// A new node without a name.
    pub fn add(&mut self, body: Body, mode: u32, parent: Ino) -> Ino {
        let ino = self.next;
        self.next += 1;
        let nlink = if matches!(body, Body::Directory(_)) { 1 } else { 0 };
        let stat = Stat {
            dev: 1,
            ino,
            nlink,
            mode,
            uid: 1000,
            gid: 1000,
            blksize: 4096,
            accessed: self.now,
            modified: self.now,
            changed: self.now,
            ..Stat::default()
        };
        self.nodes.insert(ino, Node { body, stat, parent, open: 0 });
        ino
    }

    pub fn names(&self, directory: Ino) -> Result<&BTreeMap<Vec<u8>, Ino>> {
        match &self.node(directory).body {
            Body::Directory(names) => Ok(names),
            _ => Err(Errno::NOTDIR),
        }
    }

    fn names_mut(&mut self, directory: Ino) -> &mut BTreeMap<Vec<u8>, Ino> {
        let now = self.now;
        let node = self.node_mut(directory);
        node.stat.modified = now;
        node.stat.changed = now;
        match &mut node.body {
            Body::Directory(names) => names,
            _ => unreachable!("callers hold a directory"),
        }
    }

    /// Gives a node a name.
    pub fn enter(&mut self, directory: Ino, name: Vec<u8>, ino: Ino) {
        self.names_mut(directory).insert(name, ino);
        self.node_mut(ino).stat.nlink += 1;
        if matches!(self.node(ino).body, Body::Directory(_)) {
            self.node_mut(ino).parent = directory;
            self.node_mut(directory).stat.nlink += 1;
        }
    }

    /// Takes a name away; the node goes with its last name unless it is open.
    pub fn remove(&mut self, directory: Ino, name: &[u8]) {
        let Some(ino) = self.names_mut(directory).remove(name) else { return };
        let is_directory = matches!(self.node(ino).body, Body::Directory(_));
        if is_directory {
            self.node_mut(directory).stat.nlink -= 1;
        }
        self.node_mut(ino).stat.nlink -= if is_directory { 2 } else { 1 };
        self.release(ino);
    }

    /// Frees the node if nothing refers to it.
    pub fn release(&mut self, ino: Ino) {
        let node = self.node(ino);
        if node.open == 0 && node.stat.nlink == 0 {
            self.nodes.remove(&ino);
        }
    }

    /// Moves a name; a directory takes its `..` along.
    pub fn rename(&mut self, from: (Ino, &[u8]), to: (Ino, Vec<u8>)) {
        let Some(ino) = self.names_mut(from.0).remove(from.1) else { return };
        if matches!(self.node(ino).body, Body::Directory(_)) {
            self.node_mut(from.0).stat.nlink -= 1;
            self.node_mut(to.0).stat.nlink += 1;
            self.node_mut(ino).parent = to.0;
        }
        self.names_mut(to.0).insert(to.1, ino);
    }

    /// Whether `inner` is `outer` or lies below it.
    pub fn is_below(&self, inner: Ino, outer: Ino) -> bool {
        let mut at = inner;
        while at != outer && at != ROOT {
            at = self.node(at).parent;
        }
        at == outer
    }

    /// Follows a path from `start`; the last name's symbolic link only with `follow`.
    pub fn walk(&self, start: Ino, path: &[u8], follow: bool) -> Result<Place> {
        if path.is_empty() {
            return Err(Errno::NOENT);
        }
        let mut rest: Vec<Vec<u8>> = names_of(path);
        let mut directory_wanted = path.ends_with(b"/");
        let mut directory = if path[0] == b'/' { ROOT } else { start };
        let mut links = 0;
        loop {
            let Some(name) = rest.pop() else {
                return Ok(Place { directory, name: b".".to_vec(), node: Some(directory), directory_wanted });
            };
            if name.len() > 255 {
                return Err(Errno::NAMETOOLONG);
            }
            let found = match name.as_slice() {
                b"." => Some(directory),
                b".." => Some(self.node(directory).parent),
                name => self.names(directory)?.get(name).copied(),
            };
            self.names(directory)?;
            let last = rest.is_empty();
            if let Some(Body::Symlink(target)) = found.map(|ino| &self.node(ino).body)
                && (!last || follow || directory_wanted)
            {
                links += 1;
                if links > 40 {
                    return Err(Errno::LOOP);
                }
                if target.starts_with(b"/") {
                    directory = ROOT;
                }
                directory_wanted |= last && target.ends_with(b"/");
                rest.extend(names_of(target));
                continue;
            }
            if last {
                return Ok(Place { directory, name, node: found, directory_wanted });
            }
            directory = found.ok_or(Errno::NOENT)?;
            self.names(directory)?;
        }
    }

    /// The absolute path of a directory.
    pub fn path(&self, directory: Ino) -> Vec<u8> {
        let mut path = Vec::new();
        let mut at = directory;
        while at != ROOT {
            let parent = self.node(at).parent;
            let name = self.names(parent).ok().and_then(|names| names.iter().find(|(_, ino)| **ino == at));
            let Some((name, _)) = name else { break };
            path.splice(0..0, [b"/", name.as_slice()].concat());
            at = parent;
        }
        if path.is_empty() { b"/".to_vec() } else { path }
    }
}

/// The names of a path, last first.
fn names_of(path: &[u8]) -> Vec<Vec<u8>> {
    path.split(|byte| *byte == b'/').filter(|name| !name.is_empty()).rev().map(<[u8]>::to_vec).collect()
}
