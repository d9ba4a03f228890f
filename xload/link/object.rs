//! One loaded file.

use alloc::ffi::CString;
use alloc::vec::Vec;

use platform::{Errno, Fd, Platform, Stat, abi};

use super::mapping::{self, Mapping};
use crate::debug::{self, Entry};
use crate::elf::{Dynamic, Fault, HEADER_BYTES, Header, Image, Layout, Machine, PROGRAM_HEADER_BYTES, Segment};
use crate::error::Error;
use crate::files::{base_name, folder, read_exact, read_some};

/// Number of a loaded file: its place in `State::objects`.
pub(crate) type Id = usize;

/// What tells a file from others on the host: device and number there, and where it begins in that file; `None` where the host has
/// no such number.
pub(crate) type Identity = Option<(u64, u64, u64)>;

/// One loaded file.
pub(crate) struct Object {
    /// Path under which it was opened, absolute unless the current directory had none then.
    pub path: CString,
    /// Whoever started the process chose the path, and may do less than it.
    pub foreign_path: bool,
    /// The folders of DT_RUNPATH, else DT_RPATH, absolute.
    pub runpath: Vec<Vec<u8>>,
    pub identity: Identity,
    pub mapping: Mapping,
    pub layout: Layout,
    /// Its slices lie in the mapping, in segments that nobody writes.
    pub dynamic: Dynamic<'static>,
    /// e_entry, 0 where there is none.
    pub entry: u64,
    /// Address and number of the program headers.
    pub program_headers: (usize, u16),
    /// Copy of the program headers for a file that does not map them.
    _headers: Vec<u8>,
    /// Number of the file among those that were loaded, from 1.
    pub number: u64,
    /// Relocated, with all that it needs.
    pub bound: bool,
    /// Direct dependencies in the order of DT_NEEDED.
    pub needs: Vec<Id>,
    /// Other files whose symbols this one uses.
    pub binds: Vec<Id>,
    /// `dlopen` calls less `dlclose` calls.
    pub handles: usize,
    /// Never unloaded.
    pub pinned: bool,
    /// Its symbols are visible to all files.
    pub global: bool,
    /// Its initialisers have run or are running.
    pub initialised: bool,
    /// What the debugger and `dlopen` handles see; its address is the handle.
    pub link_map: Entry,
}

/// An open file that was looked at.
pub(crate) struct Opened {
    pub fd: Fd,
    pub path: Vec<u8>,
    /// Its size is that of the part that is meant.
    pub stat: Stat,
    /// Where it begins: a member of a packed program is a part of a file.
    pub offset: u64,
    /// Its program headers in memory, where the host has mapped it as they say.
    pub mapped: Option<&'static [u8]>,
}

impl Opened {
    /// Opens a regular file for reading.
    pub(crate) fn open<P: Platform>(platform: &P, path: &[u8]) -> Result<Self, Errno> {
        // Opening a pipe would wait for a writer.
        let flags = abi::open::READ_ONLY | abi::open::CLOSE_ON_EXEC | abi::open::NON_BLOCK;
        let fd = platform.open(abi::at::CURRENT_DIRECTORY, path, flags, 0)?;
        Self::adopt(platform, fd, path)
    }

    /// Takes over a descriptor.
    pub(crate) fn adopt<P: Platform>(platform: &P, fd: Fd, path: &[u8]) -> Result<Self, Errno> {
        let stat =
            platform.stat(fd, b"", abi::at::EMPTY_PATH).and_then(|stat| match stat.mode & abi::file_type::MASK {
                abi::file_type::REGULAR => Ok(stat),
                abi::file_type::DIRECTORY => Err(Errno::ISDIR),
                _ => Err(Errno::ACCES),
            });
        match stat {
            Ok(stat) => Ok(Self { fd, path: path.to_vec(), stat, offset: 0, mapped: None }),
            Err(errno) => {
                // The descriptor was only read from.
                let _ = platform.close(fd);
                Err(errno)
            }
        }
    }

    pub(crate) fn identity(&self) -> Identity {
        (self.stat.ino != 0).then_some((self.stat.dev, self.stat.ino, self.offset))
    }

    /// Checks and maps the file. The descriptor is closed in any case.
    pub(crate) fn load<P: Platform>(self, platform: &P) -> Result<Object, Error> {
        let object = match self.mapped {
            Some(headers) => self.adopt_mapped(platform, headers),
            None => self.map(platform),
        };
        // The descriptor was only read from.
        let _ = platform.close(self.fd);
        object
    }

    fn map<P: Platform>(&self, platform: &P) -> Result<Object, Error> {
        let fault = |fault: Fault| Error::new(&self.path, fault);
        let host = |what: &'static str| move |errno: Errno| Error::new(&self.path, format_args!("{what}: {errno:?}"));
        let file_bytes = u64::try_from(self.stat.size).unwrap_or(0);

        // The program headers follow the header, as a rule: one request fetches both.
        let mut start = [0; 1024];
        let mut got = 0;
        while let Some(rest) = start.get_mut(got..).filter(|rest| !rest.is_empty() && got < HEADER_BYTES) {
            match read_some(platform, self.fd, rest, self.offset + got as u64) {
                Ok(0) => break,
                Ok(count) => got += count,
                Err(Errno::INTR) => {}
                Err(errno) => return Err(host("cannot be read")(errno)),
            }
        }
        let start = start.get(..got).unwrap_or_default();
        let header = self.header(start, file_bytes)?;
        let at = header.program_headers.clone();
        let headers = match start.get(at.start as usize..at.end as usize) {
            Some(headers) => headers.to_vec(),
            None => {
                let mut headers = alloc::vec![0; (at.end - at.start) as usize];
                read_exact(platform, self.fd, &mut headers, self.offset + at.start).map_err(host("cannot be read"))?;
                headers
            }
        };
        let page = platform.page_bytes() as u64;
        let layout = Layout::parse(&headers, file_bytes, page).map_err(fault)?;
        self.check_entry(&header, &layout)?;
        let file = mapping::File { fd: self.fd, offset: self.offset, bytes: file_bytes };
        let mapping = mapping::map(platform, file, &layout).map_err(|errno| match errno {
            Errno::PERM | Errno::ACCES => host("may not be executed (its file system or a policy forbids it)")(errno),
            errno => host("cannot be mapped into memory")(errno),
        })?;
        self.describe(&header, headers, layout, mapping).map_err(|error| {
            // The first error is the one to tell.
            let _ = platform.unmap(mapping.address, mapping.length);
            fault(error)
        })
    }

    /// Takes over what the host has mapped: a second copy would cost time, and debuggers know the first.
    fn adopt_mapped<P: Platform>(&self, platform: &P, headers: &'static [u8]) -> Result<Object, Error> {
        let fault = |fault: Fault| Error::new(&self.path, fault);
        let file_bytes = u64::try_from(self.stat.size).unwrap_or(0);
        let layout = Layout::parse(headers, file_bytes, platform.page_bytes() as u64).map_err(fault)?;
        let holds_header = |s: &&Segment| s.offset == 0 && s.readable && s.file_bytes >= HEADER_BYTES as u64;
        let (Some(own), Some(first)) = (layout.program_headers, layout.segments.iter().find(holds_header)) else {
            // The host says too little of where the file lies.
            return self.map(platform);
        };
        // The host's own memory is never given back.
        let mapping = Mapping { bias: (headers.as_ptr() as usize).wrapping_sub(own as usize), address: 0, length: 0 };
        // SAFETY: the host has mapped the segment, which stays and of which nobody writes this part.
        let start = unsafe { core::slice::from_raw_parts(mapping.at(first.address) as *const u8, HEADER_BYTES) };
        let header = self.header(start, file_bytes)?;
        self.check_entry(&header, &layout)?;
        let dynamic = layout.dynamic.start..layout.dynamic.end;
        let is_writable = layout.segment(dynamic.start, dynamic.end - dynamic.start).is_some_and(|s| s.writable);
        let object = self.describe(&header, headers.to_vec(), layout, mapping).map_err(fault)?;
        if is_writable {
            // SAFETY: the program's dynamic section, checked to be whole; nothing runs yet that reads it.
            unsafe { debug::lead_to_list(mapping.at(dynamic.start)) };
        }
        Ok(object)
    }

    fn header(&self, start: &[u8], file_bytes: u64) -> Result<Header, Error> {
        let header = Header::parse(start, file_bytes).map_err(|fault| Error::new(&self.path, fault))?;
        if header.machine != Machine::HOST {
            return Err(Error::new(
                &self.path,
                format_args!("made for another CPU: {}, not {}", header.machine.name(), Machine::HOST.name()),
            ));
        }
        Ok(header)
    }

    fn check_entry(&self, header: &Header, layout: &Layout) -> Result<(), Error> {
        if header.entry != 0 && !layout.is_code(header.entry) {
            return Err(Error::new(&self.path, format_args!("entry point is not in code ({:#x})", header.entry)));
        }
        Ok(())
    }

    fn describe(&self, header: &Header, headers: Vec<u8>, layout: Layout, mapping: Mapping) -> Result<Object, Fault> {
        let slice = |address: u64, bytes: u64| {
            // SAFETY: the layout was checked: these bytes are mapped and readable until the object is unloaded. The caller
            // asks for parts that nobody writes meanwhile.
            unsafe { core::slice::from_raw_parts(mapping.at(address) as *const u8, bytes as usize) }
        };
        let mut image = Image::default();
        for segment in layout.segments.iter().filter(|segment| segment.readable && !segment.writable) {
            image.add(segment.address, slice(segment.address, segment.file_bytes));
        }
        // May be writable memory, but nobody writes it before relocation, and what is kept lies elsewhere.
        let section = slice(layout.dynamic.start, layout.dynamic.end - layout.dynamic.start);
        let dynamic = Dynamic::parse(section, &layout, &image)?;
        let at = &header.program_headers;
        let mapped =
            layout.segments.iter().find(|s| s.readable && s.offset <= at.start && at.end <= s.offset + s.file_bytes);
        let pointer = mapped.map_or(headers.as_ptr() as usize, |s| mapping.at(s.address + (at.start - s.offset)));
        let count = (headers.len() / PROGRAM_HEADER_BYTES) as u16;
        // A path that was opened has no NUL.
        let path = CString::new(self.path.clone()).unwrap_or_default();
        let link_map = Entry::new(mapping.bias, path.as_ptr(), mapping.at(layout.dynamic.start));
        Ok(Object {
            pinned: dynamic.no_delete,
            path,
            foreign_path: false,
            runpath: Vec::new(),
            identity: self.identity(),
            mapping,
            layout,
            dynamic,
            entry: header.entry,
            program_headers: (pointer, count),
            _headers: headers,
            number: 0,
            bound: false,
            needs: Vec::new(),
            binds: Vec::new(),
            handles: 0,
            global: false,
            initialised: false,
            link_map,
        })
    }
}

impl Object {
    /// The name by which `dlopen` and debuggers know it, and errors name it.
    pub(crate) fn name(&self) -> &[u8] {
        self.path.as_bytes()
    }

    /// The last part of its path.
    pub(crate) fn base_name(&self) -> &[u8] {
        base_name(self.name())
    }

    /// Where it lies: where other files are looked for beside it. `None` where that is not known or not to be trusted.
    pub(crate) fn home(&self) -> Option<Home<'_>> {
        let path = self.name();
        (path.starts_with(b"/") && !self.foreign_path).then(|| Home { path, folder: folder(path) })
    }

    /// Handle of `dlopen`.
    pub(crate) fn handle(&self) -> usize {
        self.link_map.address()
    }

    /// The address in the file's own terms, when it lies in one of its segments.
    pub(crate) fn own_address(&self, address: usize) -> Option<u64> {
        let own = address.wrapping_sub(self.mapping.bias) as u64;
        self.layout.segment(own, 1).map(|_| own)
    }

    /// Whether it goes by this name in DT_NEEDED: its soname, or, for a name without folders, the last part of soname or path.
    pub(crate) fn answers_to(&self, name: &[u8]) -> bool {
        let soname = self.dynamic.soname.unwrap_or_default();
        soname == name || !name.contains(&b'/') && (base_name(soname) == name || self.base_name() == name)
    }
}

/// The place of a file.
pub(crate) struct Home<'o> {
    /// Its absolute path.
    pub path: &'o [u8],
    /// The folder of that: empty for the top of the file system.
    pub folder: &'o [u8],
}
